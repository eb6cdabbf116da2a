//! Between the log group and the API of CloudWatch Logs.

use super::attributes::{DELIVERY, DELIVERY_DAYS, LogGroupModel};
use crate::aws::direct::logs::LogGroup;
use crate::value::Field;

/// The log group for CreateLogGroup, without tags.
pub(super) fn expand_create(model: &LogGroupModel) -> LogGroup {
    LogGroup {
        name: Some(model.name().to_owned()),
        kms_key_id: model.kms_key_id.text().map(str::to_owned),
        class: model.log_group_class.text().map(str::to_owned),
        deletion_protection_enabled: model.deletion_protection_enabled.is_true().then_some(true),
        ..LogGroup::default()
    }
}

impl LogGroupModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(mut self, group: &LogGroup) -> Self {
        self.id = group.name.clone().into();
        self.name = group.name.clone().into();
        // AWS returns no class of a log group that is older than the classes.
        let class = group.class.as_deref().unwrap_or("STANDARD");
        self.log_group_class = class.into();
        self.retention_in_days = match (class, self.retention_in_days.known()) {
            // The configured value has no effect, so it is no drift.
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

/// The ARN as TagResource and the other services accept it. DescribeLogGroups returns it with `:*` at its end, for
/// policies.
fn plain_arn(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}
