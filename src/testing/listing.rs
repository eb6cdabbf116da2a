//! What a list resource finds.

use super::aws::{Answer, Call, FakeAws, problems};
use super::core::listed;
use crate::engine::AnyListResource;
use crate::value::Value;

/// The display names of what a list resource finds with these arguments. Each begins with the attribute `key` of the
/// identity, which names the account of the ARN.
pub(crate) async fn listed_names(
    source: &dyn AnyListResource,
    script: impl FnMut(&Call) -> Answer + Send + 'static,
    key: &str,
    entries: Vec<(&'static str, Value)>,
) -> Vec<String> {
    let fake = FakeAws::new(script);
    let events = listed(source, &fake.provider, source.schema().conform(Value::map(entries)), false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    for event in &events {
        assert_eq!(event.identity.get("account_id"), &Value::from("111122223333"));
        assert!(event.display_name.starts_with(event.identity.get(key).as_str().unwrap()));
    }
    events.into_iter().map(|event| event.display_name).collect()
}
