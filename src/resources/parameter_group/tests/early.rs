//! Warnings and errors that precede a refusal of AWS.

use std::time::Duration;

use tokio::time::Instant;

use super::{ParameterGroup, blocks, cache, group};
use crate::diag::Severity;
use crate::testing::aws::{FakeAws, config, problems};
use crate::value::Value;

const IN_USE: &str = "One or more cache clusters are still members.";

fn no_aws() -> FakeAws {
    FakeAws::new(|call| call.error("None", "A plan calls nothing."))
}

fn with<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut config = config(&ParameterGroup, [("name", "cache".into()), ("family", "redis7".into())]);
    if let Value::Map(all) = &mut config {
        all.extend(entries.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    config
}

#[test]
fn plan_warns_of_an_undocumented_family() {
    let warnings = |family: &str| {
        let plan = no_aws().plan(&ParameterGroup, &Value::Null, &with([("family", family.into())]));
        assert!(!plan.diags.has_errors());
        problems(&plan.diags)
    };
    let said = warnings("valkey88");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("family: Unknown parameter group family: ")
            && said[0].contains("Did you mean \"valkey8\"?")
    );
    for known in ["valkey9", "valkey8", "valkey7", "redis7", "redis6.x", "redis2.8", "memcached1.6"] {
        assert_eq!(warnings(known), [""; 0], "{known}");
    }
}

/// Change type `requires-reboot` of DescribeCacheParameters.
#[tokio::test]
async fn plan_warns_of_changes_that_require_a_reboot() {
    let aws = FakeAws::new(cache(|_| None));
    let created =
        aws.create(&ParameterGroup, group("cache", &[("databases", "16"), ("timeout", "20")])).await;
    assert_eq!(problems(&created.diags), [""; 0], "no cache uses a new parameter group");
    let plan = |parameters: &[(&str, &str)]| {
        let plan = aws.plan(&ParameterGroup, &created.state, &group("cache", parameters));
        plan.diags.iter().map(|it| (it.severity, it.summary.clone())).collect::<Vec<_>>()
    };
    let reboot = (Severity::Warning, "Parameter takes effect after a reboot".to_owned());
    assert_eq!(plan(&[("databases", "32"), ("timeout", "20")]), std::slice::from_ref(&reboot));
    assert_eq!(plan(&[("timeout", "20")]), [reboot], "a reset is a change");
    assert_eq!(plan(&[("databases", "16"), ("timeout", "30")]), []);
}

#[test]
fn wrong_value_is_reported_at_its_block_if_it_is_the_only_one() {
    let path = |parameters: &[(&str, &str)]| {
        let plan = no_aws().plan(&ParameterGroup, &Value::Null, &with([("parameter", blocks(parameters))]));
        plan.diags.iter().next().and_then(|it| it.path.clone()).unwrap_or_default().to_string()
    };
    assert_eq!(path(&[("timeout", "10")]), "parameter[0].value");
    assert_eq!(path(&[("timeout", "10"), ("databases", "16")]), "parameter");
}

#[tokio::test]
async fn replacement_with_another_name_has_no_warning() {
    let aws = FakeAws::new(cache(|_| None));
    let created = aws.create(&ParameterGroup, group("cache", &[])).await;
    let plan = |name: &str| {
        problems(
            &aws.plan(
                &ParameterGroup,
                &created.state,
                &with([("name", name.into()), ("family", "valkey8".into())]),
            )
            .diags,
        )
    };
    assert_eq!(plan("other"), [""; 0]);
    assert!(plan("cache")[0].contains("the old parameter group is deleted first"));
}

#[tokio::test]
async fn create_before_destroy_with_the_same_name_is_explained() {
    let aws = FakeAws::new(cache(|call| match call.operation.as_str() {
        "CreateCacheParameterGroup" if call.param("CacheParameterGroupFamily") == "valkey8" => {
            Some(call.error("CacheParameterGroupAlreadyExists", "It exists."))
        }
        _ => None,
    }));
    aws.create(&ParameterGroup, with([])).await;
    let created = aws.create(&ParameterGroup, with([("family", "valkey8".into())])).await;
    let said = problems(&created.diags);
    assert!(said[0].contains("The existing parameter group is of family redis7."), "{said:?}");
    assert!(said[0].contains("use `name_prefix` instead") && !said[0].contains("import"), "{said:?}");
}

/// A node of replication group `app` that has the parameter group.
fn node(status: &str, pending: &str) -> String {
    format!(
        "<CacheClusters><CacheCluster><CacheClusterId>app-001</CacheClusterId><ReplicationGroupId>app</ReplicationGroupId>\
         <CacheClusterStatus>{status}</CacheClusterStatus>\
         <PreferredMaintenanceWindow>sun:05:00-sun:07:00</PreferredMaintenanceWindow>\
         <CacheParameterGroup><CacheParameterGroupName>cache</CacheParameterGroupName></CacheParameterGroup>\
         <PendingModifiedValues>{pending}</PendingModifiedValues></CacheCluster></CacheClusters>"
    )
}

fn replication_group(status: &str) -> String {
    format!(
        "<ReplicationGroups><ReplicationGroup><ReplicationGroupId>app</ReplicationGroupId><Status>{status}</Status>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:replicationgroup:app</ARN></ReplicationGroup></ReplicationGroups>"
    )
}

/// An AWS that refuses `refusals` deletions of the parameter group, which a node uses. Node and replication group have
/// these statuses; a replication group without status does not exist.
fn in_use(
    mut refusals: u32,
    node_is: &'static str,
    group_is: &'static str,
    pending: &'static str,
) -> FakeAws {
    FakeAws::new(cache(move |call| match call.operation.as_str() {
        "DeleteCacheParameterGroup" if refusals > 0 => {
            refusals -= 1;
            Some(call.error("InvalidCacheParameterGroupState", IN_USE))
        }
        "DescribeCacheClusters" => Some(call.xml(&node(node_is, pending))),
        "DescribeReplicationGroups" if group_is.is_empty() => {
            Some(call.error("ReplicationGroupNotFoundFault", "ReplicationGroup app not found."))
        }
        "DescribeReplicationGroups" => Some(call.xml(&replication_group(group_is))),
        _ => None,
    }))
}

fn deletes(aws: &FakeAws) -> usize {
    aws.operations().iter().filter(|name| *name == "DeleteCacheParameterGroup").count()
}

#[tokio::test(start_paused = true)]
async fn delete_fails_at_once_while_a_change_waits_for_the_window() {
    let aws = in_use(u32::MAX, "available", "available", "<EngineVersion>8.0.1</EngineVersion>");
    let created = aws.create(&ParameterGroup, with([])).await;
    let started = Instant::now();
    let retained = aws.delete(&ParameterGroup, &created.state).await;
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(retained.state, created.state);
    let said = problems(&retained.diags);
    assert!(
        said[0].contains(
            "in use by replication group \"app\" (until its maintenance window sun:05:00-sun:07:00 UTC)"
        ),
        "{said:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn delete_fails_at_once_while_an_available_cache_uses_the_group() {
    let aws = in_use(u32::MAX, "available", "available", "");
    let created = aws.create(&ParameterGroup, with([])).await;
    aws.calls();
    let started = Instant::now();
    let retained = aws.delete(&ParameterGroup, &created.state).await;
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(deletes(&aws), 1);
    assert_eq!(retained.state, created.state);
    let said = problems(&retained.diags);
    assert!(said[0].contains(IN_USE.trim_end_matches('.')), "AWS's message: {said:?}");
    assert!(
        said[0].contains(
            "It is in use by replication group \"app\". Set `parameter_group_name` of the replication group to another"
        ),
        "{said:?}"
    );
}

/// A cache that AWS changes or deletes releases the parameter group.
#[tokio::test(start_paused = true)]
async fn delete_waits_for_a_cache_that_is_changed_or_deleted() {
    for (node_is, group_is) in [
        ("modifying", "available"),
        ("deleting", "available"),
        ("available", "modifying"),
        ("available", "deleting"),
        ("available", ""),
    ] {
        let aws = in_use(3, node_is, group_is, "");
        let created = aws.create(&ParameterGroup, with([])).await;
        aws.calls();
        let gone = aws.delete(&ParameterGroup, &created.state).await;
        assert_eq!(problems(&gone.diags), [""; 0], "node {node_is}, group {group_is}");
        assert!(gone.state.is_null());
        assert_eq!(deletes(&aws), 4);
    }
}

/// A change of this Terraform run may release the parameter group before AWS returns the new status.
#[tokio::test(start_paused = true)]
async fn delete_waits_for_a_change_of_this_run() {
    let key = || "replication group app in us-east-1".to_owned();
    let aws = in_use(3, "available", "available", "");
    let created = aws.create(&ParameterGroup, with([])).await;
    let change = aws.provider.ongoing.begin(key());
    let gone = aws.delete_replaced(&ParameterGroup, &created.state).await;
    drop(change);
    assert_eq!(problems(&gone.diags), [""; 0]);

    // If the group is still in use after the change has ended, the deletion does not wait until the deadline.
    let aws = in_use(u32::MAX, "available", "available", "");
    let created = aws.create(&ParameterGroup, with([])).await;
    drop(aws.provider.ongoing.begin(key()));
    let started = Instant::now();
    let retained = aws.delete_replaced(&ParameterGroup, &created.state).await;
    assert!(
        problems(&retained.diags)[0].contains("in use by replication group \"app\""),
        "{:?}",
        retained.diags
    );
    let seconds = started.elapsed().as_secs();
    assert!((60..80).contains(&seconds), "{seconds} s");
}
