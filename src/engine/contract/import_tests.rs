use std::time::Duration;

use tokio::time::Instant;

use super::erased::AnyResource;
use crate::testing::aws::FakeAws;
use crate::testing::test_resource::TestResource;
use crate::value::Value;

fn identity(account: &str) -> Value {
    Value::map([("account_id", Value::from(account)), ("name", Value::from("a"))])
}

/// STS does not answer, as in a network without an endpoint of it.
fn without_sts() -> FakeAws {
    FakeAws::distant(Duration::from_secs(86_400), |call| call.error("None", "It comes too late."))
}

#[tokio::test(start_paused = true)]
async fn imports_by_identity_wait_for_sts_ten_seconds_once() {
    let (fake, resource) = (without_sts(), &TestResource as &dyn AnyResource);
    let started = Instant::now();
    for _ in 0..3 {
        let given = identity("123456789012");
        let state = resource.import_by_identity(&fake.provider, &fake.cancel, &given).await.unwrap();
        assert_eq!(state.get("name"), &Value::from("a"));
    }
    assert_eq!(started.elapsed().as_secs(), 10);
    assert_eq!(fake.operations(), ["GetCallerIdentity"]);
}

#[tokio::test(start_paused = true)]
async fn import_by_identity_ends_with_the_token() {
    let (fake, resource) = (without_sts(), &TestResource as &dyn AnyResource);
    let started = Instant::now();
    let given = identity("123456789012");
    let stop = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        fake.cancel.cancel();
    };
    let import = resource.import_by_identity(&fake.provider, &fake.cancel, &given);
    let (_, ()) = tokio::join!(import, stop);
    assert_eq!(started.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn import_by_identity_of_another_account_is_refused() {
    let fake = FakeAws::new(|call| call.xml("<Account>210987654321</Account>"));
    let resource = &TestResource as &dyn AnyResource;
    let import = |account: &'static str| {
        let fake = &fake;
        async move { resource.import_by_identity(&fake.provider, &fake.cancel, &identity(account)).await }
    };
    let refused = import("123456789012").await.unwrap_err();
    assert_eq!(refused.iter().next().unwrap().summary, "Identity of another AWS account");
    assert!(import("210987654321").await.is_ok());
    assert_eq!(fake.operations(), ["GetCallerIdentity"]);
}
