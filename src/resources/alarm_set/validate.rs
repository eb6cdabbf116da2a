//! Rules over several arguments of a configuration.

use super::attributes::AlarmSetModel;
use super::desired::desired_alarms;
use super::{names, presets};
use crate::diag::Diagnostics;
use crate::value::{Field, Path};

/// Checks the alarms that follow from the configuration.
pub(super) fn validate(config: &AlarmSetModel, diags: &mut Diagnostics) {
    let mut set = config.clone();
    set.preset = or_default(text(set.preset), presets::DEFAULT.to_owned());
    set.name_template = or_default(text(set.name_template), names::DEFAULT.to_owned());
    set.actions_enabled = or_default(set.actions_enabled, true);
    desired_alarms(&set, diags);
    check_region(&set, diags);
}

fn or_default<T>(field: Field<T>, default: T) -> Field<T> {
    if field.is_null() { Field::Known(default) } else { field }
}

/// The text; null if it is empty, which means the default.
fn text(field: Field<String>) -> Field<String> {
    if field.text().is_none() && !field.is_unknown() { Field::Null } else { field }
}

/// The alarms are in the Region of the replication group.
pub(super) fn check_region(set: &AlarmSetModel, diags: &mut Diagnostics) {
    let group = set.replication_group.known().and_then(|group| group.region.text());
    let (Some(group), Some(alarms)) = (group, set.region.text()) else { return };
    if group != alarms {
        diags.error_at(
            Path::attribute("region"),
            "Replication group is in another Region",
            format!(
                "The replication group is in {group}, and the alarms are in {alarms}, where CloudWatch has no metrics of the \
                 replication group. Set `region = {group:?}`."
            ),
        );
    }
}
