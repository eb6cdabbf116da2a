//! Stopping a service update.

use std::time::Duration;

use super::attributes::StopServiceUpdateModel;
use crate::actions::service_update::{Statuses, Subject, missing_cache, not_listed, not_yet_listed};
use crate::diag::Diagnostics;
use crate::engine::{Action, ActionProgress, Context};
use crate::resources::service_update::failure;
use crate::schema::common::parse_duration;
use crate::services::elasticache::update_action;
use crate::services::elasticache::update_action_wait::{self, Event};

/// A node takes up to 30 minutes.
const TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// `elasticache_stop_service_update`.
pub struct StopServiceUpdate;

impl Action for StopServiceUpdate {
    type Model = StopServiceUpdateModel;

    fn type_name(&self) -> &'static str {
        "elasticache_stop_service_update"
    }

    fn timeout(&self, config: &StopServiceUpdateModel) -> Duration {
        config.timeout.text().and_then(parse_duration).unwrap_or(TIMEOUT)
    }

    fn validate(&self, config: &StopServiceUpdateModel, diags: &mut Diagnostics) {
        config.of.validate(diags);
    }

    async fn plan(&self, cx: &Context<'_>, config: &StopServiceUpdateModel) -> Diagnostics {
        let subject = config.of.subject();
        match update_action::find(cx.scope(), &subject.update, subject.target()).await {
            Ok(None) => missing_cache(cx, &subject).await.unwrap_or_else(|| not_yet_listed(&subject).into()),
            _ => Diagnostics::new(),
        }
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: StopServiceUpdateModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let subject = config.of.subject();
        let Subject { update, .. } = &subject;
        let target = subject.target();
        let statuses = Statuses::new(progress, &subject);
        let stopped = update_action_wait::stop(cx.scope(), update, target, |event| match event {
            Event::Accepted => {
                progress.say(format!("Stopping service update {update:?} of {target}"));
                progress.goes_on(format!("AWS continues to stop service update {update:?} of {target}."));
            }
            Event::Observed(action) => statuses.see(action),
        });
        let what = format!("stop service update {update:?} of {target}");
        let action = stopped.await.map_err(|error| failure(&what, &error))?;
        let action = action.ok_or_else(|| not_listed(&subject))?;
        progress.goes_on("");
        if update_action::status_of(&action) == "stopped" {
            progress.say(format!("Nodes of {target} that are updated stay updated"));
        }
        Ok(())
    }
}
