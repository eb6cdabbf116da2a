//! The disabled user named `default` of a user group.

use super::attributes::UserGroupModel;
use super::password;
use crate::aws::{UnansweredAttempts, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::common::errors::{failed_wait, present};
use crate::resources::common::unanswered::{self, noted};
use crate::services::elasticache::access_string::is_disabled;
use crate::services::elasticache::authentication::UserAuthentication;
use crate::services::elasticache::user::{self, DEFAULT, Modification, NewUser};

/// The suffix of the ID of the user group in the ID of the user.
pub(super) const SUFFIX: &str = "-default-off";
/// The longest ID of a user group with a default user: the ID of the user has at most 40 characters.
pub(super) const LONGEST_GROUP: usize = 40 - SUFFIX.len();
/// The access string of the user.
const ACCESS: &str = "off -@all";

/// The ID of the user of a user group.
pub(super) fn id(group: &str) -> String {
    format!("{group}{SUFFIX}")
}

/// Whether the user exists and cannot log in.
pub(super) async fn is_intact(cx: &Context<'_>, id: &str) -> Result<bool, Diagnostics> {
    let found = user::describe(cx.scope(), id).await;
    let user = present(&format!("read user {id:?}"), "user", found)?;
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

/// Creates the user, or adopts one that an interrupted apply created; true if it is new. A user that can log in is
/// disabled if it is `owned`, and an error otherwise, because it may be in use. `accepted` is called as soon as AWS has
/// accepted the creation: what fails after that leaves a user behind.
pub(super) async fn ensure(
    cx: &Context<'_>,
    id: &str,
    group: &UserGroupModel,
    owned: bool,
    accepted: impl FnOnce() + Send,
) -> Result<bool, Diagnostics> {
    let what = format!("create user {id:?}, the disabled default user of the user group");
    let login = UserAuthentication::Passwords(vec![password::random()?]);
    let new = NewUser {
        id: id.to_owned(),
        name: DEFAULT.to_owned(),
        engine: group.aws_engine(),
        access_string: ACCESS.to_owned(),
        login: login.clone(),
        tags: group.tags_all.known().cloned().unwrap_or_default(),
    };
    let attempts = UnansweredAttempts::default();
    let object = format!("user {id:?}");
    let create = async || user::create(cx.scope(), &new, &attempts).await;
    let status = async || user::status(cx.scope(), id).await;
    let (created, lost) = match unanswered::create_when_free(cx, user::EXISTS, &object, create, status).await
    {
        Ok(_) => {
            accepted();
            (true, None)
        }
        Err(error) if error.is(user::EXISTS) => (false, None),
        // An unanswered attempt may have created it.
        Err(error) if attempts.any() && is_transient(&error) => (false, Some(error)),
        Err(error) => return Err(failed(&what, &error).into()),
    };
    let existing = user::wait_available(cx.scope(), id, created || attempts.any()).await;
    let existing = existing.map_err(|wait| match &lost {
        // That the user does not appear is the consequence.
        Some(error) => noted(failed(&what, error), &format!(" {wait}")),
        None => failed_wait(&what, &wait),
    })?;
    if created {
        return Ok(true);
    }
    let disabled = existing.access_string().is_some_and(is_disabled);
    if existing.user_name() != Some(DEFAULT) || !(disabled || owned) {
        return Err(Diagnostic::error(
            format!("Failed to {what}"),
            format!(
                "User {id:?} already exists, and it is not a disabled user named default. Delete it, or omit \
                 `disabled_default_user` and add a user named default to `user_ids`."
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

/// The ARN of the user, from the ARN of its user group.
pub(super) fn arn(group_arn: &str, user: &str) -> Option<String> {
    let (before, _) = group_arn.rsplit_once(":usergroup:")?;
    Some(format!("{before}:user:{user}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::user_group::UserGroup;
    use crate::testing::aws::{Answer, FakeAws, config, problems};
    use crate::value::Value;

    #[tokio::test(start_paused = true)]
    async fn error_of_a_user_that_never_appears_is_that_of_its_create() {
        let aws = FakeAws::new(|call| match call.operation.as_str() {
            "CreateUser" => Answer { status: 500, ..call.error("InternalFailure", "It failed.") },
            _ => call.error("UserNotFoundFault", "None."),
        });
        let desired = config(
            &UserGroup,
            [
                ("user_group_id", "app".into()),
                ("engine", "redis".into()),
                ("disabled_default_user", Value::Bool(true)),
            ],
        );
        let created = aws.create(&UserGroup, desired).await;
        let said = problems(&created.diags).join("\n");
        let expected = "Failed to create user \"app-default-off\", the disabled default user of the user group: \
                        ElastiCache CreateUser: InternalFailure: It failed (HTTP 500, request id r-1). Waiting for user \
                        \"app-default-off\" to be active timed out after ";
        assert!(said.starts_with(expected), "{said}");
        assert!(created.state.is_null());
    }

    /// Another configuration created the user group after this one had created the user.
    #[tokio::test(start_paused = true)]
    async fn user_in_the_user_group_of_another_configuration_is_retained() {
        for (members, deleted) in [("<member>app-default-off</member>", false), ("", true)] {
            let mut users = "<member><UserId>app-default-off</UserId><UserName>default</UserName><Status>active</Status>\
                             <AccessString>off -@all</AccessString><ARN>arn</ARN></member>";
            let aws = FakeAws::new(move |call| match call.operation.as_str() {
                "CreateUser" => {
                    call.xml("<UserId>app-default-off</UserId><Status>active</Status><ARN>arn</ARN>")
                }
                "DescribeUsers" if users.is_empty() => call.error("UserNotFoundFault", "None."),
                "DescribeUsers" => call.xml(&format!("<Users>{users}</Users>")),
                "DescribeUserGroups" => call.xml(&format!(
                    "<UserGroups><member><UserGroupId>app</UserGroupId><Status>active</Status><ARN>arn</ARN>\
                     <UserIds>{members}</UserIds></member></UserGroups>"
                )),
                "DeleteUser" if !members.is_empty() => {
                    call.error("DefaultUserAssociatedToUserGroup", "It is one.")
                }
                "DeleteUser" => {
                    users = "";
                    call.xml("")
                }
                _ => call.error("UserGroupAlreadyExistsFault", "It exists."),
            });
            let desired = config(
                &UserGroup,
                [
                    ("user_group_id", "app".into()),
                    ("engine", "redis".into()),
                    ("disabled_default_user", Value::Bool(true)),
                ],
            );
            let begun = tokio::time::Instant::now();
            let created = aws.create(&UserGroup, desired).await;
            let said = problems(&created.diags);
            assert!(said.len() == 1 && said[0].contains("terraform import"), "{said:?}");
            assert_eq!(aws.operations().contains(&"DeleteUser".to_owned()), deleted);
            assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
        }
    }

    #[test]
    fn id_and_arn_follow_from_the_user_group() {
        assert_eq!(id("app"), "app-default-off");
        let group = "arn:aws-cn:elasticache:cn-north-1:111122223333:usergroup:app";
        let user = "arn:aws-cn:elasticache:cn-north-1:111122223333:user:app-default-off";
        assert_eq!(arn(group, "app-default-off").as_deref(), Some(user));
        assert_eq!(arn("arn:aws:iam::1:user/x", "y"), None);
    }
}
