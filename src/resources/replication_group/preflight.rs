//! Checks before the first call that changes a replication group.
//!
//! A refusal in the middle of an update leaves the previous steps applied, so the objects that the group refers
//! to are described first. Only a certain answer of AWS stops the operation: if describing is not permitted or
//! fails, the call itself decides.

use std::collections::BTreeSet;
use std::time::Duration;

use super::attributes::ReplicationGroupModel;
use super::default_groups;
use super::family;
use crate::aws::{AwsError, Found, Scope};
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::resources::common::parameter_group as common;
use crate::services::ec2::security_group;
use crate::services::elasticache::parameter_group;
use crate::value::Path;

/// How long a new object may take to become visible, and how long describing all objects of one kind may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Describes the parameter group and the security groups that this operation adds.
///
/// # Errors
/// A diagnostic at the argument that names what does not exist or does not fit.
pub(super) async fn check(
    cx: &Context<'_>,
    prior: Option<&ReplicationGroupModel>,
    planned: &ReplicationGroupModel,
) -> Result<(), Diagnostic> {
    let (parameters, security) =
        tokio::join!(parameter_group(cx, prior, planned), security_groups(cx, prior, planned));
    parameters.and(security)
}

async fn parameter_group(
    cx: &Context<'_>,
    prior: Option<&ReplicationGroupModel>,
    planned: &ReplicationGroupModel,
) -> Result<(), Diagnostic> {
    let Some(name) = planned.parameter_group_name.text() else { return Ok(()) };
    let before = prior.and_then(|prior| prior.parameter_group_name.text());
    let same_family = prior.is_some_and(|prior| family::of_model(prior) == family::of_model(planned));
    let retained = before.is_some_and(|before| before.eq_ignore_ascii_case(name)) && same_family;
    // AWS's own groups exist, and say by their name what they are for.
    if retained || default_groups::of_default_group(name).is_some() {
        return Ok(());
    }
    let at = Path::attribute("parameter_group_name");
    let name = name.to_lowercase();
    let needed = family::of_model(planned);
    let region = planned.region.text().unwrap_or_default();
    // AWS's answer to the create is as good as a description.
    let created = common::created_family(&cx.provider().facts, &name, region);
    if created.is_some_and(|family| needed.as_ref().is_none_or(|needed| *needed == family)) {
        return Ok(());
    }
    let scope = within_patience(cx);
    match find_visible(&scope, parameter_group::NOT_FOUND, || parameter_group::find(&scope, &name)).await {
        Some(Found::Yes(group)) => {
            let theirs = group.cache_parameter_group_family().unwrap_or_default();
            match needed.filter(|needed| *needed != theirs && !theirs.is_empty()) {
                Some(needed) => Err(Diagnostic::error(
                    "Invalid parameter_group_name",
                    format!(
                        "{name:?} is a parameter group of family {theirs}, but `engine` and `engine_version` \
                         need {needed}. Use a parameter group of that family. Nothing was changed."
                    ),
                )
                .at(at)),
                None => Ok(()),
            }
        }
        Some(Found::No(_)) => Err(Diagnostic::error(
            "Invalid parameter_group_name",
            format!(
                "Parameter group {name:?} does not exist. Create it with an `elasticache_parameter_group`, \
                 and refer to its name. Nothing was changed."
            ),
        )
        .at(at)),
        Some(Found::Incomplete) | None => Ok(()),
    }
}

async fn security_groups(
    cx: &Context<'_>,
    prior: Option<&ReplicationGroupModel>,
    planned: &ReplicationGroupModel,
) -> Result<(), Diagnostic> {
    let none = BTreeSet::new();
    let ids = planned.security_group_ids.known().unwrap_or(&none);
    let before = prior.and_then(|prior| prior.security_group_ids.known()).unwrap_or(&none);
    for id in ids.difference(before) {
        let scope = within_patience(cx);
        let found = find_visible(&scope, security_group::NOT_FOUND, || security_group::describe(&scope, id));
        if let Some(Found::No(_)) = found.await {
            return Err(Diagnostic::error(
                "Invalid security_group_ids",
                format!(
                    "Security group {id:?} does not exist in this account and Region. Nothing was changed."
                ),
            )
            .at(Path::attribute("security_group_ids")));
        }
    }
    Ok(())
}

/// The scope of describing one object.
fn within_patience<'a>(cx: &Context<'a>) -> Scope<'a> {
    cx.scope().with_timeout(PATIENCE.min(cx.scope().time_left()))
}

/// The answer of `describe`, which is repeated while AWS does not find the object; `None` if describing fails or takes too
/// long.
async fn find_visible<T: Send, F: Future<Output = Result<Found<T>, AwsError>> + Send>(
    scope: &Scope<'_>,
    not_found: &[&str],
    describe: impl Fn() -> F + Sync,
) -> Option<Found<T>> {
    let described = scope.retry(not_found, || {
        let described = describe();
        async { described.await.and_then(Found::or_refusal) }
    });
    let described = tokio::time::timeout(2 * PATIENCE, described).await.ok()?;
    Found::of(described, not_found).ok()
}
