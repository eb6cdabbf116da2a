//! Reads while AWS refuses a listing or a page of one.

use std::time::Duration;

use super::super::Writes;
use super::{Account, ask, batcher, denied, names, refusal};
use crate::aws::{AwsError, ErrorKind, Service};

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

/// As while many groups are being created: after the outage, one listing answers all waits again.
#[tokio::test(start_paused = true)]
async fn a_listing_is_resumed_after_an_outage() {
    let own = names("own", 8);
    let unreachable = ErrorKind::Dispatch { detail: "connection refused".to_owned() };
    let error = AwsError::new(Service::ElastiCache, "DescribeReplicationGroups", unreachable).of_outage();
    let (batcher, account) = (batcher(&Writes::default()), Account::<10>::of(names("own", 30), 100));
    account.refuse(Some(error));
    assert_eq!(ask(&batcher, &account, &own).await, vec![None; 8]);
    assert_eq!(account.calls(), ["page", "some 8"]);
    account.refuse(None);
    assert_eq!(ask(&batcher, &account, &own).await, vec![Some(1); 8]);
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

/// Those who come while the page is under way wait as well.
#[tokio::test(start_paused = true)]
async fn a_panic_leaves_the_reads_to_direct_calls() {
    let (batcher, account) = (batcher(&Writes::default()), Account::<0>::of(names("own", 30), 100));
    account.0.lock().unwrap().panics = true;
    let later = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        ask(&batcher, &account, &names("own", 4)).await
    };
    let own = names("own", 8);
    let both = async { tokio::join!(ask(&batcher, &account, &own), later) };
    let answers = tokio::time::timeout(Duration::from_secs(60), both).await;
    assert_eq!(answers.unwrap(), (vec![None; 8], vec![None; 4]));
    assert_eq!(ask(&batcher, &account, &own).await, vec![Some(1); 8]);
    assert_eq!(account.calls(), ["page", "page"]);
}
