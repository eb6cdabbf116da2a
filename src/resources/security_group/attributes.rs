//! Attributes of `elasticache_security_group`.

use std::collections::{BTreeMap, BTreeSet};

use super::cidr;
use super::rules::{self, DesiredRules, RuleSource, SELF};
use super::validate;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::forms;
use crate::resources::common::names::SUFFIX;
use crate::schema::{Check, Equivalence, Reference, block, common, computed, optional, optional_computed};
use crate::value::{Field, Value};

/// The port of Redis OSS and Valkey.
pub(super) const PORT: i32 = 6379;

object! {
    /// Manages a security group that allows connections to a cache on its port, and nothing else: add its `id` to
    /// `security_group_ids` of the replication group. Each combination of source and port is one rule. Rules are added,
    /// described and revoked one by one, and new rules are added before old ones are revoked, so that a change does not
    /// interrupt clients that remain allowed. The security group has no egress rule: a cache answers its clients without
    /// one, and the default egress rule of EC2 is revoked.
    pub struct SecurityGroupModel {
        /// ID of the security group, such as `sg-0a1b2c3d4e5f60001`.
        id: Field<String> = computed(),
        /// Name of the security group, unique in its VPC: 1 to 255 letters, digits, spaces and the characters
        /// `._-:/()#,@[]+=&;{}!$*` (see
        /// [CreateSecurityGroup](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html)).
        /// Case is ignored. If omitted, the name is `name_prefix`, or `terraform-` without a prefix, with a unique
        /// suffix. Changing this forces a new resource.
        name: Field<String> = optional_computed()
            .check(Check::Length(1, validate::LONGEST))
            .check(Check::Pattern(&validate::PLAIN, validate::PLAIN_FORM))
            .check(Check::By(validate::not_reserved))
            .empty_is_value()
            .conflicts(&["name_prefix"])
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Beginning of the name, to which the provider appends a unique suffix. If omitted, `name` applies. With
        /// `lifecycle { create_before_destroy = true }` a security group in use can be replaced: the new one is created,
        /// the caches change to it, and the old one is deleted. Changing this to a prefix that the name does not have
        /// forces a new resource.
        name_prefix: Field<String> = optional()
            .check(Check::Length(1, validate::LONGEST - SUFFIX))
            .check(Check::Pattern(&validate::PLAIN, validate::PLAIN_FORM))
            .check(Check::By(validate::not_reserved)),
        /// Description of the security group: 1 to 255 of the characters of `name`. Changing this forces a new resource.
        description: Field<String> = optional()
            .check(Check::Length(1, validate::LONGEST))
            .check(Check::Pattern(&validate::PLAIN, validate::PLAIN_FORM))
            .empty_is_value()
            .default("Managed by Terraform")
            .replace(),
        /// ID of the VPC of the security group, in which the subnets of the cache are. If omitted, AWS uses the default
        /// VPC. Changing this forces a new resource.
        vpc_id: Field<String> = forms::vpc(optional_computed()).replace(),
        /// TCP ports that are open to every source, such as the `port` of the cache. A serverless cache uses `6379`, and
        /// `6380` for its reader endpoint.
        ports: Field<BTreeSet<i32>> = optional()
            .check(Check::By(validate::at_least_one_port))
            .check(Check::Each(Box::new(Check::Range(1, 65535))))
            .empty_is_value()
            .reference(Reference::Own)
            .default(Value::set([Value::from(i64::from(PORT))]))
            .not_readable("Without rules, the ports are not known"),
        /// IDs of security groups whose members may connect, each with or without its AWS account as `<account>/<id>`. For
        /// a security group in a peered or shared VPC of another account, AWS finds the account itself. An ID with and
        /// without account is the same security group. If omitted, no other security group may.
        allowed_security_group_ids: Field<BTreeSet<String>> = forms::peered_security_groups(optional())
            .check(Check::Each(Box::new(Check::Length(1, validate::LONGEST))))
            .equivalent_if(Equivalence::By(rules::same_groups)),
        /// Whether members of this security group may connect: a resource cannot refer to its own ID in
        /// `allowed_security_group_ids`.
        allow_self: Field<bool> = optional().default(false),
        /// IPv4 ranges that may connect, such as `10.0.0.0/16`. If omitted, none may.
        allowed_cidr_blocks: Field<BTreeSet<String>> = optional()
            .check(Check::Each(Box::new(Check::By(validate::v4))))
            .reference(Reference::Foreign),
        /// IPv6 ranges that may connect, such as `2001:db8::/56`. Different spellings of a range are equal. If omitted,
        /// none may.
        allowed_ipv6_cidr_blocks: Field<BTreeSet<String>> = optional()
            .check(Check::Each(Box::new(Check::By(validate::v6))))
            .reference(Reference::Foreign)
            .equivalent_if(Equivalence::By(cidr::same_v6)),
        /// IDs of prefix lists whose addresses may connect. For the [quota of
        /// rules](https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html), AWS counts each prefix list
        /// as its maximum number of entries. If omitted, none may.
        allowed_prefix_list_ids: Field<BTreeSet<String>> = forms::prefix_lists(optional()),
        /// Descriptions of rules by source: by an element of one of the `allowed_` arguments in any spelling, or by `self`
        /// for the rules of `allow_self`. At most 255 of the characters of `name`. If omitted, the rules have no description.
        rule_descriptions: Field<BTreeMap<String, String>> = optional()
            .check(Check::Each(Box::new(Check::Length(0, validate::LONGEST))))
            .check(Check::Each(Box::new(Check::Pattern(&validate::PLAIN, validate::PLAIN_FORM))))
            .equivalent_if(Equivalence::By(rules::same_descriptions)),
        /// Whether the security group has only the rules of this resource. All other rules, of either direction, then
        /// appear in `foreign_rules`, and the next apply revokes them. Set it to `false` if other configurations add
        /// rules to this security group, which are then neither read nor changed. An import sets it to `false` if the
        /// security group has rules that this resource does not manage, such as the default egress rule of EC2.
        exclusive: Field<bool> = optional().default(true).not_readable("Kept in the state only"),
        /// Rules that are not managed by this resource, by rule ID, while `exclusive` is true. The next apply revokes
        /// them. Empty if there are none.
        foreign_rules: Field<BTreeMap<String, String>> = computed()
            .not_readable("Returned only while `exclusive` is true"),
        /// Whether all rules are revoked before the security group is deleted. Required only if a rule refers to another
        /// security group that is deleted first, which AWS refuses while the rule exists.
        revoke_rules_on_delete: Field<bool> = optional().default(false)
            .not_readable("Kept in the state only"),
        /// ARN of the security group.
        arn: Field<String> = computed(),
        /// ID of the AWS account of the security group.
        owner_id: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

/// The elements of a set as sources, each with its spelling.
fn each(set: &Field<BTreeSet<String>>, make: fn(&str) -> RuleSource) -> Vec<(RuleSource, String)> {
    set.known().into_iter().flatten().map(|text| (make(text), text.clone())).collect()
}

impl SecurityGroupModel {
    /// The ID.
    pub(super) fn id(&self) -> &str {
        self.id.text().unwrap_or_default()
    }

    /// True if all other rules are revoked.
    pub(super) fn is_exclusive(&self) -> bool {
        self.exclusive.known().copied().unwrap_or(true)
    }

    /// The sources, each with its spelling in the configuration: of several, the first, which for a security group is one
    /// with an account.
    pub(super) fn sources(&self) -> BTreeMap<RuleSource, String> {
        let sets = [
            each(&self.allowed_security_group_ids, RuleSource::group),
            each(&self.allowed_cidr_blocks, RuleSource::v4),
            each(&self.allowed_ipv6_cidr_blocks, RuleSource::v6),
            each(&self.allowed_prefix_list_ids, |text| RuleSource::Prefixes(text.to_owned())),
        ];
        let itself = (self.allow_self.is_true()).then(|| (self.itself(), SELF.to_owned()));
        let mut sources = BTreeMap::new();
        for (source, text) in sets.into_iter().flatten().chain(itself) {
            sources.entry(source).or_insert(text);
        }
        sources
    }

    /// The security group itself as a source.
    pub(super) fn itself(&self) -> RuleSource {
        RuleSource::group(self.id())
    }

    /// True if `allowed_security_group_ids` has the security group itself.
    pub(super) fn lists_itself(&self) -> bool {
        let mut listed = self.allowed_security_group_ids.known().into_iter().flatten();
        listed.any(|text| RuleSource::group(text) == self.itself())
    }

    /// True if all sources are known.
    pub(super) fn knows_sources(&self) -> bool {
        let unknown = [
            self.allowed_security_group_ids.is_unknown(),
            self.allow_self.is_unknown(),
            self.allowed_cidr_blocks.is_unknown(),
            self.allowed_ipv6_cidr_blocks.is_unknown(),
            self.allowed_prefix_list_ids.is_unknown(),
        ];
        !unknown.contains(&true)
    }

    /// The entry of `rule_descriptions` for a source.
    pub(super) fn described(&self, source: &RuleSource) -> Option<(&String, &String)> {
        let mut entries = self.rule_descriptions.known().into_iter().flatten();
        let itself = self.allow_self.is_true() && *source == self.itself();
        entries.find(|(key, _)| source.is_named(key) || (itself && *key == SELF))
    }

    /// The description of the rules of a source; `None` for an empty one.
    pub(super) fn description_of(&self, source: &RuleSource) -> Option<String> {
        self.described(source).map(|(_, text)| text.clone()).filter(|text| !text.is_empty())
    }

    /// The rules of the configuration.
    pub(super) fn desired_rules(&self) -> DesiredRules {
        let ports = self.ports.known().cloned().unwrap_or_default();
        let rules = self.sources().into_keys().flat_map(|source| {
            let description = self.description_of(&source);
            ports.iter().map(move |port| ((*port, source.clone()), description.clone())).collect::<Vec<_>>()
        });
        rules.collect()
    }
}
