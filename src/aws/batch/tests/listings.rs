//! Which reads a listing answers, and how many calls they cost.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::super::Writes;
use super::super::batcher::{ActivityCounter, Batcher};
use super::{Account, all, ask, batcher, names};

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

/// Pages take 50 ms. A read whose object is on the first one waits for no other page, whether it came in before the page
/// or while it was under way.
#[tokio::test(start_paused = true)]
async fn a_read_is_answered_as_soon_as_its_object_is_found() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 300), 100));
    let begun = Instant::now();
    let pages_until = async |wait: u64, keys: &[String]| {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        assert_eq!(ask(&batcher, &account, keys).await, vec![Some(1); keys.len()]);
        begun.elapsed().as_millis() / 50
    };
    let names = names("own", 300);
    let (first, third, late) = tokio::join!(
        pages_until(0, &names[..6]),
        pages_until(0, &names[299..]),
        pages_until(30, &names[10..11])
    );
    assert_eq!((first, late, third), (1, 1, 3));
    assert_eq!(account.calls(), ["page", "page", "page"]);
}

/// A listing never answers that an object does not exist: a read that is not in it describes its object itself.
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

/// The first read may be canceled; the others are still answered.
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
