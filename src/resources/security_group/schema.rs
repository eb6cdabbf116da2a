//! Schema of `elasticache_security_group`.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::cidr;
use crate::resources::common::forms;
use crate::resources::common::names::SUFFIX;
use crate::schema::{Attribute, Block, Check, Equivalence, Reference, Schema, common, pattern};
use crate::value::{Type, Value};

/// API reference of CreateSecurityGroup: the characters of names and descriptions.
static PLAIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*$"));
const PLAIN_FORM: &str = "letters, digits, spaces and the characters ._-:/()#,@[]+=&;{}!$*";

/// Longest name and description, from the same place.
const LONGEST: usize = 255;

/// The port of Redis OSS and Valkey.
const PORT: i64 = 6379;

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "A security group that lets others reach a cache on its port, and nothing else: give its `id` in \
             `security_group_ids` of the replication group. Each source and port is one rule; rules are added, \
             described anew and revoked one by one, new ones before old ones go, so that a change never cuts off who \
             may stay. Nothing is let out: a cache answers its clients without an egress rule, and AWS's default one \
             is revoked.",
        )
        .attributes(named())
        .attributes(sources())
        .attributes(keeping())
        .attributes([
            Attribute::computed("arn", Type::String, "ARN of the security group."),
            Attribute::computed("owner_id", Type::String, "Id of the AWS account of the security group."),
            common::region(),
        ])
        .attributes(common::tags())
        .block(common::timeouts()),
    )
}

fn named() -> [Attribute; 5] {
    [
        Attribute::computed("id", Type::String, "Id of the security group, such as `sg-0a1b2c3d4e5f60001`."),
        Attribute::optional_computed(
            "name",
            Type::String,
            "Name of the security group, unique in its VPC in whatever case. If this and `name_prefix` are omitted, the name \
             is `terraform-` with a unique suffix. Changing this forces a new resource.",
        )
        .check(Check::Length(1, LONGEST))
        .check(Check::Pattern(&PLAIN, PLAIN_FORM))
        .check(Check::By(not_reserved))
        .empty_is_value()
        .conflicts(&["name_prefix"])
        .same_if(Equivalence::IgnoreCase)
        .replace(),
        Attribute::optional(
            "name_prefix",
            Type::String,
            "Beginning of the name; what follows makes it unique. With `lifecycle { create_before_destroy = true }` a \
             group in use can then be replaced: the new group is made, the caches move to it, the old one goes. A \
             change to a prefix the name does not have means a new security group.",
        )
        .check(Check::Length(1, LONGEST - SUFFIX))
        .check(Check::Pattern(&PLAIN, PLAIN_FORM))
        .check(Check::By(not_reserved)),
        Attribute::optional(
            "description",
            Type::String,
            "Description of the security group. AWS cannot change it: a change means a new security group.",
        )
        .check(Check::Length(1, LONGEST))
        .check(Check::Pattern(&PLAIN, PLAIN_FORM))
        .empty_is_value()
        .default("Managed by Terraform")
        .replace(),
        forms::vpc(Attribute::optional_computed(
            "vpc_id",
            Type::String,
            "ID of the VPC of the security group, that of the cache's subnets. If omitted, AWS uses the default VPC. \
             Changing this forces a new resource.",
        ))
        .replace(),
    ]
}

fn sources() -> Vec<Attribute> {
    let set = || Type::set(Type::String);
    vec![
        Attribute::optional(
            "ports",
            Type::set(Type::Number),
            "TCP ports that are open to every source: the `port` of the cache. A serverless cache has 6379 for writing \
             and 6380 for reading.",
        )
        .check(Check::By(at_least_one_port))
        .check(Check::Each(Box::new(Check::Range(1, 65535))))
        .empty_is_value()
        .reference(Reference::Own)
        .default(Value::set([Value::from(PORT)])),
        forms::peered_security_groups(Attribute::optional(
            "allowed_security_group_ids",
            set(),
            "IDs of security groups whose members may connect; one of a peered VPC in another account as \
             `<account>/<id>`.",
        ))
        .check(Check::Each(Box::new(Check::Length(1, LONGEST)))),
        Attribute::optional(
            "allow_self",
            Type::Bool,
            "Whether members of this security group itself may connect: a resource cannot name its own ID among \
             `allowed_security_group_ids`. Defaults to `false`.",
        )
        .default(false),
        Attribute::optional("allowed_cidr_blocks", set(), "IPv4 ranges that may connect, such as `10.0.0.0/16`.")
            .check(Check::Each(Box::new(Check::By(|range| check_range(range, cidr::v4)))))
            .reference(Reference::Foreign),
        Attribute::optional(
            "allowed_ipv6_cidr_blocks",
            set(),
            "IPv6 ranges that may connect, such as `2001:db8::/56`; the spelling makes no difference.",
        )
        .check(Check::Each(Box::new(Check::By(|range| check_range(range, cidr::v6)))))
        .reference(Reference::Foreign)
        .same_if(Equivalence::By(cidr::same_v6)),
        forms::prefix_lists(Attribute::optional(
            "allowed_prefix_list_ids",
            set(),
            "IDs of prefix lists whose addresses may connect. AWS counts each as its maximum number of entries.",
        )),
        Attribute::optional(
            "rule_descriptions",
            Type::map(Type::String),
            "Descriptions of rules, by their source as it stands in one of the `allowed_` arguments, or `self` for those of \
             `allow_self`. The rules of other sources have none.",
        )
        .check(Check::Each(Box::new(Check::Length(0, LONGEST))))
        .check(Check::Each(Box::new(Check::Pattern(&PLAIN, PLAIN_FORM)))),
    ]
}

fn keeping() -> [Attribute; 3] {
    [
        Attribute::optional(
            "exclusive",
            Type::Bool,
            "Whether these are all the rules there may be. Others, of either direction, then appear in `foreign_rules` \
             and are revoked by the next apply. Set it to false where other configurations add rules of their own to \
             this group; those are then neither shown nor touched. Defaults to `true`. An import sets it to false when \
             the group has rules that this resource does not manage, such as EC2's own egress rule.",
        )
        .default(true),
        Attribute::computed(
            "foreign_rules",
            Type::map(Type::String),
            "Rules that somebody else added, by id, while `exclusive` is true: what the next apply revokes. Empty when \
             there are none.",
        ),
        Attribute::optional(
            "revoke_rules_on_delete",
            Type::Bool,
            "Whether every rule is revoked before the group is deleted. Needed only where something in the group would \
             otherwise keep another group, which a rule here names, from being deleted.",
        )
        .default(false),
    ]
}

/// API reference of CreateSecurityGroup; the default group of each VPC is AWS's own.
fn not_reserved(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else { return Ok(()) };
    if name.to_ascii_lowercase().starts_with("sg-") {
        return Err(format!("must not begin with sg-, as ids do, but is {name:?}"));
    }
    if name.eq_ignore_ascii_case("default") {
        return Err("must not be \"default\", the name of AWS's own group of each VPC; choose another name"
            .to_owned());
    }
    Ok(())
}

fn at_least_one_port(value: &Value) -> Result<(), String> {
    if value.is_empty() { Err("must have at least one port, but is empty".to_owned()) } else { Ok(()) }
}

fn check_range(range: &Value, check: fn(&str) -> Result<String, String>) -> Result<(), String> {
    range.as_str().map_or(Ok(()), |text| check(text).map(drop))
}
