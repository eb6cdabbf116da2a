//! Plans of a group that was imported, or moved from hashicorp/aws.

use std::collections::BTreeSet;

use super::attributes::{Plan, ReplicationGroupModel};
use super::update::credentials::TOKEN;
use crate::value::Path;

/// Keeps what the configuration omits and what says nothing about the group; announces what the
/// omission removes.
pub(super) fn plan(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    // Before version 6, hashicorp/aws has a default here. How a token was put in place says nothing
    // until the next one is.
    let same_token = !TOKEN.iter().any(|name| cx.changed(name));
    if cx.is_imported() && same_token && cx.config.auth_token_update_strategy.text().is_none() {
        cx.set("auth_token_update_strategy", prior.auth_token_update_strategy.clone());
    }
    warn_of_lost_users(cx, prior);
}

/// Without its user groups, and without a token in their place, a group lets in everyone who
/// reaches it. hashicorp/aws removes them silently as well.
fn warn_of_lost_users(cx: &mut Plan<'_>, prior: &ReplicationGroupModel) {
    let before = prior.user_group_ids.known().filter(|ids| !ids.is_empty());
    let (Some(before), true) = (before, cx.config.user_group_ids.is_null()) else { return };
    let is_emptied = cx.planned.user_group_ids.known().is_some_and(BTreeSet::is_empty);
    if gives_token(cx.config) || !is_emptied {
        return;
    }
    let groups: Vec<String> = before.iter().map(|id| format!("{id:?}")).collect();
    let groups = groups.join(", ");
    cx.diags.warning_at(
        Path::attribute("user_group_ids"),
        "Replication group loses its user groups",
        format!(
            "The configuration omits `user_group_ids`, so {groups} will be removed from replication group \
             {:?}: its clients no longer log in as users, and without a token anyone who reaches the cache \
             can use it. To keep them, set `user_group_ids = [{groups}]`.",
            prior.group_id()
        ),
    );
}

fn gives_token(config: &ReplicationGroupModel) -> bool {
    let given =
        |token: &crate::value::Field<crate::aws::Secret>| token.is_unknown() || token.given().is_some();
    given(&config.auth_token) || given(&config.auth_token_wo) || config.reference().is_given()
}
