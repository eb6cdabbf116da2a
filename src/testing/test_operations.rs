//! A list resource and an action that do as their configuration says, for tests.

use std::time::Duration;

use super::test_resource::TestResource;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Action, ActionProgress, AnyResource, Context, ListError, ListResource, Listed, Results};
use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::{Field, Path};

object! {
    /// Lists everything.
    pub(crate) struct TestListResourceModel {
        /// Pages of names, which are separated by commas.
        pages: Field<Vec<String>> = optional(),
        /// Account in the ARNs. If omitted, objects have no ARN.
        account: Field<String> = optional(),
        /// The error after the last page.
        error: Field<String> = optional(),
        region: Field<String> = common::region_to_list(),
    }
}

/// The list resource of [`TestResource`]. It warns of each page that the host has accepted.
pub(crate) struct TestListResource;

impl ListResource for TestListResource {
    type Model = TestListResourceModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &TestResource
    }

    fn validate(&self, config: &TestListResourceModel, diags: &mut Diagnostics) {
        if config.pages.known().is_some_and(Vec::is_empty) {
            diags.error_at(Path::attribute("pages"), "No pages", "There is nothing to list.");
        }
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: TestListResourceModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let arn =
            |name: &str| Some(format!("arn:aws:test:eu-west-1:{}:everything:{name}", config.account.text()?));
        for page in config.pages.known().into_iter().flatten() {
            let found =
                page.split(',').map(|name| Listed::new(name, format!("{name} (test)")).arn(arn(name)));
            results.page(found).await?;
            cx.warn(Diagnostic::warning("Accepted", page));
        }
        match config.error.text() {
            Some(error) => Err(Diagnostic::error("No more", error).into()),
            None => Ok(()),
        }
    }
}

object! {
    /// Rehearses an action.
    pub(crate) struct RehearseModel {
        /// What to do, one after the other: `say:TEXT`, `wait:SECONDS`, `accept:SENTENCE`, `warn:TEXT`, `fail:TEXT`,
        /// `panic:TEXT`.
        steps: Field<Vec<String>> = optional(),
        /// The state of what the action is for.
        mode: Field<String> = optional().check(Check::OneOf(&["ready", "busy", "odd"])),
        region: Field<String> = common::region_of_action(),
    }
}

/// The action. A plan refuses what is busy, validation warns of what is odd.
pub(crate) struct Rehearse;

impl Action for Rehearse {
    type Model = RehearseModel;

    fn type_name(&self) -> &'static str {
        "elasticache_rehearse"
    }

    fn validate(&self, config: &RehearseModel, diags: &mut Diagnostics) {
        if config.mode.text() == Some("odd") {
            diags.warning_at(Path::attribute("mode"), "Odd mode", "It has no effect.");
        }
    }

    async fn plan(&self, cx: &Context<'_>, config: &RehearseModel) -> Diagnostics {
        match config.mode.text() {
            Some("busy") => {
                let region = cx.scope().region().unwrap_or("its Region");
                Diagnostic::error("Object busy", format!("It changes in {region}.")).into()
            }
            _ => Diagnostics::new(),
        }
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: RehearseModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        for step in config.steps.known().into_iter().flatten() {
            let (verb, what) = step.split_once(':').unwrap_or((step, ""));
            match verb {
                "say" => progress.say(what),
                "accept" => progress.goes_on(what),
                "warn" => cx.warn(Diagnostic::warning("Rehearsed", what)),
                "wait" => {
                    let pause = Duration::from_secs(what.parse().unwrap_or_default());
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = cx.scope().cancel().cancelled() => {
                            return Err(Diagnostic::error("Rehearsal stopped", "Terraform asked to stop.").into());
                        }
                    }
                }
                "panic" => panic!("{what}"),
                _ => return Err(Diagnostic::error("Rehearsal failed", what).into()),
            }
        }
        Ok(())
    }
}
