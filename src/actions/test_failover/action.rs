//! Testing the automatic failover of a shard.

use std::time::Duration;

use aws_sdk_elasticache::types::{AutomaticFailoverStatus, NodeGroup, ReplicationGroup};

use super::attributes::TestFailoverModel;
use crate::actions::replication_group::{Until, at, at_plan, existing, lower, planned, timeout};
use crate::aws::{AwsError, Found, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Action, ActionProgress, Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::services::elasticache::replication_group;
use crate::services::elasticache::roles::{self, Before, TESTS_PER_DAY};
use crate::value::Path;

/// `elasticache_test_failover`.
pub struct TestFailover;

impl Action for TestFailover {
    type Model = TestFailoverModel;

    fn type_name(&self) -> &'static str {
        "elasticache_test_failover"
    }

    fn timeout(&self, config: &TestFailoverModel) -> Duration {
        timeout(&config.timeout)
    }

    async fn plan(&self, cx: &Context<'_>, config: &TestFailoverModel) -> Diagnostics {
        let id = lower(&config.replication_group_id);
        let group = match planned(cx, &id).await {
            Ok(group) => group,
            Err(problem) => return problem,
        };
        if let Err(problem) = target(&group, config) {
            return at_plan(cx, &id, problem.into());
        }
        limit(cx).await.map(Diagnostics::from).unwrap_or_default()
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: TestFailoverModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let id = lower(&config.replication_group_id);
        let group = existing(cx, &id).await?;
        let shard = target(&group, &config)?;
        let shard_id = shard.node_group_id().unwrap_or_default();
        let what = format!("test the failover of shard {shard_id} of replication group {id:?}");
        let before = Before::of(cx.scope(), &id, shard).await.map_err(|error| failed(&what, &error))?;
        let from = before.primary().map(|node| format!(" from {node:?}")).unwrap_or_default();
        progress
            .say(format!("Starting a test failover of shard {shard_id} of replication group {id:?}{from}"));
        send(cx, &id, shard_id, &before).await.map_err(|error| refused(&what, &error))?;
        progress.goes_on(format!(
            "The failover of shard {shard_id} of replication group {id:?} continues in AWS."
        ));
        let moved = roles::wait_moved(cx.scope(), &id, shard_id, &before).await;
        let (from, to) = moved.map_err(|error| failed_wait(&what, &error))?;
        progress.say(format!(
            "The primary of shard {shard_id} moved from {from:?} to {to:?}; AWS replaces {from:?}"
        ));
        let until = Until(|_: &ReplicationGroup| None::<String>);
        let settled = replication_group::wait_available(cx.scope(), &id, &until).await;
        settled.map_err(|error| failed_wait(&what, &error))?;
        progress.goes_on("");
        progress.say(format!(
            "The primary of shard {shard_id} moved from {from:?} to {to:?}, and every node is available"
        ));
        Ok(())
    }
}

/// Sends the request, again while AWS changes the group. After a lost response it is sent again only if AWS has not
/// begun the failover.
async fn send(cx: &Context<'_>, id: &str, shard: &str, before: &Before) -> Result<(), AwsError> {
    let attempts = UnansweredAttempts::default();
    let sent = cx.scope().retry_if(roles::passes, async || {
        match roles::test_failover(cx.scope(), id, shard, &attempts).await {
            Err(error) if attempts.any() => match has_begun(cx, id, shard, before).await {
                true => Ok(()),
                false => Err(error),
            },
            answer => answer,
        }
    });
    sent.await
}

/// True if AWS is changing the group, or has moved the primary.
async fn has_begun(cx: &Context<'_>, id: &str, shard: &str, before: &Before) -> bool {
    let Ok(Found::Yes(group)) = replication_group::describe(cx.scope(), id).await else { return false };
    group.status() != Some("available")
        || matches!(before.moved(cx.scope(), &group, shard).await, Ok(Some(_)))
}

fn refused(what: &str, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(roles::TOO_MANY_TESTS) {
        diagnostic.detail.push_str(&format!(
            " AWS accepts at most {TESTS_PER_DAY} test failovers of an account in a Region in any 24 hours. Invoke the action \
             again when the first of them is 24 hours old."
        ));
    }
    diagnostic
}

/// A warning if the events of the Region show as many tests as AWS accepts in a day.
async fn limit(cx: &Context<'_>) -> Option<Diagnostic> {
    // The events are no reason to refuse: AWS counts.
    let tests = roles::tests_of_a_day(cx.scope()).await.ok()?;
    (tests >= TESTS_PER_DAY).then(|| {
        Diagnostic::warning(
            "AWS may refuse the test failover",
            format!(
                "AWS reported {tests} test failovers in this Region in the last 24 hours, and accepts at most {TESTS_PER_DAY} \
                 of an account in any 24 hours. Invoke the action later if it fails with APICallRateForCustomerExceeded."
            ),
        )
        .at(Path::attribute("replication_group_id"))
    })
}

/// The shard to fail over.
fn target<'a>(group: &'a ReplicationGroup, config: &TestFailoverModel) -> Result<&'a NodeGroup, Diagnostic> {
    let id = group.replication_group_id().unwrap_or_default();
    let shards = group.node_groups();
    let all = || shards.iter().filter_map(NodeGroup::node_group_id).collect::<Vec<_>>().join(", ");
    let shard = match (config.node_group_id.text(), shards) {
        (None, [only]) => only,
        (None, _) => {
            return Err(at(
                "node_group_id",
                "Missing node_group_id",
                format!(
                    "Replication group {id:?} has the shards {}. Set `node_group_id` to one of them.",
                    all()
                ),
            ));
        }
        (Some(desired), _) => roles::shard(group, &format!("{desired:0>4}")).ok_or_else(|| {
            at(
                "node_group_id",
                "Shard does not exist",
                format!(
                    "`node_group_id` is {desired:?}, but replication group {id:?} has the shards {}. Correct \
                     `node_group_id`.",
                    all()
                ),
            )
        })?,
    };
    let refusal = |summary, detail| Err(at("replication_group_id", summary, detail));
    if matches!(
        group.automatic_failover(),
        Some(AutomaticFailoverStatus::Disabled | AutomaticFailoverStatus::Disabling)
    ) {
        return refusal(
            "Automatic failover is disabled",
            format!(
                "AWS tests the failover of a replication group with automatic failover, which {id:?} does \
                 not have. Set its `automatic_failover_enabled = true` and apply that first, or use \
                 `elasticache_promote_replica`."
            ),
        );
    }
    if shard.node_group_members().len() < 2 {
        return refusal(
            "Shard has no replica",
            format!(
                "Shard {} of replication group {id:?} has no replica that could become the primary. Add a replica first.",
                shard.node_group_id().unwrap_or_default()
            ),
        );
    }
    Ok(shard)
}
