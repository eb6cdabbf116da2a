use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::list_resource::{AnyListResource, ListEvent, ListRequest};
use crate::testing::aws::{FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::test_operations::TestListResource;
use crate::value::{Type, Value};

const ACCOUNT: &str = "123456789012";

fn no_aws() -> FakeAws {
    FakeAws::new(|call| call.error("None", "Nothing is called."))
}

fn config<const N: usize>(pages: [&str; N], more: &[(&str, &str)]) -> Value {
    let pages = ("pages", Value::List(pages.map(Value::from).to_vec()));
    let more = more.iter().map(|(name, value)| (*name, Value::from(*value)));
    AnyListResource::schema(&TestListResource).conform(Value::map([pages].into_iter().chain(more)))
}

/// The names listed, and the last diagnostics.
async fn names(fake: &FakeAws, config: Value, include: bool, limit: i64) -> (Vec<String>, Vec<String>) {
    let events = listed(&TestListResource, &fake.provider, config, include, limit).await;
    let name = |event: &ListEvent| event.identity.get("name").as_str().map(str::to_owned);
    let problems = events.iter().flat_map(|event| problems(&event.diags)).collect();
    (events.iter().filter_map(name).collect(), problems)
}

fn identity(account: Value, region: &str, name: &str) -> Value {
    Value::map([("account_id", account), ("region", region.into()), ("name", name.into())])
}

#[tokio::test]
async fn each_page_is_sorted_by_key() {
    let fake = no_aws();
    let listing = names(&fake, config(["c,a", "d,b"], &[("account", ACCOUNT)]), false, 0).await;
    assert_eq!(listing.0, ["a", "c", "b", "d"]);
    assert_eq!(listing.1, ["Accepted: c,a", "Accepted: d,b"]);
    assert_eq!(fake.operations(), [] as [&str; 0]);
}

#[tokio::test]
async fn object_on_two_pages_is_listed_once() {
    let (listing, _) = names(&no_aws(), config(["a,b", "b,c"], &[("account", ACCOUNT)]), false, 0).await;
    assert_eq!(listing, ["a", "b", "c"]);
}

#[tokio::test]
async fn limit_ends_the_listing() {
    for (limit, expected) in [(1, vec!["a"]), (2, vec!["a", "b"]), (3, vec!["a", "b", "c"])] {
        let config = config(["b,a", "c,d", "e"], &[("account", ACCOUNT), ("error", "no third page")]);
        let (listing, diags) = names(&no_aws(), config, false, limit).await;
        assert_eq!(listing, expected);
        // The page after the limit is not asked for.
        assert_eq!(diags.len(), usize::from(limit == 3), "{diags:?}");
    }
}

#[tokio::test]
async fn identity_has_account_of_the_arn_and_region_of_the_configuration() {
    let events = |more: &[(&str, &str)]| {
        let config = config(["a"], more);
        async move { listed(&TestListResource, &no_aws().provider, config, false, 0).await }
    };
    let first = events(&[("account", ACCOUNT), ("region", "eu-west-3")]).await.remove(0);
    assert_eq!(first.identity, identity(ACCOUNT.into(), "eu-west-3", "a"));
    assert_eq!((first.display_name.as_str(), &first.state), ("a (test)", &Value::Null));
    let first = events(&[("account", ACCOUNT)]).await.remove(0);
    assert_eq!(first.identity, identity(ACCOUNT.into(), "us-east-1", "a"));
    let ty = TestListResource.managed().identity_schema().ty();
    let Type::Object(attributes) = &ty else { panic!("{ty:?}") };
    assert!(attributes.keys().eq(first.identity.as_map().unwrap().keys()));
}

#[tokio::test]
async fn account_of_objects_without_arn_is_asked_of_sts_once() {
    let fake = FakeAws::new(|call| call.xml("<Account>210987654321</Account>"));
    let events = listed(&TestListResource, &fake.provider, config(["a,b", "c"], &[]), false, 0).await;
    assert_eq!(events[2].identity, identity("210987654321".into(), "us-east-1", "c"));
    assert_eq!(fake.operations(), ["GetCallerIdentity"]);

    let denied = FakeAws::new(|call| call.error("AccessDenied", "Not allowed."));
    let events = listed(&TestListResource, &denied.provider, config(["a,b"], &[]), false, 0).await;
    assert_eq!(events[1].identity, identity(Value::Null, "us-east-1", "b"));
    assert_eq!(denied.operations(), ["GetCallerIdentity"]);
}

#[tokio::test]
async fn included_object_is_its_state_after_an_import() {
    let fake = no_aws();
    let config = config(["a"], &[("account", ACCOUNT)]);
    let first = listed(&TestListResource, &fake.provider, config, true, 0).await.remove(0);
    let managed = TestListResource.managed();
    assert_eq!(first.state, fake.import(managed, "a").await.state);
    assert_eq!(first.identity, managed.identity_schema().of_state(&first.state, &first.identity));
    assert_eq!(*first.identity.get("account_id"), Value::from(ACCOUNT));
}

#[tokio::test]
async fn object_that_is_gone_or_cannot_be_read_is_omitted_and_does_not_count() {
    let config = config(["a,broken,gone,x", "y,z"], &[("account", ACCOUNT)]);
    let (listing, diags) = names(&no_aws(), config, true, 3).await;
    assert_eq!(listing, ["a", "x", "y"]);
    let omitted = "Omitted an object of elasticache_everything: broken (test) exists and could not be read. Failed to \
                   read: AWS refuses it.";
    assert_eq!(diags, [omitted, "Accepted: a,broken,gone,x"]);
}

#[tokio::test]
async fn failure_follows_what_was_found() {
    let config = config(["a"], &[("account", ACCOUNT), ("error", "Access denied.")]);
    let events = listed(&TestListResource, &no_aws().provider, config, false, 0).await;
    assert_eq!(*events[0].identity.get("name"), Value::from("a"));
    assert_eq!(problems(&events[1].diags), ["Accepted: a", "No more: Access denied."]);
    assert!(events[1].identity.is_null() && events.len() == 2);
}

#[tokio::test]
async fn invalid_configuration_lists_nothing() {
    let (listing, diags) = names(&no_aws(), config([], &[]), false, 0).await;
    assert_eq!((listing.len(), diags), (0, vec!["pages: No pages: There is nothing to list.".to_owned()]));
}

#[tokio::test]
async fn listing_ends_when_nobody_listens() {
    let (fake, cancel) = (no_aws(), CancellationToken::new());
    let (events, found) = mpsc::channel(1);
    drop(found);
    let request = ListRequest {
        config: config(["a", "b"], &[("account", ACCOUNT), ("error", "not reached")]),
        ..ListRequest::default()
    };
    TestListResource.list(&fake.provider, &cancel, request, events).await;
    assert_eq!(fake.operations(), [] as [&str; 0]);
}
