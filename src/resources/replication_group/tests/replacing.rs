//! A replacement of a group that holds data is never silent. Fault E3.

use super::{FakeGroup, ReplicationGroup, configured, none};
use crate::engine::{AnyResource, PlanResponse};
use crate::schema::Replace;
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

const REPLACED: &str = "Replication group will be replaced";
const LOST: &str = "A new, empty replication group replaces \"cache\": its data is lost.";
const KEEP: &str = "To keep the data, first set `final_snapshot_identifier` and apply; then set \
                    `snapshot_name` to the same name together with this change.";

const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER_KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/5678abcd-12ab-34cd-56ef-1234567890ab";

async fn state() -> Value {
    let observed = FakeGroup::two();
    let aws = FakeAws::new(move |call| observed.answer(call));
    let created = aws.create(&ReplicationGroup, configured([])).await;
    none(&created.diags);
    created.state
}

fn with(state: &Value, name: &str, value: Value) -> Value {
    let Value::Map(mut entries) = state.clone() else { panic!("no state") };
    entries.insert(name.to_owned(), value);
    Value::Map(entries)
}

fn plan(prior: &Value, name: &str, value: Value) -> PlanResponse {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    aws.plan(&ReplicationGroup, prior, &configured([(name, value)]))
}

fn set(text: &str) -> Value {
    Value::set([Value::from(text)])
}

#[tokio::test(start_paused = true)]
async fn a_replacement_by_key_or_snapshot_names_cause_loss_and_way() {
    let state = state().await;
    let created_only =
        |change: &str| format!("{change}, but AWS sets it only when a replication group is created. {LOST} ");
    let restored_only = |change: &str, name: &str| {
        format!(
            "{change}, but AWS restores snapshots into new replication groups only. {LOST} To keep the \
             replication group as it is, remove `{name}`: that changes nothing. "
        )
    };
    let [first, second] = ["arn:aws:s3:::backup/first.rdb", "arn:aws:s3:::backup/second.rdb"];
    for (name, from, to, messages) in [
        ("kms_key_id", Value::from(""), Value::from(KEY), created_only("`kms_key_id` changes")),
        (
            "kms_key_id",
            KEY.into(),
            OTHER_KEY.into(),
            created_only(&format!("`kms_key_id` changes from {KEY:?} to {OTHER_KEY:?}"))
                + &format!("To keep the replication group, keep `kms_key_id = {KEY:?}`. "),
        ),
        (
            "snapshot_name",
            "first".into(),
            "second".into(),
            restored_only("`snapshot_name` changes from \"first\" to \"second\"", "snapshot_name"),
        ),
        ("snapshot_arns", set(first), set(second), restored_only("`snapshot_arns` changes", "snapshot_arns")),
    ] {
        let plan = plan(&with(&state, name, from), name, to);
        assert_eq!(plan.replace.iter().map(ToString::to_string).collect::<Vec<_>>(), [name]);
        assert_eq!(problems(&plan.diags), [format!("{name}: {REPLACED}: {messages}{KEEP}")]);
    }
}

/// Two values of an attribute whose change forces a new resource.
fn values(name: &str) -> (Value, Value) {
    let texts = |from: &str, to: &str| (Value::from(from), Value::from(to));
    match name {
        "at_rest_encryption_enabled" | "data_tiering_enabled" => (false.into(), true.into()),
        "global_replication_group_id" => texts("ldgnf-first", "ldgnf-second"),
        "kms_key_id" => texts(KEY, OTHER_KEY),
        "network_type" => texts("ipv4", "dual_stack"),
        "port" => (Value::from(6379), Value::from(6380)),
        "region" => texts("us-east-1", "eu-west-1"),
        "replication_group_id" => texts("cache", "other"),
        "security_group_names" => (set("first"), set("second")),
        "snapshot_arns" => (set("arn:aws:s3:::backup/first.rdb"), set("arn:aws:s3:::backup/second.rdb")),
        "serverless_cache_snapshot_name" | "snapshot_name" => texts("first", "second"),
        "subnet_group_name" => texts("subnets", "others"),
        other => panic!("a change of {other} forces a new resource: add two values of it"),
    }
}

/// Every attribute that the schema marks as replacing is warned of, those of later versions too.
#[tokio::test(start_paused = true)]
async fn every_replacement_has_a_warning() {
    let state = state().await;
    let attributes = &ReplicationGroup.schema().block.attributes;
    let mut tried = 0;
    for attribute in attributes.iter().filter(|it| !matches!(it.replace, Replace::Never)) {
        let name = attribute.name;
        let (from, to) = values(name);
        let plan = plan(&with(&state, name, from), name, to);
        assert_eq!(plan.replace.iter().map(ToString::to_string).collect::<Vec<_>>(), [name]);
        let messages = problems(&plan.diags);
        let warning = format!("{name}: {REPLACED}: `{name}` changes");
        let announced: Vec<&String> = messages.iter().filter(|it| it.starts_with(&warning)).collect();
        assert_eq!(announced.len(), 1, "{name}: {messages:#?}");
        assert!(announced[0].contains(LOST) && announced[0].ends_with(KEEP), "{name}: {messages:#?}");
        tried += 1;
    }
    assert!(tried >= 12, "{tried} attributes");
}
