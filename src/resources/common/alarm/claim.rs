//! Taking the name of a new alarm: an alarm that exists and is not managed is never overwritten silently.

use std::time::Duration;

use crate::aws::{AwsError, Poll, Tags, WaitFailure, WaitPlan};
use crate::diag::Diagnostic;
use crate::engine::{Context, KeyedLock, failed};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::tags;
use crate::services::cloudwatch::tags as alarm_tags;
use crate::value::{Field, Path};

/// How long a create waits for the deletion of an existing alarm: if resources exchange their names, another resource of
/// the same apply deletes it.
const NAME_TIMEOUT: Duration = Duration::from_secs(5);

/// An alarm that exists before the create.
pub(in crate::resources) struct Existing<A> {
    /// The alarm as CloudWatch returns it.
    pub(in crate::resources) alarm: A,
    /// Its settings are the planned ones; tags may differ.
    pub(in crate::resources) same_settings: bool,
}

/// The create of an alarm.
pub(in crate::resources) struct Claim<'a> {
    /// Type of the resource, for the import command.
    pub(in crate::resources) type_name: &'static str,
    /// The create, completing "Failed to …".
    pub(in crate::resources) what: &'a str,
    /// The key of the name among alarms.
    pub(in crate::resources) key: &'a str,
    /// The name.
    pub(in crate::resources) name: &'a str,
    /// Whether an existing alarm with other settings is taken over.
    pub(in crate::resources) overwrite: bool,
    /// The planned tags.
    pub(in crate::resources) tags_all: &'a Field<Tags>,
}

impl Claim<'_> {
    /// Waits until the name is free, or until its alarm can be taken over: with `overwrite`, or if the alarm is exactly as
    /// planned, with a warning. Returns the lock of the name. `describe` returns the alarm, `arn` its ARN, and
    /// `is_planned` whether its settings are the planned ones.
    ///
    /// # Errors
    /// An alarm exists that is not taken over, or a call failed.
    pub(in crate::resources) async fn claim<A, F>(
        &self,
        cx: &Context<'_>,
        describe: impl Fn() -> F + Sync,
        arn: fn(&A) -> Option<&str>,
        is_planned: impl Fn(&A) -> bool + Sync,
    ) -> Result<(KeyedLock, Option<Existing<A>>), Diagnostic>
    where
        A: Send + Sync,
        F: Future<Output = Result<Option<A>, AwsError>> + Send,
    {
        let name = self.name;
        let plan = WaitPlan::new(format!("the name {name:?} to be free"), NAME_TIMEOUT);
        let free = cx.scope().wait(&plan, async || {
            let lock = cx.provider().locks.lock(self.key).await;
            let Some(alarm) = describe().await? else {
                return Ok(Poll::Ready((lock, None)));
            };
            if cx.created_in_this_run(self.key) {
                return Ok(Poll::Failed { status: "owned".to_owned(), reason: String::new() });
            }
            let same_settings = is_planned(&alarm);
            let mut can_take_over = self.overwrite;
            if !can_take_over && same_settings {
                let tags = alarm_tags::list(cx.scope(), arn(&alarm).unwrap_or_default()).await?;
                can_take_over = tags::changes(cx.provider(), &Field::Known(tags), self.tags_all).is_empty();
                if can_take_over {
                    cx.warn(taken_over(name));
                }
            }
            Ok(match can_take_over {
                true => Poll::Ready((lock, Some(Existing { alarm, same_settings }))),
                false => Poll::Pending { status: "taken".to_owned() },
            })
        });
        match free.await {
            Ok(free) => Ok(free),
            Err(error) => Err(match &error.failure {
                // Without a status AWS has not answered, and nothing is known of the name; after an outage it may be free.
                WaitFailure::TimedOut if error.last_status.is_some() && error.last_outage.is_none() => {
                    self.exists(cx).await
                }
                WaitFailure::Failed { .. } => owned(name),
                WaitFailure::Poll(error) => failed(self.what, error),
                WaitFailure::TimedOut | WaitFailure::Cancelled => failed_wait(self.what, &error),
            }),
        }
    }

    /// The diagnostic of a create that finds an alarm of its name.
    async fn exists(&self, cx: &Context<'_>) -> Diagnostic {
        Diagnostic::error(
            format!("Alarm {:?} already exists", self.name),
            format!(
                "The existing alarm differs from the configuration, and a create would replace its settings, so it was not changed. \
                 To manage the existing alarm, {}To replace its settings, set `overwrite = true`. To create another alarm, use \
                 another `alarm_name`.",
                cx.how_to_import(self.type_name, self.name).await
            ),
        )
        .at(Path::attribute("alarm_name"))
    }
}

/// The diagnostic of an alarm that another resource created in the same apply.
fn owned(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} already exists"),
        "Another resource created or took over this alarm in the same apply. Only one resource can manage an alarm. Use another \
         `alarm_name`.",
    )
    .at(Path::attribute("alarm_name"))
}

fn taken_over(name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("Alarm {name:?} already existed"),
        "The existing alarm is exactly as configured, so it was taken over without a change. If another resource manages it, \
         use another `alarm_name` for one of them: the first to be destroyed deletes the alarm.",
    )
    .at(Path::attribute("alarm_name"))
}
