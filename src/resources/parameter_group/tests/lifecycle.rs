//! Create, delete and import.

use std::time::Duration;

use tokio::time::Instant;

use super::{ARN, ParameterGroup, borrowed, cache, group, many, names, not_found, pairs};
use crate::testing::aws::{FakeAws, config, problems, text_map};
use crate::value::{Field, Path, Value};

#[tokio::test]
async fn create_sends_all_arguments_and_read_keeps_the_state() {
    let mut aws = FakeAws::new(cache(|call| match call.operation.as_str() {
        "ListTagsForResource" => {
            let tag = |key: &str, value: &str| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
            let tags = [tag("all", "1"), tag("team", "x"), tag("bot", "z"), tag("aws:x", "y")].concat();
            Some(call.xml(&format!("<TagList>{tags}</TagList>")))
        }
        _ => None,
    }));
    aws.provider.default_tags = Field::Known([("all".to_owned(), "1".to_owned())].into());
    aws.provider.ignore_tags.keys = ["bot".to_owned()].into();
    let mut desired = group("Cache", &[("Timeout", "20"), ("maxmemory-policy", "noeviction")]);
    if let Value::Map(entries) = &mut desired {
        entries.insert("tags".to_owned(), text_map([("team", "x")]));
    }
    let created = aws.create(&ParameterGroup, desired.clone()).await;
    assert!(problems(&created.diags).is_empty(), "{:?}", created.diags);
    let calls = aws.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].operation, "CreateCacheParameterGroup");
    assert_eq!(calls[0].param("CacheParameterGroupName"), "cache");
    assert_eq!(calls[0].param("CacheParameterGroupFamily"), "redis7");
    assert_eq!(calls[0].param("Description"), "Managed by Terraform");
    assert_eq!(calls[0].list("Tags.Tag.*.Key"), ["all", "team"]);
    assert_eq!(calls[1].operation, "ModifyCacheParameterGroup");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(pairs(&calls[1]), [pair("maxmemory-policy", "noeviction"), pair("timeout", "20")]);
    for (name, value) in [("id", "cache"), ("name", "Cache"), ("arn", ARN), ("region", "us-east-1")] {
        assert_eq!(created.state.get(name), &Value::from(value), "{name}");
    }

    let read = aws.read(&ParameterGroup, &created.state).await;
    assert!(problems(&read.diags).is_empty(), "{:?}", read.diags);
    assert_eq!(read.state, created.state);
    assert_eq!(aws.plan(&ParameterGroup, &created.state, &desired).planned, created.state);
}

#[tokio::test]
async fn create_without_parameters_sends_one_request() {
    let aws = FakeAws::new(cache(|_| None));
    let created = aws.create(&ParameterGroup, group("cache", &[])).await;
    assert_eq!(aws.operations(), ["CreateCacheParameterGroup"]);
    assert_eq!(created.state.get("parameter"), &Value::set([]));
}

#[tokio::test]
async fn name_with_prefix_sorts_by_age() {
    let desired = || config(&ParameterGroup, [("name_prefix", "Blue-".into()), ("family", "redis7".into())]);
    let mut created = Vec::new();
    for _ in 0..2 {
        let aws = FakeAws::new(cache(|_| None));
        let plan = aws.plan(&ParameterGroup, &Value::Null, &desired());
        assert!(plan.planned.get("name").is_unknown() && plan.planned.get("id").is_unknown());
        let state = aws.create(&ParameterGroup, desired()).await.state;
        let name = state.get("name").as_str().unwrap().to_owned();
        assert_eq!(aws.calls()[0].param("CacheParameterGroupName"), name);
        assert!(name.starts_with("blue-") && name.len() == "blue-".len() + 26, "{name}");
        assert_eq!(state.get("id"), state.get("name"));
        assert_eq!(aws.read(&ParameterGroup, &state).await.state, state);
        assert_eq!(aws.plan(&ParameterGroup, &state, &desired()).planned, state);
        created.push(name);
    }
    assert_ne!(created[0], created[1]);
}

#[tokio::test]
async fn create_that_fails_after_the_first_call_is_saved() {
    let aws = FakeAws::new(cache(|call| match call.operation.as_str() {
        "ModifyCacheParameterGroup" => Some(
            call.error("InvalidParameterValue", "The parameter maxmemory-polcy cannot be found in redis7."),
        ),
        _ => None,
    }));
    let created = aws.create(&ParameterGroup, group("cache", &[("maxmemory-polcy", "noeviction")])).await;
    let expected = "parameter: Failed to set the parameters of parameter group \"cache\": ElastiCache \
                    ModifyCacheParameterGroup: InvalidParameterValue: The parameter maxmemory-polcy cannot be found in \
                    redis7 (HTTP 400, request id r-1).";
    assert_eq!(problems(&created.diags), [expected]);
    assert_eq!(created.state.get("id"), &Value::from("cache"));
    assert_eq!(created.state.get("arn"), &Value::from(ARN));

    // The next apply destroys it, because the state has it.
    aws.calls();
    assert!(aws.delete(&ParameterGroup, &created.state).await.state.is_null());
    assert_eq!(aws.calls()[0].param("CacheParameterGroupName"), "cache");
}

#[tokio::test]
async fn create_with_an_incomplete_response_is_saved_with_its_generated_name() {
    let aws = FakeAws::new(|call| call.xml("<CacheParameterGroup/>"));
    let desired = config(&ParameterGroup, [("name_prefix", "blue-".into()), ("family", "redis7".into())]);
    let created = aws.create(&ParameterGroup, desired).await;
    assert!(created.diags.has_errors());
    assert_eq!(created.state.get("name").as_str(), Some(aws.calls()[0].param("CacheParameterGroupName")));
}

#[tokio::test]
async fn existing_name_saves_no_state_and_explains_the_import() {
    let aws = FakeAws::new(|call| call.error("CacheParameterGroupAlreadyExists", "It already exists."));
    let created = aws.create(&ParameterGroup, group("cache", &[])).await;
    assert!(created.state.is_null());
    let expected = "Failed to create parameter group \"cache\": ElastiCache CreateCacheParameterGroup: \
                    CacheParameterGroupAlreadyExists: It already exists (HTTP 400, request id r-1). To manage the \
                    existing parameter group, import it: terraform import elasticache_parameter_group.NAME cache, or by \
                    the next apply with this block.";
    let [message] = &problems(&created.diags)[..] else { panic!("{:?}", created.diags) };
    assert!(message.starts_with(expected), "{message}");
    let end = "To create another one, use another `name`, or `name_prefix` instead of `name`; a replacement with \
               `create_before_destroy` requires another name as well.";
    assert!(message.ends_with(end), "{message}");
}

#[tokio::test(start_paused = true)]
async fn delete_waits_until_no_cache_uses_the_group() {
    let mut refusals = 4;
    let aws =
        FakeAws::new(cache(move |call| match (call.operation.as_str(), refusals) {
            ("DeleteCacheParameterGroup", 1..) => {
                refusals -= 1;
                Some(call.error(
                    "InvalidCacheParameterGroupState",
                    "One or more cache clusters are still members.",
                ))
            }
            _ => None,
        }));
    let created = aws.create(&ParameterGroup, group("cache", &[])).await;
    aws.calls();
    let gone = aws.delete(&ParameterGroup, &created.state).await;
    assert!(gone.diags.is_empty() && gone.state.is_null());
    let deletes = aws.operations().into_iter().filter(|name| name == "DeleteCacheParameterGroup");
    assert_eq!(deletes.count(), 5);
}

#[tokio::test(start_paused = true)]
async fn delete_fails_after_the_timeout_and_keeps_the_state() {
    let aws = FakeAws::new(cache(|call| match call.operation.as_str() {
        "DeleteCacheParameterGroup" => Some(
            call.error("InvalidCacheParameterGroupState", "One or more cache clusters are still members."),
        ),
        _ => None,
    }));
    let created = aws.create(&ParameterGroup, group("cache", &[])).await;
    let started = Instant::now();
    let retained = aws.delete(&ParameterGroup, &created.state).await;
    assert_eq!(retained.state, created.state);
    assert_eq!(started.elapsed().as_secs(), Duration::from_secs(600).as_secs());
    let expected = "Failed to delete parameter group \"cache\": ElastiCache DeleteCacheParameterGroup: \
                    InvalidCacheParameterGroupState: One or more cache clusters are still members (HTTP 400, request id \
                    r-1). A cache uses it. To replace a parameter group in use, use `name_prefix` instead of `name` and set \
                    `lifecycle { create_before_destroy = true }`.";
    assert_eq!(problems(&retained.diags), [expected]);
}

#[tokio::test]
async fn missing_group_is_removed_from_the_state_and_needs_no_deletion() {
    let aws =
        FakeAws::new(cache(|call| (call.operation != "CreateCacheParameterGroup").then(|| not_found(call))));
    let created = aws.create(&ParameterGroup, group("cache", &[])).await;
    let read = aws.read(&ParameterGroup, &created.state).await;
    assert!(read.state.is_null() && read.diags.is_empty());
    let gone = aws.delete(&ParameterGroup, &created.state).await;
    assert!(gone.state.is_null() && gone.diags.is_empty());
}

#[tokio::test]
async fn import_is_followed_by_an_empty_plan() {
    let values = many(25, "1");
    let aws = FakeAws::new(cache(|_| None));
    aws.create(&ParameterGroup, group("cache", &borrowed(&values))).await;
    assert_eq!(aws.calls().iter().map(|call| names(call).len()).collect::<Vec<_>>(), [0, 20, 5]);
    let read = aws.import(&ParameterGroup, "Cache@us-east-1").await;
    assert!(read.diags.is_empty(), "{:?}", read.diags);
    let plan = aws.plan(&ParameterGroup, &read.state, &group("cache", &borrowed(&values)));
    assert_eq!(plan.planned, read.state);
}

/// A prefix may end anywhere in the name.
#[tokio::test]
async fn import_plans_no_change_by_name_and_by_prefix() {
    let by_prefix =
        |prefix: &str| config(&ParameterGroup, [("name_prefix", prefix.into()), ("family", "redis7".into())]);
    let aws = FakeAws::new(cache(|_| None));
    let created = aws.create(&ParameterGroup, by_prefix("blue-")).await.state;
    let name = created.get("id").as_str().unwrap().to_owned();
    let read = aws.import(&ParameterGroup, &name).await;
    let by_name = config(&ParameterGroup, [("name", name.as_str().into()), ("family", "redis7".into())]);
    for same in [by_name, by_prefix("blue-"), by_prefix("Blue"), by_prefix("")] {
        assert_eq!(aws.plan_read(&ParameterGroup, &read, &same).planned, read.state);
    }
    assert_eq!(
        aws.plan_read(&ParameterGroup, &read, &by_prefix("red-")).replace,
        [Path::attribute("name_prefix")]
    );
}

#[tokio::test]
async fn groups_of_aws_cannot_be_imported() {
    let aws = FakeAws::new(cache(|_| None));
    let read = aws.import(&ParameterGroup, "default.redis7").await;
    let expected = "Parameter group \"default.redis7\" cannot be imported: Parameter groups whose name begins with \
                    \"default.\" belong to AWS and cannot be managed. Set `parameter_group_name` to this name, or create \
                    a parameter group of the same family.";
    assert_eq!(problems(&read.diags), [expected]);
}
