//! Attributes of `elasticache_log_group`.

use super::validate;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::names::SUFFIX;
use crate::schema::region::KMS;
use crate::schema::{Check, Reference, common, computed, optional, optional_computed};
use crate::value::Field;

/// The class whose retention AWS sets.
pub(super) const DELIVERY: &str = "DELIVERY";

/// Days for which AWS retains the events of a log group of class DELIVERY.
pub(super) const DELIVERY_DAYS: i32 = 2;

object! {
    /// Manages a CloudWatch Logs log group that receives the slow log or engine log of a cache: set its `name` as
    /// `destination` in a `log_delivery_configuration` of the replication group. AWS manages the resource policy that
    /// allows the delivery. The usual names are `/aws/elasticache/<name>/slow-log` and
    /// `/aws/elasticache/<name>/engine-log`.
    pub struct LogGroupModel {
        /// Name of the log group.
        id: Field<String> = computed(),
        /// Name of the log group: 1 to 512 letters, digits and the characters `.-_/#` (see
        /// [CreateLogGroup](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html)).
        /// If omitted, the name is `name_prefix`, or `terraform-` without a prefix, with a unique suffix. Changing this
        /// forces a new resource.
        name: Field<String> = optional_computed()
            .check(Check::Length(1, validate::LONGEST_NAME))
            .check(Check::Pattern(&validate::NAME, validate::NAME_FORM))
            .check(Check::By(validate::not_reserved))
            .empty_is_value()
            .reference(Reference::Own)
            .conflicts(&["name_prefix"])
            .replace(),
        /// Beginning of the name, to which the provider appends a unique suffix. If omitted, `name` applies. Changing this
        /// to a prefix that the name does not have forces a new resource.
        name_prefix: Field<String> = optional()
            .check(Check::Length(1, validate::LONGEST_NAME - SUFFIX))
            .check(Check::Pattern(&validate::NAME, validate::NAME_FORM))
            .check(Check::By(validate::not_reserved)),
        /// Days for which log events are retained: `1`, `3`, `5`, `7`, `14`, `30`, `60`, `90`, `120`, `150`, `180`,
        /// `365`, `400`, `545`, `731`, `1096`, `1827`, `2192`, `2557`, `2922`, `3288` or `3653`; `0` retains them
        /// indefinitely (see
        /// [PutRetentionPolicy](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html)).
        /// With the class `DELIVERY` it is `2` if omitted: AWS retains its events for two days.
        retention_in_days: Field<i32> = optional().check(Check::By(validate::retention)).default(0),
        /// ARN of the KMS key that encrypts new log events; existing events keep their encryption. The [key
        /// policy](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html) must allow
        /// `logs.<region>.amazonaws.com` to use the key. If omitted, CloudWatch Logs encrypts with a key that AWS owns.
        kms_key_id: Field<String> = optional()
            .check(Check::Length(1, 256))
            .check(Check::By(validate::key))
            .reference(Reference::Foreign)
            .in_region(KMS),
        /// Class of the log group: `STANDARD`, `INFREQUENT_ACCESS` or `ESSENTIALS` for a lower price and fewer features,
        /// or `DELIVERY`. If omitted, AWS uses `STANDARD`. Changing this forces a new resource.
        log_group_class: Field<String> = optional_computed()
            .check(Check::OneOf(&["STANDARD", "INFREQUENT_ACCESS", "ESSENTIALS", DELIVERY]))
            .replace(),
        /// Whether AWS refuses to delete the log group. A plan that deletes a protected log group is an error.
        deletion_protection_enabled: Field<bool> = optional().default(false),
        /// Whether the log group and its events are kept when the resource is destroyed: Terraform then only removes it
        /// from the state. A log group whose creation was interrupted is deleted.
        skip_destroy: Field<bool> = optional().default(false).not_readable("Kept in the state only"),
        /// ARN of the log group, without `:*` at its end.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::plain_tags(),
        tags_all: Field<Tags> = common::tags_all(),
    }
}

impl LogGroupModel {
    /// The name of the log group.
    pub(super) fn name(&self) -> &str {
        self.name.text().unwrap_or_default()
    }

    /// The retention to set; `None` for indefinitely, and for the class whose retention AWS sets.
    pub(super) fn retention(&self) -> Option<i32> {
        let is_set_by_aws = self.log_group_class.text() == Some(DELIVERY);
        self.retention_in_days.known().copied().filter(|days| *days != 0 && !is_set_by_aws)
    }
}
