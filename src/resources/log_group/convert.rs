//! Between the model and CloudWatch Logs' types.

use super::model::{DELIVERY, DELIVERY_DAYS, LogGroupModel};
use crate::aws::direct::logs::LogGroup;
use crate::value::Field;

/// All that a log group can be created with, besides tags.
pub(super) fn expand(model: &LogGroupModel) -> LogGroup {
    LogGroup {
        name: Some(model.name().to_owned()),
        kms_key_id: model.kms_key_id.text().map(str::to_owned),
        class: model.log_group_class.text().map(str::to_owned),
        deletion_protection_enabled: model.deletion_protection_enabled.is_true().then_some(true),
        ..LogGroup::default()
    }
}

impl LogGroupModel {
    /// The model with what AWS returns of the log group; tags come from elsewhere.
    pub(super) fn with_live(mut self, group: &LogGroup) -> Self {
        self.id = group.name.clone().into();
        self.name = group.name.clone().into();
        // A group that is older than classes shows none.
        let class = group.class.as_deref().unwrap_or("STANDARD");
        self.log_group_class = class.into();
        self.retention_in_days = match (class, self.retention_in_days.known()) {
            // What is configured has no effect, and is no drift.
            (DELIVERY, Some(days)) => Field::Known(*days),
            (DELIVERY, None) => Field::Known(group.retention_in_days.unwrap_or(DELIVERY_DAYS)),
            _ => Field::Known(group.retention_in_days.unwrap_or(0)),
        };
        self.kms_key_id = group.kms_key_id.clone().into();
        self.deletion_protection_enabled = Field::Known(group.deletion_protection_enabled.unwrap_or(false));
        self.arn = group.arn.as_deref().map(plain_arn).map(str::to_owned).into();
        self
    }
}

/// The ARN as `TagResource` and the other services accept it. `DescribeLogGroups` returns it with `:*` at
/// its end, for policies.
fn plain_arn(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}
