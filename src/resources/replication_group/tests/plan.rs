//! What a plan says.

use super::{FakeGroup, ReplicationGroup, TOKEN, configured, none};
use crate::engine::PlanResponse;
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

const REPLACED: &str = "Replication group will be replaced";
const LOST: &str = "A new, empty replication group replaces \"cache\": its data is lost.";
const KEEP: &str = "To keep the data, first set `final_snapshot_identifier` and apply; then set \
                    `snapshot_name` to the same name together with this change.";

async fn state<const N: usize>(observed: FakeGroup, changes: [(&str, Value); N]) -> Value {
    let aws = FakeAws::new(move |call| observed.answer(call));
    let created = aws.create(&ReplicationGroup, configured(changes)).await;
    none(&created.diags);
    created.state
}

fn plan<const N: usize>(prior: &Value, changes: [(&str, Value); N]) -> PlanResponse {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    aws.plan(&ReplicationGroup, prior, &configured(changes))
}

/// The attributes that a plan changes, and what it complains of.
fn changes(prior: &Value, plan: &PlanResponse) -> Vec<String> {
    let Value::Map(entries) = &plan.planned else { panic!("no plan") };
    entries.iter().filter(|(name, value)| prior.get(name) != *value).map(|(name, _)| name.clone()).collect()
}

fn replaced(plan: &PlanResponse) -> Vec<String> {
    plan.replace.iter().map(ToString::to_string).collect()
}

#[tokio::test(start_paused = true)]
async fn plan_of_a_new_group_knows_what_it_can() {
    let plan = plan(&Value::Null, [("replication_group_id", "My-Cache".into()), ("engine", Value::Null)]);
    none(&plan.diags);
    assert_eq!(plan.planned.get("id"), &Value::from("my-cache"));
    assert_eq!(plan.planned.get("engine"), &Value::from("redis"));
    assert_eq!(plan.planned.get("num_node_groups"), &Value::from(1));
    assert_eq!(plan.planned.get("replicas_per_node_group"), &Value::from(1));
    assert_eq!(plan.planned.get("url"), &Value::Unknown);
}

#[test]
fn engine_must_have_the_version() {
    let plan = plan(&Value::Null, [("engine", Value::Null), ("engine_version", "8.0".into())]);
    assert_eq!(
        problems(&plan.diags),
        ["engine: Missing engine: `engine` is omitted and defaults to \"redis\", whose last version is \
             7.1. Set `engine = \"valkey\"` for this `engine_version`."]
    );
}

#[test]
fn new_group_needs_an_availability_zone_for_each_node_or_none() {
    let zones = |zones: &[&str]| Value::List(zones.iter().map(|zone| (*zone).into()).collect());
    let of = |names: &[&str]| plan(&Value::Null, [("preferred_cache_cluster_azs", zones(names))]);
    none(&of(&[]).diags);
    none(&of(&["us-east-1a", "us-east-1a"]).diags);
    assert_eq!(
        problems(&of(&["us-east-1a"]).diags),
        ["preferred_cache_cluster_azs: Invalid preferred_cache_cluster_azs: `preferred_cache_cluster_azs` \
             has 1 Availability Zone for 2 nodes, but AWS requires one Availability Zone for each node. The \
             same Availability Zone may be named more than once."]
    );
}

#[tokio::test(start_paused = true)]
async fn plan_of_an_unchanged_group_is_empty() {
    let prior = state(FakeGroup::two(), []).await;
    for (name, value) in [
        ("maintenance_window", Value::from("")),
        ("snapshot_window", "".into()),
        ("parameter_group_name", "".into()),
        ("parameter_group_name", "DEFAULT.redis7".into()),
        ("replication_group_id", "CACHE".into()),
        ("engine", "Redis".into()),
        ("port", Value::Null),
        ("port", Value::from(6379)),
        ("security_group_ids", Value::set([])),
    ] {
        let plan = plan(&prior, [(name, value.clone())]);
        none(&plan.diags);
        assert_eq!(changes(&prior, &plan), [] as [&str; 0], "{name} = {value:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn spelling_of_the_version_is_no_change() {
    let six = FakeGroup { version: "6.2.6", ..FakeGroup::two() };
    for (before, after) in [("6.x", "6.2"), ("6.2", "6.x")] {
        let prior = state(six.clone(), [("engine_version", before.into())]).await;
        let plan = plan(&prior, [("engine_version", after.into())]);
        none(&plan.diags);
        assert_eq!(changes(&prior, &plan), [] as [&str; 0], "{before} {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn downgrade_is_refused_or_replaces_if_allowed() {
    let off = ("auto_minor_version_upgrade", Value::from(false));
    let prior = state(FakeGroup::two(), [off.clone()]).await;
    let refused = plan(&prior, [("engine_version", "7.0".into()), off.clone()]);
    assert_eq!(
        problems(&refused.diags),
        ["engine_version: This change of engine_version is not possible in place: AWS cannot downgrade \
             from version 7.1.0 to 7.0. To keep the running version, set `engine_version = \"7.1\"`; or \
             create another replication group of the older version, with `snapshot_name` of a snapshot that \
             was taken on that version or an earlier one; or, if the data may be lost, set \
             `allow_engine_replacement = true` to replace this one."]
    );
    assert_eq!(replaced(&refused), [] as [&str; 0]);
    let allowed = [("engine_version", "7.0".into()), ("allow_engine_replacement", true.into()), off];
    let allowed = plan(&prior, allowed);
    assert_eq!(
        problems(&allowed.diags),
        [format!(
            "engine_version: {REPLACED}: AWS cannot downgrade from version 7.1.0 to 7.0, and \
             `allow_engine_replacement` is set. {LOST} To keep the replication group, set `engine_version = \
             \"7.1\"`. {KEEP}"
        )]
    );
    assert_eq!(replaced(&allowed), ["engine_version"]);
}

#[tokio::test(start_paused = true)]
async fn an_automatic_upgrade_is_no_downgrade_after_an_import() {
    let aws = FakeAws::new(|call| FakeGroup::two().answer(call));
    let imported = aws.import(&ReplicationGroup, "cache").await.state;
    let plan = plan(&imported, [("engine_version", "7.0".into())]);
    assert_eq!(
        problems(&plan.diags),
        ["engine_version: A later minor version is running: The running version is 7.1.0, and \
             `engine_version` is \"7.0\". AWS does not downgrade, and `auto_minor_version_upgrade` allows \
             later minor versions, so nothing changes. Set `engine_version = \"7.1\"` to match."]
    );
    assert_eq!(changes(&imported, &plan), [] as [&str; 0]);
}

#[tokio::test(start_paused = true)]
async fn engine_changes_to_valkey_and_back_from_7_2_only() {
    let prior = state(FakeGroup::two(), []).await;
    let now = ("apply_immediately", Value::from(true));
    let there = plan(&prior, [("engine", "valkey".into()), ("engine_version", "8.0".into()), now.clone()]);
    none(&there.diags);
    assert_eq!(replaced(&there), [] as [&str; 0]);
    assert_eq!(
        changes(&prior, &there),
        [
            "apply_immediately",
            "engine",
            "engine_actual",
            "engine_version",
            "engine_version_actual",
            "nodes_pending_reboot",
            "parameter_apply_status",
            "parameter_group_name",
            "pending_modified_values",
            "running_values",
        ]
    );
    assert_eq!(there.planned.get("engine_actual"), &Value::from("valkey"));
    // What waits for the maintenance window is not in effect after the apply.
    let later = plan(&prior, [("engine", "valkey".into()), ("engine_version", "8.0".into())]);
    assert_eq!(
        problems(&later.diags),
        ["engine: Changes wait for the maintenance window: `apply_immediately` is not true, so AWS changes \
          replication group \"cache\" in the maintenance window (sun:05:00-sun:07:00 UTC): `engine = \
          \"valkey\"`, `engine_version = \"8.0\"`, `parameter_group_name = \"default.valkey8\"`. Until then \
          dependent resources keep describing the values in effect. To apply them with this plan, set \
          `apply_immediately = true`."]
    );
    for name in ["engine_actual", "engine_version_actual"] {
        assert_eq!(later.planned.get(name), prior.get(name), "{name}");
    }
    let alone = plan(&prior, [("engine", "valkey".into()), ("engine_version", Value::Null)]);
    assert_eq!(
        problems(&alone.diags),
        ["engine_version: A change to valkey requires engine_version: AWS changes the engine only \
             together with its version: set `engine_version` to \"7.2\" or later."]
    );
    let mut observed = FakeGroup { version: "8.0.1", ..FakeGroup::two() };
    observed.group.push_str("<Engine>valkey</Engine>");
    let valkey = state(observed, [("engine", "valkey".into()), ("engine_version", "8.0".into())]).await;
    assert_eq!(
        problems(&plan(&valkey, []).diags),
        ["engine: This change of engine is not possible in place: AWS changes valkey to redis in place \
             only from version 7.2 to 7.1, and the running version is 8.0.1. To keep the running version, \
             set `engine = \"valkey\"`; or create another replication group of the older version, with \
             `snapshot_name` of a snapshot that was taken on that version or an earlier one; or, if the data \
             may be lost, set `allow_engine_replacement = true` to replace this one."]
    );
    let mut observed = FakeGroup { version: "7.2.6", ..FakeGroup::two() };
    observed.group.push_str("<Engine>valkey</Engine>");
    let seven = state(observed, [("engine", "valkey".into()), ("engine_version", "7.2".into())]).await;
    let back = plan(&seven, [now]);
    none(&back.diags);
    assert_eq!(replaced(&back), [] as [&str; 0]);
    assert_eq!(back.planned.get("engine"), &Value::from("redis"));
}

#[tokio::test(start_paused = true)]
async fn tls_change_replaces_old_versions_only() {
    let off = ("transit_encryption_enabled", Value::from(false));
    let plain = |version| FakeGroup { version, group: String::new(), ..FakeGroup::two() };
    let old = state(plain("6.2.6"), [off.clone(), ("engine_version", "6.2".into())]).await;
    let must = plan(&old, [("engine_version", "6.2".into())]);
    assert_eq!(replaced(&must), ["transit_encryption_enabled"]);
    assert_eq!(
        problems(&must.diags),
        [format!(
            "transit_encryption_enabled: {REPLACED}: AWS enables and disables TLS in place only from engine \
             version 7.0.5 on, and the running version is 6.2.6. {LOST} To keep the replication group, set \
             `engine_version = \"7.1\"` in the same change. {KEEP}"
        )]
    );
    assert_eq!(replaced(&plan(&old, [])), [] as [&str; 0]);
    let new = state(plain("7.0.5"), [off, ("engine_version", "7.0".into())]).await;
    let now = ("apply_immediately", Value::from(true));
    let in_place = plan(&new, [("engine_version", "7.0".into()), now.clone()]);
    none(&in_place.diags);
    assert_eq!(replaced(&in_place), [] as [&str; 0]);
    // Whoever follows the group learns of the new hosts in the same apply.
    for name in ["endpoint", "reader_endpoint", "primary_endpoint_address", "url"] {
        assert_eq!(in_place.planned.get(name), &Value::Unknown, "{name}");
    }
    assert_eq!(in_place.planned.get("transit_encryption_active"), &Value::from(true));
    assert_eq!(in_place.planned.get("transit_encryption_mode"), &Value::from("preferred"));
    // Without cluster mode there is no such host, with TLS or without.
    assert_eq!(in_place.planned.get("configuration_endpoint_address"), &Value::Null);
    // What waits for the maintenance window moves nothing that depends on the group.
    let later = plan(&new, [("engine_version", "7.0".into())]);
    assert_eq!(later.diags.iter().count(), 1, "{:?}", later.diags);
    for name in
        ["endpoint", "reader_endpoint", "primary_endpoint_address", "url", "transit_encryption_active"]
    {
        assert_eq!(later.planned.get(name), new.get(name), "{name}");
    }
    // AWS takes credentials only where TLS is required.
    let token = plan(&new, [("engine_version", "7.0".into()), ("auth_token", TOKEN.into()), now]);
    assert_eq!(token.planned.get("transit_encryption_mode"), &Value::from("required"));
}

#[tokio::test(start_paused = true)]
async fn added_nodes_keep_the_url() {
    let prior = state(FakeGroup::two(), []).await;
    let plan = plan(&prior, [("num_cache_clusters", Value::from(4))]);
    none(&plan.diags);
    assert_eq!(
        changes(&prior, &plan),
        ["member_clusters", "node_groups", "num_cache_clusters", "replicas_per_node_group"]
    );
    assert_eq!(plan.planned.get("replicas_per_node_group"), &Value::from(3));
    // AWS returns the host to read from of a group without replicas, too.
    let alone = [("num_cache_clusters", Value::from(1)), ("automatic_failover_enabled", false.into())];
    let alone = self::plan(&prior, alone);
    for name in ["reader_endpoint", "reader_endpoint_address"] {
        assert_eq!(alone.planned.get(name), prior.get(name), "{name}");
    }
}

/// The secret is made in the same apply, and its version was forgotten.
#[test]
fn warns_about_a_missing_secret_version_before_the_secret_exists() {
    let of = |version: Value| {
        let secret = [("auth_token_secret_arn", Value::Unknown), ("auth_token_secret_version_id", version)];
        problems(&plan(&Value::Null, secret).diags)
    };
    let messages = of(Value::Null);
    let warning = "auth_token_secret_arn: Missing auth_token_secret_version_id: `auth_token_secret_arn` is \
                   known only after";
    assert!(messages.len() == 1 && messages[0].starts_with(warning), "{messages:?}");
    assert_eq!(of(Value::Unknown), [""; 0]);
}

/// An existing one stays when replicas are added; a missing one may appear.
#[tokio::test(start_paused = true)]
async fn added_replicas_keep_the_reader_endpoint() {
    let of =
        |nodes| [("num_cache_clusters", Value::from(nodes)), ("automatic_failover_enabled", false.into())];
    let prior = state(FakeGroup { nodes: vec![("cache-001", "available")], ..FakeGroup::two() }, of(1)).await;
    assert!(prior.get("reader_endpoint").as_str().is_some());
    let plan = plan(&prior, of(2));
    none(&plan.diags);
    assert_eq!(
        changes(&prior, &plan),
        ["member_clusters", "node_groups", "num_cache_clusters", "replicas_per_node_group"]
    );
    let Value::Map(mut without) = prior else { panic!("no state") };
    without.insert("reader_endpoint_address".to_owned(), Value::Null);
    assert!(self::plan(&Value::Map(without), of(2)).planned.get("reader_endpoint").is_unknown());
}

/// A group whose interrupted create continues is waited for; one that failed is replaced.
#[tokio::test(start_paused = true)]
async fn plan_of_an_interrupted_create_waits_for_it() {
    let prior = state(FakeGroup::two(), []).await;
    let with = |status: &str| {
        let Value::Map(mut state) = prior.clone() else { panic!("no state") };
        state.insert("status".to_owned(), status.into());
        Value::Map(state)
    };
    let making = plan(&with("creating"), []);
    none(&making.diags);
    assert_eq!(replaced(&making), [""; 0]);
    for name in ["endpoint", "status", "url", "member_clusters", "security_group_ids"] {
        assert!(making.planned.get(name).is_unknown(), "{name}");
    }
    for name in ["arn", "id", "port", "region", "tags_all"] {
        assert_eq!(making.planned.get(name), prior.get(name));
    }
    let failed = plan(&with("create-failed"), []);
    assert_eq!(replaced(&failed), ["status"]);
    assert_eq!(
        problems(&failed.diags),
        [
            "AWS failed to create the replication group: Replication group \"cache\" has the status create-failed, \
             which is final. Terraform replaces it."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn unchangeable_arguments_force_a_new_resource() {
    let prior = state(FakeGroup::two(), []).await;
    let on = prior.get("at_rest_encryption_enabled") == &Value::from(true);
    let fixed = |name: &str, from: &str, to: &str| {
        format!(
            "{name}: {REPLACED}: `{name}` changes from {from} to {to}, but AWS sets it only when a \
             replication group is created. {LOST} To keep the replication group, keep `{name} = {from}`. \
             {KEEP}"
        )
    };
    for (name, value, announced) in [
        (
            "at_rest_encryption_enabled",
            Value::from(!on),
            fixed("at_rest_encryption_enabled", "true", "false"),
        ),
        ("network_type", "dual_stack".into(), fixed("network_type", "\"ipv4\"", "\"dual_stack\"")),
        ("port", Value::from(6380), fixed("port", "6379", "6380")),
        (
            "replication_group_id",
            "other".into(),
            format!(
                "replication_group_id: {REPLACED}: `replication_group_id` changes from \"cache\" to \
                 \"other\", but AWS does not rename a replication group. {LOST} {KEEP}"
            ),
        ),
        ("subnet_group_name", "other".into(), fixed("subnet_group_name", "\"subnets\"", "\"other\"")),
    ] {
        let plan = plan(&prior, [(name, value)]);
        assert_eq!(replaced(&plan), [name]);
        assert_eq!(problems(&plan.diags), [announced]);
    }
    // What the state does not know does not change either; a key is one that was not given.
    assert_eq!(replaced(&plan(&prior, [("kms_key_id", "1234abcd".into())])), ["kms_key_id"]);
}

#[tokio::test(start_paused = true)]
async fn token_cannot_be_removed() {
    let mut observed = FakeGroup::two();
    observed.group = observed.group.replace("false</AuthTokenEnabled>", "true</AuthTokenEnabled>");
    let prior = state(observed, [("auth_token", TOKEN.into())]).await;
    let other = plan(&prior, [("auth_token", "another-token-0123456789".into())]);
    none(&other.diags);
    assert_eq!(
        changes(&prior, &other),
        [
            "auth_token",
            "auth_token_last_modified_date",
            "auth_token_version",
            "pending_modified_values",
            "running_values"
        ]
    );
    assert_eq!(
        problems(&plan(&prior, []).diags),
        ["auth_token: AUTH token cannot be removed: AWS removes an AUTH token only when user groups \
             replace it. Keep `auth_token`, or set `user_group_ids` instead."]
    );
    none(&plan(&prior, [("user_group_ids", Value::set([Value::from("users")]))]).diags);
    // A group that is replaced anyway may do without.
    let new = plan(&prior, [("port", Value::from(6380))]);
    assert!(!new.diags.has_errors());
    assert_eq!(replaced(&new), ["port"]);
}

#[tokio::test(start_paused = true)]
async fn imported_token_needs_tls() {
    let mut observed = FakeGroup::two();
    observed.group = observed.group.replace("false</AuthTokenEnabled>", "true</AuthTokenEnabled>");
    let aws = FakeAws::new(move |call| observed.answer(call));
    let imported = aws.import(&ReplicationGroup, "Cache").await;
    none(&imported.diags);
    let say = "AUTH token requires TLS: The replication group has an AUTH token, with which AWS accepts no \
               connections without TLS. Keep TLS as it is; or first replace the token with `user_group_ids` \
               and apply, then remove `user_group_ids` together with TLS.";
    let off = plan(&imported.state, [("transit_encryption_enabled", false.into())]);
    assert_eq!(problems(&off.diags), [format!("transit_encryption_enabled: {say}")]);
    let relaxed = plan(&imported.state, [("transit_encryption_mode", "preferred".into())]);
    assert_eq!(problems(&relaxed.diags), [format!("transit_encryption_mode: {say}")]);
}

/// AWS refuses durability of a group that does not have its conditions yet.
#[tokio::test(start_paused = true)]
async fn durability_does_not_wait_for_a_version_that_waits() {
    let mut observed = FakeGroup { version: "8.0.1", ..FakeGroup::two() };
    observed.group.push_str("<Engine>valkey</Engine>");
    let prior = state(observed, [("engine", "valkey".into()), ("engine_version", "8.0".into())]).await;
    let upgraded = |now: bool| {
        [
            ("engine", "valkey".into()),
            ("engine_version", "9.0".into()),
            ("durability", "sync".into()),
            ("apply_immediately", now.into()),
        ]
    };
    assert_eq!(
        problems(&plan(&prior, upgraded(false)).diags),
        ["durability: This change of durability requires apply_immediately: AWS accepts this durability \
             only once Valkey 9.0 is in effect, which waits for the maintenance window. Set \
             `apply_immediately = true`; or apply the first change alone, and the other one after the \
             maintenance window."]
    );
    let now = plan(&prior, upgraded(true));
    none(&now.diags);
    assert_eq!(now.planned.get("effective_durability"), &Value::Unknown);
}

#[tokio::test(start_paused = true)]
async fn import_never_replaces_for_unread_arguments() {
    let mut observed = FakeGroup::two();
    observed.group = observed.group.replace("false</AuthTokenEnabled>", "true</AuthTokenEnabled>");
    let aws = FakeAws::new(move |call| observed.answer(call));
    let imported = aws.import(&ReplicationGroup, "Cache").await;
    none(&imported.diags);
    let plan = plan(
        &imported.state,
        [
            ("auth_token", TOKEN.into()),
            ("snapshot_name", "before".into()),
            ("durability", "default".into()),
            ("data_tiering_enabled", false.into()),
            ("apply_immediately", true.into()),
            ("final_snapshot_identifier", "last".into()),
        ],
    );
    assert_eq!(replaced(&plan), [] as [&str; 0]);
    assert_eq!(
        problems(&plan.diags),
        [
            "auth_token: AUTH token is not verified: The replication group already has an AUTH token, which AWS does \
             not return and the state does not hold. The configured token is assumed to be the same, and AWS is not \
             called. If it is another one, change it once more to apply it."
        ]
    );
    assert_eq!(
        changes(&imported.state, &plan),
        [
            "apply_immediately",
            "auth_token",
            "auth_token_version",
            "durability",
            "effective_durability",
            "final_snapshot_identifier",
            "snapshot_name",
            "storage_encryption_type",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_replacement_by_an_unknown_value_is_announced() {
    let prior = state(FakeGroup::two(), []).await;
    let plan = plan(&prior, [("subnet_group_name", Value::Unknown)]);
    assert_eq!(replaced(&plan), ["subnet_group_name"]);
    assert_eq!(
        problems(&plan.diags),
        [
            "subnet_group_name: Replacement because of an unknown value: subnet_group_name of replication group \
             \"cache\" is known only during apply, and a change forces a new resource. If it stays the same, set it to \
             a value that is known at plan, or apply its dependencies first: otherwise the data of the replication \
             group is lost."
        ]
    );
}
