//! Plans the ID, the default user and the members.

use std::collections::BTreeSet;

use super::attributes::UserGroupModel;
use super::{default_user, validate};
use crate::engine::PlanContext;
use crate::services::elasticache::identifier::stored_id;
use crate::value::Field;

/// The note of a read about a group that does not exist, while its default user does.
pub(super) const MISSING: &str = "missing";

/// Adjusts the plan of the engine.
pub(super) fn plan(cx: &mut PlanContext<'_, UserGroupModel>) {
    let id = cx.planned.user_group_id.known().map(|id| stored_id(id));
    match &id {
        Some(id) => cx.set("id", id.clone()),
        None => cx.set_unknown("id"),
    }
    let own = match (cx.planned.disabled_default_user.clone(), &id) {
        (Field::Known(true), Some(id)) => Field::Known(default_user::id(id)),
        (Field::Known(false) | Field::Null, _) => Field::Null,
        _ => Field::Unknown,
    };
    cx.set("default_user_id", own);
    if cx.prior.is_some() && !cx.note(MISSING).is_empty() {
        cx.set_unknown("arn");
        cx.replace("arn");
    }
    if cx.config.user_ids.is_null() && (cx.is_any_change() || !cx.is_imported()) {
        // The members are not managed. An import reads them all the same, so that the configuration may have them or
        // not.
        cx.set("user_ids", Field::<BTreeSet<String>>::Null);
    }
    let no_members = cx.planned.user_ids.is_null();
    let own = cx.planned.disabled_default_user.is_true() || cx.planned.disabled_default_user.is_unknown();
    if cx.is_create() && cx.planned.is_redis() && no_members && !own {
        cx.diags.push(validate::missing_default_user("user_group_id"));
    }
}
