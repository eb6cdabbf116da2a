//! Gathering keys and answering them together.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{STALE, Writes};
use crate::aws::call::last_refusal::LastRefusal;
use crate::aws::{AwsError, ErrorKind};
use crate::redact;

/// Reads have ended coming in when none came for this long.
const QUIET: Duration = Duration::from_millis(3);
/// The same where AWS has no listing, so that what one call leaves is another call, once there
/// are more reads than one call takes.
const QUIET_AMONG_MANY: Duration = Duration::from_millis(12);
/// Nobody waits longer than this for others to come.
const LONGEST: Duration = Duration::from_millis(24);
/// The same where AWS has no listing. While reads of other kinds come in, Terraform has enough
/// to do meanwhile.
const LONGEST_WITHOUT_LISTING: Duration = Duration::from_millis(200);
/// When so many wait, a listing is due, and who comes later finds it begun. Fewer might find
/// a page poor that is not.
const PLENTY: usize = 8;
/// So many keys are described alone, one after the other, before a listing is worth
/// its price for a single key, as with `-parallelism=1`.
const ALONE: usize = 3;
/// After so many reads of all kinds, a single key is most likely the first of many: a page costs no more than the call
/// for the key, and answers those that follow.
const BUSY: u64 = 10;
/// After so many pages in a row that answer no read, the listing pauses: most objects of the account are those of other
/// configurations, and single calls are cheaper.
const POOR_PAGES: usize = 2;
/// After so many calls instead of the listing, the next pages are tried.
const PAUSE: usize = 32;
/// A page that answers fewer waiting reads than this costs more than it saves.
const WORTHWHILE: usize = 2;

/// Codes of a missing permission.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AuthorizationError",
    "Forbidden",
    "NotAuthorized",
    "OptInRequired",
    "UnauthorizedOperation",
];
/// Codes of an operation that the endpoint does not have.
const UNKNOWN_OPERATION: &[&str] =
    &["InvalidAction", "NotImplemented", "UnknownOperation", "UnsupportedOperation"];
/// The HTTP statuses of an endpoint that does not have the operation: not found, method not allowed, not implemented.
const NOT_IMPLEMENTED: [u16; 3] = [404, 405, 501];

/// One page of a listing.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<(String, T)>,
    /// Where the next page begins; `None` on the last.
    pub(crate) next: Option<String>,
}

/// A way to ask AWS for many objects of a kind.
pub(crate) trait BatchSource: Send + Sync + 'static {
    /// The object.
    type Item: Clone + Send + Sync + 'static;

    /// Whether [`BatchSource::page`] lists everything of the kind.
    const LISTS: bool;
    /// How many keys [`BatchSource::some`] takes; 0 when AWS has no such call.
    const AT_ONCE: usize;

    /// True if both ways require the same permission, so that a refusal of one holds for the other.
    const ONE_PERMISSION: bool = false;

    /// A page of the listing.
    fn page(&self, marker: Option<String>)
    -> impl Future<Output = Result<Page<Self::Item>, AwsError>> + Send;

    /// Those of the keys that are there.
    fn some(
        &self,
        keys: Vec<String>,
    ) -> impl Future<Output = Result<Vec<(String, Self::Item)>, AwsError>> + Send;

    /// What a key stands for that a listing to its end does not hold; `None` leaves it
    /// to a direct call, which alone can say that something is not there.
    fn absent() -> Option<Self::Item> {
        None
    }
}

/// Counts reads of all kinds: while any come in, more of one kind may follow.
#[derive(Debug, Clone, Default)]
pub(crate) struct ActivityCounter(Arc<AtomicU64>);

/// Reads of one kind in one region.
#[derive(Debug)]
pub(crate) struct Batcher<T> {
    state: Mutex<State<T>>,
    writes: Writes,
    activity: ActivityCounter,
    /// What AWS has refused last, for the waits that a call answers together.
    refusal: LastRefusal,
}

#[derive(Debug)]
struct State<T> {
    waiting: Vec<Waiting<T>>,
    /// A task is answering those who wait.
    answering: bool,
    /// Reads that waited so far.
    came: usize,
    /// Keys left to single calls so far.
    alone: usize,
    listing: Listing<T>,
    /// False once the listing was refused for good.
    lists: bool,
    /// While the listing does not pay: the calls since then that it could have saved.
    paused: Option<usize>,
    /// False once the call for many keys was refused.
    takes_many: bool,
}

/// A read that waits for its answer.
#[derive(Debug)]
struct Waiting<T> {
    key: String,
    since: Option<Instant>,
    answer: oneshot::Sender<Option<T>>,
}

impl<T: Clone> Waiting<T> {
    fn answer(self, item: &T) {
        // Who does not listen any more was cancelled.
        let _ = self.answer.send(Some(item.clone()));
    }
}

/// What the reads wait for, each once.
fn keys<T>(waiting: &[Waiting<T>]) -> BTreeSet<String> {
    waiting.iter().map(|it| it.key.clone()).collect()
}

/// Answers the reads of these objects, and returns of how many.
fn answer_from<T: Clone>(items: &HashMap<String, T>, waiting: &mut Vec<Waiting<T>>) -> usize {
    let before = keys(waiting).len();
    for it in waiting.extract_if(.., |it| items.contains_key(&it.key)) {
        if let Some(item) = items.get(&it.key) {
            it.answer(item);
        }
    }
    before - keys(waiting).len()
}

/// Leaves the reads to direct calls if the task that answers them panics. Without it, they and all later ones would wait
/// for ever.
struct Ending<'a, T> {
    batcher: &'a Batcher<T>,
    is_regular: bool,
}

impl<T> Drop for Ending<'_, T> {
    fn drop(&mut self) {
        if !self.is_regular {
            let mut state = self.batcher.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.answering = false;
            state.waiting.clear();
        }
    }
}

#[derive(Debug)]
struct Listing<T> {
    items: HashMap<String, T>,
    next: Next,
    begun: Option<(Instant, u64)>,
    /// When AWS returned the first page. A request may wait long for its turn after throttling.
    returned: Option<Instant>,
    pages: usize,
    answered: usize,
    poor: usize,
    /// Markers of pages so far.
    markers: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    Start,
    Marker(String),
    End,
}

impl<T> Listing<T> {
    fn new(poor: usize) -> Self {
        Self {
            items: HashMap::new(),
            next: Next::Start,
            begun: None,
            returned: None,
            pages: 0,
            answered: 0,
            poor,
            markers: BTreeSet::new(),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Batcher<T> {
    pub(crate) fn new(writes: &Writes, activity: &ActivityCounter) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                waiting: Vec::new(),
                answering: false,
                came: 0,
                alone: 0,
                listing: Listing::new(0),
                lists: true,
                paused: None,
                takes_many: true,
            }),
            writes: writes.clone(),
            activity: activity.clone(),
            refusal: LastRefusal::default(),
        })
    }

    /// The object with this key, if others are asked for too and it is among them. What
    /// was asked before `since` does not count.
    pub(crate) async fn find<S: BatchSource<Item = T>>(
        self: &Arc<Self>,
        key: &str,
        since: Option<Instant>,
        source: impl FnOnce() -> S,
    ) -> Option<T> {
        self.activity.0.fetch_add(1, Ordering::Relaxed);
        let answer = {
            let mut state = self.state();
            state.refresh(self.writes.count(), since);
            if let Some(item) = state.listing.items.get(key).cloned() {
                state.listing.answered += 1;
                state.listing.poor = 0;
                return Some(item);
            }
            if state.listing.next == Next::End && S::absent().is_some() {
                return S::absent();
            }
            if !state.helps::<S>() {
                state.record_unlisted(1);
                return None;
            }
            let (sender, answer) = oneshot::channel();
            state.came += 1;
            state.waiting.push(Waiting { key: key.to_owned(), since, answer: sender });
            if !std::mem::replace(&mut state.answering, true) {
                // A task of its own: who asked first may be cancelled, and the others wait.
                let answering = self.refusal.during(Arc::clone(self).answer_all(source()));
                tokio::spawn(redact::inherit(answering));
            }
            answer
        };
        self.refusal.follow(answer).await.ok().flatten()
    }

    async fn answer_all<S: BatchSource<Item = T>>(self: Arc<Self>, source: S) {
        let source = Arc::new(source);
        let mut ending = Ending { batcher: &self, is_regular: false };
        loop {
            self.wait_for_more::<S>().await;
            let waiting = {
                let mut state = self.state();
                let mut waiting = std::mem::take(&mut state.waiting);
                // Who does not listen any more was cancelled.
                waiting.retain(|it| !it.answer.is_closed());
                if waiting.is_empty() {
                    state.answering = false;
                    ending.is_regular = true;
                    return;
                }
                waiting
            };
            self.refusal.clear();
            self.answer(&source, waiting).await;
        }
    }

    /// Waits until no more reads come in, or enough have.
    async fn wait_for_more<S: BatchSource>(&self) {
        let (enough, longest) =
            if S::LISTS { (PLENTY, LONGEST) } else { (S::AT_ONCE, LONGEST_WITHOUT_LISTING) };
        let many = !S::LISTS && self.state().came > S::AT_ONCE;
        let quiet = if many { QUIET_AMONG_MANY } else { QUIET };
        let begun = Instant::now();
        let mut visited = self.activity.0.load(Ordering::Relaxed);
        while begun.elapsed() < longest && self.state().waiting.len() < enough {
            tokio::time::sleep(quiet).await;
            let now = self.activity.0.load(Ordering::Relaxed);
            if now == visited {
                return;
            }
            visited = now;
        }
    }

    /// Answers each read as soon as its object is found; one that is dropped receives `None`.
    async fn answer<S: BatchSource<Item = T>>(&self, source: &Arc<S>, mut waiting: Vec<Waiting<T>>) {
        // What came in while a page was under way may be on that page.
        self.answer_listed(&mut waiting);
        // The same operation as the listing most likely fails in the same way.
        let mut asks_for_many = S::AT_ONCE > 0;
        while let Some(marker) = self.next_page::<S>(keys(&waiting).len()) {
            let requested = (Instant::now(), self.writes.count());
            match source.page(marker.clone()).await {
                Ok(page) => {
                    self.take(marker, page, requested, &mut waiting);
                    self.answer_next_wave();
                }
                Err(error) => {
                    self.listing_failed::<S>(&error);
                    asks_for_many &= !S::ONE_PERMISSION;
                    break;
                }
            }
            // A page may have waited longer, after throttling, than a read has time.
            waiting.retain(|it| !it.answer.is_closed());
        }
        let all_listed = self.state().listing.next == Next::End;
        if let Some(absent) = S::absent().filter(|_| all_listed) {
            for it in waiting.drain(..) {
                it.answer(&absent);
            }
        }
        let mut unlisted = 0;
        let missing = keys(&waiting);
        if missing.len() > 1 && asks_for_many && self.state().takes_many {
            unlisted = missing.len().div_ceil(S::AT_ONCE);
            self.ask_for_many(source, missing, &mut waiting).await;
        }
        let missing = keys(&waiting).len();
        let mut state = self.state();
        state.alone += missing;
        state.record_unlisted(unlisted + missing);
    }

    /// Gives up the listing if AWS would refuse it again. Any other error, such as throttling, ends it for these reads
    /// only: single calls instead of it would cost more, when AWS accepts few.
    fn listing_failed<S: BatchSource>(&self, error: &AwsError) {
        if !is_final(error) {
            tracing::debug!(%error, "a listing failed; the reads that wait for it call AWS themselves");
            return;
        }
        let mut state = self.state();
        state.lists = false;
        state.takes_many &= !S::ONE_PERMISSION;
    }

    /// Answers the reads whose objects are in the listing.
    fn answer_listed(&self, waiting: &mut Vec<Waiting<T>>) {
        let since = waiting.iter().filter_map(|it| it.since).max();
        let mut state = self.state();
        state.refresh(self.writes.count(), since);
        let listing = &mut state.listing;
        listing.answered += answer_from(&listing.items, waiting);
    }

    /// Answers the reads that have come in since, whose objects are in the listing.
    fn answer_next_wave(&self) {
        let mut state = self.state();
        state.refresh(self.writes.count(), None);
        let State { waiting, listing, .. } = &mut *state;
        // A poll of a wait may need a later listing.
        let begun = listing.begun.map(|(begun, _)| begun);
        if waiting.iter().all(|it| it.since <= begun) {
            listing.answered += answer_from(&listing.items, waiting);
        }
    }

    async fn ask_for_many<S: BatchSource<Item = T>>(
        &self,
        source: &Arc<S>,
        missing: BTreeSet<String>,
        waiting: &mut Vec<Waiting<T>>,
    ) {
        let missing: Vec<String> = missing.into_iter().collect();
        let mut calls = JoinSet::new();
        for keys in missing.chunks(S::AT_ONCE).map(<[String]>::to_vec) {
            let source = Arc::clone(source);
            calls.spawn(redact::inherit(self.refusal.during(async move { source.some(keys).await })));
        }
        while let Some(answer) = calls.join_next().await {
            match answer {
                Ok(Ok(items)) => {
                    answer_from(&items.into_iter().collect(), waiting);
                }
                Ok(Err(error)) if !is_final(&error) => {
                    tracing::debug!(%error, "a call for many objects failed; their reads call AWS themselves");
                }
                _ => self.state().takes_many = false,
            }
        }
    }

    /// Where to go on listing for so many keys; `None` when that does not pay.
    fn next_page<S: BatchSource>(&self, missing: usize) -> Option<Option<String>> {
        let mut state = self.state();
        state.refresh(self.writes.count(), None);
        if !S::LISTS || !state.lists || state.paused.is_some() || missing == 0 {
            return None;
        }
        let listing = &state.listing;
        let pays = match listing.pages {
            0 => {
                let busy = self.activity.0.load(Ordering::Relaxed) >= BUSY;
                missing >= WORTHWHILE || state.alone >= ALONE || (busy && state.listing.poor == 0)
            }
            pages => missing >= WORTHWHILE || listing.answered >= WORTHWHILE * pages,
        };
        match &listing.next {
            Next::End => None,
            _ if !pays => None,
            Next::Start => Some(None),
            Next::Marker(marker) => Some(Some(marker.clone())),
        }
    }

    /// Takes in the page at `marker`, `requested` at that time and count of writes, and answers the reads whose objects
    /// are on it.
    fn take(
        &self,
        marker: Option<String>,
        page: Page<T>,
        requested: (Instant, u64),
        waiting: &mut Vec<Waiting<T>>,
    ) {
        let Page { items, next } = page;
        let items: HashMap<String, T> = items.into_iter().collect();
        let answered = answer_from(&items, waiting);
        let mut state = self.state();
        let State { waiting: next_wave, listing, .. } = &mut *state;
        if listing.next != marker.map_or(Next::Start, Next::Marker) {
            // The listing was begun again meanwhile; this page is good for those who
            // wait, as they asked before it was taken, and for nobody else.
            return;
        }
        listing.begun.get_or_insert(requested);
        listing.returned.get_or_insert_with(Instant::now);
        // Of fifty reads at a time, only the first few are in the wave that begins the listing; the page answers the next
        // wave too.
        let helps_next = || next_wave.iter().any(|it| items.contains_key(&it.key));
        let is_poor = answered == 0 && !helps_next();
        listing.items.extend(items);
        listing.pages += 1;
        listing.answered += answered;
        // A marker that repeats would begin the same pages again.
        let repeats = next.as_ref().is_some_and(|next| !listing.markers.insert(next.clone()));
        listing.next = next.map_or(Next::End, Next::Marker);
        listing.poor = if is_poor { listing.poor + 1 } else { 0 };
        let pauses = listing.poor >= POOR_PAGES && listing.next != Next::End;
        if repeats {
            state.lists = false;
        } else if pauses {
            state.paused = Some(0);
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    /// Forgets a listing that is void, or was begun before `since`.
    fn refresh(&mut self, writes: u64, since: Option<Instant>) {
        let is_stale = self.listing.returned.is_some_and(|returned| returned.elapsed() > STALE);
        let void = |(begun, at): (Instant, u64)| {
            at != writes || is_stale || since.is_some_and(|since| begun < since)
        };
        if self.listing.begun.is_some_and(void) {
            self.listing = Listing::new(self.listing.poor);
        }
    }

    /// Whether waiting for others can lead to anything.
    fn helps<S: BatchSource>(&self) -> bool {
        let lists = S::LISTS && self.lists && self.paused.is_none() && self.listing.next != Next::End;
        lists || (S::AT_ONCE > 0 && self.takes_many)
    }

    /// Counts calls that a paused listing could have saved, and resumes it after [`PAUSE`] of them.
    fn record_unlisted(&mut self, calls: usize) {
        let Some(sum) = self.paused.map(|before| before + calls) else { return };
        self.paused = (sum < PAUSE).then_some(sum);
        if self.paused.is_none() {
            self.listing.poor = 0;
        }
    }
}

/// Whether AWS would refuse the call again, whatever the account holds: the permission or the operation is missing. A
/// network that does not reach the endpoint, such as a VPC without an endpoint of the service, is not tried again either:
/// each attempt waits for tens of seconds. An outage of an endpoint that has answered before passes.
fn is_final(error: &AwsError) -> bool {
    match error.kind() {
        _ if error.is_outage() => false,
        ErrorKind::Service { http_status, .. } => {
            NOT_IMPLEMENTED.contains(http_status) || error.is(DENIED) || error.is(UNKNOWN_OPERATION)
        }
        ErrorKind::Dispatch { .. }
        | ErrorKind::Timeout { .. }
        | ErrorKind::Credentials { .. }
        | ErrorKind::Config { .. }
        | ErrorKind::WrongAccount { .. } => true,
        ErrorKind::Cancelled | ErrorKind::GivenUp | ErrorKind::Response { .. } => false,
    }
}
