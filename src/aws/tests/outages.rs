//! Waits while the network is interrupted.

use super::http_client::answer_or_fail;
use crate::aws::{Aws, AwsError, Cancel, Poll, Service, WaitError, WaitFailure, WaitPlan, call, wait_for};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// How an outage shows.
#[derive(Debug, Clone, Copy)]
enum Outage {
    Refused,
    Unresolved,
    ConnectTimeout,
    Other,
}

impl Outage {
    const ALL: [Self; 4] = [Self::Refused, Self::Unresolved, Self::ConnectTimeout, Self::Other];

    fn error(self) -> ConnectorError {
        match self {
            Self::Refused => ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
            Self::Unresolved => ConnectorError::io(io::Error::other("failed to lookup address").into()),
            Self::ConnectTimeout => ConnectorError::timeout(io::Error::other("connect timeout").into()),
            // As `ConnectRetry` reports it.
            Self::Other => ConnectorError::other(io::Error::other("tcp connect error").into(), None),
        }
    }
}

/// An AWS that cannot be reached in these seconds from now on, and otherwise answers; and the number of requests.
fn interrupted(outage: Outage, seconds: Range<u64>) -> (Aws, Arc<AtomicU32>) {
    let (begun, requests) = (Instant::now(), Arc::new(AtomicU32::new(0)));
    let counted = Arc::clone(&requests);
    let aws = Aws::for_tests(answer_or_fail(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        if seconds.contains(&begun.elapsed().as_secs()) {
            return Err(outage.error());
        }
        let body = "<DescribeUsersResponse><DescribeUsersResult/></DescribeUsersResponse>";
        Ok(http::Response::builder().status(200).body(SdkBody::from(body)).unwrap())
    }));
    (aws, requests)
}

async fn describe(aws: &Aws, cancel: &Cancel) -> Result<(), AwsError> {
    let client = aws.elasticache(None).await?;
    call(cancel, Service::ElastiCache, "DescribeUsers", client.describe_users().send()).await.map(drop)
}

/// Waits for something that AWS needs ten minutes for, and gives up after `minutes`.
async fn wait(aws: &Aws, cancel: &Cancel, minutes: u64) -> Result<(), WaitError> {
    let begun = Instant::now();
    let plan = WaitPlan::new("user \"a\" to be active", Duration::from_secs(60 * minutes));
    wait_for(cancel, &plan, async || {
        describe(aws, cancel).await?;
        Ok(match begun.elapsed() >= Duration::from_secs(600) {
            true => Poll::Ready(()),
            false => Poll::Pending { status: "creating".to_owned() },
        })
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_wait_survives_an_outage() {
    for outage in Outage::ALL {
        for seconds in [30..100, 30..900, 1..3] {
            let (aws, requests) = interrupted(outage, seconds.clone());
            let begun = Instant::now();
            wait(&aws, &Cancel::new(), 40).await.unwrap();
            let elapsed = begun.elapsed().as_secs();
            assert!((600..920).contains(&elapsed), "{outage:?} {seconds:?}: {elapsed} s");
            let requests = requests.load(Ordering::Relaxed);
            assert!(requests <= 12 + 900 / 15 + 2, "{outage:?} {seconds:?}: {requests} requests");
        }
    }
}

/// The create has been answered, and the first poll is not.
#[tokio::test(start_paused = true)]
async fn a_wait_that_begins_in_an_outage_goes_on_if_the_endpoint_has_answered_before() {
    let (aws, _) = interrupted(Outage::Other, 1..300);
    let cancel = Cancel::new();
    describe(&aws, &cancel).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    wait(&aws, &cancel, 40).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_once_if_the_endpoint_has_never_answered() {
    for outage in Outage::ALL {
        let (aws, requests) = interrupted(outage, 0..300);
        let begun = Instant::now();
        let error = wait(&aws, &Cancel::new(), 40).await.unwrap_err();
        assert!(matches!(error.failure, WaitFailure::Poll(_)), "{outage:?}: {error}");
        assert_eq!((begun.elapsed(), requests.load(Ordering::Relaxed)), (Duration::ZERO, 1), "{outage:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_times_out_in_an_outage_names_the_status_and_the_outage() {
    let (aws, _) = interrupted(Outage::Other, 30..3600);
    let error = wait(&aws, &Cancel::new(), 5).await.unwrap_err();
    assert!(matches!(error.failure, WaitFailure::TimedOut) && !error.is_last_status_current());
    assert_eq!(
        error.to_string(),
        "Waiting for user \"a\" to be active timed out after 5m00s; its last status was \"creating\". AWS could not be \
         reached last: ElastiCache DescribeUsers: the request could not be sent: tcp connect error."
    );
    // An outage that is over is no reason.
    let (aws, _) = interrupted(Outage::Other, 30..100);
    let error = wait(&aws, &Cancel::new(), 5).await.unwrap_err();
    assert!(error.is_last_status_current());
    assert_eq!(
        error.to_string(),
        "Waiting for user \"a\" to be active timed out after 5m00s; its last status was \"creating\"."
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_in_an_outage_stops_at_once_when_cancelled() {
    let (aws, _) = interrupted(Outage::Refused, 30..3600);
    let (begun, cancel) = (Instant::now(), Cancel::new());
    let stop = async {
        tokio::time::sleep(Duration::from_millis(100_500)).await;
        cancel.cancel();
    };
    let (waited, ()) = tokio::join!(wait(&aws, &cancel, 40), stop);
    let error = waited.unwrap_err();
    assert!(matches!(error.failure, WaitFailure::Cancelled), "{error}");
    assert!(error.to_string().contains("AWS could not be reached last: "), "{error}");
    assert!(begun.elapsed() < Duration::from_millis(100_510), "{:?}", begun.elapsed());
}

/// Nobody knows whether AWS has carried it out, so who sends it decides.
#[tokio::test(start_paused = true)]
async fn a_request_that_changes_something_is_not_repeated_in_an_outage() {
    let (aws, requests) = interrupted(Outage::Refused, 1..3600);
    let cancel = Cancel::new();
    describe(&aws, &cancel).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let client = aws.elasticache(None).await.unwrap();
    let plan = WaitPlan::new("user \"a\" to be deleted", Duration::from_secs(600));
    let error = wait_for::<(), _>(&cancel, &plan, async || {
        let request = client.delete_user().user_id("a").send();
        call(&cancel, Service::ElastiCache, "DeleteUser", request).await?;
        Ok(Poll::Ready(()))
    })
    .await
    .unwrap_err();
    assert!(matches!(&error.failure, WaitFailure::Poll(error) if !error.is_outage()), "{error}");
    assert_eq!(requests.load(Ordering::Relaxed), 2);
}
