//! What failover and a key of a group require, found before AWS refuses it.

use super::early::{plan, state};
use super::{FakeGroup, ReplicationGroup, configured, none};
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

/// hashicorp/aws #24244: AWS removes no replica that failover needs.
#[tokio::test(start_paused = true)]
async fn failover_needs_a_replica_however_nodes_are_counted() {
    let alone = || {
        let counts = [("num_cache_clusters", Value::Null), ("num_node_groups", 1.into())];
        counts.into_iter().chain([("replicas_per_node_group", 0.into())])
    };
    let configured = |changes: &[(&str, Value)]| {
        let Value::Map(mut config) = configured([]) else { panic!("no configuration") };
        config.extend(alone().chain(changes.iter().cloned()).map(|(name, value)| (name.into(), value)));
        Value::Map(config)
    };
    let aws = FakeAws::new(|_| panic!("a plan calls nothing"));
    let off = ("automatic_failover_enabled", false.into());
    let unset = ("automatic_failover_enabled", Value::Null);
    let new = |changes: &[(&str, Value)]| aws.plan(&ReplicationGroup, &Value::Null, &configured(changes));
    let said = problems(&new(&[]).diags);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("automatic_failover_enabled: ") && said[0].contains("requires a replica"));
    none(&new(std::slice::from_ref(&off)).diags);
    none(&new(std::slice::from_ref(&unset)).diags);
    none(&new(&[("parameter_group_name", "default.redis7.cluster.on".into())]).diags);

    let prior = state(FakeGroup::two(), []).await;
    let change = |changes: &[(&str, Value)]| aws.plan(&ReplicationGroup, &prior, &configured(changes));
    for changes in [&[][..], std::slice::from_ref(&unset)] {
        let said = problems(&change(changes).diags);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("automatic_failover_enabled: ") && said[0].contains("without a replica"));
    }
    none(&change(&[off]).diags);

    let mut valkey = FakeGroup { version: "8.0.0", ..FakeGroup::two() };
    valkey.group.push_str("<Engine>valkey</Engine>");
    valkey.node.push_str(
        "<Engine>valkey</Engine><CacheParameterGroup><CacheParameterGroupName>default.valkey8\
         </CacheParameterGroupName></CacheParameterGroup>",
    );
    let prior =
        state(valkey, [("engine", "valkey".into()), ("engine_version", "8.0".into()), unset.clone()]).await;
    let version = [("engine", "valkey".into()), ("engine_version", "8.0".into()), unset];
    let plan = aws.plan(&ReplicationGroup, &prior, &configured(&version));
    none(&plan.diags);
    assert_eq!(plan.planned.get("automatic_failover_enabled"), &Value::from(false));
}

/// Redis OSS is not encrypted at rest unless the configuration says so.
#[tokio::test(start_paused = true)]
async fn a_key_of_a_new_group_needs_encryption() {
    let aws = FakeAws::new(|_| panic!("a plan calls nothing"));
    let key = || ("kms_key_id", Value::from("arn:aws:kms:us-east-1:111122223333:alias/caches"));
    let new = |config: Value| problems(&aws.plan(&ReplicationGroup, &Value::Null, &config).diags);
    let said = new(configured([key()]));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("kms_key_id: ") && said[0].contains("at_rest_encryption_enabled = true"));
    let accepted = [
        configured([key(), ("at_rest_encryption_enabled", true.into())]),
        configured([key(), ("at_rest_encryption_enabled", Value::Unknown)]),
        configured([key(), ("snapshot_name", "nightly".into())]),
        configured([key(), ("engine", "valkey".into()), ("engine_version", "8.0".into())]),
    ];
    for config in accepted {
        assert_eq!(new(config), [""; 0]);
    }
    let prior = state(FakeGroup::two(), []).await;
    none(&plan(&prior, [("kms_key_id", Value::Null)]).diags);
}
