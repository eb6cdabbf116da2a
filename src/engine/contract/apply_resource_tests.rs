use super::context::Context;
use super::resource::Resource;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::ApplyResponse;
use crate::testing::aws::{FakeAws, config, problems};
use crate::testing::test_resource::Raw;
use crate::value::Value;

/// A resource with a defect: whatever it changes, it panics, after it has saved an object unless its name is `unsaved`.
struct Panics;

fn save_and_panic(cx: &Context<'_>, planned: Raw) {
    if planned.0.get("name").as_str() != Some("unsaved") {
        cx.save(planned);
    }
    panic!("in the middle");
}

impl Resource for Panics {
    type Model = Raw;

    fn type_name(&self) -> &'static str {
        "elasticache_everything"
    }

    async fn create(&self, cx: &Context<'_>, _: Raw, planned: Raw) -> Result<Raw, Diagnostics> {
        save_and_panic(cx, planned.clone());
        Ok(planned)
    }

    async fn read(&self, _: &Context<'_>, state: Raw) -> Result<Option<Raw>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(&self, cx: &Context<'_>, _: Raw, _: Raw, planned: Raw) -> Result<Raw, Diagnostics> {
        save_and_panic(cx, planned.clone());
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: Raw) -> Result<(), Diagnostics> {
        save_and_panic(cx, state);
        Ok(())
    }

    fn import(&self, _: &str) -> Result<Raw, Diagnostic> {
        Ok(Raw::default())
    }
}

fn of(name: &str, nodes: i64) -> Value {
    let subnets = Value::set([Value::from("subnet-1")]);
    config(&Panics, [("name", name.into()), ("nodes", nodes.into()), ("subnets", subnets)])
}

fn assert_reported(response: &ApplyResponse) {
    let problems = problems(&response.diags);
    let expected = "ApplyResourceChange for elasticache_everything panicked: in the middle";
    assert!(problems[0].contains(expected) && response.diags.has_errors(), "{problems:?}");
}

#[tokio::test]
async fn panic_keeps_what_the_operation_saved() {
    let fake = FakeAws::new(|call| call.error("None", "Nothing is called."));
    let created = fake.create(&Panics, of("a", 1)).await;
    assert_reported(&created);
    assert_eq!(*created.state.get("name"), Value::from("a"));
    assert!(created.state.is_wholly_known());
    let updated = fake.update(&Panics, &created.state, of("a", 2)).await;
    assert_reported(&updated);
    assert_eq!(*updated.state.get("nodes"), Value::from(2));
}

#[tokio::test]
async fn panic_without_anything_saved_keeps_the_prior_state() {
    let fake = FakeAws::new(|call| call.error("None", "Nothing is called."));
    let prior = of("unsaved", 1);
    let created = fake.create(&Panics, of("unsaved", 1)).await;
    assert_reported(&created);
    assert!(created.state.is_null());
    let updated = fake.update(&Panics, &prior, of("unsaved", 2)).await;
    assert_reported(&updated);
    assert_eq!(updated.state, prior);
    let deleted = fake.delete(&Panics, &prior).await;
    assert_reported(&deleted);
    assert_eq!(deleted.state, prior);
}
