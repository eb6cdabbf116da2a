//! Keeping data: deletion protection, and warnings about data that would be lost.

use super::attributes::ServerlessCacheModel;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext};
use crate::services::elasticache::serverless_cache;
use crate::value::{Path, Value};

type Plan<'a> = PlanContext<'a, ServerlessCacheModel>;

/// The summary of every warning about a replacement.
const REPLACED: &str = "Serverless cache will be replaced";

/// The summary of every refused deletion.
const PROTECTED: &str = "Serverless cache is protected from deletion";

/// Reports what a planned destroy loses.
pub(super) fn destroy(prior: &ServerlessCacheModel, diags: &mut Diagnostics) {
    let name = prior.aws_name();
    if is_protected(prior) {
        diags.error_at(
            Path::attribute("deletion_protection"),
            PROTECTED,
            format!(
                "Serverless cache {name:?} has `deletion_protection = true`. To destroy it, set `deletion_protection = \
                 false` and apply first."
            ),
        );
    } else if loses_snapshots(prior) {
        diags.warning_at(
            Path::attribute("final_snapshot_name"),
            "No final snapshot",
            format!(
                "Serverless cache {name:?} takes daily snapshots, which AWS deletes after `snapshot_retention_limit` days at \
                 the latest, and `final_snapshot_name` is not set: its data will be lost. To keep it, set \
                 `final_snapshot_name` and apply before destroying."
            ),
        );
    }
}

/// Plans a replacement because of this attribute, and announces it. `rule` says what AWS does not do, as
/// whole sentences.
pub(super) fn replace(cx: &mut Plan<'_>, prior: &ServerlessCacheModel, name: &str, rule: &str) {
    cx.replace(name);
    if !is_protected(prior) {
        announce(cx, prior, Path::attribute(name), rule);
    }
}

/// Announces each cause of a planned replacement that is not announced yet, or refuses the replacement of
/// a protected cache.
pub(super) fn replacement(cx: &mut Plan<'_>, prior: &ServerlessCacheModel) {
    let mut causes = cx.replacements();
    causes.sort();
    causes.dedup();
    if is_protected(prior) {
        let Some(cause) = causes.into_iter().next() else { return };
        let (name, attribute) = (prior.aws_name(), cause.to_string());
        cx.diags.error_at(
            cause,
            PROTECTED,
            format!(
                "The change of `{attribute}` requires a new serverless cache in place of {name:?}, which has \
                 `deletion_protection = true`. Undo the change; or, if the cache may be deleted, set `deletion_protection = \
                 false` and apply that first."
            ),
        );
        return;
    }
    if has_failed(prior) {
        return;
    }
    for cause in causes {
        let Some(name) = cause.first_attribute().map(str::to_owned) else { continue };
        let is_announced = |it: &Diagnostic| it.summary == REPLACED && it.path.as_ref() == Some(&cause);
        if cx.is_unknown(&name) || cx.diags.iter().any(is_announced) {
            continue;
        }
        let rule = rule(cx, &name);
        announce(cx, prior, cause, &rule);
    }
}

/// The reason of a replacement that follows from the schema: AWS has no call that changes it.
fn rule(cx: &Plan<'_>, name: &str) -> String {
    let (before, after) = cx.values(name);
    let change = match (text(before), text(after)) {
        (Some(before), Some(after)) => format!("`{name}` changes from {before} to {after}, but AWS"),
        _ => format!("`{name}` changes, but AWS"),
    };
    match name {
        "name" => format!("{change} does not rename a serverless cache."),
        "snapshot_arns_to_restore" => format!(
            "{change} restores snapshots into new caches only. To keep the cache as it is, remove `{name}`: that changes \
             nothing."
        ),
        _ => match text(before) {
            Some(before) => format!(
                "{change} sets it only when a cache is created. To keep the cache, keep `{name} = {before}`."
            ),
            None => format!("{change} sets it only when a cache is created."),
        },
    }
}

/// A value as it would be written in a configuration; `None` for anything but a text.
fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(|text| format!("{text:?}"))
}

fn announce(cx: &mut Plan<'_>, prior: &ServerlessCacheModel, cause: Path, rule: &str) {
    let name = prior.aws_name();
    let keep = match prior.final_snapshot_name.text() {
        Some(snapshot) => format!(
            "The final snapshot {snapshot:?} is taken first: to restore the data into the new cache, set \
             `snapshot_arns_to_restore` to its ARN in the same change."
        ),
        None => "To keep the data, first set `final_snapshot_name` and apply; then set `snapshot_arns_to_restore` to the ARN \
                 of that snapshot together with this change."
            .to_owned(),
    };
    let detail = format!(
        "{rule} A new, empty cache takes the place of serverless cache {name:?}: its data is lost, and its endpoints change. \
         {keep}"
    );
    cx.diags.warning_at(cause, REPLACED, detail);
}

/// Refuses the deletion of a protected cache. Terraform plans no destroy for `-replace`, nor for a cache
/// that is marked as tainted, so the plan cannot refuse these.
///
/// # Errors
/// When the cache is protected, unless AWS could not create it or no longer has it.
pub(super) async fn refuse_deletion(
    cx: &Context<'_>,
    state: &ServerlessCacheModel,
) -> Result<(), Diagnostic> {
    if !is_protected(state) {
        return Ok(());
    }
    let name = state.aws_name();
    let status = match serverless_cache::status(cx.scope(), &name).await {
        Ok(Some(status)) => status,
        Ok(None) => return Ok(()),
        Err(_) => String::new(),
    };
    if [serverless_cache::CREATE_FAILED, serverless_cache::DELETING].contains(&status.as_str()) {
        return Ok(());
    }
    Err(Diagnostic::error(
        PROTECTED,
        format!(
            "Serverless cache {name:?} has `deletion_protection = true`, so it was not deleted. If Terraform \
             marked it as tainted, run `terraform untaint ADDRESS` to keep it. If it was to be replaced, \
             omit `-replace`. To delete it, set `deletion_protection = false` and apply that first."
        ),
    )
    .at(Path::attribute("deletion_protection")))
}

/// True when the state forbids to delete the cache. One that AWS could not create may go.
fn is_protected(state: &ServerlessCacheModel) -> bool {
    state.deletion_protection.is_true() && !has_failed(state)
}

/// True when AWS could not create the cache.
pub(super) fn has_failed(state: &ServerlessCacheModel) -> bool {
    state.status.text() == Some(serverless_cache::CREATE_FAILED)
}

/// True when the user wants snapshots and a deletion would take none.
fn loses_snapshots(prior: &ServerlessCacheModel) -> bool {
    prior.snapshot_retention_limit.known().is_some_and(|days| *days > 0)
        && prior.final_snapshot_name.text().is_none()
        && !has_failed(prior)
}
