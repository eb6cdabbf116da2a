//! Applying a service update.

use std::time::Duration;

use aws_sdk_elasticache::types::{ServiceUpdate, ServiceUpdateStatus};

use super::attributes::ApplyServiceUpdateModel;
use crate::actions::service_update::{Statuses, Subject, missing_cache};
use crate::aws::Found;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Action, ActionProgress, Context};
use crate::resources::service_update::failure;
use crate::schema::common::parse_duration;
use crate::services::elasticache::update_action_wait::{self, Applied, Event};
use crate::services::elasticache::{service_update, update_action};
use crate::value::Path;

/// That of the resource.
const TIMEOUT: Duration = Duration::from_secs(180 * 60);

/// `elasticache_apply_service_update`.
pub struct ApplyServiceUpdate;

impl Action for ApplyServiceUpdate {
    type Model = ApplyServiceUpdateModel;

    fn type_name(&self) -> &'static str {
        "elasticache_apply_service_update"
    }

    fn timeout(&self, config: &ApplyServiceUpdateModel) -> Duration {
        config.timeout.text().and_then(parse_duration).unwrap_or(TIMEOUT)
    }

    fn validate(&self, config: &ApplyServiceUpdateModel, diags: &mut Diagnostics) {
        config.of.validate(diags);
    }

    async fn plan(&self, cx: &Context<'_>, config: &ApplyServiceUpdateModel) -> Diagnostics {
        let subject = config.of.subject();
        let listed = update_action::find(cx.scope(), &subject.update, subject.target()).await;
        if !matches!(listed, Ok(None)) {
            return Diagnostics::new();
        }
        match service_update::describe(cx.scope(), &subject.update).await {
            Ok(Found::Yes(update)) if service_update::is_over(&update) => {
                not_offered(&subject, &update).into()
            }
            Ok(Found::No(_)) => not_released(&subject).into(),
            _ => missing_cache(cx, &subject).await.unwrap_or_default(),
        }
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: ApplyServiceUpdateModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let subject = config.of.subject();
        let Subject { update, .. } = &subject;
        let target = subject.target();
        let statuses = Statuses::new(progress, &subject);
        let goes_on =
            || progress.goes_on(format!("AWS continues to apply service update {update:?} to {target}."));
        let applied = update_action_wait::apply(cx.scope(), update, target, |event| match event {
            Event::Accepted => {
                progress.say(format!("Applying service update {update:?} to {target}"));
                goes_on();
            }
            Event::Observed(action) => {
                if update_action::is_under_way(update_action::status_of(action)) {
                    goes_on();
                }
                statuses.see(action);
            }
        });
        match applied.await.map_err(|error| failure(&describe(&subject), &error))? {
            Applied::Done(_) => progress.goes_on(""),
            Applied::NotOffered(released) => return Err(not_offered(&subject, &released).into()),
        }
        Ok(())
    }
}

/// Completes "Failed to".
fn describe(subject: &Subject) -> String {
    format!("apply service update {:?} to {}", subject.update, subject.target())
}

/// A warning at plan.
fn not_released(subject: &Subject) -> Diagnostic {
    Diagnostic::warning(
        "Service update does not exist",
        format!(
            "AWS has no service update {:?} in this Region. The action fails unless AWS releases it first. Otherwise, correct \
             `service_update_name` or `region`.",
            subject.update
        ),
    )
    .at(Path::attribute("service_update_name"))
}

fn not_offered(subject: &Subject, released: &ServiceUpdate) -> Diagnostic {
    let status = released.service_update_status().map_or("expired", ServiceUpdateStatus::as_str);
    Diagnostic::error(
        "Service update is not available",
        format!(
            "Service update {:?} is {status}, and AWS does not list it for {}. Set `service_update_name` to an update that is \
             available: updates are cumulative.",
            subject.update,
            subject.target()
        ),
    )
    .at(Path::attribute("service_update_name"))
}
