//! List resources and actions: the RPCs that answer with a stream.

use std::time::Duration;

use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::value::{Value, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use tonic::Streaming;

use super::shelf::{ACCOUNT, SHELF, Shelf, TIDY, config, gate, pass, start};
use super::support::plugin_client::{Channel, DEADLINE, events};
use super::{is_error, only};

async fn list<const N: usize>(
    client: &mut ProviderClient<Channel>,
    steps: [&str; N],
    limit: i64,
) -> Streaming<pb::list_resource::Event> {
    let config = config(steps, Some("token-of-the-test-!&#0123"));
    call!(client, list_resource { type_name: SHELF.into(), config: config, limit: limit })
}

async fn invoke<const N: usize>(
    client: &mut ProviderClient<Channel>,
    steps: [&str; N],
) -> Streaming<pb::invoke_action::Event> {
    let config = config(steps, Some("token-of-the-test-!&#0123"));
    call!(client, invoke_action { action_type: TIDY.into(), config: config })
}

fn name(event: &pb::list_resource::Event) -> String {
    let bytes = &event.identity.as_ref().unwrap().identity_data.as_ref().unwrap().msgpack;
    let identity = msgpack::decode(bytes, &Shelf.identity_schema().ty()).unwrap();
    assert_eq!(*identity.get("account_id"), Value::from(ACCOUNT));
    assert_eq!(*identity.get("region"), Value::from("eu-west-1"));
    identity.get("name").as_str().unwrap().to_owned()
}

/// The messages of an invocation, and the diagnostics of its last event.
fn taken_apart(mut events: Vec<pb::invoke_action::Event>) -> (Vec<String>, Vec<pb::Diagnostic>) {
    use pb::invoke_action::event::Type;
    let Some(Some(Type::Completed(completed))) = events.pop().map(|event| event.r#type) else {
        panic!("the last event is not the completed one")
    };
    let message = |event: pb::invoke_action::Event| match event.r#type {
        Some(Type::Progress(progress)) => progress.message,
        other => panic!("{other:?} before the last event"),
    };
    (events.into_iter().map(message).collect(), completed.diagnostics)
}

async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.unwrap()
}

#[tokio::test]
async fn metadata_and_schema_have_lists_and_actions() {
    let mut client = start().await;
    let metadata = call!(client, get_metadata {});
    assert_eq!(metadata.list_resources[0].type_name, SHELF);
    assert_eq!(metadata.actions[0].type_name, TIDY);
    let schemas = call!(client, get_provider_schema {});
    assert!(schemas.list_resource_schemas[SHELF].block.is_some());
    // Terraform ends with a crash where one of the two is missing.
    assert!(schemas.action_schemas[TIDY].schema.as_ref().unwrap().block.is_some());
}

#[tokio::test]
async fn objects_are_listed_with_identity_and_name() {
    let mut client = start().await;
    let found = events(list(&mut client, ["page:b,a", "page:c"], 0).await).await;
    assert_eq!(found.iter().map(name).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(found[0].display_name, "Shelf a");
    assert!(found.iter().all(|event| event.resource_object.is_none() && event.diagnostic.is_empty()));
}

#[tokio::test]
async fn included_object_fits_the_schema_of_the_resource() {
    let mut client = start().await;
    let request = pb::list_resource::Request {
        type_name: SHELF.into(),
        config: config(["page:a,gone"], None),
        include_resource_object: true,
        limit: 10,
    };
    let found = events(client.list_resource(request).await.unwrap().into_inner()).await;
    assert_eq!(found.iter().map(name).collect::<Vec<_>>(), ["a"]);
    let object = found[0].resource_object.as_ref().unwrap();
    let state = msgpack::decode(&object.msgpack, AnyResource::schema(&Shelf).ty()).unwrap();
    assert_eq!(*state.get("id"), Value::from("a"));
    assert_eq!(*state.get("region"), Value::from("eu-west-1"));
    assert!(state.is_wholly_known());
}

#[tokio::test]
async fn limit_ends_the_stream() {
    let mut client = start().await;
    let found = events(list(&mut client, ["page:a,b", "page:c,d", "panic:too far"], 3).await).await;
    assert_eq!(found.iter().map(name).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[tokio::test]
async fn page_is_sent_before_the_next_one_exists() {
    let mut client = start().await;
    let mut stream = list(&mut client, ["page:a", "pass:second page", "page:b"], 0).await;
    let first = in_time(stream.message()).await.unwrap().unwrap();
    assert_eq!(name(&first), "a");
    gate("second page").add_permits(1);
    let second = in_time(stream.message()).await.unwrap().unwrap();
    assert_eq!(name(&second), "b");
    assert!(in_time(stream.message()).await.unwrap().is_none());
}

#[tokio::test]
async fn listing_ends_when_the_client_goes_away() {
    let mut client = start().await;
    let mut stream = list(&mut client, ["page:a", "hang:client left"], 0).await;
    assert_eq!(name(&in_time(stream.message()).await.unwrap().unwrap()), "a");
    drop(stream);
    in_time(pass("client left")).await;
    // The connection serves the next call.
    assert_eq!(events(list(&mut client, ["page:z"], 0).await).await.len(), 1);
}

#[tokio::test]
async fn failure_and_panic_of_a_listing_are_its_last_event() {
    let mut client = start().await;
    let failed = events(list(&mut client, ["page:a", "fail:Access denied."], 0).await).await;
    assert_eq!((failed.len(), name(&failed[0])), (2, "a".to_owned()));
    assert!(failed[1].identity.is_none() && is_error(&failed[1].diagnostic));
    assert_eq!(only(&failed[1].diagnostic).detail, "Access denied.");
    let broken = events(list(&mut client, ["page:a", "panic:at the end"], 0).await).await;
    let bug = only(&broken[1].diagnostic);
    assert_eq!(bug.summary, "Provider defect");
    assert!(bug.detail.contains("ListResource for elasticache_shelf panicked: at the end"), "{bug:?}");
}

#[tokio::test]
async fn unknown_types_and_missing_configurations_are_errors_in_the_stream() {
    let mut client = start().await;
    let unknown = call!(client, list_resource { type_name: "elasticache_toaster".into() });
    assert!(only(&events(unknown).await[0].diagnostic).detail.contains("elasticache_toaster"));
    // Something else may stand in the place of a name in a damaged message.
    let secret = call!(client, list_resource { type_name: "AuthToken=tokentoken".into() });
    let problem = only(&events(secret).await[0].diagnostic).clone();
    assert_eq!(problem.summary, "Unknown list resource type");
    assert!(!problem.detail.contains("token"), "{}", problem.detail);
    let missing = call!(client, list_resource { type_name: SHELF.into() });
    assert_eq!(only(&events(missing).await[0].diagnostic).summary, "Missing configuration");
    let unknown = call!(client, invoke_action { action_type: "elasticache_toaster".into() });
    let (messages, diagnostics) = taken_apart(events(unknown).await);
    assert!(messages.is_empty() && only(&diagnostics).detail.contains("elasticache_toaster"));
    let missing = call!(client, invoke_action { action_type: TIDY.into() });
    assert_eq!(only(&taken_apart(events(missing).await).1).summary, "Missing configuration");
    for diagnostics in [
        call!(client, validate_list_resource_config { type_name: "elasticache_toaster".into() }).diagnostics,
        call!(client, validate_action_config { type_name: "elasticache_toaster".into() }).diagnostics,
        call!(client, plan_action { action_type: "elasticache_toaster".into() }).diagnostics,
        call!(client, validate_list_resource_config { type_name: SHELF.into() }).diagnostics,
        call!(client, validate_action_config { type_name: TIDY.into() }).diagnostics,
        call!(client, plan_action { action_type: TIDY.into() }).diagnostics,
    ] {
        assert!(is_error(&diagnostics) && diagnostics.len() == 1, "{diagnostics:?}");
    }
}

#[tokio::test]
async fn configurations_are_validated_and_planned() {
    let mut client = start().await;
    let good = || config(["say:x"], None);
    assert_eq!(
        call!(client, validate_list_resource_config { type_name: SHELF.into(), config: good() }).diagnostics,
        []
    );
    assert_eq!(
        call!(client, validate_action_config { type_name: TIDY.into(), config: good() }).diagnostics,
        []
    );
    let planned = call!(client, plan_action { action_type: TIDY.into(), config: good() });
    assert_eq!((planned.diagnostics, planned.deferred), (Vec::new(), None));
    let empty = call!(client, plan_action { action_type: TIDY.into(), config: config([], None) });
    assert_eq!(only(&empty.diagnostics).summary, "No steps");
}

#[tokio::test]
async fn action_sends_messages_as_they_come_and_completes_last() {
    let mut client = start().await;
    let mut stream = invoke(&mut client, ["say:Begun", "pass:going on", "say:Done"]).await;
    let first = in_time(stream.message()).await.unwrap().unwrap();
    gate("going on").add_permits(1);
    let mut all = vec![first];
    all.extend(in_time(events(stream)).await);
    assert_eq!(taken_apart(all), (vec!["Begun".to_owned(), "Done".to_owned()], Vec::new()));
}

#[tokio::test]
async fn failure_and_panic_of_an_action_complete_it() {
    let mut client = start().await;
    let (messages, failed) =
        taken_apart(events(invoke(&mut client, ["say:Begun", "fail:Refused."]).await).await);
    assert_eq!((messages.as_slice(), only(&failed).detail.as_str()), (&["Begun".to_owned()][..], "Refused."));
    let (messages, broken) =
        taken_apart(events(invoke(&mut client, ["say:Begun", "panic:late"]).await).await);
    assert_eq!((messages.len(), only(&broken).summary.as_str()), (1, "Provider defect"));
    assert!(only(&broken).detail.contains("InvokeAction for elasticache_tidy panicked: late"), "{broken:?}");
}

#[tokio::test]
async fn stop_completes_an_action_with_what_goes_on() {
    let mut client = start().await;
    let mut stream =
        invoke(&mut client, ["accept:It continues in AWS.", "say:Waiting", "stop:told to stop"]).await;
    let first = in_time(stream.message()).await.unwrap().unwrap();
    assert_eq!(call!(client, stop_provider {}).error, "");
    let mut all = vec![first];
    all.extend(in_time(events(stream)).await);
    let (_, diagnostics) = taken_apart(all);
    assert_eq!(only(&diagnostics).detail, "Terraform asked to stop.\n\nIt continues in AWS.");
}

#[tokio::test]
async fn client_that_goes_away_stops_the_wait_of_an_action() {
    let mut client = start().await;
    let mut stream = invoke(&mut client, ["say:Waiting", "stop:nobody listens"]).await;
    in_time(stream.message()).await.unwrap().unwrap();
    drop(stream);
    in_time(pass("nobody listens")).await;
    // Another invocation is not stopped by that.
    let (messages, diagnostics) = taken_apart(events(invoke(&mut client, ["say:Done"]).await).await);
    assert_eq!((messages, diagnostics), (vec!["Done".to_owned()], Vec::new()));
}

#[tokio::test]
async fn streams_show_no_sensitive_value() {
    let mut client = start().await;
    let listed = events(list(&mut client, ["tell:a", "fail:token-of-the-test-!&#0123"], 0).await).await;
    assert_eq!(listed[0].display_name, "Shelf (redacted)");
    assert_eq!(only(&listed[1].diagnostic).detail, "(redacted)");
    let steps = ["tell:", "say:Again token-of-the-test-!&#0123", "panic:token-of-the-test-!&#0123"];
    let (messages, diagnostics) = taken_apart(events(invoke(&mut client, steps).await).await);
    assert_eq!(messages, ["The token is (redacted)", "Again (redacted)"]);
    assert!(only(&diagnostics).detail.contains("panicked: (redacted)"), "{diagnostics:?}");
}

/// Terraform counts on a line a minute at least.
#[tokio::test(start_paused = true)]
async fn action_repeats_its_newest_message_every_minute() {
    let mut client = start().await;
    let stream = invoke(&mut client, ["say:Waiting", "pass:two minutes", "say:Done"]).await;
    let open = async {
        tokio::time::sleep(Duration::from_secs(150)).await;
        gate("two minutes").add_permits(1);
    };
    let (all, ()) = tokio::join!(events(stream), open);
    let expected = ["Waiting", "Waiting (1m00s elapsed)", "Waiting (2m00s elapsed)", "Done"];
    assert_eq!(taken_apart(all).0, expected);
}
