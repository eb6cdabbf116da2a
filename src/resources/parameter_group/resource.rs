//! Plan, create, read, update, delete and import of a parameter group.

use super::attributes::{ParameterGroupModel, ParameterModel};
use super::changes::{self, Changes};
use super::{convert, in_use as users, parameters, plan, recover, validate};
use crate::aws::{AwsError, Found, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, failed};
use crate::resources::common::errors::{incomplete, present};
use crate::resources::common::observed::has_arn;
use crate::resources::common::parameter_group::{record, record_created, record_replaced};
use crate::resources::common::{deletion, in_use, names, tags, unanswered};
use crate::services::elasticache;
use crate::services::elasticache::parameter_group;
use crate::services::elasticache::parameter_group::{IN_USE, NOT_FOUND};
use crate::value::{Field, Path};

/// AWS accepts this parameter on a new parameter group, and refuses to change it while a cache uses the parameter group.
const CLUSTER_ENABLED: &str = "cluster-enabled";

/// The object type in diagnostics.
const OBJECT: &str = "parameter group";

/// `elasticache_parameter_group`.
pub struct ParameterGroup;

impl Resource for ParameterGroup {
    type Model = ParameterGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_parameter_group"
    }

    fn validate(&self, config: &ParameterGroupModel, diags: &mut Diagnostics) {
        names::required("A parameter group", &config.name, &config.name_prefix, diags);
        diags.extend(validate::every_parameter_has_a_value(&config.parameter));
        diags.extend(validate::no_parameter_twice(&config.parameter));
    }

    fn plan(&self, cx: &mut PlanContext<'_, ParameterGroupModel>) {
        // The ID is the name as AWS stores it, so it is known at plan.
        if cx.planned.name.known().is_some() {
            let id = cx.planned.aws_name();
            cx.set("id", id);
        }
        plan::plan(cx);
        record_plan(cx);
        let Some(prior) = cx.prior else { return };
        names::plan_lower_prefix(cx, &prior.aws_name(), &cx.config.name_prefix, &prior.name_prefix);
        if cx.changed("family") {
            warn_of_replacement(cx, "family", "AWS cannot change the family of a parameter group");
        }
        if changes_cluster_enabled(prior, &cx.planned) {
            cx.replace("parameter");
            warn_of_replacement(
                cx,
                "parameter",
                "AWS cannot change cluster-enabled in a parameter group that is in use",
            );
        }
        if let Some(region) = prior.region.text().filter(|_| !cx.replacements().is_empty()) {
            record_replaced(&cx.provider.facts, &prior.aws_name(), region);
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: ParameterGroupModel,
        mut planned: ParameterGroupModel,
    ) -> Result<ParameterGroupModel, Diagnostics> {
        let generated = planned.name.text().is_none();
        if generated {
            let name = names::chosen(cx, &planned.name, &planned.name_prefix);
            planned.name = Field::Known(name.to_lowercase());
        }
        planned.id = Field::Known(planned.aws_name());
        no_parameter_twice(&planned)?;
        let name = planned.aws_name();
        let what = format!("create parameter group {name:?}");
        let client = cx.scope().elasticache().await.map_err(|error| failed(&what, &error))?;
        let call = convert::expand_create(client.create_cache_parameter_group(), &planned);
        let attempts = UnansweredAttempts::default();
        let group = match parameter_group::create(cx.scope(), call, &attempts).await {
            Ok(group) => group,
            Err(error) => match recover::created(cx, &planned, &attempts, &error).await {
                Some(created) => Some(created),
                None => return Err(create_failed(cx, &planned, &error, &attempts).await),
            },
        };
        cx.save(planned.clone());
        let Some(group) = group else { return Err(incomplete(&what, OBJECT)) };
        let planned = planned.flatten(&group);
        cx.save(planned.clone());
        if let (Some(family), Some(region)) = (group.cache_parameter_group_family(), planned.region.text()) {
            record_created(&cx.provider().facts, &name, region, family);
        }
        let changes = Changes { set: planned.parameters(), ..Changes::default() };
        changes::change(cx, &planned, changes).await.map_err(|error| change_failed(&name, &error))?;
        Ok(planned)
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: ParameterGroupModel,
    ) -> Result<Option<ParameterGroupModel>, Diagnostics> {
        let name = state.aws_name();
        let what = format!("read parameter group {name:?}");
        present(&what, OBJECT, Found::of(read(cx, &name, state).await, NOT_FOUND))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: ParameterGroupModel,
        prior: ParameterGroupModel,
        planned: ParameterGroupModel,
    ) -> Result<ParameterGroupModel, Diagnostics> {
        let name = prior.aws_name();
        no_parameter_twice(&planned)?;
        if let Some(arn) = prior.arn.text() {
            tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
                elasticache::tags::apply(cx.scope(), arn, changes).await
            })
            .await
            .map_err(|error| failed(format!("change parameter group {name:?}"), &error))?;
        }
        let changes = Changes::between(&prior.parameters(), &planned.parameters());
        changes::change(cx, &planned, changes).await.map_err(|error| change_failed(&name, &error))?;
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: ParameterGroupModel) -> Result<(), Diagnostics> {
        let name = state.aws_name();
        let what = format!("delete parameter group {name:?}");
        let delete = async || parameter_group::delete(cx.scope(), &name).await;
        // A cache that was deleted or changed still uses the parameter group for a short time.
        let blocked = async || users::blocked(cx, &name).await;
        match in_use::delete_when_free(cx, IN_USE, delete, blocked).await {
            Ok(()) => {
                let object = format!("parameter group {name:?}");
                deletion::confirm(cx, &object, || parameter_group::describe(cx.scope(), &name)).await
            }
            Err(refusal) if refusal.error.is(NOT_FOUND) => Ok(()),
            Err(refusal) if refusal.error.is(IN_USE) && refusal.advice.is_none() => Err(hinted(
                failed(&what, &refusal.error),
                "A cache uses it. To replace a parameter group in use, use `name_prefix` instead of `name` and set `lifecycle \
                 { create_before_destroy = true }`.",
            )),
            Err(refusal) => Err(refusal.diagnostic(&what).into()),
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "parametergroup:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_parameter_group"]
    }

    fn import(&self, id: &str) -> Result<ParameterGroupModel, Diagnostic> {
        if parameter_group::is_default(id) {
            return Err(Diagnostic::error(
                format!("Parameter group {id:?} cannot be imported"),
                "Parameter groups whose name begins with \"default.\" belong to AWS and cannot be managed. Set \
                 `parameter_group_name` to this name, or create a parameter group of the same family.",
            ));
        }
        Ok(ParameterGroupModel {
            id: id.to_lowercase().as_str().into(),
            name: id.into(),
            ..Default::default()
        })
    }
}

/// The parameter group with parameters and tags; `None` if a response is incomplete, which never proves that the
/// parameter group does not exist.
async fn read(
    cx: &Context<'_>,
    name: &str,
    state: ParameterGroupModel,
) -> Result<Option<ParameterGroupModel>, AwsError> {
    let prior = state.parameters();
    let (group, observed) =
        tokio::join!(parameter_group::find(cx.scope(), name), parameters::read(cx.scope(), name, &prior));
    let Some(group) = group?.or_refusal()? else { return Ok(None) };
    let Some(observed) = observed? else { return Ok(None) };
    let arn = group.arn().unwrap_or_default();
    let list = elasticache::tags::list(cx.scope(), arn);
    let tags = match tags::read(cx, arn, &state.tags, &state.tags_all, list).await {
        Err(error) if error.is(NOT_FOUND) && !has_arn(&state.arn, Some(arn)) => return Ok(None),
        tags => tags?,
    };
    let mut model = state.flatten(&group);
    model.parameter = convert::flatten_parameters(observed);
    (model.tags, model.tags_all) = tags;
    Ok(Some(model))
}

/// Records family and cluster mode for the plans of the replication groups that use the parameter group.
fn record_plan(cx: &PlanContext<'_, ParameterGroupModel>) {
    let planned = &cx.planned;
    if let (Some(_), Some(family), Some(region)) =
        (planned.name.known(), planned.family.known(), planned.region.known())
    {
        let cluster =
            planned.parameters().get(CLUSTER_ENABLED).is_some_and(|value| value.eq_ignore_ascii_case("yes"));
        record(&cx.provider.facts, &planned.aws_name(), region, family, cluster);
    }
}

/// True if the planned cluster mode differs from the prior one. Without the parameter, the default of the family applies:
/// no cluster mode.
fn changes_cluster_enabled(prior: &ParameterGroupModel, planned: &ParameterGroupModel) -> bool {
    let unknown = |block: &ParameterModel| block.name.is_unknown() || block.value.is_unknown();
    // Unknown values are changed in place, and AWS decides.
    if planned.parameter.known().is_none_or(|set| set.0.iter().any(unknown)) {
        return false;
    }
    let mode = |model: &ParameterGroupModel| {
        model.parameters().get(CLUSTER_ENABLED).map_or("no".to_owned(), |value| value.to_lowercase())
    };
    mode(prior) != mode(planned)
}

/// Warns of the replacement of a parameter group with a fixed name, which cannot exist twice.
fn warn_of_replacement(cx: &mut PlanContext<'_, ParameterGroupModel>, at: &str, reason: &str) {
    let name = cx.prior.map(ParameterGroupModel::aws_name).unwrap_or_default();
    // A parameter group with another name can be created before the old one is deleted.
    if cx.config.name.known().is_none() || cx.changed("name") {
        return;
    }
    cx.diags.warning_at(
        Path::attribute(at),
        format!("Parameter group {name:?} will be replaced"),
        format!(
            "{reason}. With the same name, the old parameter group is deleted first, which AWS refuses while \
             a cache uses it. For a parameter group in use, change `name` as well, or use `name_prefix` \
             instead, and set `lifecycle {{ create_before_destroy = true }}`."
        ),
    );
}

fn no_parameter_twice(planned: &ParameterGroupModel) -> Result<(), Diagnostics> {
    let diags = validate::no_parameter_twice(&planned.parameter);
    if diags.is_empty() { Ok(()) } else { Err(diags) }
}

async fn create_failed(
    cx: &Context<'_>,
    planned: &ParameterGroupModel,
    error: &AwsError,
    attempts: &UnansweredAttempts,
) -> Diagnostics {
    let name = &planned.aws_name();
    let what = format!("create parameter group {name:?}");
    if error.is(parameter_group::EXISTS) {
        // A replacement that is created first meets the group that it replaces.
        let existing = parameter_group::describe(cx.scope(), name).await.ok().and_then(Found::yes);
        let family = existing.as_ref().and_then(|group| group.cache_parameter_group_family());
        let note = unanswered::note_of_unanswered_attempt(attempts);
        if let Some(family) = family.filter(|family| planned.family.text() != Some(*family)) {
            return hinted(
                unanswered::noted(failed(what, error), note),
                &format!(
                    "The existing parameter group is of family {family}. If this resource is being replaced with \
                     `create_before_destroy`, it is the one to be replaced, and the new one requires another name: change \
                     `name` together with `family`, or use `name_prefix` instead. Otherwise, use another `name`."
                ),
            );
        }
        let import = cx.how_to_import("elasticache_parameter_group", name).await;
        return hinted(
            unanswered::noted(failed(what, error), note),
            &format!(
                "To manage the existing parameter group, {import}To create another one, use another `name`, or \
                 `name_prefix` instead of `name`; a replacement with `create_before_destroy` requires another name as well."
            ),
        );
    }
    failed(what, error).into()
}

/// The diagnostic of a failed change of parameters. AWS's message names the parameter.
fn change_failed(name: &str, error: &AwsError) -> Diagnostics {
    let diagnostic = failed(format!("set the parameters of parameter group {name:?}"), error);
    let refused = error.is(&["InvalidParameterValue", "InvalidParameterCombination"]);
    let diagnostic = if refused { diagnostic.at(Path::attribute("parameter")) } else { diagnostic };
    if refused && error.message().is_some_and(|message| message.contains(CLUSTER_ENABLED)) {
        return hinted(
            diagnostic,
            "AWS accepts cluster-enabled on a new parameter group only. Create another parameter group with it, set \
             `parameter_group_name` of the replication group to it, and set `cluster_mode` to change the mode of an \
             existing replication group.",
        );
    }
    diagnostic.into()
}

fn hinted(mut diagnostic: Diagnostic, hint: &str) -> Diagnostics {
    diagnostic.detail = format!("{} {hint}", diagnostic.detail);
    diagnostic.into()
}
