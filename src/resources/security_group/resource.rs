//! Plan, create, read, update, delete and import of a security group.

use tokio::time::Instant;

use super::attributes::SecurityGroupModel;
use super::rules::{Changes, Rule, Traffic};
use super::{convert, dependents, plan, recover, validate};
use crate::aws::{AwsError, UnansweredAttempts, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::errors::{failed_wait, incomplete, present};
use crate::resources::common::{deletion, in_use, names, tags};
use crate::services::ec2::security_group;
use crate::value::Field;

/// `elasticache_security_group`.
pub struct SecurityGroup;

impl Resource for SecurityGroup {
    type Model = SecurityGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_security_group"
    }

    /// The network interfaces of a cache exist for some minutes after its deletion.
    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(10, 10, 15)
    }

    fn validate(&self, config: &SecurityGroupModel, diags: &mut Diagnostics) {
        if config.knows_sources() {
            let sources = config.sources();
            validate::check_quota(sources.len(), &config.ports, diags);
            let allow_self = config.allow_self.is_true();
            validate::check_descriptions(&config.rule_descriptions, &sources, allow_self, diags);
        }
    }

    fn plan(&self, cx: &mut PlanContext<'_, SecurityGroupModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: SecurityGroupModel,
        mut planned: SecurityGroupModel,
    ) -> Result<SecurityGroupModel, Diagnostics> {
        let name = names::chosen(cx, &planned.name, &planned.name_prefix);
        planned.name = Field::Known(name.clone());
        let what = format!("create security group {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        let attempts = UnansweredAttempts::default();
        let id = match create(cx, &planned, &attempts).await {
            Ok(Some(id)) => id,
            Ok(None) => return Err(incomplete(&what, "security group")),
            Err(error) => {
                let unclear = attempts.any() && (error.is(security_group::EXISTS) || is_transient(&error));
                match if unclear { recover::created(cx.scope(), &planned).await } else { None } {
                    Some(id) => id,
                    None => return Err(refused(cx, &what, &planned, &error).await.into()),
                }
            }
        };
        planned.id = Field::Known(id.clone());
        cx.save(planned.clone());
        let group = security_group::wait_available(cx.scope(), &id, &name)
            .await
            .map_err(|error| failed_wait(&what, &error))?;
        let planned = planned.flatten(&group);
        cx.save(planned.clone());
        // EC2 is eventually consistent: it may not find the new security group.
        cx.scope()
            .retry(security_group::NOT_FOUND, || security_group::revoke_default_egress(cx.scope(), &id))
            .await
            .map_err(error)?;
        reconcile(cx, &planned, |_| planned.is_exclusive()).await.map_err(error)?;
        Ok(planned)
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: SecurityGroupModel,
    ) -> Result<Option<SecurityGroupModel>, Diagnostics> {
        let id = state.id().to_owned();
        let what = format!("read security group {id:?}");
        let found = security_group::describe(cx.scope(), &id).await;
        let Some(group) = present(&what, "security group", found)? else {
            return Ok(None);
        };
        let owner = group.owner_id.as_deref().unwrap_or_default();
        let rules = rules(cx, &id, owner).await.map_err(|error| failed(&what, &error))?;
        let mut model = state.flatten(&group).flatten_rules(&rules);
        if cx.is_imported() {
            cx.note(plan::RULES, model.revocable_rules(&rules));
        }
        (model.tags, model.tags_all) =
            tags::read_back(cx.provider(), &model.tags, security_group::tags_of(&group));
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: SecurityGroupModel,
        prior: SecurityGroupModel,
        planned: SecurityGroupModel,
    ) -> Result<SecurityGroupModel, Diagnostics> {
        let id = prior.id();
        let error = |error: AwsError| failed(format!("change security group {id:?}"), &error);
        tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
            security_group::change_tags(cx.scope(), id, changes).await
        })
        .await
        .map_err(error)?;
        let before = prior.desired_rules();
        let ours = |rule: &Rule| match &rule.traffic {
            Traffic::Opening(opening) => planned.is_exclusive() || before.contains_key(opening),
            Traffic::Ingress(_) | Traffic::Egress(_) => planned.is_exclusive(),
        };
        let other_rules = before != planned.desired_rules()
            || prior.exclusive != planned.exclusive
            || prior.foreign_rules != planned.foreign_rules;
        if other_rules {
            reconcile(cx, &planned, ours).await.map_err(error)?;
        }
        // Only an import notes the rules; from now on they are revoked, or in `foreign_rules`.
        cx.note(plan::RULES, Vec::new());
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: SecurityGroupModel) -> Result<(), Diagnostics> {
        let id = state.id();
        let what = format!("delete security group {id:?}");
        let gone = |error: &AwsError| error.is(security_group::NOT_FOUND);
        if state.revoke_rules_on_delete.is_true() {
            match revoke_all(cx, &state).await {
                Err(error) if gone(&error) => return Ok(()),
                result => result.map_err(|error| failed(&what, &error))?,
            }
        }
        let patience = Instant::now() + dependents::REVOKED;
        let delete = async || security_group::delete(cx.scope(), id).await;
        let blocked = async || dependents::blocked(cx, id, patience).await;
        match in_use::delete_when_free(cx, security_group::IN_USE, delete, blocked).await {
            Ok(()) => {
                let read = || security_group::describe(cx.scope(), id);
                deletion::confirm(cx, &format!("security group {id:?}"), read).await
            }
            Err(refusal) if gone(&refusal.error) => Ok(()),
            Err(refusal) => {
                let mut diagnostic = refusal.diagnostic(&what);
                if refusal.error.is(security_group::IN_USE) {
                    diagnostic.detail.push_str(&dependents::describe(cx.scope(), id).await);
                }
                Err(diagnostic.into())
            }
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(&["id"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("ec2", "security-group/"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_security_group"]
    }

    fn import(&self, id: &str) -> Result<SecurityGroupModel, Diagnostic> {
        if !id.starts_with("sg-") {
            return Err(Diagnostic::error(
                "Invalid import ID",
                format!(
                    "{id:?} is not the ID of a security group. Use an ID such as \"sg-0a1b2c3d4e5f60001\", or the ARN."
                ),
            ));
        }
        Ok(SecurityGroupModel { id: id.into(), ..SecurityGroupModel::default() })
    }
}

/// Creates the security group and returns its ID; `None` if the response has none.
async fn create(
    cx: &Context<'_>,
    planned: &SecurityGroupModel,
    attempts: &UnansweredAttempts,
) -> Result<Option<String>, AwsError> {
    let name = planned.name.text().unwrap_or_default();
    let description = planned.description.text().unwrap_or_default();
    let tags = planned.tags_all.known().cloned().unwrap_or_default();
    security_group::create(cx.scope(), name, description, planned.vpc_id.text(), &tags, attempts).await
}

/// The rules of the security group, which is in the AWS account `owner`.
async fn rules(cx: &Context<'_>, id: &str, owner: &str) -> Result<Vec<Rule>, AwsError> {
    let rules = security_group::list_rules(cx.scope(), id).await?;
    Ok(rules.iter().filter_map(|rule| Rule::of(rule, owner)).collect())
}

/// Adds, describes and revokes rules. Rules that are not planned are revoked if `ours` is true for them.
async fn reconcile(
    cx: &Context<'_>,
    planned: &SecurityGroupModel,
    ours: impl Fn(&Rule) -> bool,
) -> Result<(), AwsError> {
    let (id, owner) = (planned.id(), planned.owner_id.text().unwrap_or_default());
    let desired = planned.desired_rules();
    let mut tries = 0;
    loop {
        let observed = rules(cx, id, owner).await?;
        let changes = Changes::between(&observed, &desired, &ours);
        tries += 1;
        match apply_changes(cx, id, &changes).await {
            // Rules have changed in between, or the SDK has repeated a call after a lost response.
            Err(error) if error.is(security_group::OTHER_RULES) && tries < 3 => {
                tracing::info!(id, code = error.code(), "rules have changed in between; reading them again");
            }
            result => return result,
        }
    }
}

/// Adds new rules before it revokes old ones, so that clients are not interrupted.
async fn apply_changes(cx: &Context<'_>, id: &str, changes: &Changes) -> Result<(), AwsError> {
    if !changes.authorize.is_empty() {
        let permissions = convert::expand_permissions(&changes.authorize);
        security_group::authorize_ingress(cx.scope(), id, &permissions).await?;
    }
    if !changes.describe.is_empty() {
        let updates = convert::expand_updates(&changes.describe);
        security_group::modify_rules(cx.scope(), id, &updates).await?;
    }
    if !changes.revoke.is_empty() {
        security_group::revoke_ingress(cx.scope(), id, &changes.revoke).await?;
    }
    if !changes.revoke_egress.is_empty() {
        security_group::revoke_egress(cx.scope(), id, &changes.revoke_egress).await?;
    }
    Ok(())
}

async fn revoke_all(cx: &Context<'_>, state: &SecurityGroupModel) -> Result<(), AwsError> {
    let (id, owner) = (state.id(), state.owner_id.text().unwrap_or_default());
    let observed = rules(cx, id, owner).await?;
    apply_changes(cx, id, &Changes::between(&observed, &std::collections::BTreeMap::new(), |_| true)).await
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, what: &str, planned: &SecurityGroupModel, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(security_group::EXISTS) {
        let name = planned.name.text().unwrap_or_default();
        let existing =
            security_group::list(cx.scope(), name, planned.vpc_id.text()).await.unwrap_or_default();
        let id = existing.first().and_then(|group| group.group_id.as_deref()).unwrap_or("<id>");
        diagnostic.detail.push_str(&format!(
            " To manage the existing security group, {}To create another one, use another `name`, or `name_prefix`.",
            cx.how_to_import("elasticache_security_group", id).await
        ));
    }
    diagnostic
}
