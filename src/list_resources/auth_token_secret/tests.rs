//! Both kinds of secrets, which list alike.

use serde_json::json;

use super::AuthTokenSecretList;
use crate::engine::AnyListResource;
use crate::list_resources::connection_secret::ConnectionSecretList;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::value::Value;

fn arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{name}-AbCdEf")
}

fn secret(name: &str, more: &serde_json::Value) -> serde_json::Value {
    let mut secret = json!({ "ARN": arn(name), "Name": name });
    secret.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    secret
}

/// Three pages, one of them empty, with a secret of Amazon RDS and a replica.
fn answer(call: &Call) -> Answer {
    match call.json()["NextToken"].as_str() {
        None => {
            let secrets = [
                secret("app/web", &json!({ "Description": "AUTH token of web" })),
                secret("app/rds", &json!({ "OwningService": "rds" })),
                secret("app/copy", &json!({ "PrimaryRegion": "eu-west-1" })),
            ];
            call.answer_json(&json!({ "SecretList": secrets, "NextToken": "empty" }))
        }
        Some("empty") => call.answer_json(&json!({ "SecretList": [], "NextToken": "last" })),
        Some(_) => {
            let secrets = [secret("app/api", &json!({ "PrimaryRegion": "us-east-1" }))];
            call.answer_json(&json!({ "SecretList": secrets }))
        }
    }
}

#[tokio::test]
async fn secrets_with_the_prefix_are_listed_by_their_arn() {
    let lists: [&dyn AnyListResource; 2] = [&AuthTokenSecretList, &ConnectionSecretList];
    for list in lists {
        let fake = FakeAws::new(answer);
        let config = list.schema().conform(Value::map([("name_prefix", Value::from("app/"))]));
        let events = listed(list, &fake.provider, config, false, 0).await;
        assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
        let observed: Vec<&str> = events.iter().map(|event| event.display_name.as_str()).collect();
        assert_eq!(observed, ["app/web (AUTH token of web)", "app/api"]);
        assert_eq!(events[1].identity.get("arn"), &Value::string(arn("app/api")));
        let calls = fake.calls();
        assert_eq!(calls.len(), 3);
        for call in calls {
            assert_eq!(call.operation, "ListSecrets");
            assert_eq!(call.json()["Filters"], json!([{ "Key": "name", "Values": ["app/"] }]));
        }
    }
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDeniedException", "You may not."));
    let config = AnyListResource::schema(&AuthTokenSecretList)
        .conform(Value::map([("name_prefix", Value::from("app/"))]));
    let events = listed(&AuthTokenSecretList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list secrets: "), "{errors:?}");
}
