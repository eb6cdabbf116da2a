//! Waits that share their polls.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::super::Writes;
use super::super::batcher::{BatchSource, Page};
use super::{Account, CHANGED, all, batcher, names};
use crate::aws::call::waits::{Waiting, Waits};
use crate::aws::tests::http_client::answer_with;
use crate::aws::{Aws, AwsError, Cancel, Poll, Service, WaitPlan, call, wait_for, wait_sharing};

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
        for (late, (_, end)) in late.iter().zip(&waits) {
            // The last two poll as one or two groups do.
            let shares = waits.iter().filter(|(_, other)| other >= end).count() > 2;
            assert!(*late <= if shares { 5.0 } else { 19.0 }, "{late} s after an end at {end} s");
        }
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
