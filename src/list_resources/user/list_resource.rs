//! Listing users.

use aws_sdk_elasticache::types::User as ExistingUser;

use super::attributes::UsersModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{describe, has_prefix};
use crate::resources::user::User;
use crate::services::elasticache::user::{DEFAULT, listing};

/// `list "elasticache_user"`.
pub struct UserList;

impl ListResource for UserList {
    type Model = UsersModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &User
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: UsersModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope());
        while let Some(page) = pages.next().await.map_err(|error| failed("list users", &error))? {
            let found = page.into_iter().filter(|user| matches(&config, user)).filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn matches(config: &UsersModel, user: &ExistingUser) -> bool {
    let id = user.user_id().unwrap_or_default();
    !id.eq_ignore_ascii_case(DEFAULT)
        && user.status() != Some("deleting")
        && has_prefix(id, config.id_prefix.text())
        && config.engine.text().is_none_or(|engine| is_of(user, engine))
}

fn is_of(user: &ExistingUser, engine: &str) -> bool {
    user.engine().is_some_and(|it| it.eq_ignore_ascii_case(engine))
}

fn listed(user: ExistingUser) -> Option<Listed> {
    let id = user.user_id?;
    let name = user.user_name.filter(|name| *name != id).map(|name| format!("name {name}"));
    let observed = describe(&id, &[&user.engine.unwrap_or_default(), &name.unwrap_or_default()]);
    Some(Listed::new(id, observed).arn(user.arn))
}
