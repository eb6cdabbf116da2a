//! The private data that an apply stores.

use super::erased::AnyResource;
use super::private::Private;
use super::requests::{ApplyRequest, ReadRequest, ReadResponse};
use crate::testing::aws::{FakeAws, config};
use crate::testing::test_resource::TestResource;
use crate::value::Value;

fn aws() -> FakeAws {
    FakeAws::new(|call| call.error("None", "Nothing is called."))
}

fn named(name: &str, nodes: i64) -> Value {
    config(
        &TestResource,
        [
            ("name", name.into()),
            ("nodes", nodes.into()),
            ("subnets", Value::set([Value::from("subnet-1")])),
            ("region", "us-east-1".into()),
        ],
    )
}

/// The state of that configuration.
fn state(name: &str, nodes: i64) -> Value {
    let planned = aws().plan(&TestResource, &Value::Null, &named(name, nodes)).planned;
    planned.unknown_to_null()
}

fn noted() -> Private {
    let notes = [("key".to_owned(), vec!["arn".to_owned()])];
    Private { notes: notes.into(), ..Private::imported() }
}

/// The read after it keeps them as well, so that a refresh-only plan shows no change.
#[tokio::test]
async fn update_keeps_the_notes_and_ends_the_import() {
    let aws = aws();
    let read = ReadResponse { state: state("a", 1), private: noted().bytes(), ..ReadResponse::default() };
    let plan = aws.plan_read(&TestResource, &read, &named("a", 2));
    let planned = plan.planned.unknown_to_null();
    let request = ApplyRequest { config: named("a", 2), prior: read.state, planned, private: plan.private };
    let applied = AnyResource::apply(&TestResource, &aws.provider, &aws.cancel, request).await;
    let expected = Private { notes: noted().notes, ..Private::default() };
    assert_eq!(Private::parse(&applied.private), expected);
    let request = ReadRequest { state: applied.state, private: applied.private.clone() };
    let read = AnyResource::read(&TestResource, &aws.provider, &aws.cancel, request).await;
    assert_eq!(read.private, applied.private);
}

/// Core sends the private data of the replaced object with the second plan of a replacement.
#[tokio::test]
async fn create_has_no_private_data_of_the_replaced_object() {
    let aws = aws();
    let replaced = ReadResponse { private: noted().bytes(), ..ReadResponse::default() };
    let plan = aws.plan_read(&TestResource, &replaced, &named("a", 1));
    assert_eq!(plan.private, b"");
    let request = ApplyRequest {
        config: named("a", 1),
        planned: state("a", 1),
        private: noted().bytes(),
        ..ApplyRequest::default()
    };
    let applied = AnyResource::apply(&TestResource, &aws.provider, &aws.cancel, request).await;
    assert!(!applied.state.is_null());
    assert_eq!(applied.private, b"");
}
