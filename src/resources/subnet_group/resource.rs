//! Plan, create, read, update, delete and import of a subnet group.

use async_trait::async_trait;
use aws_sdk_elasticache::types::CacheCluster;

use super::adopt;
use super::look::{NOT_FOUND, exists, found, incomplete, listed_or_described};
use super::model::SubnetGroupModel;
use crate::aws::{AwsError, LostAnswers, Service};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, PlanContext, Resource, failed};
use crate::resources::{adoption, deletion, elasticache, in_use, tagging};
use crate::schema::Schema;
use crate::value::{Path, Value};

/// Something is still in the group: a cache, by ElastiCache's documents, or a network
/// interface, as hashicorp/aws has met it.
const BUSY: &[&str] = &["CacheSubnetGroupInUse", "DependencyViolation"];

/// "Quotas for ElastiCache": subnets per subnet group.
const SUBNETS: usize = 20;

/// `elasticache_subnet_group`.
pub struct SubnetGroup;

#[async_trait]
impl Resource for SubnetGroup {
    type Model = SubnetGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_subnet_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn validate(&self, config: &SubnetGroupModel, diags: &mut Diagnostics) {
        let count = config.subnet_ids.known().map_or(0, std::collections::BTreeSet::len);
        if count > SUBNETS {
            diags.warning_at(
                Path::attribute("subnet_ids"),
                "The subnets exceed a default quota",
                format!(
                    "subnet_ids has {count} elements. AWS allows {SUBNETS} subnets in a subnet group unless the account has a \
                     higher quota."
                ),
            );
        }
    }

    fn plan(&self, cx: &mut PlanContext<'_, SubnetGroupModel>) {
        // The id is the name as AWS keeps it, so it is known before AWS is asked.
        if let Some(name) = cx.planned.name.known() {
            let id = name.to_lowercase();
            cx.set("id", id);
        }
        keep_vpc(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: SubnetGroupModel,
        planned: SubnetGroupModel,
    ) -> Result<SubnetGroupModel, Diagnostics> {
        let name = name_of(&planned);
        let what = format!("create subnet group {name:?}");
        let client = cx.aws().elasticache(cx.region()).await.map_err(|error| failed(&what, &error))?;
        let call = client
            .create_cache_subnet_group()
            .cache_subnet_group_name(&name)
            .cache_subnet_group_description(planned.description.known().cloned().unwrap_or_default())
            .set_subnet_ids(planned.subnet_ids.known().map(|ids| ids.iter().cloned().collect()))
            .set_tags(elasticache::to_api(&planned.tags_all));
        let lost = LostAnswers::default();
        let call = call.customize().interceptor(lost.clone());
        let group = match cx.call(Service::ElastiCache, "CreateCacheSubnetGroup", call.send()).await {
            Ok(answer) => answer.cache_subnet_group,
            Err(error) => match adopt::created(cx, &planned, &lost, &error).await {
                Some(created) => Some(created),
                None => return Err(create_failed(cx, &name, &error, &lost).await.into()),
            },
        };
        cx.save(planned.clone());
        let Some(group) = group.filter(|group| group.arn().is_some()) else {
            return Err(incomplete(&what));
        };
        Ok(planned.with_live(&group))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: SubnetGroupModel,
    ) -> Result<Option<SubnetGroupModel>, Diagnostics> {
        let name = name_of(&state);
        let what = format!("read subnet group {name:?}");
        let Some(group) = found(&what, listed_or_described(cx, &name).await)? else { return Ok(None) };
        let arn = group.arn().unwrap_or_default();
        let ask = elasticache::list_tags(cx, arn);
        let tags = tagging::read(cx, arn, &state.tags, &state.tags_all, ask).await;
        let tags = tags.map_err(|error| failed(&what, &error))?;
        let mut model = state.with_live(&group);
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
        let name = name_of(&prior);
        let what = format!("change subnet group {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        if let Some(arn) = prior.arn.text() {
            elasticache::change_tags(cx, arn, &prior.tags_all, &planned.tags_all).await.map_err(error)?;
        }
        if prior.description == planned.description && prior.subnet_ids == planned.subnet_ids {
            return Ok(planned);
        }
        let client = cx.aws().elasticache(cx.region()).await.map_err(error)?;
        let call = client
            .modify_cache_subnet_group()
            .cache_subnet_group_name(&name)
            .cache_subnet_group_description(planned.description.known().cloned().unwrap_or_default())
            .set_subnet_ids(planned.subnet_ids.known().map(|ids| ids.iter().cloned().collect()));
        let answer =
            cx.call(Service::ElastiCache, "ModifyCacheSubnetGroup", call.send()).await.map_err(error)?;
        match answer.cache_subnet_group() {
            Some(group) => Ok(planned.with_live(group)),
            None => Err(incomplete(&what)),
        }
    }

    async fn delete(&self, cx: &Context<'_>, state: SubnetGroupModel) -> Result<(), Diagnostics> {
        let name = name_of(&state);
        let what = format!("delete subnet group {name:?}");
        let client = cx.aws().elasticache(cx.region()).await.map_err(|error| failed(&what, &error))?;
        let delete = async || {
            let call = client.delete_cache_subnet_group().cache_subnet_group_name(&name);
            cx.call(Service::ElastiCache, "DeleteCacheSubnetGroup", call.send()).await.map(drop)
        };
        // A cache that was deleted a moment ago still holds its subnet group for a while.
        let blocked = async || blocked(cx, &name).await;
        match in_use::delete_when_free(cx, BUSY, delete, blocked).await {
            Ok(()) => {
                let object = format!("subnet group {name:?}");
                deletion::confirm(cx, &object, || exists(cx, &name)).await
            }
            Err(refusal) if refusal.error.is(NOT_FOUND) => Ok(()),
            Err(refusal) => Err(refusal.diagnostic(&what).into()),
        }
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

/// All subnets of a group are in one VPC, so it stays while one of them does.
fn keep_vpc(cx: &mut PlanContext<'_, SubnetGroupModel>) {
    let Some(prior) = cx.prior else { return };
    let before = prior.subnet_ids.known();
    let stays = |id: &Value| id.as_str().is_some_and(|id| before.is_some_and(|before| before.contains(id)));
    let planned = cx.planned_value("subnet_ids").as_elements().unwrap_or_default();
    if planned.iter().any(stays) {
        cx.set("vpc_id", prior.vpc_id.clone());
    }
}

async fn create_failed(cx: &Context<'_>, name: &str, error: &AwsError, lost: &LostAnswers) -> Diagnostic {
    let mut diagnostic = failed(format!("create subnet group {name:?}"), error);
    if error.is(adopt::EXISTS) {
        let note = adoption::note_of_lost_answer(lost);
        let import = cx.how_to_import("elasticache_subnet_group", name).await;
        diagnostic.detail.push_str(&format!(
            "{note} To manage the one that exists, {import}To make another, choose another name."
        ));
    }
    diagnostic
}

/// What to tell when caches go on using the group of that name; `None` when those that use it
/// release it by themselves, or when that cannot be found out.
async fn blocked(cx: &Context<'_>, name: &str) -> Option<String> {
    let wanted = name.to_owned();
    let uses = move |node: &CacheCluster| {
        node.cache_subnet_group_name().is_some_and(|used| used.eq_ignore_ascii_case(&wanted))
    };
    let caches = in_use::caches(cx, uses).await;
    (!caches.is_empty()).then(|| {
        format!(
            "It is in use by {}. A cache cannot change its subnet group: delete it, or replace it with another \
             subnet_group_name, and apply that first.",
            in_use::list(&caches)
        )
    })
}

/// The name as AWS keeps it.
pub(super) fn name_of(model: &SubnetGroupModel) -> String {
    model.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
}
