//! Plan, create, read, update, delete and import of a user group association.

use super::attributes::UserGroupAssociationModel;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, Identity, PlanContext, Resource, SetChange};
use crate::resources::common::errors::present;
use crate::resources::common::rbac::{end_memberships, join_or_leave};
use crate::services::elasticache::identifier::stored_id;
use crate::services::elasticache::user_group;
use crate::value::{Field, Path};

/// The type of the names of associations that this run created.
const MEMBERSHIP: &str = "membership";

/// `elasticache_user_group_association`.
pub struct UserGroupAssociation;

impl Resource for UserGroupAssociation {
    type Model = UserGroupAssociationModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user_group_association"
    }

    fn plan(&self, cx: &mut PlanContext<'_, UserGroupAssociationModel>) {
        match (cx.planned.user_group_id.known(), cx.planned.user_id.known()) {
            (Some(group), Some(user)) => {
                let id = id_of(&stored_id(group), &stored_id(user));
                cx.set("id", id);
            }
            _ => cx.set_unknown("id"),
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: UserGroupAssociationModel,
        planned: UserGroupAssociationModel,
    ) -> Result<UserGroupAssociationModel, Diagnostics> {
        let (group, user) = planned.pair();
        let change = SetChange { add: [user.clone()].into(), ..SetChange::default() };
        // If the call fails after the user became a member, the next read finds it.
        cx.save(planned.clone());
        // Recorded before the call: a delete of a replaced association may be combined with this change, and must not
        // undo it.
        cx.record_created(cx.key(MEMBERSHIP, &id_of(&group, &user)).await);
        let added = join_or_leave(cx, &group, change).await.map_err(|problem| {
            Diagnostic::error(format!("Failed to add user {user:?} to user group {group:?}"), problem)
        })?;
        if !added.contains(&user) {
            cx.warn(adopted(&group, &user));
        }
        Ok(UserGroupAssociationModel { id: Field::Known(id_of(&group, &user)), ..planned })
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: UserGroupAssociationModel,
    ) -> Result<Option<UserGroupAssociationModel>, Diagnostics> {
        let (group, user) = state.pair();
        let what = format!("read user group {group:?}");
        let found = user_group::describe(cx.scope(), &group).await;
        let Some(existing) = present(&what, "user group", found)? else {
            return Ok(None);
        };
        if user_group::is_leaving(&existing) || !user_group::members(&existing).contains(&user) {
            return Ok(None);
        }
        Ok(Some(UserGroupAssociationModel {
            id: Field::Known(id_of(&group, &user)),
            user_group_id: Field::Known(group),
            user_id: Field::Known(user),
            ..state
        }))
    }

    async fn update(
        &self,
        _cx: &Context<'_>,
        _config: UserGroupAssociationModel,
        _prior: UserGroupAssociationModel,
        planned: UserGroupAssociationModel,
    ) -> Result<UserGroupAssociationModel, Diagnostics> {
        // Only the timeouts change in place.
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: UserGroupAssociationModel) -> Result<(), Diagnostics> {
        let (group, user) = state.pair();
        if cx.has_successor(&cx.key(MEMBERSHIP, &id_of(&group, &user)).await) {
            return Ok(());
        }
        end_memberships(cx, &group, [&user]).await;
        let change = SetChange { remove: [user.clone()].into(), ..SetChange::default() };
        join_or_leave(cx, &group, change).await.map(drop).map_err(|problem| {
            Diagnostic::error(format!("Failed to remove user {user:?} from user group {group:?}"), problem)
                .into()
        })
    }

    fn identity(&self) -> Identity {
        Identity::of(&["user_group_id", "user_id"])
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_user_group_association"]
    }

    fn import(&self, id: &str) -> Result<UserGroupAssociationModel, Diagnostic> {
        let end = |part: &str, kind: &str| match part.strip_prefix("arn:") {
            Some(arn) => arn.split_once(kind).map_or_else(String::new, |(_, id)| id.to_owned()),
            None => part.to_owned(),
        };
        let region = id.strip_prefix("arn:").and_then(|arn| arn.split(':').nth(2)).map(str::to_owned);
        let pair = id.split_once(',').map(|(group, user)| (end(group, ":usergroup:"), end(user, ":user:")));
        match pair.as_ref().map(|(group, user)| (group.as_str(), user.as_str())) {
            Some((group, user)) if !group.is_empty() && !user.is_empty() && !user.contains(',') => {
                Ok(UserGroupAssociationModel {
                    id: Field::Known(id_of(&stored_id(group), &stored_id(user))),
                    user_group_id: group.into(),
                    user_id: user.into(),
                    region: region.into(),
                    ..Default::default()
                })
            }
            _ => Err(Diagnostic::error(
                "Invalid import ID",
                format!(
                    "The import ID is {id:?}. It must consist of the IDs or ARNs of user group and user, separated by a comma, \
                     as in \"app-group,app\"."
                ),
            )),
        }
    }
}

/// The warning of a create that finds the membership.
fn adopted(group: &str, user: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("User {user:?} was already a member of user group {group:?}"),
        "The existing membership was taken over without a change. If another resource or configuration manages it, remove \
         one of the two: the first to be destroyed removes the user from the user group.",
    )
    .at(Path::attribute("user_id"))
}

fn id_of(group: &str, user: &str) -> String {
    format!("{group},{user}")
}
