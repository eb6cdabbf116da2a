//! Rules over several arguments of a configuration.

use super::attributes::UserGroupModel;
use super::default_user::{self, LONGEST_GROUP};
use crate::diag::{Diagnostic, Diagnostics};
use crate::services::elasticache::identifier::stored_id;
use crate::services::elasticache::user::DEFAULT;
use crate::value::Path;

/// "Quotas for ElastiCache": users per user group.
const USERS: usize = 100;

/// Checks the arguments against each other.
pub(super) fn validate(config: &UserGroupModel, diags: &mut Diagnostics) {
    let own = config.disabled_default_user.is_true();
    let maybe_own = own || config.disabled_default_user.is_unknown();
    let ids = config.managed().unwrap_or_default();
    if ids.len() > USERS {
        diags.warning_at(
            Path::attribute("user_ids"),
            "Users exceed the default quota",
            format!(
                "`user_ids` has {} elements. By default, AWS allows {USERS} users in a user group. Remove users, or request a \
                 higher quota.",
                ids.len()
            ),
        );
    }
    let at = Path::attribute("user_ids");
    if config.is_redis() && config.managed().is_some_and(|ids| ids.is_empty()) && !maybe_own {
        diags.push(missing_default_user("user_ids"));
    }
    if ids.contains(DEFAULT) {
        let redis = config.is_redis();
        if own {
            diags.error_at(
                at.clone(),
                "Two users named default",
                "`user_ids` has the user \"default\" of AWS, and `disabled_default_user = true` adds another user of that name. \
                 Remove one of them.",
            );
        } else if redis {
            diags.warning_at(
                at.clone(),
                "User default has no password",
                "The user \"default\" of AWS has no password and all permissions, so every client can log in. Replace it: set \
                 `disabled_default_user = true`, or add another user with `user_name = \"default\"`.",
            );
        } else if config.engine.known().is_some() {
            diags.error_at(
                at.clone(),
                "Valkey user group requires users with authentication",
                "`user_ids` has the user \"default\" of AWS, which has no password. A user group with engine valkey accepts only \
                 users with a password or IAM, and requires no user named default. Remove \"default\".",
            );
        }
    }
    if let (true, Some(id)) = (own, config.user_group_id.text()) {
        if id.len() > LONGEST_GROUP {
            diags.error_at(
                Path::attribute("user_group_id"),
                "Invalid user_group_id",
                format!(
                    "`user_group_id` must have at most {LONGEST_GROUP} characters with `disabled_default_user = true`, because \
                     the ID of the default user is this ID with a suffix, but has {}.",
                    id.len()
                ),
            );
        }
        let user = default_user::id(&stored_id(id));
        if ids.contains(&user) {
            diags.error_at(
                at,
                "Invalid user_ids",
                format!(
                    "`user_ids` must not have {user:?}, which `disabled_default_user = true` adds. Remove it."
                ),
            );
        }
    }
}

/// A user group of engine redis without a user named `default`.
pub(super) fn missing_default_user(attribute: &str) -> Diagnostic {
    Diagnostic::error(
        "Redis user group requires a default user",
        "A user group with engine redis must have a user named default. Set `disabled_default_user = true` to add one that \
         cannot log in, or add a user with `user_name = \"default\"` to `user_ids`.",
    )
    .at(Path::attribute(attribute))
}
