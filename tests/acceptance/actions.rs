//! The actions on replication groups: over gRPC, as every Terraform from 1.14 on calls them, and by such a host.

use std::collections::BTreeSet;
use std::path::PathBuf;

use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::{Value, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::diagnostic::Severity;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;

use crate::aws_control::{ask, instant, writes};
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};
use crate::simulator::DEFAULT_ACCOUNT;
use crate::support::plugin_client::{Channel, Plugin, binary, events};
use crate::support::terraform::{hosts, is_tofu, skipped, version_of};

const FAILOVER: &str = "elasticache_test_failover";
const PROMOTE: &str = "elasticache_promote_replica";
const REBOOT: &str = "elasticache_reboot_nodes";
const SNAPSHOT: &str = "elasticache_create_snapshot";

/// A group of two nodes that has automatic failover, and its parameter group `mine`.
fn with_group() -> Fixture {
    let fixture = instant("");
    let family = ("CacheParameterGroupFamily", "redis7");
    let name = ("CacheParameterGroupName", "mine");
    ask(&fixture.aws, "CreateCacheParameterGroup", &[name, family, ("Description", "of a test")]);
    create(&fixture, "cache", &[("NumCacheClusters", "2"), name]);
    fixture
}

fn create(fixture: &Fixture, id: &str, more: &[(&str, &str)]) {
    let all = [
        ("ReplicationGroupId", id),
        ("ReplicationGroupDescription", "of a test"),
        ("CacheNodeType", "cache.t4g.small"),
        ("Engine", "redis"),
        ("EngineVersion", "7.1"),
        ("AutomaticFailoverEnabled", "true"),
    ];
    ask(&fixture.aws, "CreateReplicationGroup", &[&all[..], more].concat());
}

fn modify_maxclients(fixture: &Fixture, value: &str) {
    ask(
        &fixture.aws,
        "ModifyCacheParameterGroup",
        &[
            ("CacheParameterGroupName", "mine"),
            ("ParameterNameValues.ParameterNameValue.1.ParameterName", "maxclients"),
            ("ParameterNameValues.ParameterNameValue.1.ParameterValue", value),
        ],
    );
}

/// The nodes that were rebooted since the record was cleared.
fn rebooted(fixture: &Fixture) -> Vec<String> {
    let calls = fixture.aws.calls("elasticache", "RebootCacheCluster");
    calls.iter().filter(|call| call.is_done()).filter_map(|call| call.parameter("CacheClusterId")).collect()
}

fn encode<'a>(
    schema: &Schema,
    entries: impl IntoIterator<Item = (&'a str, Value)>,
) -> Option<pb::DynamicValue> {
    let value = schema.conform(Value::map(entries));
    Some(pb::DynamicValue { msgpack: msgpack::encode(&value, schema.ty()).unwrap(), json: Vec::new() })
}

/// The built provider, which applies to a simulated AWS.
struct Client {
    _plugin: Plugin,
    provider: ProviderClient<Channel>,
}

impl Client {
    async fn of(fixture: &Fixture) -> Self {
        let mut command = binary();
        command
            .env("AWS_ENDPOINT_URL", fixture.aws.endpoint())
            .env("AWS_ACCESS_KEY_ID", DEFAULT_ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "simulated")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true");
        let plugin = Plugin::start_with(command, None);
        let mut provider = plugin.provider().await;
        let config = encode(provider::schema(), []);
        let request = pb::configure_provider::Request { config, ..Default::default() };
        let answer = provider.configure_provider(request).await.unwrap().into_inner();
        assert_eq!(answer.diagnostics, []);
        Self { _plugin: plugin, provider }
    }

    /// What the plan and the invocation of an action answer, and the messages in between.
    async fn plan_and_invoke<'a>(
        &mut self,
        action: &str,
        config: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> (Vec<pb::Diagnostic>, Vec<pb::Diagnostic>, Vec<String>) {
        use pb::invoke_action::event::Type;
        let schema = REGISTRY.actions.iter().find(|it| it.type_name() == action).unwrap().schema();
        let config = encode(schema, config);
        let action_type = action.to_owned();
        let request = pb::plan_action::Request {
            action_type: action_type.clone(),
            config: config.clone(),
            ..Default::default()
        };
        let planned = self.provider.plan_action(request).await.unwrap().into_inner();
        let request = pb::invoke_action::Request { action_type, config, ..Default::default() };
        let mut events = events(self.provider.invoke_action(request).await.unwrap().into_inner()).await;
        let Some(Some(Type::Completed(completed))) = events.pop().map(|event| event.r#type) else {
            panic!("the last event is not the completed one")
        };
        let message = |event: pb::invoke_action::Event| match event.r#type {
            Some(Type::Progress(progress)) => progress.message,
            other => panic!("{other:?} before the last event"),
        };
        (planned.diagnostics, completed.diagnostics, events.into_iter().map(message).collect())
    }

    /// Plans and invokes an action. The last message, or what it is refused with.
    async fn act<const N: usize>(
        &mut self,
        action: &str,
        config: [(&str, Value); N],
    ) -> Result<String, String> {
        let (planned, completed, mut messages) = self.plan_and_invoke(action, config).await;
        let refusal = |diagnostics: &[pb::Diagnostic]| diagnostics.first().map(|it| it.summary.clone());
        assert_eq!(refusal(&planned), refusal(&completed), "{action}");
        match refusal(&completed) {
            Some(refusal) => Err(refusal),
            None => Ok(messages.pop().expect("a message before the last event")),
        }
    }
}

/// The same apply may create the object before it invokes the action.
#[tokio::test]
async fn every_action_warns_at_plan_of_what_does_not_exist_and_refuses_it_when_invoked() {
    const UPDATE: &str = "elc-20260301-001";
    let group = ("replication_group_id", "absent");
    let node = ("cache_cluster_id", "absent-001");
    let datastore = ("global_replication_group_id", "ldgnf-absent");
    let (name, update) = (("name", "before"), ("service_update_name", UPDATE));
    let other_update = ("service_update_name", "elc-20990101-001");
    let member = [("primary_replication_group_id", "absent"), ("primary_region", "eu-west-1")];
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("elasticache_apply_service_update", &[update, group]),
        ("elasticache_apply_service_update", &[update, node]),
        ("elasticache_apply_service_update", &[other_update, group]),
        ("elasticache_failover_global_replication_group", &[datastore, member[0], member[1]]),
        ("elasticache_rebalance_slots_in_global_replication_group", &[datastore]),
        ("elasticache_stop_service_update", &[update, group]),
        ("elasticache_stop_service_update", &[update, node]),
        ("elasticache_stop_service_update", &[other_update, group]),
        (FAILOVER, &[group]),
        (PROMOTE, &[group, node]),
        (REBOOT, &[group]),
        (SNAPSHOT, &[group, name]),
        (SNAPSHOT, &[node, name]),
    ];
    let covered: BTreeSet<&str> = cases.iter().map(|(action, _)| *action).collect();
    assert_eq!(covered, REGISTRY.actions.iter().map(|it| it.type_name()).collect());

    let fixture = instant("");
    fixture.control(|aws| aws.release_service_update(UPDATE));
    let mut client = Client::of(&fixture).await;
    for (action, config) in cases {
        let values = config.iter().map(|(name, value)| (*name, Value::from(*value)));
        let (planned, completed, _) = client.plan_and_invoke(action, values).await;
        let only = |diagnostics: &[pb::Diagnostic], severity: Severity| {
            !diagnostics.is_empty() && diagnostics.iter().all(|it| it.severity() == severity)
        };
        assert!(only(&planned, Severity::Warning), "{action} {config:?} at plan: {planned:?}");
        assert!(planned[0].detail.contains("The action fails unless"), "{action} {config:?}: {planned:?}");
        assert!(only(&completed, Severity::Error), "{action} {config:?} when invoked: {completed:?}");
    }
    assert_eq!(writes(&fixture.aws), [""; 0]);
}

#[tokio::test]
async fn failover_promotion_and_snapshot_change_aws_and_wait() {
    let fixture = with_group();
    let shards = [("NumNodeGroups", "2"), ("ReplicasPerNodeGroup", "1")];
    create(&fixture, "sharded", &shards);
    let mut client = Client::of(&fixture).await;
    let group = ("replication_group_id", Value::from("cache"));
    let primary = |group: &str, shard: &str| fixture.control(|aws| aws.primary(group, shard)).unwrap();

    let done = client.act(FAILOVER, [group.clone()]).await.unwrap();
    assert!(
        done.starts_with("The primary of shard 0001 moved from \"cache-001\" to \"cache-002\""),
        "{done}"
    );
    assert_eq!(primary("cache", "0001"), "cache-002");
    // With cluster mode AWS returns no roles, and reports the failover as an event.
    let second = [("replication_group_id", "sharded".into()), ("node_group_id", "2".into())];
    let done = client.act(FAILOVER, second).await.unwrap();
    assert!(done.contains("from \"sharded-0002-001\" to \"sharded-0002-002\""), "{done}");
    assert_eq!(primary("sharded", "0002"), "sharded-0002-002");

    let promote = [group.clone(), ("cache_cluster_id", "cache-001".into())];
    let refused = client.act(PROMOTE, promote.clone()).await.unwrap_err();
    assert_eq!(refused, "Automatic failover is enabled");
    let off = [("AutomaticFailoverEnabled", "false"), ("ApplyImmediately", "true")];
    ask(&fixture.aws, "ModifyReplicationGroup", &[&[("ReplicationGroupId", "cache")][..], &off[..]].concat());
    let done = client.act(PROMOTE, promote).await.unwrap();
    assert_eq!(done, "The primary of replication group \"cache\" moved from \"cache-002\" to \"cache-001\"");
    assert_eq!(primary("cache", "0001"), "cache-001");

    let snapshot = [group, ("name", "before".into())];
    let done = client.act(SNAPSHOT, snapshot.clone()).await.unwrap();
    assert_eq!(done, "Snapshot \"before\" of replication group \"cache\" is available");
    assert_eq!(client.act(SNAPSHOT, snapshot).await.unwrap_err(), "Snapshot already exists");
    let node = [("cache_cluster_id", "sharded-0001-001".into()), ("name", "other".into())];
    assert_eq!(client.act(SNAPSHOT, node).await.unwrap_err(), "Replication group has cluster mode");
    assert_eq!(
        writes(&fixture.aws),
        ["TestFailover", "TestFailover", "ModifyReplicationGroup", "CreateSnapshot"]
    );
}

#[tokio::test]
async fn reboot_keeps_the_data_of_the_primary_unless_it_may_be_lost() {
    let fixture = with_group();
    let shards = [("NumNodeGroups", "2"), ("ReplicasPerNodeGroup", "1")];
    create(&fixture, "sharded", &shards);
    let mut client = Client::of(&fixture).await;
    let group = ("replication_group_id", Value::from("cache"));
    let done = client.act(REBOOT, [group.clone()]).await.unwrap();
    assert_eq!(done, "No node of replication group \"cache\" waits for a reboot");

    modify_maxclients(&fixture, "20000");
    let refused = client.act(REBOOT, [group.clone()]).await.unwrap_err();
    assert_eq!((refused.as_str(), rebooted(&fixture).len()), ("Reboot of the primary loses data", 0));
    let replica = ("cache_cluster_ids", Value::set([Value::from("cache-002")]));
    client.act(REBOOT, [group.clone(), replica]).await.unwrap();
    assert_eq!(rebooted(&fixture), ["cache-002"]);
    // The primary moves, so that the node that still waits has become a replica.
    client.act(FAILOVER, [group.clone()]).await.unwrap();
    let done = client.act(REBOOT, [group.clone()]).await.unwrap();
    assert_eq!(done, "Rebooted \"cache-001\" of replication group \"cache\"");
    modify_maxclients(&fixture, "10000");
    client.act(REBOOT, [group, ("allow_data_loss", true.into())]).await.unwrap();
    assert_eq!(rebooted(&fixture), ["cache-002", "cache-001", "cache-001", "cache-002"]);

    let sharded = [("replication_group_id", "sharded".into()), ("allow_data_loss", true.into())];
    assert_eq!(client.act(REBOOT, sharded).await.unwrap_err(), "Replication group has cluster mode");
}

/// A parameter group whose change triggers a reboot, and a failover that is only invoked.
fn triggering(clients: u32) -> String {
    format!(
        "resource \"elasticache_parameter_group\" \"this\" {{\n  name = \"mine\"\n  family = \"redis7\"\n  description = \"of a test\"\n\n  parameter {{\n    \
         name  = \"maxclients\"\n    value = \"{clients}\"\n  }}\n\n  lifecycle {{\n    action_trigger {{\n      events  = \
         [after_update]\n      actions = [action.{REBOOT}.this]\n    }}\n  }}\n}}\n\n\
         import {{\n  to = elasticache_parameter_group.this\n  id = \"mine\"\n}}\n\n\
         action \"{REBOOT}\" \"this\" {{\n  config {{\n    replication_group_id = \"cache\"\n    allow_data_loss = true\n  \
         }}\n}}\n\n\
         action \"{FAILOVER}\" \"this\" {{\n  config {{\n    replication_group_id = \"cache\"\n  }}\n}}\n"
    )
}

/// The hosts with actions.
fn able() -> Vec<PathBuf> {
    let able = |host: &PathBuf| !is_tofu(host) && version_of(host) >= (1, 14);
    let hosts: Vec<_> = hosts().into_iter().filter(able).collect();
    if hosts.is_empty() {
        skipped("action_trigger and -invoke", "no host has them; put Terraform 1.14 in the folder TF_HOSTS");
    }
    hosts
}

/// The ID of a new group is known at plan, when the group does not exist.
#[test]
fn action_is_triggered_by_the_create_of_its_group() {
    let trigger = format!(
        "num_cache_clusters = 1\n\n  lifecycle {{\n    action_trigger {{\n      events  = [after_create]\n      actions = \
         [action.{SNAPSHOT}.first]\n    }}\n  }}"
    );
    let action = format!(
        "action \"{SNAPSHOT}\" \"first\" {{\n  config {{\n    name = \"first\"\n    replication_group_id = {GROUP}.id\n  \
         }}\n}}\n"
    );
    for host in able() {
        let fixture = instant(&(small_group(&trigger) + &action));
        let applied = fixture.terraform.program(&host, &["apply", "-auto-approve", "-no-color"]).succeeds();
        let done = "Snapshot \"first\" of replication group \"cache\" is available";
        assert!(applied.stdout.contains(done), "{applied}");
        assert_eq!(writes(&fixture.aws), ["CreateReplicationGroup", "CreateSnapshot"]);
    }
}

#[test]
fn terraform_runs_actions_by_trigger_and_by_invoke() {
    for host in able() {
        let fixture = with_group();
        fixture.terraform.configure(&triggering(20000));
        let run = |more: &[&str]| {
            let arguments = [&["apply", "-auto-approve", "-no-color"][..], more].concat();
            fixture.terraform.program(&host, &arguments).succeeds()
        };
        // Imported with the default, so that the apply is an update.
        let applied = run(&[]);
        assert!(applied.stdout.contains("Rebooting node \"cache-001\" (2 of 2)"), "{applied}");
        assert_eq!(rebooted(&fixture), ["cache-002", "cache-001"]);
        let invoked = run(&[format!("-invoke=action.{FAILOVER}.this").as_str()]);
        assert!(invoked.stdout.contains("moved from \"cache-001\" to \"cache-002\""), "{invoked}");
        assert_eq!(fixture.control(|aws| aws.primary("cache", "0001")).as_deref(), Some("cache-002"));
        fixture.terraform.configure(&triggering(10000));
        run(&[]);
        assert_eq!(rebooted(&fixture), ["cache-002", "cache-001", "cache-001", "cache-002"]);
        // Without a change nothing is triggered.
        run(&[]);
        assert_eq!(rebooted(&fixture).len(), 4);
    }
}
