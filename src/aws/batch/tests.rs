use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_like::all;
use tokio::time::Instant;

use super::batcher::{ActivityCounter, BatchSource, Batcher, Page};
use super::{Batchers, Reads, STALE, Writes};
use crate::aws::call::waits::{Waiting, Waits};
use crate::aws::tests::http_client::answer_with;
use crate::aws::{Aws, AwsError, Cancel, ErrorKind, Poll, Service, WaitPlan, call, wait_for, wait_sharing};
use crate::testing::aws::FakeAws;

/// Running futures together without a crate for it.
mod futures_like {
    pub(super) async fn all<T: Send + 'static>(
        futures: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
    ) -> Vec<T> {
        let tasks: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
        let mut done = Vec::new();
        for task in tasks {
            done.push(task.await.unwrap());
        }
        done
    }
}

/// An account with these objects, and a record of what was asked.
#[derive(Debug, Clone, Default)]
struct Account<const AT_ONCE: usize, const ABSENT_IS_EMPTY: bool = false>(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    objects: BTreeMap<String, u32>,
    page_size: usize,
    refusal: Option<AwsError>,
    /// How much every object grows from one listing to the next.
    ages: u32,
    listed: u32,
    /// When objects become [`CHANGED`].
    changes: BTreeMap<String, Instant>,
    calls: Vec<String>,
    /// How long a page takes beyond the usual.
    delay: Duration,
}

/// The value of an object that has changed.
const CHANGED: u32 = 1_000;

impl Book {
    fn value(&self, key: &str, value: u32) -> u32 {
        match self.changes.get(key) {
            Some(change) if *change <= Instant::now() => CHANGED,
            _ => value + self.listed,
        }
    }
}

impl<const N: usize, const E: bool> Account<N, E> {
    fn of(names: impl IntoIterator<Item = String>, page_size: usize) -> Self {
        let objects = names.into_iter().map(|name| (name, 1)).collect();
        Self(Arc::new(Mutex::new(Book { objects, page_size, ..Book::default() })))
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }

    fn refuse(&self, refusal: Option<AwsError>) {
        self.0.lock().unwrap().refusal = refusal;
    }

    /// One object, by a call of its own.
    async fn describe(&self, key: &str) -> u32 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push("describe".to_owned());
        book.value(key, 1)
    }
}

#[async_trait]
impl<const N: usize, const E: bool> BatchSource for Account<N, E> {
    type Item = u32;
    const LISTS: bool = true;
    const AT_ONCE: usize = N;
    const ONE_PERMISSION: bool = E;

    async fn page(&self, marker: Option<String>) -> Result<Page<u32>, AwsError> {
        let delay = self.0.lock().unwrap().delay;
        tokio::time::sleep(Duration::from_millis(50) + delay).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push("page".to_owned());
        if let Some(refusal) = &book.refusal {
            return Err(refusal.clone());
        }
        let begin = marker.map_or(0, |marker| marker.parse().unwrap());
        let end = (begin + book.page_size).min(book.objects.len());
        let items = book.objects.iter().skip(begin).take(end - begin);
        let items = items.map(|(key, value)| (key.clone(), book.value(key, *value))).collect();
        book.listed += if begin == 0 { book.ages } else { 0 };
        Ok(Page { items, next: (end < book.objects.len()).then(|| end.to_string()) })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, u32)>, AwsError> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push(format!("some {}", keys.len()));
        if let Some(refusal) = &book.refusal {
            return Err(refusal.clone());
        }
        Ok(keys.into_iter().filter_map(|key| Some((key.clone(), *book.objects.get(&key)?))).collect())
    }

    fn absent() -> Option<u32> {
        E.then_some(0)
    }
}

/// An error that AWS returns.
fn refusal(code: &str, http_status: u16) -> AwsError {
    let kind =
        ErrorKind::Service { code: code.to_owned(), message: String::new(), request_id: None, http_status };
    AwsError::new(Service::ElastiCache, "DescribeReplicationGroups", kind)
}

fn denied() -> AwsError {
    refusal("AccessDenied", 403)
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{prefix}-{i:04}")).collect()
}

fn batcher(writes: &Writes) -> Arc<Batcher<u32>> {
    Batcher::new(writes, &ActivityCounter::default())
}

/// Asks for all keys at the same time.
async fn ask<const N: usize, const E: bool>(
    batcher: &Arc<Batcher<u32>>,
    account: &Account<N, E>,
    keys: &[String],
) -> Vec<Option<u32>> {
    all(keys.iter().cloned().map(|key| {
        let (batcher, account) = (Arc::clone(batcher), account.clone());
        async move { batcher.find(&key, None, || account).await }
    }))
    .await
}

#[tokio::test(start_paused = true)]
async fn one_read_alone_is_left_to_a_call_of_its_own() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<100>::of(names("own", 3), 100));
    assert_eq!(ask(&batcher, &account, &names("own", 1)).await, [None]);
    assert_eq!(account.calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn reads_at_the_same_time_share_a_listing_and_later_ones_take_from_it() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    assert_eq!(ask(&batcher, &account, &names("own", 10)).await, vec![Some(1); 10]);
    assert_eq!(ask(&batcher, &account, &names("own", 50)).await, vec![Some(1); 50]);
    assert_eq!(account.calls(), ["page"]);
}

#[tokio::test(start_paused = true)]
async fn reads_one_after_the_other_come_to_share_a_listing() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    let mut answered = Vec::new();
    for name in names("own", 6) {
        answered.extend(ask(&batcher, &account, &[name]).await);
    }
    assert_eq!(answered, [None, None, None, Some(1), Some(1), Some(1)]);
    assert_eq!(account.calls(), ["page"]);
}

/// A read that comes while the page is under way that it is on.
#[tokio::test(start_paused = true)]
async fn a_read_during_a_listing_is_answered_from_it() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<100, true>::of(names("own", 50), 100));
    let late = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        ask(&batcher, &account, &["own-0040".to_owned()]).await
    };
    let names = names("own", 3);
    let (early, late) = tokio::join!(ask(&batcher, &account, &names), late);
    assert_eq!((early, late), (vec![Some(1); 3], vec![Some(1)]));
    assert_eq!(account.calls(), ["page"]);
}

/// Absence is never told: whoever asked for what is not listed has to ask by itself.
#[tokio::test(start_paused = true)]
async fn what_is_not_listed_is_not_answered() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<100>::of(names("own", 2), 100));
    let requested = [names("own", 2), names("gone", 2)].concat();
    assert_eq!(ask(&batcher, &account, &requested).await, [Some(1), Some(1), None, None]);
}

#[tokio::test(start_paused = true)]
async fn what_the_index_does_not_list_has_no_tags() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<100, true>::of(names("own", 2), 100));
    let requested = [names("own", 2), names("untagged", 2)].concat();
    assert_eq!(ask(&batcher, &account, &requested).await, [Some(1), Some(1), Some(0), Some(0)]);
    assert_eq!(ask(&batcher, &account, &names("other", 1)).await, [Some(0)]);
    assert_eq!(account.calls(), ["page"]);
}

#[tokio::test(start_paused = true)]
async fn an_account_of_others_costs_two_pages_and_no_more() {
    let foreign = [names("a-foreign", 5000), names("own", 20)].concat();
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(foreign, 100));
    for wave in names("own", 20).chunks(10) {
        assert_eq!(ask(&batcher, &account, wave).await, vec![None; 10]);
    }
    assert_eq!(account.calls(), ["page", "page"]);
}

#[tokio::test(start_paused = true)]
async fn where_listing_does_not_pay_keys_are_asked_for_together() {
    let foreign = [names("a-foreign", 5000), names("own", 30)].concat();
    let (batcher, account) = (batcher(&Writes::default()), Account::<10>::of(foreign, 100));
    assert_eq!(ask(&batcher, &account, &names("own", 25)).await, vec![Some(1); 25]);
    let mut calls = account.calls();
    calls.sort();
    assert_eq!(calls, ["page", "page", "some 10", "some 10", "some 5"]);
}

/// Listing goes on only as long as it pays: the last one missing is asked for alone.
#[tokio::test(start_paused = true)]
async fn paging_stops_when_single_calls_are_cheaper() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 500), 100));
    let mut requested = names("own", 3);
    requested.push("zzz".to_owned());
    assert_eq!(ask(&batcher, &account, &requested).await, [Some(1), Some(1), Some(1), None]);
    assert!(account.calls().len() <= 3);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_silent_and_the_last_attempt() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<10>::of(names("own", 30), 100));
    account.refuse(Some(denied()));
    assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
    assert_eq!(account.calls(), ["page", "some 8"]);
    account.refuse(None);
    assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
    assert_eq!(account.calls(), [""; 0]);
}

/// Single calls instead of the listing would multiply the calls when AWS accepts few.
#[tokio::test(start_paused = true)]
async fn a_throttled_page_ends_the_listing_for_its_wave_only() {
    let own = names("own", 8);
    for error in [refusal("Throttling", 400), refusal("InternalFailure", 500)] {
        let (plain, account) = (batcher(&Writes::default()), Account::<10>::of(names("own", 30), 100));
        account.refuse(Some(error.clone()));
        assert_eq!(ask(&plain, &account, &own).await, vec![None; 8]);
        assert_eq!(account.calls(), ["page", "some 8"]);
        account.refuse(None);
        assert_eq!(ask(&plain, &account, &own).await, vec![Some(1); 8]);
        assert_eq!(account.calls(), ["page"]);

        let (index, account) = (batcher(&Writes::default()), Account::<10, true>::of(names("own", 30), 100));
        account.refuse(Some(error));
        assert_eq!(ask(&index, &account, &own).await, vec![None; 8]);
        assert_eq!(account.calls(), ["page"], "both ways are one operation");
        account.refuse(None);
        assert_eq!(ask(&index, &account, &own).await, vec![Some(1); 8]);
        assert_eq!(account.calls(), ["page"]);
    }
}

/// A page that fails after others keeps those, and the next wave goes on where it failed.
#[tokio::test(start_paused = true)]
async fn a_listing_continues_at_the_page_that_was_throttled() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 200), 100));
    let (first, last) = (names("own", 4), names("own", 200).split_off(196));
    let throttle = async {
        tokio::time::sleep(Duration::from_millis(75)).await;
        account.refuse(Some(refusal("Throttling", 400)));
    };
    let requested = [first.clone(), last.clone()].concat();
    let (answers, ()) = tokio::join!(ask(&batcher, &account, &requested), throttle);
    assert_eq!(answers, [vec![Some(1); 4], vec![None; 4]].concat());
    assert_eq!(account.calls(), ["page", "page"]);
    account.refuse(None);
    assert_eq!(ask(&batcher, &account, &last).await, vec![Some(1); 4]);
    assert_eq!(ask(&batcher, &account, &first).await, vec![Some(1); 4]);
    assert_eq!(account.calls(), ["page"]);
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_the_endpoint_does_not_have_is_given_up() {
    let unreachable = ErrorKind::Dispatch { detail: "connection refused".to_owned() };
    for error in [
        refusal("UnknownOperationException", 400),
        refusal("InvalidAction", 400),
        refusal("InternalFailure", 501),
        AwsError::new(Service::Tagging, "GetResources", unreachable),
    ] {
        let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 30), 100));
        account.refuse(Some(error.clone()));
        assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
        account.refuse(None);
        assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
        assert_eq!(account.calls(), ["page"], "{error}");
    }
}

/// As in a plan with `-parallelism=50`. The listing begins for the first few reads, which are all on its last page.
#[tokio::test(start_paused = true)]
async fn fifty_reads_at_a_time_share_all_pages_of_a_listing() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 500), 100));
    let all_names = names("own", 500);
    let order = (490..500).chain((0..490_usize).map(|i| i * 37 % 490));
    let queue: Vec<String> = order.map(|i| all_names[i].clone()).collect();
    let queue = Arc::new(Mutex::new(queue.into_iter()));
    let unanswered = all((0..50).map(|worker| {
        let (batcher, account, queue) = (Arc::clone(&batcher), account.clone(), Arc::clone(&queue));
        async move {
            tokio::time::sleep(Duration::from_millis(worker)).await;
            let mut unanswered = 0;
            loop {
                let next = queue.lock().unwrap().next();
                let Some(key) = next else { return unanswered };
                let answer = batcher.find(&key, None, || account.clone()).await;
                unanswered += usize::from(answer.is_none());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }))
    .await;
    assert_eq!(unanswered.iter().sum::<usize>(), 0);
    assert_eq!(account.calls(), ["page"; 5]);
}

/// Pages that answer nothing do not prove that later ones do not.
#[tokio::test(start_paused = true)]
async fn a_paused_listing_continues_after_many_single_calls() {
    let objects = [names("a-foreign", 300), names("own", 50)].concat();
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(objects, 100));
    for _ in 0..3 {
        assert_eq!(ask(&batcher, &account, &names("own", 10)).await, vec![None; 10]);
    }
    assert_eq!(account.calls(), ["page", "page"]);
    let answers = ask(&batcher, &account, &names("own", 10)).await;
    assert_eq!(answers, [vec![None; 2], vec![Some(1); 8]].concat());
    assert_eq!(account.calls(), ["page", "page"]);
}

/// A page that waits behind the rate limit may take longer than the reads have time.
#[tokio::test(start_paused = true)]
async fn a_listing_ends_when_no_read_waits_for_it() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 500), 100));
    let mut requested = names("own", 500).split_off(492);
    requested.extend(["own-0000", "own-0100"].map(str::to_owned));
    // Not in tasks: the timeout drops them.
    let reads = requested.iter().map(|key| batcher.find(key, None, || account.clone()));
    let reads = futures_util::future::join_all(reads);
    assert!(tokio::time::timeout(Duration::from_millis(80), reads).await.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(account.calls(), ["page", "page"]);
}

/// A request may wait longer behind the rate limit than a listing is valid.
#[tokio::test(start_paused = true)]
async fn a_page_that_took_long_answers_later_reads() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    account.0.lock().unwrap().delay = STALE * 2;
    assert_eq!(ask(&batcher, &account, &names("own", 10)).await, vec![Some(1); 10]);
    assert_eq!(ask(&batcher, &account, &names("own", 50)).await, vec![Some(1); 50]);
    assert_eq!(account.calls(), ["page"]);
}

/// In the middle of a plan of many objects, the first of a kind is not described alone.
#[tokio::test(start_paused = true)]
async fn a_single_read_among_many_of_other_kinds_begins_a_listing() {
    let activity = ActivityCounter::default();
    let (others, batcher) =
        (Batcher::new(&Writes::default(), &activity), Batcher::new(&Writes::default(), &activity));
    let (foreign, account) =
        (Account::<0>::of(names("other", 10), 100), Account::<0>::of(names("own", 50), 100));
    ask(&others, &foreign, &names("other", 10)).await;
    for name in names("own", 3) {
        assert_eq!(ask(&batcher, &account, &[name]).await, [Some(1)]);
    }
    assert_eq!(account.calls(), ["page"]);
}

/// The index of tags has one action for both ways.
#[tokio::test(start_paused = true)]
async fn a_refusal_holds_for_both_ways_where_they_require_the_same_permission() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<10, true>::of(names("own", 30), 100));
    account.refuse(Some(denied()));
    assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
    assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
    assert_eq!(account.calls(), ["page"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_makes_what_was_listed_void() {
    let writes = Writes::default();
    let (batcher, account) = (batcher(&writes), Account::<0>::of(names("own", 50), 100));
    ask(&batcher, &account, &names("own", 10)).await;
    writes.one_more();
    account.0.lock().unwrap().objects.values_mut().for_each(|value| *value = 2);
    assert_eq!(ask(&batcher, &account, &names("own", 10)).await, vec![Some(2); 10]);
    assert_eq!(account.calls(), ["page", "page"]);
}

/// A listing taken while something was written answers those who asked before, and is
/// not kept for those who ask after.
#[tokio::test(start_paused = true)]
async fn a_write_during_a_listing_makes_it_void() {
    let writes = Writes::default();
    let (batcher, account) = (batcher(&writes), Account::<0>::of(names("own", 50), 100));
    let writer = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        writes.one_more();
    };
    let own = names("own", 10);
    let (first, ()) = tokio::join!(ask(&batcher, &account, &own), writer);
    assert_eq!(first, vec![Some(1); 10]);
    ask(&batcher, &account, &own).await;
    assert_eq!(account.calls(), ["page", "page"]);
}

#[tokio::test(start_paused = true)]
async fn a_listing_grows_old() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    ask(&batcher, &account, &names("own", 10)).await;
    tokio::time::advance(STALE + Duration::from_secs(1)).await;
    ask(&batcher, &account, &names("own", 10)).await;
    assert_eq!(account.calls(), ["page", "page"]);
}

/// Whoever asked first may be cancelled; the others are answered all the same.
#[tokio::test(start_paused = true)]
async fn the_first_to_ask_may_leave() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    let own = names("own", 3);
    let first = tokio::spawn({
        let (batcher, account, key) = (Arc::clone(&batcher), account.clone(), own[0].clone());
        async move { batcher.find(&key, None, || account).await }
    });
    tokio::task::yield_now().await;
    first.abort();
    assert_eq!(ask(&batcher, &account, &own[1..]).await, [Some(1), Some(1)]);
}

proptest::proptest! {
    /// Whatever is asked in whatever order: an answer is what the account holds, and
    /// the calls are never many more than single calls would have been.
    #[test]
    fn answers_are_true_and_cost_no_more(
        own in 0_usize..60,
        foreign in 0_usize..600,
        page_size in 1_usize..120,
        waves in proptest::collection::vec(proptest::collection::btree_set(0_usize..80, 1..12), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let held = [names("a-foreign", foreign), names("own", own)].concat();
            let (batcher, account) = (batcher(&Writes::default()), Account::<10>::of(held, page_size));
            let (mut alone, mut requested) = (0, 0);
            for wave in waves {
                let keys: BTreeSet<String> = wave.into_iter().map(|i| format!("own-{i:04}")).collect();
                let keys: Vec<String> = keys.into_iter().collect();
                requested += keys.len();
                for (key, answer) in keys.iter().zip(ask(&batcher, &account, &keys).await) {
                    let there = account.0.lock().unwrap().objects.get(key).copied();
                    assert!(answer.is_none() || answer == there, "{key}: {answer:?}, but {there:?}");
                    alone += usize::from(answer.is_none());
                }
            }
            let calls = account.calls().len() + alone;
            assert!(calls <= 2 * requested + 2, "{calls} calls for {requested} reads");
        });
    }
}

/// Fifty waits poll for two minutes. Alone they would ask 600 times and more; together
/// they ask once in three seconds, and none receives the same answer twice.
#[tokio::test(start_paused = true)]
async fn waits_share_their_polls_and_never_see_an_answer_twice() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    account.0.lock().unwrap().ages = 1;
    let plan = WaitPlan::new("a group to be available", Duration::from_secs(120));
    let waits = Waits::new();
    let polls = all(names("own", 50).into_iter().map(|key| {
        let (batcher, account, plan) = (Arc::clone(&batcher), account.clone(), plan.clone());
        let waiting = Waiting::new(&waits);
        async move {
            let visited = Mutex::new((0_u32, Vec::new()));
            let waited: Result<(), _> = wait_sharing(&Cancel::new(), &plan, &waiting, async |since| {
                let found = batcher.find(&key, Some(since), || account.clone()).await;
                let mut visited = visited.lock().unwrap();
                visited.0 += 1;
                visited.1.extend(found);
                Ok(Poll::Pending { status: "creating".to_owned() })
            })
            .await;
            assert!(waited.is_err());
            let (polls, answers) = visited.into_inner().unwrap();
            let fresh: BTreeSet<u32> = answers.iter().copied().collect();
            assert_eq!(fresh.len(), answers.len(), "an answer was seen twice: {answers:?}");
            polls
        }
    }))
    .await;
    let requested = account.calls().len();
    assert!(polls.iter().sum::<u32>() > 500, "{polls:?}");
    assert!(requested < 60, "{requested} calls");
}

/// Waits for objects that change at the times of `ends`, each of which begins at the time beside it: the seconds
/// between change and end of each wait, and all calls.
async fn wait_for_all(waits: &[(f64, f64)]) -> (Vec<f64>, usize) {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", waits.len()), 100));
    let (begun, shared) = (Instant::now(), Waits::new());
    account.0.lock().unwrap().changes = names("own", waits.len())
        .into_iter()
        .zip(waits)
        .map(|(key, (_, end))| (key, begun + Duration::from_secs_f64(*end)))
        .collect();
    let late = all(names("own", waits.len()).into_iter().zip(waits.to_owned()).map(|(key, (start, end))| {
        let (batcher, account) = (Arc::clone(&batcher), account.clone());
        // What owns the waits is counted.
        let shared = Arc::downgrade(&shared);
        async move {
            tokio::time::sleep(Duration::from_secs_f64(start)).await;
            let waiting = Waiting::new(&shared.upgrade().unwrap());
            let plan = WaitPlan::new("a group to be available", Duration::from_secs(7200));
            let cancel = Cancel::new();
            let waited = wait_sharing(&cancel, &plan, &waiting, async |since| {
                let listed = match waiting.are_several() {
                    true => batcher.find(&key, Some(since), || account.clone()).await,
                    false => None,
                };
                let found = match listed {
                    Some(found) => found,
                    None => account.describe(&key).await,
                };
                Ok(match found {
                    CHANGED => Poll::Ready(()),
                    _ => Poll::Pending { status: "creating".to_owned() },
                })
            });
            waited.await.unwrap();
            begun.elapsed().as_secs_f64() - end.max(start)
        }
    }))
    .await;
    (late, account.calls().len())
}

fn paused<T>(test: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(test)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]

    /// As in an apply of many groups: all are created within some seconds, and ready within some seconds.
    #[test]
    fn many_waits_see_the_end_within_five_seconds(
        starts in proptest::collection::vec(0.0_f64..20.0, 6..16),
        created in 60.0_f64..600.0,
        apart in 0.0_f64..10.0,
    ) {
        let count = starts.len();
        let waits: Vec<_> = starts
            .iter()
            .enumerate()
            .map(|(i, start)| (*start, created + apart * f64::from(u32::try_from(i % 7).unwrap()) / 7.0))
            .collect();
        let (late, calls) = paused(wait_for_all(&waits));
        let latest = late.iter().copied().fold(0.0, f64::max);
        assert!(latest <= 5.0, "{latest} s");
        let waited: f64 = waits.iter().map(|(start, end)| end - start).sum();
        let budget = 12.0 * f64::from(u32::try_from(count).unwrap()) + waited / 15.0;
        assert!(f64::from(u32::try_from(calls).unwrap()) <= budget, "{calls} calls of {budget}");
    }

    /// Waits that begin and end at any time, and are mostly alone.
    #[test]
    fn any_number_of_waits_keeps_to_its_budget(
        waits in proptest::collection::vec((0.0_f64..300.0, 0.0_f64..1500.0), 1..8),
    ) {
        let waits: Vec<_> = waits.into_iter().map(|(start, lasts)| (start, start + lasts)).collect();
        let (late, calls) = paused(wait_for_all(&waits));
        let latest = late.iter().copied().fold(0.0, f64::max);
        assert!(latest <= 19.0, "{latest} s");
        let waited: f64 = waits.iter().map(|(start, end)| end - start).sum();
        let budget = 14.0 * f64::from(u32::try_from(waits.len()).unwrap()) + waited / 15.0 * 1.2;
        assert!(f64::from(u32::try_from(calls).unwrap()) <= budget, "{calls} calls of {budget}");
    }
}

/// Calls that AWS throttles, and that the SDK repeats for longer than any wait.
struct Throttled<const LISTS: bool>(Aws);

impl<const L: bool> Throttled<L> {
    async fn repeated(&self) {
        let (client, cancel) = (self.0.elasticache(None).await.unwrap(), Cancel::new());
        let _ = call(&cancel, Service::ElastiCache, "DescribeUsers", client.describe_users().send()).await;
        std::future::pending::<()>().await;
    }
}

#[async_trait]
impl<const L: bool> BatchSource for Throttled<L> {
    type Item = u32;
    const LISTS: bool = L;
    const AT_ONCE: usize = 2;

    async fn page(&self, _: Option<String>) -> Result<Page<u32>, AwsError> {
        self.repeated().await;
        Ok(Page { items: Vec::new(), next: None })
    }

    async fn some(&self, _: Vec<String>) -> Result<Vec<(String, u32)>, AwsError> {
        self.repeated().await;
        Ok(Vec::new())
    }
}

/// The errors of waits whose polls share calls that AWS throttles; the last one begins after the calls.
async fn timed_out_together<const LISTS: bool>() -> Vec<String> {
    let aws = Aws::for_tests(answer_with(|_| {
        let body = "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>\
                    <RequestId>req-42</RequestId></ErrorResponse>";
        let body = aws_smithy_types::body::SdkBody::from(body);
        http::Response::builder().status(400).body(body).unwrap()
    }));
    let batcher = batcher(&Writes::default());
    let waits = [0, 0, 0, 10].into_iter().enumerate().map(|(i, late)| {
        let (batcher, aws) = (Arc::clone(&batcher), aws.clone());
        async move {
            tokio::time::sleep(Duration::from_secs(late)).await;
            let plan = WaitPlan::new("it", Duration::from_secs(60));
            let key = format!("own-{i}");
            let poll = async || {
                batcher.find(&key, None, || Throttled::<LISTS>(aws.clone())).await;
                Ok(Poll::<()>::Pending { status: "creating".to_owned() })
            };
            wait_for(&Cancel::new(), &plan, poll).await.unwrap_err().to_string()
        }
    });
    futures_util::future::join_all(waits).await
}

/// A call for many waits is made in a task of its own, which no wait knows.
#[tokio::test(start_paused = true)]
async fn each_wait_tells_what_aws_refused_of_a_call_for_all() {
    let expected = "Waiting for it timed out after 1m00s. AWS refused it last with: ElastiCache DescribeUsers: \
                    Throttling: Rate exceeded (HTTP 400, request id req-42).";
    assert_eq!(timed_out_together::<true>().await, [expected; 4], "a listing");
    assert_eq!(timed_out_together::<false>().await, [expected; 4], "calls for many keys");
}

/// Reads of an AWS that is scripted.
fn reads(aws: &FakeAws) -> Reads<'_> {
    let batchers = Arc::new(Batchers::new(&Writes::default()));
    Reads::new(aws.provider.aws().unwrap(), None, Some(batchers))
}

/// A call that names alarms says of each whether it exists; what is incomplete is left to another call.
#[tokio::test(start_paused = true)]
async fn alarms_are_described_together_by_their_names() {
    let aws = FakeAws::new(|call| {
        let existing = serde_json::json!({ "AlarmName": "existing", "AlarmArn": "arn:existing" });
        let cut = serde_json::json!({ "AlarmName": "cut" });
        let requested = String::from_utf8_lossy(&call.body).into_owned();
        let mut alarms = vec![existing, cut];
        alarms.retain(|alarm| alarm["AlarmName"].as_str().is_some_and(|name| requested.contains(name)));
        call.answer_json(&serde_json::json!({ "MetricAlarms": alarms, "CompositeAlarms": [] }))
    });
    let reads = reads(&aws);
    assert!(reads.alarm_of_name("existing").await.is_none(), "one name alone");
    assert_eq!(aws.operations(), [""; 0]);
    let (existing, missing, cut) = tokio::join!(
        reads.alarm_of_name("existing"),
        reads.alarm_of_name("missing"),
        reads.alarm_of_name("cut")
    );
    let arn = existing.unwrap().and_then(|alarm| alarm.alarm_arn().map(str::to_owned));
    assert_eq!(arn.as_deref(), Some("arn:existing"));
    assert!(missing.is_some_and(|missing| missing.is_none()) && cut.is_none());
    assert_eq!(aws.operations(), ["DescribeAlarms"]);
    let again = tokio::join!(reads.alarm_of_name("existing"), reads.alarm_of_name("missing"));
    assert!(again.0.is_some() && again.1.is_some());
    assert_eq!(aws.operations(), ["DescribeAlarms"], "no answer is kept");
}

#[tokio::test(start_paused = true)]
async fn parameters_that_were_written_are_read_together_without_decryption() {
    let aws = FakeAws::new(|call| {
        let body = call.json();
        assert_eq!(body["WithDecryption"], serde_json::json!(false));
        let parameter =
            |name: &serde_json::Value| serde_json::json!({ "Name": name, "ARN": "arn:a", "Value": "?" });
        let found: Vec<_> = body["Names"].as_array().unwrap().iter().map(parameter).collect();
        call.answer_json(&serde_json::json!({ "Parameters": found }))
    });
    let reads = reads(&aws);
    let names: Vec<String> = (0..12).map(|i| format!("/{i}")).collect();
    let found =
        futures_util::future::join_all(names.iter().map(|name| reads.encrypted_parameter(name))).await;
    assert!(found.iter().zip(&names).all(|(found, name)| found.as_ref().unwrap().name() == Some(name)));
    assert_eq!(aws.operations(), ["GetParameters", "GetParameters"]);
}
