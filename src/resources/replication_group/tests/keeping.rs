//! Keeping data, and the parameter group that goes with a version.

use super::{FakeGroup, ReplicationGroup, configured, none};
use crate::diag::Diagnostic;
use crate::engine::{AnyResource, PlanRequest, PlanResponse, ProviderConfig};
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

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

#[tokio::test(start_paused = true)]
async fn a_protected_group_is_not_replaced() {
    let prior = state(FakeGroup::two(), [("deletion_protection", true.into())]).await;
    let plan = plan(&prior, [("deletion_protection", true.into()), ("port", Value::from(6380))]);
    assert_eq!(
        problems(&plan.diags),
        ["port: Replication group is protected from deletion: The change of `port` requires replacement \
             of replication group \"cache\", which has `deletion_protection = true`. Undo the change; or, if \
             it may be deleted, set `deletion_protection = false` and apply that first."]
    );
}

#[tokio::test(start_paused = true)]
async fn a_replacement_that_loses_snapshots_is_announced() {
    let days = ("snapshot_retention_limit", Value::from(5));
    let prior = state(FakeGroup::two(), [days.clone()]).await;
    let port = ("port", Value::from(6380));
    let lost = plan(&prior, [days.clone(), port.clone()]);
    assert_eq!(
        problems(&lost.diags),
        ["port: Replication group will be replaced: `port` changes from 6379 to 6380, but AWS sets it \
             only when a replication group is created. A new, empty replication group replaces \"cache\": \
             its data is lost, and AWS deletes its daily snapshots with it. To keep the replication group, \
             keep `port = 6379`. To keep the data, first set `final_snapshot_identifier` and apply; then set \
             `snapshot_name` to the same name together with this change."]
    );
    let last = ("final_snapshot_identifier", Value::from("last"));
    let prior = state(FakeGroup::two(), [days.clone(), last.clone()]).await;
    assert_eq!(
        problems(&plan(&prior, [days, last, port]).diags),
        ["port: Replication group will be replaced: `port` changes from 6379 to 6380, but AWS sets it \
             only when a replication group is created. A new, empty replication group replaces \"cache\": \
             its data is lost, and AWS deletes its daily snapshots with it. To keep the replication group, \
             keep `port = 6379`. The final snapshot \"last\" is taken first: to restore the data into the \
             new one, set `snapshot_name = \"last\"` in the same change."]
    );
}

#[test]
fn default_parameter_group_must_fit_version_and_cluster_mode() {
    let said = |changes: [(&str, Value); 2]| problems(&plan(&Value::Null, changes).diags);
    assert_eq!(
        said([("parameter_group_name", "default.redis6.x".into()), ("engine_version", "7.1".into())]),
        ["parameter_group_name: Invalid parameter_group_name: \"default.redis6.x\" is a parameter group \
             of family redis6.x, but `engine` and `engine_version` need redis7. Use \"default.redis7\", or a \
             parameter group of your own of that family."]
    );
    assert_eq!(
        said([("parameter_group_name", "default.redis7".into()), ("cluster_mode", "enabled".into())]),
        ["parameter_group_name: Invalid parameter_group_name: \"default.redis7\" has cluster mode off, \
             but `cluster_mode = \"enabled\"` needs it. Use \"default.redis7.cluster.on\", or a parameter \
             group of your own with cluster-enabled set to yes."]
    );
    assert!(said([("parameter_group_name", "mine".into()), ("engine_version", "7.1".into())]).is_empty());
}

#[tokio::test(start_paused = true)]
async fn default_parameter_group_follows_the_version() {
    let valkey =
        [("engine", "valkey".into()), ("engine_version", "8.0".into()), ("apply_immediately", true.into())];
    let prior = state(FakeGroup::two(), []).await;
    assert_eq!(prior.get("parameter_group_name"), &Value::from("default.redis7"));
    let followed = plan(&prior, valkey.clone());
    none(&followed.diags);
    assert_eq!(followed.planned.get("parameter_group_name"), &Value::from("default.valkey8"));
    // A group of the user's own is for the family it was made for.
    let mut prior = prior;
    if let Value::Map(entries) = &mut prior {
        entries.insert("parameter_group_name".into(), "mine".into());
    }
    assert_eq!(
        problems(&plan(&prior, valkey).diags),
        ["parameter_group_name: Parameter group does not fit the version: The replication group uses the \
             parameter group \"mine\" of family redis7, and the planned engine version needs the family \
             valkey8. Set `parameter_group_name` to one of that family in the same change: AWS changes both \
             together."]
    );
}

#[tokio::test(start_paused = true)]
async fn a_protected_group_is_not_destroyed() {
    let prior = state(FakeGroup::two(), [("deletion_protection", true.into())]).await;
    let provider = ProviderConfig::new(Err(Diagnostic::error("No AWS", "A plan calls nothing.")));
    let plan = AnyResource::plan(&ReplicationGroup, &provider, PlanRequest { prior, ..Default::default() });
    assert_eq!(
        problems(&plan.diags),
        ["deletion_protection: Replication group is protected from deletion: Replication group \"cache\" \
             has `deletion_protection = true`. To destroy it, set `deletion_protection = false` and apply \
             first."]
    );
}

/// E1: what AWS could not create holds nothing.
#[tokio::test(start_paused = true)]
async fn a_protected_group_that_was_never_created_is_replaced() {
    let protected = ("deletion_protection", Value::from(true));
    let Value::Map(mut state) = state(FakeGroup::two(), [protected.clone()]).await else {
        panic!("no state")
    };
    state.insert("status".to_owned(), "create-failed".into());
    let plan = plan(&Value::Map(state), [protected]);
    assert!(!plan.diags.has_errors(), "{:?}", problems(&plan.diags));
    assert_eq!(plan.replace.len(), 1);
}

/// E2: AWS returns the ARN of the key for an alias.
#[tokio::test(start_paused = true)]
async fn key_alias_is_no_difference() {
    let key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let with_key = move || {
        let mut observed = FakeGroup::two();
        observed.group.push_str(&format!("<KmsKeyId>{key}</KmsKeyId>"));
        observed
    };
    let aliases = ["alias/demo", "arn:aws:kms:us-east-1:111122223333:alias/demo"];
    let id = |key: &str| [("kms_key_id", Value::from(key)), ("at_rest_encryption_enabled", true.into())];
    for alias in aliases {
        let by_key = state(with_key(), id(key)).await;
        let by_alias = state(with_key(), id(alias)).await;
        for (prior, config) in
            [(&by_key, alias), (&by_alias, key), (&by_alias, aliases[0]), (&by_alias, aliases[1])]
        {
            let plan = plan(prior, id(config));
            none(&plan.diags);
            assert_eq!(plan.planned, *prior, "{config}");
        }
        let aws = FakeAws::new(move |call| with_key().answer(call));
        let imported = aws.import(&ReplicationGroup, "cache").await.state;
        assert!(plan(&imported, id(alias)).replace.is_empty());
        let refreshed = aws.read(&ReplicationGroup, &by_alias).await;
        assert_eq!(refreshed.state.get("kms_key_id"), &Value::from(alias));
    }
    // Two keys, and two aliases, are different.
    let by_key = state(with_key(), id(key)).await;
    assert_eq!(plan(&by_key, id("5678")).replace.len(), 1);
    let by_alias = state(with_key(), id("alias/demo")).await;
    assert_eq!(plan(&by_alias, id("alias/other")).replace.len(), 1);
}

/// A refresh-only plan after the apply shows no change.
#[tokio::test(start_paused = true)]
async fn key_of_an_alias_is_noted_by_the_create_and_kept_by_an_update() {
    let with_key = |description: &'static str| {
        FakeAws::new(move |call| {
            let mut observed = FakeGroup::two();
            observed.group.push_str("<KmsKeyId>arn:aws:kms:us-east-1:111122223333:key/1</KmsKeyId>");
            observed.answer(call).with("A cache", description)
        })
    };
    let encrypted = |description: &str| {
        configured([
            ("description", description.into()),
            ("kms_key_id", "alias/demo".into()),
            ("at_rest_encryption_enabled", true.into()),
        ])
    };
    let aws = with_key("a");
    let created = aws.create(&ReplicationGroup, encrypted("a")).await;
    none(&created.diags);
    let read = aws.read_unchanged(&ReplicationGroup, &created).await;
    assert!(!read.private.is_empty());
    let aws = with_key("b");
    let changed = aws.update_read(&ReplicationGroup, &read, encrypted("b")).await;
    none(&changed.diags);
    aws.read_unchanged(&ReplicationGroup, &changed).await;
}

/// E4: the permission to replace goes before the tolerance of what AWS upgrades by itself.
#[tokio::test(start_paused = true)]
async fn allowed_downgrade_replaces_despite_automatic_upgrades() {
    let prior = state(FakeGroup::two(), []).await;
    let permitted = ("allow_engine_replacement", Value::from(true));
    let lower = plan(&prior, [("engine_version", "7.0".into()), permitted.clone()]);
    assert_eq!(lower.replace.iter().map(ToString::to_string).collect::<Vec<_>>(), ["engine_version"]);
    // What AWS upgraded by itself replaces nothing, permission or not.
    let aws = FakeAws::new(|call| FakeGroup::two().answer(call));
    let old = FakeGroup { version: "7.0.7", ..FakeGroup::two() };
    let seven = ("engine_version", Value::from("7.0"));
    let upgraded =
        aws.read(&ReplicationGroup, &state(old, [seven.clone(), permitted.clone()]).await).await.state;
    assert_eq!(upgraded.get("engine_version_actual"), &Value::from("7.1.0"));
    let same = plan(&upgraded, [seven, permitted]);
    none(&same.diags);
    assert!(same.replace.is_empty());
}
