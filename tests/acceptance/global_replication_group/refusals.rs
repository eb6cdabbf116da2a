//! What is refused at plan, before any request, in the provider's words.

use super::parts::{NODES, SHARDS, alone, applied, datastore, pair, primary, sharded};
use crate::aws_control::{failure, instant, words};
use crate::support::terraform::only;

/// Each change of an existing datastore is refused at plan with this summary and detail.
#[track_caller]
fn refused(before: &str, after: &str, attribute: &str, summary: &str, detail: &str) {
    let fixture = applied(before);
    fixture.terraform.configure(after);
    let diagnostics = fixture.terraform.plan_fails();
    let message: Vec<_> = diagnostics.iter().filter(|it| it.severity == "error").cloned().collect();
    let message = only(&message);
    assert_eq!(message.summary, summary, "{attribute}");
    // Behind it stands how an existing object is destroyed instead.
    assert!(message.detail.starts_with(detail), "{attribute}: {}", message.detail);
}

#[test]
fn downgrade() {
    refused(
        &alone(""),
        &alone(r#"engine_version = "6.2""#),
        "engine_version",
        "Engine version cannot be downgraded",
        r#"Global datastore "gxeiz-store" runs version 7.0.7, and `engine_version` is "6.2". AWS does not downgrade the members of a global datastore. Set `engine_version = "7.0"`. For an older version, create a global datastore around a primary that runs it."#,
    );
}

#[test]
fn major_version_without_a_parameter_group() {
    refused(
        &alone(""),
        &alone(
            r#"engine = "valkey"
engine_version = "8.0""#,
        ),
        "parameter_group_name",
        "Missing parameter_group_name",
        r#"The planned engine version needs a parameter group of the family "valkey8", and `parameter_group_name` is not set. Set `parameter_group_name = "default.valkey8"`, or to a parameter group of your own of that family."#,
    );
    refused(
        &sharded(""),
        &sharded(
            r#"engine = "valkey"
engine_version = "8.0"
parameter_group_name = "default.valkey8""#,
        ),
        "parameter_group_name",
        "Parameter group does not fit the version",
        r#"`parameter_group_name` is "default.valkey8", and the planned engine version needs "default.valkey8.cluster.on" or a parameter group of your own of the family "valkey8"."#,
    );
}

#[test]
fn parameter_group_without_a_major_version() {
    for after in [
        r#"parameter_group_name = "own""#,
        r#"engine_version = "7.1"
parameter_group_name = "own""#,
    ] {
        refused(
            &alone(""),
            &alone(after),
            "parameter_group_name",
            "Parameter group cannot be changed alone",
            "AWS accepts a parameter group for a global datastore only together with a change of the engine \
             or of the major version. Change `engine_version` in the same apply, or remove the change of \
             `parameter_group_name`. Parameters are changed in the parameter group of any member, and apply \
             to all members.",
        );
    }
}

#[test]
fn engine_without_a_version() {
    refused(
        &alone(""),
        &alone(r#"engine = "valkey""#),
        "engine_version",
        "Missing engine_version",
        r#"AWS changes the engine only together with its version. Set `engine_version` to "7.2" or later."#,
    );
}

#[test]
fn primary_that_is_no_member() {
    refused(
        &pair(""),
        &pair(r#"primary_replication_group_id = "other""#),
        "primary_replication_group_id",
        "Primary is not a member",
        r#"Replication group "other" is not a member of global datastore "gxeiz-store", and AWS fails over only to a secondary. Members: "first" in eu-west-1, "second" in us-west-2. Add it first: an `elasticache_replication_group` with `global_replication_group_id = "gxeiz-store"`."#,
    );
}

#[test]
fn shards_without_cluster_mode_and_shards_that_do_not_exist() {
    refused(
        &alone(""),
        &alone("num_node_groups = 2"),
        "num_node_groups",
        "Shards need cluster mode",
        r#"Global datastore "gxeiz-store" has cluster mode disabled and therefore one shard, and `num_node_groups` is 2. Set `num_node_groups = 1`, or create a global datastore around a primary with cluster mode."#,
    );
    let shards = |arguments: &str| primary(SHARDS) + &datastore(arguments);
    refused(
        &shards(""),
        &shards(
            r#"num_node_groups = 1
global_node_groups_to_remove = ["0009"]"#,
        ),
        "global_node_groups_to_remove",
        "Unknown shard",
        r#""gxeiz-store-0009" is not a shard of global datastore "gxeiz-store". Its shards are: gxeiz-store-0001, gxeiz-store-0002."#,
    );
    refused(
        &shards(""),
        &shards(
            r#"num_node_groups = 1
global_node_groups_to_retain = ["0001", "0002"]"#,
        ),
        "global_node_groups_to_retain",
        "Wrong number of shards",
        "`global_node_groups_to_retain` has 2 shards, but the change of `num_node_groups` from 2 to 1 \
         requires 1. Set 1 shards, or remove `global_node_groups_to_retain` to remove the shards with the \
         highest numbers.",
    );
}

/// What the configuration alone shows is told by `validate`.
#[test]
fn configurations_that_no_datastore_has() {
    for (arguments, summary, detail) in [
        (
            r#"engine_version = "5.0.5""#,
            "Invalid engine_version",
            r#"`engine_version` is "5.0.5", and a global datastore needs version 5.0.6 or later. Set a later version."#,
        ),
        (
            r#"engine = "redis"
engine_version = "8.0""#,
            "Invalid engine_version",
            r#"Redis OSS 8.0 does not exist: the last version is "7.1". Set `engine = "valkey"`, or `engine_version = "7.1"` or earlier."#,
        ),
        (
            r#"primary_region = "us-west-2""#,
            "Invalid primary_region",
            r#"`primary_region` is "us-west-2", and a new global datastore is created in the Region of its primary, which is "eu-west-1" here. Set `region = "us-west-2"`, or remove `primary_region`."#,
        ),
        (
            r#"parameter_group_name = "own""#,
            "Missing engine_version",
            "`parameter_group_name` is used only when the major version changes, and `engine_version` is not \
             set. Set `engine_version`, or remove `parameter_group_name`.",
        ),
    ] {
        let fixture = instant(&alone(arguments));
        let diagnostics = fixture.terraform.plan_fails();
        let message = only(&diagnostics);
        assert_eq!((message.summary.as_str(), message.detail.as_str()), (summary, detail), "{arguments}");
    }
    let fixture = instant(&alone(r#"cache_node_type = "cache.t4g.medium""#));
    let said = words(&fixture.terraform.plan_fails());
    assert!(
        said.contains("families M5, M6g, M7g, R5, R6g, R6gd, R7g, or C7gn in size large or above"),
        "{said}"
    );
}

/// What only AWS knows is told before the create.
#[test]
fn primaries_that_cannot_be_one() {
    let missing = instant(&datastore(r#"primary_replication_group_id = "nothing""#));
    let said = failure(&missing);
    assert!(said.contains("Primary does not exist"), "{said}");
    assert!(said.contains(r#"Replication group "nothing" does not exist in eu-west-1."#), "{said}");
    assert_eq!(missing.aws.calls("elasticache", "CreateGlobalReplicationGroup").len(), 0);

    let fixture = applied(&alone(""));
    let other = datastore("").replace(r#""this""#, r#""other""#).replace(r#""store""#, r#""other""#);
    fixture.terraform.configure(&(alone("") + &other));
    let said = failure(&fixture);
    assert!(said.contains("Primary belongs to a global datastore"), "{said}");
    assert!(said.contains(r#"is a member of the global datastore "gxeiz-store""#), "{said}");

    let minor = r#"engine_version = "7.1"
parameter_group_name = "own""#;
    let said = failure(&instant(&(primary(NODES) + &datastore(minor))));
    assert!(said.contains("Parameter group cannot be changed alone"), "{said}");

    let single = instant(&(primary(NODES) + &datastore("num_node_groups = 2")));
    let said = failure(&single);
    assert!(said.contains("Shards need cluster mode"), "{said}");
    assert!(said.contains(r#"Replication group "first" has cluster mode disabled"#), "{said}");
    assert_eq!(single.aws.calls("elasticache", "CreateGlobalReplicationGroup").len(), 0);

    let old = instant(&(primary(NODES) + &datastore(r#"engine_version = "6.2""#)));
    let said = failure(&old);
    assert!(said.contains("Engine version cannot be downgraded"), "{said}");
    assert!(said.contains(r#"Replication group "first" runs version 7.0.7"#), "{said}");
    assert_eq!(old.aws.calls("elasticache", "CreateGlobalReplicationGroup").len(), 0);
}
