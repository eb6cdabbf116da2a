//! What an apply keeps of an object that another client has changed, and what it does not take for the same.

use serde_json::{Value as Json, json};
use terraform_provider_elasticache::value::{Value, json as values};

use crate::chaos::cells::message;
use crate::chaos::driver::{Driver, State};
use crate::chaos::subjects::{RESOURCES, Subject};

/// The subject of the fault matrix of this type.
pub fn subject(name: &str) -> &'static Subject {
    RESOURCES.iter().find(|it| it.name == name).unwrap()
}

/// Makes the object of a configuration, and reads it.
fn make(driver: &mut Driver, subject: &Subject, config: &Value) -> State {
    let resource = subject.resource().unwrap();
    let (state, diags) = driver.apply(resource, &State::default(), config);
    assert_eq!(message(&diags), "", "{}: create", subject.name);
    driver.restart();
    driver.refresh(resource, &state).0
}

/// The provider has no argument for the action configuration of an alarm, and a put replaces all settings.
#[test]
fn an_update_of_an_alarm_repeats_what_no_argument_has() {
    let alarms = [
        ("elasticache_metric_alarm", "PutMetricAlarm"),
        ("elasticache_composite_alarm", "PutCompositeAlarm"),
        ("elasticache_alarm_set", "PutMetricAlarm"),
    ];
    for (name, put) in alarms {
        let subject = subject(name);
        let resource = subject.resource().unwrap();
        let schema = resource.schema();
        let mut driver = Driver::new(subject.seeds);
        let mut config = subject.document();
        let state = make(&mut driver, subject, &subject.config(schema));
        // Another client puts each alarm again, with tags in its notifications.
        let tagged = json!({"AlarmTagsPropagation": {"Enabled": true}});
        let calls = driver.aws.calls("cloudwatch", put);
        for call in &calls {
            let mut input = call.parameters.clone();
            input["ActionConfiguration"] = tagged.clone();
            driver.sow(&("eu-west-1", "cloudwatch", put, &input.to_string()));
        }
        driver.restart();
        let state = driver.refresh(resource, &state).0;
        driver.aws.record().clear();
        let changes = match name {
            "elasticache_metric_alarm" => json!({"threshold": 90}),
            "elasticache_composite_alarm" => json!({"alarm_rule": "OK(other)"}),
            _ => json!({"alarm_actions": ["arn:aws:sns:eu-west-1:123456789012:pages"]}),
        };
        config.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let changed = schema.conform(values::decode(&config, schema.ty()).unwrap());
        let (_, diags) = driver.apply(resource, &state, &changed);
        assert_eq!(message(&diags), "", "{name}: update");
        let puts = driver.aws.calls("cloudwatch", put);
        assert!(!puts.is_empty(), "{name}: nothing was put");
        for call in puts {
            let name = call.parameters["AlarmName"].as_str().unwrap_or_default().to_owned();
            assert_eq!(call.parameters["ActionConfiguration"], tagged, "{name}");
        }
    }
}

/// The types with `kms_key_id`.
pub const ENCRYPTED: [&str; 4] = [
    "elasticache_replication_group",
    "elasticache_serverless_cache",
    "elasticache_serverless_cache_snapshot",
    "elasticache_snapshot",
];

/// Encrypts the object of this type with a key or alias.
pub fn set_key(document: &mut Json, name: &str, key: &str) {
    document["kms_key_id"] = key.into();
    if name == "elasticache_replication_group" {
        document["at_rest_encryption_enabled"] = true.into();
    }
}

/// AWS returns the key of an alias, so that a key in the configuration can be compared with it.
#[test]
fn a_key_in_the_place_of_an_alias_is_compared_with_the_key_in_use() {
    const OTHER: &str = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    // As the simulated AWS makes the key of `alias/a`.
    const IN_USE: &str = "arn:aws:kms:eu-west-1:123456789012:key/61";
    for name in ENCRYPTED {
        let subject = subject(name);
        let resource = subject.resource().unwrap();
        let schema = resource.schema();
        let with_key = |key: &str| {
            let mut config = subject.document();
            set_key(&mut config, name, key);
            schema.conform(values::decode(&config, schema.ty()).unwrap())
        };
        let mut driver = Driver::new(subject.seeds);
        let state = make(&mut driver, subject, &with_key("alias/a"));
        for same in ["alias/a", IN_USE] {
            assert_eq!(driver.is_settled(resource, &state, &with_key(same)), Ok(()), "{name}: {same}");
        }
        for other in ["alias/b", OTHER] {
            let plan = driver.plan(resource, &state, &with_key(other));
            let causes: Vec<String> = plan.replace.iter().map(ToString::to_string).collect();
            assert_eq!(causes, ["kms_key_id"], "{name}: {other}");
            assert_eq!(plan.planned.get("kms_key_id").as_str(), Some(other), "{name}");
        }
    }
}
