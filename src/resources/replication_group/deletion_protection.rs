//! Keeping data: deletion protection, and warnings about data that would be lost.

use super::attributes::ReplicationGroupModel;
use crate::aws::Found;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext};
use crate::services::elasticache::replication_group;
use crate::value::{Path, Value};

type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

/// The status of a group that AWS could not create. It has no data.
const CREATE_FAILED: &str = "create-failed";

/// The summary of every warning about a replacement.
const REPLACED: &str = "Replication group will be replaced";

/// Why a change needs a new group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reason {
    /// What AWS does not do, as whole sentences.
    pub(super) rule: String,
    /// What keeps the group, as whole sentences.
    pub(super) way: Option<String>,
}

/// Reports what a planned destroy loses.
pub(super) fn destroy(prior: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let id = prior.group_id();
    if is_protected(prior) {
        diags.error_at(
            Path::attribute("deletion_protection"),
            "Replication group is protected from deletion",
            format!(
                "Replication group {id:?} has `deletion_protection = true`. To destroy it, set \
                 `deletion_protection = false` and apply first."
            ),
        );
    } else if loses_snapshots(prior) {
        diags.warning_at(
            Path::attribute("final_snapshot_identifier"),
            "No final snapshot",
            format!(
                "Replication group {id:?} takes daily snapshots, which AWS deletes with it, and \
                 `final_snapshot_identifier` is not set: its data will be lost. To keep it, set \
                 `final_snapshot_identifier` and apply before destroying."
            ),
        );
    }
}

/// Plans a replacement because of this attribute, and announces it.
pub(super) fn replace(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, name: &str, reason: &Reason) {
    cx.replace(name);
    if !is_protected(prior) {
        announce(cx, prior, Path::attribute(name), reason);
    }
}

/// Announces each cause of a planned replacement that is not announced yet, or refuses the
/// replacement of a protected group.
pub(super) fn replacement(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let mut causes = cx.replacements();
    causes.sort();
    causes.dedup();
    if is_protected(prior) {
        let Some(cause) = causes.into_iter().next() else { return };
        let (id, name) = (prior.group_id(), cause.to_string());
        cx.diags.error_at(
            cause,
            "Replication group is protected from deletion",
            format!(
                "The change of `{name}` requires replacement of replication group {id:?}, which has \
                 `deletion_protection = true`. Undo the change; or, if it may be deleted, set \
                 `deletion_protection = false` and apply that first."
            ),
        );
        return;
    }
    if has_failed(prior) {
        return;
    }
    for cause in causes {
        let Some(name) = cause.first_attribute().map(str::to_owned) else { continue };
        let is_announced =
            |message: &Diagnostic| message.summary == REPLACED && message.path.as_ref() == Some(&cause);
        if cx.is_unknown(&name) || cx.diags.iter().any(is_announced) {
            continue;
        }
        let reason = reason(cx, &name);
        announce(cx, prior, cause, &reason);
    }
}

/// The reason of a replacement that follows from the schema: AWS has no call that changes it.
fn reason(cx: &Plan<'_>, name: &str) -> Reason {
    let (before, after) = cx.values(name);
    let change = match (text(before), text(after)) {
        (Some(before), Some(after)) => format!(" changes from {before} to {after}, but AWS"),
        _ => " changes, but AWS".to_owned(),
    };
    match name {
        "replication_group_id" => {
            Reason { rule: format!("`{name}`{change} does not rename a replication group."), way: None }
        }
        "serverless_cache_snapshot_name" | "snapshot_name" | "snapshot_arns" => Reason {
            rule: format!("`{name}`{change} restores snapshots into new replication groups only."),
            way: Some(format!(
                "To keep the replication group as it is, remove `{name}`: that changes nothing."
            )),
        },
        _ => Reason {
            rule: format!("`{name}`{change} sets it only when a replication group is created."),
            way: text(before)
                .map(|before| format!("To keep the replication group, keep `{name} = {before}`.")),
        },
    }
}

/// A value as it would be written in a configuration; `None` for collections.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(format!("{text:?}")),
        Value::Bool(on) => Some(on.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn announce(cx: &mut Plan<'_>, prior: &ReplicationGroupModel, cause: Path, reason: &Reason) {
    let id = prior.group_id();
    let snapshots = match prior.snapshot_retention_limit.known() {
        Some(days) if *days > 0 => ", and AWS deletes its daily snapshots with it",
        _ => "",
    };
    let keep = match prior.final_snapshot_identifier.text() {
        Some(name) => format!(
            "The final snapshot {name:?} is taken first: to restore the data into the new one, set \
             `snapshot_name = {name:?}` in the same change."
        ),
        None => {
            "To keep the data, first set `final_snapshot_identifier` and apply; then set `snapshot_name` \
                 to the same name together with this change."
                .to_owned()
        }
    };
    let way = reason.way.as_ref().map(|way| format!("{way} ")).unwrap_or_default();
    let detail = format!(
        "{} A new, empty replication group replaces {id:?}: its data is lost{snapshots}. {way}{keep}",
        reason.rule
    );
    cx.diags.warning_at(cause, REPLACED, detail);
}

/// Refuses the deletion of a protected group. Terraform plans no destroy for `-replace`, nor for
/// a group that is marked as tainted, so the plan cannot refuse these.
///
/// # Errors
/// When the group is protected, unless AWS could not create it or no longer has it.
pub(super) async fn refuse_deletion(
    cx: &Context<'_>,
    state: &ReplicationGroupModel,
) -> Result<(), Diagnostic> {
    if !is_protected(state) {
        return Ok(());
    }
    let id = state.group_id();
    let is_gone = match replication_group::describe(cx.scope(), &id).await {
        Ok(Found::Yes(group)) => {
            group.status().is_some_and(|status| [CREATE_FAILED, "deleting"].contains(&status))
        }
        Ok(Found::No(_)) => true,
        Ok(Found::Incomplete) | Err(_) => false,
    };
    if is_gone {
        return Ok(());
    }
    Err(Diagnostic::error(
        "Replication group is protected from deletion",
        format!(
            "Replication group {id:?} has `deletion_protection = true`, so it was not deleted. If Terraform \
             marked it as tainted, run `terraform untaint ADDRESS` to keep it. If it was to be replaced, \
             omit `-replace`. To delete it, set `deletion_protection = false` and apply that first."
        ),
    )
    .at(Path::attribute("deletion_protection")))
}

/// True when the state forbids to delete the group. One that AWS could not create may go.
fn is_protected(state: &ReplicationGroupModel) -> bool {
    state.deletion_protection.is_true() && !has_failed(state)
}

/// True when AWS could not create the group.
pub(super) fn has_failed(state: &ReplicationGroupModel) -> bool {
    state.status.text() == Some(CREATE_FAILED)
}

/// True when the user wants snapshots and a deletion would leave none. AWS deletes the
/// automatic ones with their group.
fn loses_snapshots(prior: &ReplicationGroupModel) -> bool {
    prior.snapshot_retention_limit.known().is_some_and(|days| *days > 0)
        && prior.final_snapshot_identifier.text().is_none()
        && !has_failed(prior)
}
