//! Plan, create, read, update, delete and import of a subnet group.

use aws_sdk_elasticache::types::CacheCluster;

use super::attributes::SubnetGroupModel;
use super::{convert, plan, recover, validate};
use crate::aws::{AwsError, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, failed};
use crate::resources::common::errors::{incomplete, present};
use crate::resources::common::{deletion, in_use, names, tags, unanswered};
use crate::services::elasticache;
use crate::services::elasticache::subnet_group;

/// The object type in diagnostics.
const OBJECT: &str = "subnet group";

/// `elasticache_subnet_group`.
pub struct SubnetGroup;

impl Resource for SubnetGroup {
    type Model = SubnetGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_subnet_group"
    }

    fn validate(&self, config: &SubnetGroupModel, diags: &mut Diagnostics) {
        names::required("A subnet group", &config.name, &config.name_prefix, diags);
        validate::check_quota(&config.subnet_ids, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, SubnetGroupModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: SubnetGroupModel,
        mut planned: SubnetGroupModel,
    ) -> Result<SubnetGroupModel, Diagnostics> {
        if planned.name.text().is_none() {
            planned.name = names::chosen(cx, &planned.name, &planned.name_prefix).to_lowercase().into();
        }
        let name = planned.aws_name();
        planned.id = name.as_str().into();
        let what = format!("create subnet group {name:?}");
        let client = cx.scope().elasticache().await.map_err(|error| failed(&what, &error))?;
        let call = convert::expand_create(client.create_cache_subnet_group(), &planned);
        let attempts = UnansweredAttempts::default();
        let group = match subnet_group::create(cx.scope(), call, &attempts).await {
            Ok(group) => group,
            Err(error) => match recover::created(cx, &planned, &attempts, &error).await {
                Some(created) => Some(created),
                None => return Err(create_failed(cx, &name, &error, &attempts).await.into()),
            },
        };
        cx.save(planned.clone());
        let Some(group) = group else {
            return Err(incomplete(&what, OBJECT));
        };
        Ok(planned.flatten(&group))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: SubnetGroupModel,
    ) -> Result<Option<SubnetGroupModel>, Diagnostics> {
        let name = state.aws_name();
        let what = format!("read subnet group {name:?}");
        let found = subnet_group::find(cx.scope(), &name).await;
        let Some(group) = present(&what, OBJECT, found)? else {
            return Ok(None);
        };
        let arn = group.arn().unwrap_or_default();
        let ask = elasticache::tags::list(cx.scope(), arn);
        let tags = tags::read(cx, arn, &state.tags, &state.tags_all, ask).await;
        let tags = tags.map_err(|error| failed(&what, &error))?;
        let mut model = state.flatten(&group);
        (model.tags, model.tags_all) = tags;
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: SubnetGroupModel,
        prior: SubnetGroupModel,
        planned: SubnetGroupModel,
    ) -> Result<SubnetGroupModel, Diagnostics> {
        let name = prior.aws_name();
        let what = format!("change subnet group {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        if let Some(arn) = prior.arn.text() {
            tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
                elasticache::tags::apply(cx.scope(), arn, changes).await
            })
            .await
            .map_err(error)?;
        }
        if prior.description == planned.description && prior.subnet_ids == planned.subnet_ids {
            return Ok(planned);
        }
        let client = cx.scope().elasticache().await.map_err(error)?;
        let call = convert::expand_modify(client.modify_cache_subnet_group(), &name, &planned);
        match subnet_group::modify(cx.scope(), call).await.map_err(error)? {
            Some(group) => Ok(planned.flatten(&group)),
            None => Err(incomplete(&what, OBJECT)),
        }
    }

    async fn delete(&self, cx: &Context<'_>, state: SubnetGroupModel) -> Result<(), Diagnostics> {
        let name = state.aws_name();
        let delete = async || subnet_group::delete(cx.scope(), &name).await;
        // A deleted cache still uses its subnet group for a short time.
        let blocked = async || blocked(cx, &name).await;
        match in_use::delete_when_free(cx, subnet_group::IN_USE, delete, blocked).await {
            Ok(()) => {
                let object = format!("subnet group {name:?}");
                deletion::confirm(cx, &object, || subnet_group::describe(cx.scope(), &name)).await
            }
            Err(refusal) if refusal.error.is(subnet_group::NOT_FOUND) => Ok(()),
            Err(refusal) => Err(refusal.diagnostic(&format!("delete subnet group {name:?}")).into()),
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "subnetgroup:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_subnet_group"]
    }

    fn import(&self, id: &str) -> Result<SubnetGroupModel, Diagnostic> {
        Ok(SubnetGroupModel { id: id.to_lowercase().as_str().into(), name: id.into(), ..Default::default() })
    }
}

async fn create_failed(
    cx: &Context<'_>,
    name: &str,
    error: &AwsError,
    attempts: &UnansweredAttempts,
) -> Diagnostic {
    let mut diagnostic = failed(format!("create subnet group {name:?}"), error);
    if error.is(subnet_group::EXISTS) {
        let note = unanswered::note_of_unanswered_attempt(attempts);
        let import = cx.how_to_import("elasticache_subnet_group", name).await;
        diagnostic.detail.push_str(&format!(
            "{note} To manage the existing subnet group, {import}To create another one, use another `name`."
        ));
    }
    diagnostic
}

/// The advice if caches keep using the subnet group; `None` if they are about to release it, or if that is not known.
async fn blocked(cx: &Context<'_>, name: &str) -> Option<String> {
    let name = name.to_owned();
    let uses = move |node: &CacheCluster| {
        node.cache_subnet_group_name().is_some_and(|used| used.eq_ignore_ascii_case(&name))
    };
    let caches = in_use::caches(cx, uses).await;
    (!caches.is_empty()).then(|| {
        format!(
            "It is in use by {}. AWS cannot change the subnet group of a cache: delete the cache, or replace it with \
             another `subnet_group_name`, and apply that change first.",
            in_use::list(&caches)
        )
    })
}
