//! The user named `default` that a group keeps for itself, so that nobody logs in by it.

use super::model::UserGroupModel;
use super::password::unknowable;
use crate::aws::{LostAnswers, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::common::errors::{failed_wait, present};
use crate::resources::common::unanswered;
use crate::services::elasticache::access_string::is_disabled;
use crate::services::elasticache::authentication::Login;
use crate::services::elasticache::user::{self, DEFAULT, Modification, NewUser};

/// What follows the id of the group in that of its user.
pub(super) const SUFFIX: &str = "-default-off";
/// What the user may do.
const ACCESS: &str = "off -@all";

/// Id of the user of a group.
pub(super) fn id(group: &str) -> String {
    format!("{group}{SUFFIX}")
}

/// Whether the user is there and nobody can log in as it.
pub(super) async fn is_intact(cx: &Context<'_>, id: &str) -> Result<bool, Diagnostics> {
    let found = user::describe(cx.scope(), id).await;
    let user = present(&format!("read user {id:?}"), "user", found, user::NOT_FOUND)?;
    Ok(user.is_some_and(|user| {
        user.user_name() == Some(DEFAULT)
            && user.status() != Some("deleting")
            && user.access_string().is_some_and(is_disabled)
    }))
}

/// Whether the user exists and is not being deleted.
pub(super) async fn exists(cx: &Context<'_>, id: &str) -> Result<bool, Diagnostics> {
    match user::status(cx.scope(), id).await {
        Ok(status) => Ok(status.is_some_and(|status| status != "deleting")),
        Err(error) => Err(failed(format!("read user {id:?}"), &error).into()),
    }
}

/// Makes the user, or takes up one that an earlier attempt left; says whether it was
/// made now. One that somebody can log in as is disabled when it is `ours`, and refused
/// otherwise: it may be in use elsewhere.
pub(super) async fn ensure(
    cx: &Context<'_>,
    id: &str,
    group: &UserGroupModel,
    ours: bool,
) -> Result<bool, Diagnostics> {
    let what = format!("create user {id:?}, the disabled default user of the group");
    let login = Login::Passwords(vec![unknowable()?]);
    let new = NewUser {
        id: id.to_owned(),
        name: DEFAULT.to_owned(),
        engine: group.aws_engine(),
        access_string: ACCESS.to_owned(),
        login: login.clone(),
        tags: group.tags_all.known().cloned().unwrap_or_default(),
    };
    let attempts = LostAnswers::default();
    let object = format!("user {id:?}");
    let create = async || user::create(cx.scope(), &new, &attempts).await;
    let status = async || user::status(cx.scope(), id).await;
    let made = match unanswered::create_when_free(cx, user::EXISTS, &object, create, status).await {
        Ok(_) => true,
        // One that an unanswered attempt has made is as good as new: nobody can log in as it.
        Err(error) if error.is(user::EXISTS) || (attempts.any() && is_transient(&error)) => false,
        Err(error) => return Err(failed(&what, &error).into()),
    };
    let there = user::wait_available(cx.scope(), id, made || attempts.any()).await;
    let there = there.map_err(|error| failed_wait(&what, &error))?;
    if made {
        return Ok(true);
    }
    let disabled = there.access_string().is_some_and(is_disabled);
    if there.user_name() != Some(DEFAULT) || !(disabled || ours) {
        return Err(Diagnostic::error(
            format!("Failed to {what}"),
            format!(
                "There is a user {id:?} already, and it is not a disabled user named default. Rename or delete it, or leave \
                 disabled_default_user out and list a user named default in user_ids."
            ),
        )
        .into());
    }
    if !disabled {
        let what = format!("disable user {id:?}");
        let change =
            Modification { access_string: Some(ACCESS.to_owned()), login: Some(login), engine: None };
        let changed = user::modify(cx.scope(), id, &change).await;
        changed.map_err(|error| failed(&what, &error))?;
        let disabled = user::wait_available(cx.scope(), id, false).await;
        disabled.map_err(|error| failed_wait(&what, &error))?;
    }
    Ok(attempts.any())
}

/// ARN of the user, from that of its group.
pub(super) fn arn(group_arn: &str, user: &str) -> Option<String> {
    let (before, _) = group_arn.rsplit_once(":usergroup:")?;
    Some(format!("{before}:user:{user}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_named_after_its_group() {
        assert_eq!(id("app"), "app-default-off");
        let group = "arn:aws-cn:elasticache:cn-north-1:111122223333:usergroup:app";
        let user = "arn:aws-cn:elasticache:cn-north-1:111122223333:user:app-default-off";
        assert_eq!(arn(group, "app-default-off").as_deref(), Some(user));
        assert_eq!(arn("arn:aws:iam::1:user/x", "y"), None);
    }
}
