//! The log group as a typed model.

use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::Field;

model! {
    /// An `elasticache_log_group`; the schema says what each attribute means.
    pub struct LogGroupModel {
        /// Same as `name`.
        id: Field<String>,
        /// Name of the group.
        name: Field<String>,
        /// Beginning of a name that is made unique.
        name_prefix: Field<String>,
        /// Days that events are kept; 0 for ever.
        retention_in_days: Field<i32>,
        /// Key that encrypts the events.
        kms_key_id: Field<String>,
        /// Class of the group.
        log_group_class: Field<String>,
        /// Whether AWS refuses to delete it.
        deletion_protection_enabled: Field<bool>,
        /// Whether it outlives its resource.
        skip_destroy: Field<bool>,
        /// ARN, without `:*`.
        arn: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
    }
}

/// The class whose retention AWS sets itself.
pub(super) const DELIVERY: &str = "DELIVERY";

/// Days that AWS keeps the events of a log group of class DELIVERY.
pub(super) const DELIVERY_DAYS: i32 = 2;

impl LogGroupModel {
    /// The name of the group.
    pub(super) fn name(&self) -> &str {
        self.name.text().unwrap_or_default()
    }

    /// Days that events are kept; `None` for ever, and where AWS decides.
    pub(super) fn retention(&self) -> Option<i32> {
        let decided_by_aws = self.log_group_class.text() == Some(DELIVERY);
        self.retention_in_days.known().copied().filter(|days| *days != 0 && !decided_by_aws)
    }
}
