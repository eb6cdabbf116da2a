//! The private data after the read of an unchanged object is that after the apply. Terraform's refresh-only plan compares
//! both, and exits with 2 for a difference that it does not show.

use serde_json::{Value as Json, json};
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::value::{Value, json as values};

use super::kept::{ENCRYPTED, set_key, subject};
use crate::chaos::cells::message;
use crate::chaos::driver::{Driver, SETTLED, State};
use crate::chaos::subject_cases::CASES;
use crate::chaos::subjects::{RESOURCES, Subject};

fn config(resource: &dyn AnyResource, document: &Json) -> Value {
    let schema = resource.schema();
    schema.conform(values::decode(document, schema.ty()).unwrap())
}

/// Applies a configuration, and reads the object twice in other processes.
#[track_caller]
fn apply(driver: &mut Driver, subject: &Subject, prior: &State, config: &Value, what: &str) -> State {
    let resource = subject.resource().unwrap();
    let label = subject.label();
    let (applied, diags) = driver.apply(resource, prior, config);
    assert_eq!(message(&diags), "", "{label}: {what}");
    driver.aws.clock().advance(SETTLED);
    unchanged(driver, subject, &applied, what)
}

/// Reads an object that nothing has changed, twice.
#[track_caller]
fn unchanged(driver: &mut Driver, subject: &Subject, state: &State, what: &str) -> State {
    let resource = subject.resource().unwrap();
    let label = subject.label();
    let mut before = state.clone();
    for time in ["first", "second"] {
        driver.restart();
        let (read, diags) = driver.refresh(resource, &before);
        assert_eq!(message(&diags), "", "{label}: {time} read after {what}");
        assert_eq!(read.private(), before.private(), "{label}: {time} read after {what}");
        before = read;
    }
    before
}

/// Imports the object of a state, by its identity.
#[track_caller]
fn import(driver: &mut Driver, subject: &Subject, state: &State) -> State {
    let resource = subject.resource().unwrap();
    let identity = resource.identity_schema().of_state(&state.value, &Value::Null);
    let stub = resource.import_stub(&identity).unwrap();
    driver.restart();
    let (imported, diags) = driver.refresh(resource, &State::imported(stub));
    assert_eq!(message(&diags), "", "{}: import", subject.label());
    unchanged(driver, subject, &imported, "the import")
}

#[test]
fn a_read_of_an_unchanged_object_changes_no_private_data() {
    for subject in RESOURCES.iter().chain(CASES) {
        let Some(resource) = subject.resource() else { continue };
        let schema = resource.schema();
        let mut driver = Driver::new(subject.seeds);
        let first = subject.config(schema);
        let created = apply(&mut driver, subject, &State::default(), &first, "the create");
        if subject.has_change() {
            let changed = subject.changed(schema);
            let updated = apply(&mut driver, subject, &created, &changed, "the update");
            apply(&mut driver, subject, &updated, &first, "the way back");
        }
    }
}

/// With the first configuration, then with the change: what an import notes ends with the apply, or holds in both.
#[test]
fn the_first_apply_after_an_import_leaves_private_data_that_a_read_keeps() {
    for subject in RESOURCES.iter().filter(|it| it.has_change()) {
        let resource = subject.resource().unwrap();
        let schema = resource.schema();
        let mut driver = Driver::new(subject.seeds);
        let first = subject.config(schema);
        let created = apply(&mut driver, subject, &State::default(), &first, "the create");
        let imported = import(&mut driver, subject, &created);
        let changed = subject.changed(schema);
        apply(&mut driver, subject, &imported, &changed, "the first apply after the import");
    }
}

/// The state has the alias, and a note has the key that AWS returns.
#[test]
fn the_key_of_an_alias_is_noted_by_the_create() {
    for name in ENCRYPTED {
        let subject = subject(name);
        let resource = subject.resource().unwrap();
        let with_alias = |mut document: Json| {
            set_key(&mut document, name, "alias/caches");
            config(resource, &document)
        };
        let mut driver = Driver::new(subject.seeds);
        let first = with_alias(subject.document());
        let created = apply(&mut driver, subject, &State::default(), &first, "the create");
        assert!(created.private().contains("arn:aws:kms:"), "{name}: {}", created.private());
        let changed = with_alias(subject.changed_document());
        let updated = apply(&mut driver, subject, &created, &changed, "the update");
        assert_eq!(updated.private(), created.private(), "{name}");
    }
}

/// Another client sets the action configuration once. Each update repeats it, also with `-refresh=false`.
#[test]
fn an_action_configuration_survives_updates_without_a_refresh() {
    for (name, put, changes) in [
        ("elasticache_metric_alarm", "PutMetricAlarm", [json!({"threshold": 90}), json!({"threshold": 95})]),
        (
            "elasticache_composite_alarm",
            "PutCompositeAlarm",
            [json!({"alarm_rule": "OK(other)"}), json!({"alarm_description": "another"})],
        ),
    ] {
        let subject = subject(name);
        let resource = subject.resource().unwrap();
        let mut driver = Driver::new(subject.seeds);
        let first = subject.config(resource.schema());
        let created = apply(&mut driver, subject, &State::default(), &first, "the create");
        let tagged = json!({"AlarmTagsPropagation": {"Enabled": true}});
        let mut input = driver.aws.calls("cloudwatch", put)[0].parameters.clone();
        input["ActionConfiguration"] = tagged.clone();
        driver.sow(&("eu-west-1", "cloudwatch", put, &input.to_string()));
        driver.restart();
        let mut state = driver.refresh(resource, &created).0;
        let mut document = subject.document();
        for change in changes {
            driver.restart();
            driver.aws.record().clear();
            document.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let (changed, diags) = driver.apply(resource, &state, &config(resource, &document));
            assert_eq!(message(&diags), "", "{name}: {change}");
            let puts = driver.aws.calls("cloudwatch", put);
            assert_eq!(puts.len(), 1, "{name}: {change}");
            assert_eq!(puts[0].parameters["ActionConfiguration"], tagged, "{name}: {change}");
            unchanged(&mut driver, subject, &changed, "the update");
            state = changed;
        }
    }
}

/// The state of an import has no password. An update keeps it, and a replacement would lose it.
#[test]
fn the_password_of_an_imported_connection_is_kept_or_asked_for() {
    const TOKEN: &str = "the-token-of-a-connection";
    for name in ["elasticache_connection_secret", "elasticache_ssm_url"] {
        let subject = subject(name);
        let resource = subject.resource().unwrap();
        let mut document = subject.document();
        document["transit_encryption_enabled"] = true.into();
        let without = config(resource, &document);
        let mut described = document.clone();
        described["description"] = "another".into();
        let mut renamed = document.clone();
        renamed["name"] = format!("{}/other", document["name"].as_str().unwrap()).into();
        document["auth_token"] = TOKEN.into();
        let given = config(resource, &document);
        let mut driver = Driver::new(subject.seeds);
        let created = apply(&mut driver, subject, &State::default(), &given, "the create");
        let imported = import(&mut driver, subject, &created);
        let kept = config(resource, &described);
        let kept = apply(&mut driver, subject, &imported, &kept, "an update that keeps the password");
        for state in [&imported, &kept] {
            assert!(!driver.plan(resource, state, &without).diags.has_errors(), "{name}");
            let forced = message(&driver.plan_replacement(resource, state, &without).diags);
            assert!(forced.contains("lacks the password"), "{name}: {forced}");
            driver.aws.record().clear();
            let (after, diags) = driver.apply(resource, state, &config(resource, &renamed));
            assert!(message(&diags).contains("lacks the password"), "{name}: {}", message(&diags));
            assert_eq!((after.value, driver.aws.record().all().len()), (state.value.clone(), 0), "{name}");
        }
        apply(&mut driver, subject, &kept, &given, "an update with the password");
    }
}
