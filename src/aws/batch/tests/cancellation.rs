//! Reads of an operation that is canceled.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::super::{Batchers, Reads, Writes};
use crate::aws::tests::http_client::never_answer;
use crate::aws::{Aws, Cancel, Scope};
use crate::services::cloudwatch::alarm;
use crate::services::elasticache::{replication_group, subnet_group};
use crate::services::ssm::parameter;
use crate::testing::aws::FakeAws;

const HOUR: Duration = Duration::from_secs(3600);

/// The seconds after which `reads` end, if the token fires after three.
async fn seconds_until_end(cancel: &Cancel, reads: impl Future<Output = ()>) -> u64 {
    let started = Instant::now();
    let stop = async {
        sleep(Duration::from_secs(3)).await;
        cancel.cancel();
    };
    let (ended, ()) = tokio::join!(timeout(HOUR, reads), stop);
    assert!(ended.is_ok(), "a read outlasts its operation");
    started.elapsed().as_secs()
}

/// The SDK alone would try for minutes.
#[tokio::test(start_paused = true)]
async fn every_read_ends_with_its_operation() {
    let (aws, cancel) = (Aws::for_tests(never_answer()), Cancel::new());
    let batchers = Arc::new(Batchers::new(&Writes::default()));
    let reads = Reads::new(&aws, None, Some(batchers)).until(&cancel);
    macro_rules! end_unanswered {
        ($($read:ident),*) => {
            seconds_until_end(&cancel, async {
                tokio::join!($(async {
                    // A key that is read alone is left to a direct call at once.
                    let (one, two) = tokio::join!(reads.$read("arn:one"), reads.$read("arn:two"));
                    assert!(one.is_none() && two.is_none() && cancel.is_cancelled(), stringify!($read));
                }),*);
            })
        };
    }
    let seconds = end_unanswered!(
        replication_group,
        cache_cluster,
        serverless_cache,
        subnet_group,
        parameter_group,
        user,
        user_group,
        alarm,
        alarm_of_name,
        encrypted_parameter,
        parameter,
        parameter_metadata,
        tags
    );
    assert_eq!(seconds.await, 3);
}

/// The direct call that follows a batched read reports the cancellation.
#[tokio::test(start_paused = true)]
async fn services_report_the_cancellation_of_a_batched_read() {
    let fake = FakeAws::distant(HOUR, |call| call.error("Unexpected", "No call ends."));
    let scope = Scope::new(fake.provider.aws().unwrap(), None, &fake.cancel, HOUR);
    let find = async |name: &str| {
        let (group, subnets, alarm, written, metadata) = tokio::join!(
            Box::pin(replication_group::find(&scope, name)),
            Box::pin(subnet_group::find(&scope, name)),
            Box::pin(alarm::describe_together(&scope, name)),
            Box::pin(parameter::find_written(&scope, name)),
            Box::pin(parameter::find(&scope, name, None)),
        );
        let errors = [group.err(), subnets.err(), alarm.err(), written.err(), metadata.err()];
        for error in errors {
            assert!(error.is_some_and(|error| error.is_cancelled()), "{name}");
        }
    };
    let both = async {
        tokio::join!(Box::pin(find("a")), Box::pin(find("b")));
    };
    assert_eq!(seconds_until_end(&fake.cancel, both).await, 3);
}

#[tokio::test(start_paused = true)]
async fn shared_call_goes_on_for_other_operations() {
    let fake = FakeAws::distant(Duration::from_secs(10), |call| {
        let group = |name: &str| {
            format!(
                "<CacheSubnetGroup><CacheSubnetGroupName>{name}</CacheSubnetGroupName><ARN>arn:{name}</ARN>\
                 </CacheSubnetGroup>"
            )
        };
        call.xml(&format!("<CacheSubnetGroups>{}{}</CacheSubnetGroups>", group("a"), group("b")))
    });
    let (aws, other) = (fake.provider.aws().unwrap(), Cancel::new());
    let (first, second) = (Scope::new(aws, None, &fake.cancel, HOUR), Scope::new(aws, None, &other, HOUR));
    let find = async || {
        let (first, second) = (first.reads(), second.reads());
        let (first, second) = tokio::join!(first.subnet_group("a"), second.subnet_group("b"));
        assert!(first.is_none());
        assert!(second.is_some_and(|group| group.cache_subnet_group_name() == Some("b")));
    };
    assert_eq!(seconds_until_end(&fake.cancel, find()).await, 10);
    assert_eq!(fake.operations(), ["DescribeCacheSubnetGroups"]);
}

/// What all have given up is not requested any more.
#[tokio::test(start_paused = true)]
async fn no_call_begins_after_the_cancellation() {
    let fake = FakeAws::distant(Duration::from_secs(10), |call| call.error("Unexpected", "No call is made."));
    fake.cancel.cancel();
    let scope = Scope::new(fake.provider.aws().unwrap(), None, &fake.cancel, HOUR);
    let reads = scope.reads();
    let (one, two) = tokio::join!(reads.subnet_group("a"), reads.subnet_group("b"));
    assert!(one.is_none() && two.is_none());
    sleep(Duration::from_secs(60)).await;
    assert_eq!(fake.operations(), [""; 0]);
}
