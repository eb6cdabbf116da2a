//! What an operation on AWS is given.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::aws::{self, AwsError, Reads, Scope, Tags};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::run_state::unique_suffix;
use crate::engine::{OngoingChange, Private, Progress, ProviderConfig};
use crate::value::{IntoValue, Value};

/// Surroundings of one create, read, update or delete.
#[derive(Debug)]
pub struct Context<'a> {
    provider: &'a ProviderConfig,
    scope: Scope<'a>,
    before: Private,
    after: Mutex<Private>,
    warnings: Mutex<Diagnostics>,
    saved: Mutex<Option<Value>>,
    omitted: Mutex<Vec<&'static str>>,
    requested_tags: Option<RequestedTags>,
}

/// Tags that were requested from the index together with the object.
#[derive(Debug)]
struct RequestedTags {
    arn: String,
    tags: OnceCell<Option<Tags>>,
}

impl<'a> Context<'a> {
    /// A context for an object in `region` (the provider's when `None`).
    ///
    /// # Errors
    /// When the provider cannot call AWS.
    pub fn new(
        provider: &'a ProviderConfig,
        cancel: &'a CancellationToken,
        region: Option<String>,
        timeout: Duration,
    ) -> Result<Self, Diagnostic> {
        Ok(Self {
            provider,
            scope: Scope::new(provider.aws()?, region, cancel, timeout),
            before: Private::default(),
            after: Mutex::default(),
            warnings: Mutex::default(),
            saved: Mutex::default(),
            omitted: Mutex::default(),
            requested_tags: None,
        })
    }

    /// The same for a read that may be answered by what was listed a moment before; see [`Scope::with_listed`].
    pub(in crate::engine) fn with_listed(mut self) -> Self {
        self.scope = self.scope.with_listed();
        self
    }

    /// The same for an object that has this private data, and is to have `after` with the notes that
    /// are made.
    pub(in crate::engine) fn with_private(mut self, before: Private, after: Private) -> Self {
        self.before = before;
        self.after = Mutex::new(after);
        self
    }

    /// The same for a read of this state, whose tags are requested together with the object.
    pub(in crate::engine) fn with_requested_tags(mut self, state: &Value) -> Self {
        let arn = state.get("arn").as_str().filter(|arn| Reads::is_indexed(arn));
        let has_tags = matches!(state.get("tags_all"), Value::Map(_)) && !self.is_listed();
        self.requested_tags =
            arn.filter(|_| has_tags).map(|arn| RequestedTags { arn: arn.to_owned(), tags: OnceCell::new() });
        self
    }

    /// Runs a read, and requests the tags at the same time: it waits for AWS once instead of twice.
    pub(in crate::engine) async fn requesting_tags<T>(&self, read: impl Future<Output = T>) -> T {
        let request = async {
            if let Some(requested) = &self.requested_tags {
                self.indexed_tags(&requested.arn).await;
            }
            std::future::pending().await
        };
        tokio::select! {
            biased;
            result = read => result,
            result = request => result,
        }
    }

    /// The tags of the object with this ARN in the index of the Resource Groups Tagging API; `None` if the index is not
    /// used. It lags behind by seconds.
    pub async fn indexed_tags(&self, arn: &str) -> Option<Tags> {
        let request = async || self.scope.reads().tags(arn).await;
        match &self.requested_tags {
            Some(requested) if requested.arn == arn => requested.tags.get_or_init(request).await.clone(),
            _ => request().await,
        }
    }

    /// The private data that the object is to have, with the notes of this operation.
    pub(in crate::engine) fn private(&self) -> Private {
        self.after.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// True for an object that no apply has changed since its import.
    pub fn is_imported(&self) -> bool {
        self.before.imported
    }

    /// True for an object that `terraform query` lists: its import reads it again.
    pub fn is_listed(&self) -> bool {
        self.before.listed
    }

    /// What was noted before under this name; see [`Context::note`].
    pub fn noted(&self, name: &str) -> &[String] {
        self.before.notes.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Keeps what the state does not hold, for the next plan and the next operation: until another
    /// read or update makes the note again, or removes it with no texts. An apply makes each note that
    /// the next read of the unchanged object would make: Terraform reports another one as a change.
    pub fn note(&self, name: &str, texts: Vec<String>) {
        let mut after = self.after.lock().unwrap_or_else(PoisonError::into_inner);
        match texts.is_empty() {
            true => after.notes.remove(name),
            false => after.notes.insert(name.to_owned(), texts),
        };
    }

    /// The provider configuration.
    pub fn provider(&self) -> &ProviderConfig {
        self.provider
    }

    /// The clients, the Region, the cancellation, and the deadline of the operation.
    pub fn scope(&self) -> &Scope<'a> {
        &self.scope
    }

    /// The name of an object among all that this provider sees: the kind says whose names
    /// these are, such as `alarm`.
    pub async fn key(&self, kind: &str, name: &str) -> String {
        let region = self.scope.resolved_region().await.unwrap_or_default();
        Self::key_in(kind, name, &region)
    }

    /// The [`Context::key`] of an object in `region`.
    pub fn key_in(kind: &str, name: &str, region: &str) -> String {
        format!("{kind} {name} in {region}")
    }

    /// Records that the object of this [`Context::key`] was created or adopted. Called by each
    /// create that succeeds where an object of that name already exists.
    pub fn record_created(&self, key: String) {
        self.provider.created_names.record(key);
    }

    /// True when [`Context::record_created`] was called with this key in this run of Terraform.
    pub fn created_in_this_run(&self, key: &str) -> bool {
        self.provider.created_names.contains(key)
    }

    /// True when this run of Terraform has created the object of this [`Context::key`], so that a
    /// delete means the object that had the name before. Asked by each delete of an object whose
    /// create calls [`Context::record_created`].
    pub fn has_successor(&self, key: &str) -> bool {
        let created = self.provider.created_names.contains(key);
        if created {
            tracing::info!(
                key,
                "not deleting the object: this run has created its successor of the same name"
            );
        }
        created
    }

    /// Records the groups that the deleted object of this [`Context::key`] was a member of, for
    /// the create that replaces it.
    pub fn record_memberships(&self, key: String, groups: Vec<String>) {
        self.provider.memberships.record(key, groups);
    }

    /// The groups that [`Context::record_memberships`] recorded with this key in this run of
    /// Terraform. A second call returns none.
    pub fn take_memberships(&self, key: &str) -> Vec<String> {
        self.provider.memberships.take(key)
    }

    /// Records that the object of this [`Context::key`] is removed from a group, before the request.
    pub fn end_membership(&self, key: String, group: &str) {
        self.provider.memberships.end(key, group);
    }

    /// True if [`Context::end_membership`] was called with this key and group in this run of Terraform.
    pub fn has_ended_membership(&self, key: &str, group: &str) -> bool {
        self.provider.memberships.has_ended(key, group)
    }

    /// Records that the object of this [`Context::key`] was deleted; see [`Context::pause_after_deletion`].
    pub fn record_deleted(&self, key: String) {
        self.provider.deleted_names.record(key);
    }

    /// Waits until `pause` has passed since this run deleted the object of this [`Context::key`]: not at all if it has not.
    /// The duration does not count towards the timeout of the operation. A cancellation ends the wait, and the next call
    /// to AWS fails with it.
    pub async fn pause_after_deletion(&self, key: &str, pause: Duration) {
        let rest = self.provider.deleted_names.rest_of_pause(key, pause);
        if rest.is_zero() {
            return;
        }
        tracing::info!(key, seconds = rest.as_secs(), "waiting to create the object after its deletion");
        let cancelled = self.scope.cancel().cancelled();
        let waited = async {
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = cancelled => {}
            }
        };
        self.scope.step(waited).await;
    }

    /// Records that the object of this [`Context::key`] is being changed, until the result is
    /// dropped: the deletion of what the object uses waits for the change.
    pub fn begin_change(&self, key: String) -> OngoingChange {
        self.provider.ongoing.begin(key)
    }

    /// How far the changes of the object of this [`Context::key`] are that this run of Terraform
    /// makes.
    pub fn progress(&self, key: &str) -> Progress {
        self.provider.ongoing.progress(key)
    }

    /// What makes a name unique behind a `name_prefix`: 26 hexadecimal digits, later
    /// ones sorting after earlier ones.
    pub fn unique_suffix(&self) -> String {
        unique_suffix::suffix(SystemTime::now())
    }

    /// Runs the last step of an operation that must not stop between its steps: when the
    /// user stops Terraform, it still has as long as the answer to a call.
    pub async fn in_grace_period<T>(&self, work: impl AsyncFnOnce(&Context<'_>) -> T) -> T {
        let late = CancellationToken::new();
        let cx = Context {
            provider: self.provider,
            scope: self.scope.with_cancel(&late),
            before: self.before.clone(),
            after: Mutex::new(self.private()),
            omitted: Mutex::default(),
            warnings: Mutex::default(),
            saved: Mutex::default(),
            requested_tags: None,
        };
        let stop = async {
            self.scope.cancel().cancelled().await;
            tokio::time::sleep(aws::GRACE).await;
            late.cancel();
        };
        let done = {
            let mut work = std::pin::pin!(work(&cx));
            tokio::select! {
                biased;
                done = &mut work => done,
                // Its waits observe the late token and end now.
                () = stop => work.await,
            }
        };
        let (_, warnings) = cx.finish();
        warnings.into_iter().for_each(|warning| self.warn(warning));
        done
    }

    /// Adds a warning, or an error that must not end the operation.
    pub fn warn(&self, diagnostic: Diagnostic) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(diagnostic);
    }

    /// Records what exists so far. Should the operation fail from here on, this is
    /// what the state gets: nothing AWS has made is ever forgotten.
    pub fn save(&self, model: impl IntoValue) {
        *self.saved.lock().unwrap_or_else(PoisonError::into_inner) = Some(model.into_value());
    }

    /// Takes back what [`Context::save`] recorded: the object turned out to be that of another owner.
    pub fn discard_saved(&self) {
        *self.saved.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Leaves an attribute out of the state of a create that fails after all: what only a complete
    /// object shall have.
    pub fn omit_if_failed(&self, attribute: &'static str) {
        self.omitted.lock().unwrap_or_else(PoisonError::into_inner).push(attribute);
    }

    /// How to bring an existing object under management: a sentence, and the
    /// block that does it. Terraform shows the address, which the provider does not know.
    pub async fn how_to_import(&self, type_name: &str, id: &str) -> String {
        let usual = self.scope.aws().region().await.ok();
        let own = self.scope.region().filter(|own| usual.as_deref() != Some(*own));
        let region = own.map(|region| format!("@{region}")).unwrap_or_default();
        format!(
            "import it: terraform import {type_name}.NAME {id}{region}, or by the next apply with this block. Instead of \
             {type_name}.NAME write the address behind \"with\" in this message.\n\n  import {{\n    to = \
             {type_name}.NAME\n    id = \"{id}{region}\"\n  }}\n\n"
        )
    }

    /// What [`Context::omit_if_failed`] named.
    pub(in crate::engine) fn omitted(&self) -> Vec<&'static str> {
        self.omitted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What [`Context::save`] recorded last, and the warnings.
    pub(in crate::engine) fn finish(self) -> (Option<Value>, Diagnostics) {
        (
            self.saved.into_inner().unwrap_or_else(PoisonError::into_inner),
            self.warnings.into_inner().unwrap_or_else(PoisonError::into_inner),
        )
    }
}

/// The diagnostic of a failed call: what was being done to which object, then what
/// AWS returns. `what` completes "Failed to", as in `create subnet group "a"`.
pub fn failed(what: impl std::fmt::Display, error: &AwsError) -> Diagnostic {
    Diagnostic::error(format!("Failed to {what}"), error.to_string())
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::testing::aws::FakeAws;

    fn fake() -> FakeAws {
        FakeAws::new(|call| call.error("None", "Nothing is called."))
    }

    fn context(fake: &FakeAws) -> Context<'_> {
        Context::new(&fake.provider, &fake.cancel, None, Duration::from_secs(600)).unwrap()
    }

    async fn stop_after(fake: &FakeAws, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        fake.cancel.cancel();
    }

    /// H2.
    #[tokio::test(start_paused = true)]
    async fn work_in_the_grace_period_outlasts_a_stop() {
        let fake = fake();
        let cx = context(&fake);
        let work = cx.in_grace_period(async |cx| {
            tokio::time::sleep(Duration::from_secs(8)).await;
            cx.warn(Diagnostic::warning("Late", "It was done after the stop."));
            cx.scope().cancel().is_cancelled()
        });
        let (was_cancelled, ()) = tokio::join!(work, stop_after(&fake, 3));
        assert!(fake.cancel.is_cancelled() && !was_cancelled);
        let (_, warnings) = cx.finish();
        assert_eq!(warnings.iter().count(), 1, "what the work warns of is not lost");
    }

    /// H2: ten seconds, as long as the answer to a call.
    #[tokio::test(start_paused = true)]
    async fn the_grace_period_ends_some_time_after_the_stop() {
        let fake = fake();
        let cx = context(&fake);
        let started = Instant::now();
        let work = cx.in_grace_period(async |cx| cx.scope().cancel().cancelled().await);
        tokio::join!(work, stop_after(&fake, 3));
        assert_eq!(started.elapsed().as_secs(), 3 + 10);
    }

    /// H2: work that begins after the stop has the whole period, and none is waited for in vain.
    #[tokio::test(start_paused = true)]
    async fn work_that_begins_after_the_stop_has_the_whole_grace_period() {
        let fake = fake();
        let cx = context(&fake);
        fake.cancel.cancel();
        let started = Instant::now();
        cx.in_grace_period(async |cx| cx.scope().cancel().cancelled().await).await;
        assert_eq!(started.elapsed().as_secs(), 10);
        assert_eq!(cx.in_grace_period(async |_| 7).await, 7);
        assert_eq!(started.elapsed().as_secs(), 10);
    }
}
