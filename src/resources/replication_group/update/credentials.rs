//! Token and user groups: which calls lead from one state to another.

use super::modification::{Modification, changed};
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::resources::common::connection::auth_token::auth_token_problems;
use crate::resources::replication_group::attributes::ReplicationGroupModel;
use crate::value::Field;

/// What a token changes with.
pub(in crate::resources::replication_group) const TOKEN: &[&str] =
    &["auth_token", "auth_token_wo_version", "auth_token_secret_arn", "auth_token_secret_version_id"];

/// The changes of token and user groups, in order. From one to the other is a single call: AWS accepts no group
/// that has both, and one that has neither is open to everyone.
pub(in crate::resources::replication_group) fn changes(
    config: &ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> Vec<Modification> {
    let mut change = Modification::new("change credentials", true);
    let (before, after) = (prior.user_groups(), planned.user_groups());
    if !planned.user_group_ids.is_unknown() {
        change.add_user_groups = after.difference(&before).cloned().collect();
        change.remove_user_groups = before.difference(&after).cloned().collect();
    }
    let mut last = None;
    if let Some(token) = config.auth_token_wo.given().or(planned.auth_token.given()) {
        if let Some((strategy, then)) = strategies(prior, planned, is_new(config, prior, planned)) {
            change.token = Some(token.clone());
            change.token_strategy = Some(strategy);
            last = then.map(|then| {
                let mut last = Modification::new("remove the old AUTH token", true);
                last.token = Some(token.clone());
                last.token_strategy = Some(then);
                last
            });
        }
    } else if prior.has_token() && !change.add_user_groups.is_empty() {
        change.token_strategy = Some("DELETE");
    }
    std::iter::once(change).chain(last).filter(|change| !change.is_empty()).collect()
}

/// The configuration with the token that is given by reference, as if it were given by
/// `auth_token_wo`. The secret is read only where the token is to be sent, so that any
/// other change needs no right to read it.
///
/// # Errors
/// A diagnostic at the reference that leads to no token.
pub(in crate::resources::replication_group) async fn with_token(
    cx: &Context<'_>,
    mut config: ReplicationGroupModel,
    prior: Option<&ReplicationGroupModel>,
    planned: &ReplicationGroupModel,
) -> Result<ReplicationGroupModel, Diagnostic> {
    let sent = prior.is_none_or(|prior| {
        let strategy = prior.auth_token_update_strategy.text() != planned.auth_token_update_strategy.text();
        let is_known = !prior.has_unknown_token();
        is_known && (strategy || planned.reference().differs(&prior.reference()))
    });
    if sent && let Some(token) = planned.reference().read(cx, auth_token_problems).await? {
        config.auth_token_wo = Field::Known(token);
    }
    Ok(config)
}

/// True when the configured token is another one than the group's, as far as the
/// state can tell.
fn is_new(
    config: &ReplicationGroupModel,
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> bool {
    let before = prior.auth_token.given();
    match (config.auth_token_wo.given(), planned.auth_token.given()) {
        (Some(token), _) => {
            before != Some(token)
                && (changed(&prior.auth_token_wo_version, &planned.auth_token_wo_version).is_some()
                    || planned.reference().differs(&prior.reference()))
        }
        (None, Some(token)) => before != Some(token),
        (None, None) => false,
    }
}

/// How the token is put in place: one strategy, or one and then another.
fn strategies(
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    new: bool,
) -> Option<(&'static str, Option<&'static str>)> {
    let desired = planned.auth_token_update_strategy.text();
    if prior.has_unknown_token() {
        // After an import the configured token is assumed to be the existing one.
        return None;
    }
    if !prior.has_token() {
        let had_user_groups = prior.user_group_ids.known().is_some_and(|ids| !ids.is_empty());
        // ROTATE would leave the group open to clients without a token, so it is only
        // used where it is asked for and where it was open before.
        let rotate = desired == Some("ROTATE") && !had_user_groups;
        return Some((if rotate { "ROTATE" } else { "SET" }, None));
    }
    match (new, desired) {
        // AWS accepts SET only for a token that was rotated in before.
        (true, Some("SET")) => Some(("ROTATE", Some("SET"))),
        (true, _) => Some(("ROTATE", None)),
        (false, Some("SET")) if prior.auth_token_update_strategy.text() != Some("SET") => Some(("SET", None)),
        (false, _) => None,
    }
}

/// The state once this change is accepted, should a later step fail: everything as
/// before, but token and user groups. `None` when it touches neither.
pub(in crate::resources::replication_group) fn accepted(
    prior: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    change: &Modification,
) -> Option<ReplicationGroupModel> {
    let strategy = change.token_strategy?;
    // A rotation that is to be followed by SET is not at its end yet.
    let unfinished = strategy == "ROTATE" && planned.auth_token_update_strategy.text() == Some("SET");
    Some(ReplicationGroupModel {
        auth_token: planned.auth_token.clone(),
        auth_token_wo_version: planned.auth_token_wo_version.clone(),
        auth_token_secret_arn: planned.auth_token_secret_arn.clone(),
        auth_token_secret_version_id: planned.auth_token_secret_version_id.clone(),
        auth_token_version: planned.auth_token_version.clone(),
        auth_token_update_strategy: match unfinished {
            true => Field::Known(strategy.to_owned()),
            false => planned.auth_token_update_strategy.clone(),
        },
        user_group_ids: planned.user_group_ids.clone(),
        ..prior.clone()
    })
}
