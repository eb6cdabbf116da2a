//! Plan, create, read, update, delete and import of a dashboard.

use std::time::Duration;

use super::attributes::DashboardModel;
use super::validate::same_text;
use super::{body, infer};
use crate::aws::{AwsError, Poll, WaitFailure, WaitPlan};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed, unknown_in_plan};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::{deletion, tags};
use crate::services::cloudwatch::dashboard;
use crate::services::cloudwatch::tags as cloudwatch_tags;
use crate::value::{Field, Path};

/// `elasticache_dashboard`.
pub struct Dashboard;

/// The kind of object that locks, created names and facts speak of.
const DASHBOARD: &str = "dashboard";

/// The fact about the cache that a dashboard shows.
const CACHE: &str = "cache";

/// How long CloudWatch may return a dashboard as it was before a write.
const SETTLING: Duration = Duration::from_secs(10);

/// The status of a dashboard with another body than the written one.
const OTHER_BODY: &str = "another body";

impl Resource for Dashboard {
    type Model = DashboardModel;

    fn type_name(&self) -> &'static str {
        "elasticache_dashboard"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(2, 2, 2)
    }

    fn validate(&self, config: &DashboardModel, diags: &mut Diagnostics) {
        let cache = &config.serverless_cache_name;
        if config.replication_group.is_null() && !cache.is_unknown() && cache.text().is_none() {
            diags.error_at(
                Path::attribute("replication_group"),
                "Missing cache",
                "Neither `replication_group` nor `serverless_cache_name` is set. Set `replication_group = \
                 elasticache_replication_group.this` or `serverless_cache_name = elasticache_serverless_cache.this.name`.",
            );
        }
        let Field::Known(group) = &config.replication_group else { return };
        if group.id.is_null() || group.id.known().is_some_and(String::is_empty) {
            diags.push(
                Diagnostic::error(
                    "Missing replication group ID",
                    "`replication_group` has no id, so the dashboard has no title and no default name. Set a \
                     replication group, as in `replication_group = elasticache_replication_group.this`, or \
                     an object with `id` and `member_clusters`.",
                )
                .at(Path::attribute("replication_group")),
            );
        }
    }

    fn plan(&self, cx: &mut PlanContext<'_, DashboardModel>) {
        if cx.config.dashboard_name.text().is_none() && cx.is_create() {
            let name = cx.planned.default_name();
            cx.set("dashboard_name", name);
        }
        if cx.is_create() || cx.changed("dashboard_name") {
            let name = cx.planned.dashboard_name.clone();
            cx.set("id", name);
        }
        match body::body(&cx.planned) {
            Err(problem) => cx.diags.push(
                Diagnostic::error("Dashboard is too large", format!("The dashboard {problem}"))
                    .at(Path::attribute("replication_group")),
            ),
            Ok(Field::Known(desired)) => {
                let observed = cx.prior.and_then(|prior| prior.body.text());
                let retained = observed.filter(|observed| same_text(observed, &desired)).map(str::to_owned);
                cx.set("body", Field::Known(retained.unwrap_or(desired)));
            }
            Ok(Field::Unknown) => cx.set_unknown("body"),
            // Validation refuses a configuration without a replication group.
            Ok(Field::Null) => {}
        }
        plan_name(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: DashboardModel,
        planned: DashboardModel,
    ) -> Result<DashboardModel, Diagnostics> {
        let planned = completed(planned)?;
        let name = planned.name().to_owned();
        let what = format!("create dashboard {name:?}");
        let error = |error: AwsError| failed(&what, &error);
        let key = key(&name);
        let _lock = cx.provider().locks.lock(&key).await;
        let existing = dashboard::describe(cx.scope(), &name).await.map_err(error)?;
        let is_same =
            existing.as_ref().is_some_and(|it| same_text(&it.body, planned.body.text().unwrap_or_default()));
        if existing.is_some() && cx.created_in_this_run(&key) {
            return Err(owned(&name).into());
        }
        if existing.is_some() && !(is_same || planned.overwrite.is_true()) {
            return Err(exists(cx, &name).await.into());
        }
        if existing.is_some() && !planned.overwrite.is_true() {
            cx.warn(adopted(&name));
        }
        if !is_same {
            put(cx, &planned).await.map_err(error)?;
        }
        cx.record_created(key);
        cx.save(planned.clone());
        let found = written(cx, &what, &planned).await?;
        let observed = Field::Known(cloudwatch_tags::list(cx.scope(), &found.arn).await.map_err(error)?);
        tags::sync(cx, &observed, &planned.tags_all, async |changes| {
            cloudwatch_tags::apply(cx.scope(), &found.arn, changes).await
        })
        .await
        .map_err(error)?;
        Ok(DashboardModel { arn: found.arn.into(), ..planned })
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: DashboardModel,
    ) -> Result<Option<DashboardModel>, Diagnostics> {
        let name = state.name().to_owned();
        let error = |error: AwsError| failed(format!("read dashboard {name:?}"), &error);
        let found = dashboard::describe(cx.scope(), &name).await.map_err(error)?;
        let Some(found) = found else { return Ok(None) };
        let ask = cloudwatch_tags::list(cx.scope(), &found.arn);
        let read = tags::read(cx, &found.arn, &state.tags, &state.tags_all, ask).await.map_err(error)?;
        let mut model = state;
        model.id = name.as_str().into();
        model.arn = found.arn.into();
        let unchanged = model.body.text().is_some_and(|body| same_text(body, &found.body));
        if !unchanged {
            model.body = found.body.into();
        }
        (model.tags, model.tags_all) = read;
        if model.replication_group.is_null() && model.serverless_cache_name.is_null() {
            model = infer::arguments(model);
        }
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: DashboardModel,
        prior: DashboardModel,
        planned: DashboardModel,
    ) -> Result<DashboardModel, Diagnostics> {
        let planned = completed(planned)?;
        let name = prior.name().to_owned();
        let error = |error: AwsError| failed(format!("update dashboard {name:?}"), &error);
        if prior.body != planned.body {
            put(cx, &planned).await.map_err(error)?;
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(DashboardModel { tags, tags_all, ..planned.clone() });
        }
        if let Some(arn) = prior.arn.text() {
            tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
                cloudwatch_tags::apply(cx.scope(), arn, changes).await
            })
            .await
            .map_err(error)?;
        }
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: DashboardModel) -> Result<(), Diagnostics> {
        let name = state.name();
        let key = key(name);
        let _lock = cx.provider().locks.lock(&key).await;
        if cx.has_successor(&key) {
            return Ok(());
        }
        let deleted = dashboard::delete(cx.scope(), name).await;
        deleted.map_err(|error| failed(format!("delete dashboard {name:?}"), &error))?;
        deletion::confirm(cx, &format!("dashboard {name:?}"), async || {
            Ok(dashboard::describe(cx.scope(), name).await?.is_some())
        })
        .await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["dashboard_name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("cloudwatch", "dashboard/"))
    }

    fn import(&self, id: &str) -> Result<DashboardModel, Diagnostic> {
        if id.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                "The ID is the name of the dashboard, or its ARN.",
            ));
        }
        Ok(DashboardModel { id: id.into(), dashboard_name: id.into(), ..DashboardModel::default() })
    }
}

/// The key of a dashboard among all that this provider manages: "all dashboards in your account are global, not
/// region-specific" (API reference of PutDashboard).
fn key(name: &str) -> String {
    Context::key_in(DASHBOARD, name, "every Region")
}

/// Refuses the name of the dashboard of another cache in the same configuration.
fn plan_name(cx: &mut PlanContext<'_, DashboardModel>) {
    // The plan of the new dashboard follows.
    if !cx.replacements().is_empty() {
        return;
    }
    let (Some(name), Some(cache)) = (cx.planned.dashboard_name.text(), body::cache(&cx.planned)) else {
        return;
    };
    let other = cx.provider.facts.record_once(key(name), CACHE, cache.clone());
    if other != cache {
        let diagnostic = Diagnostic::error(
            "Duplicate dashboard name",
            format!(
                "The dashboard of {cache} and that of {other} both have the name {name:?}, but dashboards are global: their names \
                 are unique in the account, not in the Region. Set `dashboard_name` in one of them."
            ),
        );
        cx.diags.push(diagnostic.at(Path::attribute("dashboard_name")));
    }
}

/// The planned model with its name and body: all that it follows is known during apply.
fn completed(mut planned: DashboardModel) -> Result<DashboardModel, Diagnostic> {
    if planned.dashboard_name.is_unknown() {
        planned.dashboard_name = planned.default_name();
    }
    if planned.dashboard_name.text().is_none() {
        return Err(unknown_in_plan("`dashboard_name`"));
    }
    planned.id = planned.dashboard_name.clone();
    if planned.body.is_unknown() {
        planned.body = body::body(&planned).map_err(|problem| {
            Diagnostic::error("Dashboard is too large", format!("The dashboard {problem}"))
                .at(Path::attribute("replication_group"))
        })?;
    }
    match planned.body {
        Field::Known(_) => Ok(planned),
        Field::Null | Field::Unknown => Err(unknown_in_plan("`body`")),
    }
}

/// Writes the dashboard, and warns of what CloudWatch remarks on. CloudWatch ignores the tags of a request for an existing
/// dashboard (API reference of PutDashboard), so they are always sent: the dashboard may have been deleted since the plan.
async fn put(cx: &Context<'_>, model: &DashboardModel) -> Result<(), AwsError> {
    let name = model.name();
    let all_tags = model.tags_all.known().and_then(cloudwatch_tags::expand);
    let call = cx.scope().cloudwatch().await?.put_dashboard();
    let call = call.dashboard_name(name).set_dashboard_body(model.body.known().cloned()).set_tags(all_tags);
    for message in dashboard::put(cx.scope(), call).await? {
        cx.warn(Diagnostic::warning(
            "Dashboard has widgets that may not render",
            format!(
                "CloudWatch accepted dashboard {name:?} and returned: {message} Check the argument widgets."
            ),
        ));
    }
    Ok(())
}

/// The dashboard that was just written, once CloudWatch returns it.
///
/// # Errors
/// CloudWatch does not return it, or returns it with another body, which another writer has put at the same time.
async fn written(
    cx: &Context<'_>,
    what: &str,
    planned: &DashboardModel,
) -> Result<dashboard::Dashboard, Diagnostic> {
    let (name, body) = (planned.name(), planned.body.text().unwrap_or_default());
    let plan = WaitPlan::new(format!("dashboard {name:?} to appear"), SETTLING);
    let found = cx.scope().wait(&plan, async || {
        Ok(match dashboard::describe(cx.scope(), name).await? {
            Some(found) if same_text(&found.body, body) => Poll::Ready(found),
            Some(_) => Poll::Pending { status: OTHER_BODY.to_owned() },
            None => Poll::Pending { status: "missing".to_owned() },
        })
    });
    found.await.map_err(|error| match (&error.failure, error.last_status.as_deref()) {
        (WaitFailure::TimedOut, Some(OTHER_BODY)) if error.is_last_status_current() => {
            // The state must not have it: the next apply would delete the dashboard of the other writer.
            cx.discard_saved();
            replaced(name)
        }
        (WaitFailure::TimedOut, Some(_)) if error.is_last_status_current() => missing(what),
        (WaitFailure::Poll(error), _) => failed(what, error),
        _ => failed_wait(what, &error),
    })
}

/// The diagnostic of a dashboard that another writer replaced.
fn replaced(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Dashboard {name:?} was replaced"),
        "Another configuration, another provider configuration of this one, or a person wrote a dashboard of this name at the \
         same time. Dashboards are global: their names are unique in the account, not in the Region. The other dashboard was \
         not changed. Use another `dashboard_name`.",
    )
    .at(Path::attribute("dashboard_name"))
}

/// The diagnostic of a dashboard that another resource created in the same apply.
fn owned(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Dashboard {name:?} already exists"),
        "Another `elasticache_dashboard` created or adopted it in the same apply. Dashboards are global: their names are \
         unique in the account, not in the Region, and only one resource can manage a dashboard. Use another \
         `dashboard_name` for one of them.",
    )
    .at(Path::attribute("dashboard_name"))
}

/// The diagnostic of a create that finds a dashboard of its name.
async fn exists(cx: &Context<'_>, name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Dashboard {name:?} already exists"),
        format!(
            "It differs from the configuration, and PutDashboard would replace it, so it is left unchanged. \
             To manage the existing dashboard, {}To replace it, set `overwrite = true`. To create another \
             dashboard, choose another `dashboard_name`.",
            cx.how_to_import("elasticache_dashboard", name).await
        ),
    )
    .at(Path::attribute("dashboard_name"))
}

fn adopted(name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("Dashboard {name:?} already existed"),
        "It is exactly as configured, so it was adopted without a change. If another resource owns it, \
         choose another `dashboard_name` for one of the two: whichever is destroyed first deletes the \
         dashboard of both.",
    )
    .at(Path::attribute("dashboard_name"))
}

fn missing(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "CloudWatch accepted the dashboard and then did not return it. The dashboard may exist: run Terraform again.",
    )
}
