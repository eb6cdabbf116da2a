use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_like::all;

use super::batcher::{ActivityCounter, BatchSource, Batcher, Page};
use super::{STALE, Writes};
use crate::aws::{AwsError, Cancel, Poll, WaitPlan, wait_sharing};

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
    refuses: bool,
    /// How much every object grows from one listing to the next.
    ages: u32,
    listed: u32,
    calls: Vec<String>,
}

impl<const N: usize, const E: bool> Account<N, E> {
    fn of(names: impl IntoIterator<Item = String>, page_size: usize) -> Self {
        let objects = names.into_iter().map(|name| (name, 1)).collect();
        Self(Arc::new(Mutex::new(Book { objects, page_size, ..Book::default() })))
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }

    fn refused() -> AwsError {
        AwsError::config("Denied.", "Allow it.")
    }
}

#[async_trait]
impl<const N: usize, const E: bool> BatchSource for Account<N, E> {
    type Item = u32;
    const LISTS: bool = true;
    const AT_ONCE: usize = N;

    async fn page(&self, marker: Option<String>) -> Result<Page<u32>, AwsError> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push("page".to_owned());
        if book.refuses {
            return Err(Self::refused());
        }
        let begin = marker.map_or(0, |marker| marker.parse().unwrap());
        let end = (begin + book.page_size).min(book.objects.len());
        let items = book.objects.iter().skip(begin).take(end - begin);
        let items = items.map(|(key, value)| (key.clone(), *value + book.listed)).collect();
        book.listed += if begin == 0 { book.ages } else { 0 };
        Ok(Page { items, next: (end < book.objects.len()).then(|| end.to_string()) })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, u32)>, AwsError> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut book = self.0.lock().unwrap();
        book.calls.push(format!("some {}", keys.len()));
        if book.refuses {
            return Err(Self::refused());
        }
        Ok(keys.into_iter().filter_map(|key| Some((key.clone(), *book.objects.get(&key)?))).collect())
    }

    fn absent() -> Option<u32> {
        E.then_some(0)
    }
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
    account.0.lock().unwrap().refuses = true;
    assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
    assert_eq!(account.calls(), ["page", "some 8"]);
    account.0.lock().unwrap().refuses = false;
    assert_eq!(ask(&batcher, &account, &names("own", 8)).await, vec![None; 8]);
    assert_eq!(account.calls(), [""; 0]);
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
/// they ask once in two seconds, and none receives the same answer twice.
#[tokio::test(start_paused = true)]
async fn waits_share_their_polls_and_never_see_an_answer_twice() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 50), 100));
    account.0.lock().unwrap().ages = 1;
    let plan = WaitPlan::new("a group to be available", Duration::from_secs(120));
    let polls = all(names("own", 50).into_iter().map(|key| {
        let (batcher, account, plan) = (Arc::clone(&batcher), account.clone(), plan.clone());
        async move {
            let visited = Mutex::new((0_u32, Vec::new()));
            let waited: Result<(), _> = wait_sharing(&Cancel::new(), &plan, async |since| {
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
    assert!(requested < 90, "{requested} calls");
}
