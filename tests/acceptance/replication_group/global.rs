//! A secondary of a global datastore whose primary is in another region.

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};

const DATASTORE: &str = "abcde-global";

fn member(nodes: u32, more: &str) -> String {
    group(
        "second",
        &format!(
            "global_replication_group_id = {DATASTORE:?}\n num_cache_clusters = {nodes}\n apply_immediately = true\n {more}"
        ),
    )
}

fn fixture(configuration: &str) -> Fixture {
    let fixture = Fixture::new(configuration);
    fixture.control(|aws| aws.add_global(DATASTORE, "redis", "7.1", "cache.r7g.large"));
    fixture
}

/// Engine, version, size and failover are the datastore's; the rest is the group's own.
#[test]
fn a_secondary_takes_over_what_the_datastore_decides() {
    let fixture = fixture(&member(2, ""));
    fixture.apply_and_verify();
    let state = fixture.group();
    assert_eq!(state["global_replication_group_id"], DATASTORE);
    assert_eq!(
        (&state["engine"], &state["engine_version_actual"], &state["node_type"]),
        (&"redis".into(), &"7.1.0".into(), &"cache.r7g.large".into())
    );
    assert_eq!(state["automatic_failover_enabled"], true);
    let created = &fixture.aws.calls("elasticache", "CreateReplicationGroup")[0];
    for name in ["Engine", "EngineVersion", "CacheNodeType", "AutomaticFailoverEnabled"] {
        assert_eq!(created.parameter(name), None, "{name}");
    }
}

/// hashicorp/aws #27875: the datastore refuses a change of the whole group where only its
/// nodes were to change.
#[test]
fn aws_27875_nodes_of_a_secondary_change_in_place() {
    let fixture = fixture(&member(2, ""));
    fixture.apply_and_verify();
    fixture.change_and_verify(&member(3, r#"maintenance_window = "mon:05:00-mon:07:00""#));
    assert_eq!(fixture.group()["num_cache_clusters"], 3);
    fixture.assert_in_place();
}

/// The primary was configured in full before the datastore was made around it, and the datastore was upgraded since.
fn primary(id: &str, lines: &str) -> String {
    group(
        id,
        &format!(
            "num_cache_clusters = 2\n automatic_failover_enabled = true\n apply_immediately = true\n {lines}"
        ),
    )
}

const IN_FULL: &str = r#"engine = "redis"
 engine_version = "7.1"
 node_type = "cache.r7g.large"
 parameter_group_name = "default.redis7""#;

#[test]
fn a_primary_is_not_planned_against_what_its_datastore_decided() {
    let fixture = Fixture::new(&primary("first", IN_FULL));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.make_primary("first", DATASTORE)));
    fixture.terraform.apply();
    assert_eq!(fixture.group()["global_replication_group_id"], DATASTORE);
    assert!(fixture.control(|aws| aws.set_engine_version("first", "valkey", "8.0")));
    assert!(fixture.control(|aws| aws.set_node_type("first", "cache.r7g.xlarge")));
    for _ in 0..2 {
        let plan = fixture.terraform.plan();
        assert_eq!(plan.actions().len(), 0, "{:?}", plan.actions());
        let [warning] = plan.diagnostics.as_slice() else { panic!("{:#?}", plan.diagnostics) };
        assert_eq!(warning.summary, "Global datastore controls the setting");
        for words in [DATASTORE, "`engine`, `engine_version`, `node_type`, `parameter_group_name`"] {
            assert!(warning.detail.contains(words), "no {words:?} in: {warning}");
        }
        fixture.terraform.apply();
    }
    let state = fixture.group();
    assert_eq!((&state["engine"], &state["engine_version"]), (&"valkey".into(), &"8.0".into()));
    // What is the group's own changes all the same.
    fixture.terraform.configure(&primary(
        "first",
        &format!(
            r#"{IN_FULL}
 maintenance_window = "mon:05:00-mon:07:00""#
        ),
    ));
    fixture.terraform.apply();
    assert_eq!(fixture.group()["maintenance_window"], "mon:05:00-mon:07:00");
    assert_eq!(fixture.sent("EngineVersion"), Vec::<String>::new());
    fixture.assert_in_place();
}

/// No change that AWS refuses of a member is planned, sent, or planned for ever.
#[test]
fn aws_19929_nothing_that_the_datastore_decides_is_sent_for_a_member() {
    let fixture = Fixture::new(&primary("member", IN_FULL));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.make_primary("member", DATASTORE)));
    fixture.terraform.apply();
    for (name, lines) in [
        ("node_type", IN_FULL.replace("cache.r7g.large", "cache.r7g.xlarge")),
        ("engine_version", IN_FULL.replace("7.1", "7.0")),
        (
            "engine",
            IN_FULL
                .replace(
                    r#"redis"
 engine_version = "7.1"#,
                    r#"valkey"
 engine_version = "8.0"#,
                )
                .replace("default.redis7", "default.valkey8"),
        ),
        ("parameter_group_name", IN_FULL.replace("default.redis7", "own")),
        ("multi_az_enabled", format!("{IN_FULL}\n multi_az_enabled = true")),
    ] {
        fixture.terraform.configure(&primary("member", &lines));
        let plan = fixture.terraform.plan();
        assert_eq!(plan.actions().len(), 0, "{name}: {:?}", plan.actions());
        let warned = plan
            .diagnostics
            .iter()
            .any(|it| it.summary == "Global datastore controls the setting" && it.detail.contains(name));
        assert!(warned, "{name}: {:#?}", plan.diagnostics);
        fixture.terraform.apply();
    }
    let off = primary("member", IN_FULL)
        .replace("automatic_failover_enabled = true", "automatic_failover_enabled = false");
    fixture.terraform.configure(&off);
    assert_eq!(fixture.terraform.plan().actions().len(), 0);
    assert_eq!(fixture.modifications().len(), 0);
}

#[test]
fn the_shards_of_a_member_are_left_to_the_datastore() {
    let at = |shards: u8| {
        group(
            "shards",
            &format!(
                r#"num_node_groups = {shards}
 replicas_per_node_group = 1
 node_type = "cache.r7g.large""#
            ),
        )
    };
    let fixture = Fixture::new(&at(2));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.make_primary("shards", DATASTORE)));
    fixture.terraform.apply();
    fixture.terraform.configure(&at(3));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions().len(), 0, "{:?}", plan.actions());
    assert!(plan.diagnostics[0].detail.contains("num_node_groups"), "{:?}", plan.diagnostics);
}

#[test]
fn a_secondary_that_vanished_is_planned_anew() {
    let fixture = fixture(&member(2, ""));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.vanish("second")));
    fixture.terraform.plan().assert_create(GROUP);
}

/// hashicorp/aws #32804: AWS deletes no group that belongs to a datastore.
#[test]
fn aws_32804_a_secondary_leaves_the_datastore_before_it_is_deleted() {
    let fixture = fixture(&member(2, ""));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    let writes = fixture.aws.record().writes();
    assert_eq!(
        writes,
        ["elasticache:DisassociateGlobalReplicationGroup", "elasticache:DeleteReplicationGroup"]
    );
    assert_eq!(fixture.control(|aws| aws.status("second")), None);
}

/// Left by other hands already, or the datastore gone.
#[test]
fn a_secondary_that_has_left_is_deleted_all_the_same() {
    let fixture = fixture(&member(2, ""));
    fixture.apply_and_verify();
    disassociated(&fixture);
    fixture.terraform.run(&["destroy", "-refresh=false", "-auto-approve"]).succeeds();
    assert_eq!(fixture.control(|aws| aws.status("second")), None);
}

fn disassociated(fixture: &Fixture) {
    fixture.other_client(
        "DisassociateGlobalReplicationGroup",
        &format!(
            "GlobalReplicationGroupId={DATASTORE} ReplicationGroupId=second ReplicationGroupRegion=eu-west-1"
        ),
    );
    fixture.aws.clock().advance(std::time::Duration::from_secs(600));
}

/// As in an outage of the primary's region.
#[test]
fn a_secondary_that_has_left_is_not_replaced_and_then_upgraded_alone() {
    let fixture = fixture(&member(2, ""));
    fixture.apply_and_verify();
    disassociated(&fixture);
    let said = fixture.refused(&member(2, ""));
    assert!(said.contains("Cannot add an existing replication group to a global datastore"), "{said}");
    fixture.change_and_verify(&group(
        "second",
        r#"engine = "valkey"
 engine_version = "8.0"
 node_type = "cache.r7g.xlarge"
 num_cache_clusters = 2
 apply_immediately = true"#,
    ));
    let state = fixture.group();
    assert_eq!((&state["engine"], &state["node_type"]), (&"valkey".into(), &"cache.r7g.xlarge".into()));
    assert_eq!(state["global_replication_group_id"], "");
    fixture.assert_in_place();
}
