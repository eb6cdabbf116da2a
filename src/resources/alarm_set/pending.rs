//! Alarms that the set does not have any more and that CloudWatch did not delete, because composite alarms outside of the set
//! have them in their rules.
//!
//! Their names are notes beside the state. Each update and the deletion of the set delete them. A read finds the ones that
//! exist; once a composite alarm has released one, the plan has an update.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::AlarmSetModel;
use super::convert::Observed;
use crate::aws::AwsError;
use crate::diag::Diagnostic;
use crate::engine::{Context, PlanContext};
use crate::services::cloudwatch::alarm::{self, InRule};

/// The note about composite alarms.
const COMPOSITES: &str = "pending_composite_alarms";

/// The note about metric alarms.
const ALARMS: &str = "pending_alarms";

/// The note of a read about those of them that no composite alarm has in its rule.
const RELEASED: &str = "released_alarms";

/// The names of the alarms to delete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pending {
    /// Composite alarms, those over others first.
    pub(super) composites: Vec<String>,
    /// Metric alarms.
    pub(super) alarms: Vec<String>,
}

impl Pending {
    /// The alarms that were noted before.
    pub(super) fn noted(cx: &Context<'_>) -> Self {
        Self { composites: cx.noted(COMPOSITES).to_vec(), alarms: cx.noted(ALARMS).to_vec() }
    }

    /// The alarms that CloudWatch did not delete.
    pub(super) fn refused(composites: &[InRule], alarms: &[InRule]) -> Self {
        let names = |in_rules: &[InRule]| in_rules.iter().map(|it| it.name.clone()).collect();
        Self { composites: names(composites), alarms: names(alarms) }
    }

    /// Notes the alarms for the next operation.
    pub(super) fn note(&self, cx: &Context<'_>) {
        cx.note(COMPOSITES, self.composites.clone());
        cx.note(ALARMS, self.alarms.clone());
        // What a read has found holds until the next operation.
        cx.note(RELEASED, Vec::new());
    }

    /// The names of all.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.composites.iter().chain(&self.alarms)
    }

    /// True if it has an alarm of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names().any(|it| it == name)
    }

    /// The alarms for which this is true.
    pub(super) fn filtered(&self, is_kept: impl Fn(&str) -> bool) -> Self {
        let kept = |names: &[String]| names.iter().filter(|name| is_kept(name)).cloned().collect();
        Self { composites: kept(&self.composites), alarms: kept(&self.alarms) }
    }
}

/// Notes which of the pending alarms can be deleted. Those that exist are removed from `found`, because they are no
/// alarms of the set. `is_unconfirmed` is true for an alarm of which it is not known whether it exists.
pub(super) async fn note_existing(
    cx: &Context<'_>,
    pending: &Pending,
    found: &mut BTreeMap<String, Observed>,
    is_unconfirmed: impl Fn(&str) -> bool,
) -> Result<(), AwsError> {
    let existing = pending.filtered(|name| found.contains_key(name) || is_unconfirmed(name));
    let names: Vec<String> = existing.names().cloned().collect();
    let parents = alarm::for_each_concurrent(&names, |name| alarm::parents(cx.scope(), name)).await;
    let mut released = Vec::new();
    for (name, parents) in parents {
        if parents?.is_empty() {
            released.push(name.clone());
        }
    }
    for name in &names {
        found.remove(name);
    }
    // The note itself stays until the next update: the change of a composite alarm in the same apply may have deleted the
    // alarms, and without the note a refresh-only plan would find other private data.
    cx.note(RELEASED, released);
    Ok(())
}

/// Plans an update if it can delete pending alarms.
pub(super) fn plan(cx: &mut PlanContext<'_, AlarmSetModel>, desired: &BTreeSet<String>) {
    if cx.is_create() {
        return;
    }
    let released: Vec<String> =
        cx.note(RELEASED).iter().filter(|name| !desired.contains(*name)).cloned().collect();
    if released.is_empty() {
        return;
    }
    // An update needs a change, and no other resource is likely to use this attribute.
    cx.set_unknown("composite_alarms");
    cx.diags.push(Diagnostic::warning(
        "Alarms are deleted",
        format!(
            "An earlier apply could not delete these alarms, which the set does not have any more, because composite alarms had \
             them in their rules. This has changed, so the apply deletes them:\n\n  {}",
            released.join("\n  ")
        ),
    ));
}
