//! The security group as a typed model.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{self, Rule, Source, Wanted};
use crate::aws::direct::ec2::SecurityGroup;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::Field;

model! {
    /// An `elasticache_security_group`; the schema says what each attribute means.
    pub struct SecurityGroupModel {
        /// Id, `sg-…`.
        id: Field<String>,
        /// Name.
        name: Field<String>,
        /// Beginning of a name that is made unique.
        name_prefix: Field<String>,
        /// Description.
        description: Field<String>,
        /// VPC.
        vpc_id: Field<String>,
        /// Open ports.
        ports: Field<BTreeSet<i32>>,
        /// Security groups that may connect.
        allowed_security_group_ids: Field<BTreeSet<String>>,
        /// Whether members of the group itself may connect.
        allow_self: Field<bool>,
        /// IPv4 ranges that may connect.
        allowed_cidr_blocks: Field<BTreeSet<String>>,
        /// IPv6 ranges that may connect.
        allowed_ipv6_cidr_blocks: Field<BTreeSet<String>>,
        /// Prefix lists that may connect.
        allowed_prefix_list_ids: Field<BTreeSet<String>>,
        /// Descriptions of rules by source.
        rule_descriptions: Field<BTreeMap<String, String>>,
        /// Whether other rules are revoked.
        exclusive: Field<bool>,
        /// Other rules, in words by id.
        foreign_rules: Field<BTreeMap<String, String>>,
        /// Whether rules are revoked before the group is deleted.
        revoke_rules_on_delete: Field<bool>,
        /// ARN.
        arn: Field<String>,
        /// Account.
        owner_id: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// Time limits.
        timeouts: Field<TimeoutsModel>,
    }
}

/// The key of `rule_descriptions` for the rules of `allow_self`.
pub(super) const SELF: &str = "self";

/// The elements of a set as sources.
fn each(set: &Field<BTreeSet<String>>, make: fn(&str) -> Source) -> Vec<(Source, String)> {
    set.known().into_iter().flatten().map(|text| (make(text), text.clone())).collect()
}

impl SecurityGroupModel {
    /// The id.
    pub(super) fn id(&self) -> &str {
        self.id.text().unwrap_or_default()
    }

    /// Whether other rules than these are revoked.
    pub(super) fn is_exclusive(&self) -> bool {
        self.exclusive.known().copied().unwrap_or(true)
    }

    /// The sources, each with its spelling here.
    pub(super) fn sources(&self) -> BTreeMap<Source, String> {
        let sets = [
            each(&self.allowed_security_group_ids, |text| Source::Group(text.to_owned())),
            each(&self.allowed_cidr_blocks, Source::v4),
            each(&self.allowed_ipv6_cidr_blocks, Source::v6),
            each(&self.allowed_prefix_list_ids, |text| Source::Prefixes(text.to_owned())),
        ];
        let itself = (self.allow_self.is_true()).then(|| (self.itself(), SELF.to_owned()));
        sets.into_iter().flatten().chain(itself).collect()
    }

    /// The group itself as a source.
    fn itself(&self) -> Source {
        Source::Group(self.id().to_owned())
    }

    /// True when every source is known.
    pub(super) fn knows_sources(&self) -> bool {
        let open = [
            self.allowed_security_group_ids.is_unknown(),
            self.allow_self.is_unknown(),
            self.allowed_cidr_blocks.is_unknown(),
            self.allowed_ipv6_cidr_blocks.is_unknown(),
            self.allowed_prefix_list_ids.is_unknown(),
        ];
        !open.contains(&true)
    }

    /// The key of `rule_descriptions` that stands for a source, with its description.
    fn described(&self, source: &Source) -> Option<(&String, &String)> {
        let mut entries = self.rule_descriptions.known().into_iter().flatten();
        let itself = self.allow_self.is_true() && *source == self.itself();
        entries.find(|(key, _)| stands_for(key, source) || (itself && *key == SELF))
    }

    /// The description of the rules of a source; an empty one is none.
    fn description_of(&self, source: &Source) -> Option<String> {
        self.described(source).map(|(_, text)| text.clone()).filter(|text| !text.is_empty())
    }

    /// The rules that are wanted.
    pub(super) fn wanted(&self) -> Wanted {
        let ports = self.ports.known().cloned().unwrap_or_default();
        let rules = self.sources().into_keys().flat_map(|source| {
            let description = self.description_of(&source);
            ports.iter().map(move |port| ((*port, source.clone()), description.clone())).collect::<Vec<_>>()
        });
        rules.collect()
    }

    /// The model with what AWS shows of the group itself; tags come with it.
    pub(super) fn with_group(mut self, group: &SecurityGroup) -> Self {
        self.id = group.group_id.clone().into();
        self.name = group.group_name.clone().into();
        self.description = group.description.clone().into();
        self.vpc_id = group.vpc_id.clone().into();
        self.owner_id = group.owner_id.clone().into();
        self.arn = group.arn.clone().into();
        self
    }

    /// Rules that an apply with `exclusive = true` would revoke, in words.
    pub(super) fn not_ours(&self, live: &[Rule]) -> Vec<String> {
        let ports = self.ports.known().cloned().unwrap_or_default();
        let ours = self.sources().into_keys().collect();
        rules::foreign(live, &ports, &ours).into_values().collect()
    }

    /// The model with the rules that are there.
    pub(super) fn with_rules(mut self, live: &[Rule]) -> Self {
        let before = self.sources();
        let ports = match self.ports.known() {
            Some(ports) => ports.clone(),
            None => rules::likely_ports(live).unwrap_or_else(|| BTreeSet::from([6379])),
        };
        let mut allowed = rules::allowed(live, &ports, |source| self.description_of(source));
        // A source that has lost one of its rules is still ours, and gets it back.
        let ours = before.keys().chain(allowed.keys()).cloned().collect();
        let mut foreign = rules::foreign(live, &ports, &ours);
        let first_read = self.exclusive.is_null();
        if first_read {
            // What an import finds is kept, until the configuration says that it goes.
            self.exclusive = Field::Known(foreign.is_empty());
        } else if !self.is_exclusive() {
            allowed.retain(|source, _| before.contains_key(source));
        }
        if !self.is_exclusive() {
            foreign.clear();
        }
        let itself = self.itself();
        let listed = self.allowed_security_group_ids.known().is_some_and(|ids| ids.contains(self.id()));
        if first_read || !listed {
            self.allow_self = Field::Known(allowed.contains_key(&itself));
        }
        let spelled = |source: &Source| before.get(source).cloned().unwrap_or_else(|| source.to_string());
        let of = |kind: fn(&Source) -> bool| {
            let listed =
                |source: &&Source| kind(source) && !(self.allow_self.is_true() && **source == itself);
            Field::Known(allowed.keys().filter(listed).map(spelled).collect::<BTreeSet<_>>())
        };
        let descriptions = allowed.iter().filter_map(|(source, text)| {
            let name = if self.allow_self.is_true() && *source == itself {
                SELF.to_owned()
            } else {
                spelled(source)
            };
            let key = self.described(source).map_or(name, |(key, _)| key.clone());
            // An empty description is kept as it stands where there is none.
            let kept = || self.described(source).map(|(_, text)| text.clone()).filter(String::is_empty);
            Some((key, text.clone().or_else(kept)?))
        });
        let descriptions: BTreeMap<_, _> = descriptions.collect();
        let groups = of(|source| matches!(source, Source::Group(_)));
        let v4 = of(|source| matches!(source, Source::V4(_)));
        let v6 = of(|source| matches!(source, Source::V6(_)));
        let prefixes = of(|source| matches!(source, Source::Prefixes(_)));
        self.allowed_security_group_ids = groups;
        self.allowed_cidr_blocks = v4;
        self.allowed_ipv6_cidr_blocks = v6;
        self.allowed_prefix_list_ids = prefixes;
        self.rule_descriptions = Field::Known(descriptions);
        self.foreign_rules = Field::Known(foreign);
        self.ports = Field::Known(ports);
        self
    }
}

/// True when a key of `rule_descriptions` names the source in whatever spelling.
pub(super) fn stands_for(key: &str, source: &Source) -> bool {
    match source {
        Source::Group(id) | Source::Prefixes(id) => key == id,
        Source::V4(_) => Source::v4(key) == *source,
        Source::V6(_) => Source::v6(key) == *source,
    }
}
