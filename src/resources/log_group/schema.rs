//! Schema of `elasticache_log_group`.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::resources::common::names::SUFFIX;
use crate::schema::region::KMS;
use crate::schema::{Attribute, Block, Check, Reference, Schema, common, pattern};
use crate::value::{Type, Value};

/// API model of CloudWatch Logs, shape LogGroupName.
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[.\-_/#A-Za-z0-9]+$"));

/// API reference of AssociateKmsKey: the ARN of a key, and not of an alias.
static KEY_ARN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$"));

/// Longest name, in the same shape.
const LONGEST_NAME: usize = 512;

/// API reference of PutRetentionPolicy.
const RETENTIONS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "A log group of CloudWatch Logs that a cache delivers its slow log or engine log to: give its `name` as \
             `destination` in a `log_delivery_configuration` of the replication group. AWS itself keeps the resource \
             policy that lets the delivery write into the group. The usual names are \
             `/aws/elasticache/<name>/slow-log` and `/aws/elasticache/<name>/engine-log`.",
        )
        .attributes(named())
        .attributes([
            Attribute::optional(
                "retention_in_days",
                Type::Number,
                "Days that events are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, \
                 2192, 2557, 2922, 3288 or 3653; 0 keeps them forever. Defaults to 0, and to 2 with the class `DELIVERY`, \
                 whose events AWS keeps for two days whatever is configured.",
            )
            .check(Check::By(check_retention))
            .default(0),
            Attribute::optional(
                "kms_key_id",
                Type::String,
                "ARN of the KMS key that encrypts events from now on; what is there keeps its encryption. Without it \
                 CloudWatch Logs encrypts with a key of its own. The policy of the key must let \
                 `logs.<region>.amazonaws.com` use it.",
            )
            .check(Check::Length(1, 256))
            .check(Check::By(check_key))
            .reference(Reference::Foreign)
            .in_region(KMS),
            Attribute::optional_computed(
                "log_group_class",
                Type::String,
                "`STANDARD`, `INFREQUENT_ACCESS` for half the price and fewer features, or `DELIVERY`. AWS cannot change \
                 it: a change means a new log group.",
            )
            .check(Check::OneOf(&["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]))
            .replace(),
            Attribute::optional(
                "deletion_protection_enabled",
                Type::Bool,
                "Whether the group is protected: AWS then refuses to delete it, and a plan to destroy it is an error.",
            )
            .default(false),
            Attribute::optional(
                "skip_destroy",
                Type::Bool,
                "Whether the log group, with its events, stays when the resource is destroyed. Terraform then just \
                 forgets it.",
            )
            .default(false),
            Attribute::computed("arn", Type::String, "ARN of the log group, without `:*` at its end."),
            common::region(),
        ])
        .attributes(common::plain_tags()),
    )
}

fn named() -> [Attribute; 3] {
    [
        Attribute::computed("id", Type::String, "Name of the log group."),
        Attribute::optional_computed(
            "name",
            Type::String,
            "Name of the log group: letters, digits and the characters `.-_/#`. If this and `name_prefix` are omitted, the \
             name is `terraform-` with a unique suffix. Changing this forces a new resource.",
        )
        .check(Check::Length(1, LONGEST_NAME))
        .check(Check::Pattern(&NAME, "letters, digits and the characters . - _ / #"))
        .check(Check::By(not_reserved))
        .empty_is_value()
        .reference(Reference::Own)
        .conflicts(&["name_prefix"])
        .replace(),
        Attribute::optional(
            "name_prefix",
            Type::String,
            "Beginning of the name; what follows makes it unique. A change to a prefix the name does not have means a \
             new log group.",
        )
        .check(Check::Length(1, LONGEST_NAME - SUFFIX))
        .check(Check::Pattern(&NAME, "letters, digits and the characters . - _ / #"))
        .check(Check::By(not_reserved)),
    ]
}

/// API reference of CreateLogGroup: "Log group names can't start with the string aws/".
fn not_reserved(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if name.to_ascii_lowercase().starts_with("aws/") => Err(format!(
            "must not begin with aws/, which AWS keeps for itself: write {:?}",
            format!("/{name}")
        )),
        _ => Ok(()),
    }
}

fn check_retention(value: &Value) -> Result<(), String> {
    let Value::Number(number) = value else { return Ok(()) };
    let allowed = |days: &i64| *days == 0 || RETENTIONS.contains(days);
    if number.as_i64().as_ref().is_some_and(allowed) {
        return Ok(());
    }
    let all: Vec<String> = RETENTIONS.iter().map(ToString::to_string).collect();
    Err(format!(
        "must be a number of days that AWS offers ({}), or 0 to keep events for ever, but is {number}",
        all.join(", ")
    ))
}

/// CloudWatch Logs accepts a key by its ARN only.
fn check_key(value: &Value) -> Result<(), String> {
    let Some(key) = value.as_str() else { return Ok(()) };
    if !KEY_ARN.is_match(key) {
        return Err(format!(
            "must be the ARN of a key, as in aws_kms_key.this.arn; CloudWatch Logs accepts neither IDs nor aliases, but it \
             is {key:?}"
        ));
    }
    Ok(())
}
