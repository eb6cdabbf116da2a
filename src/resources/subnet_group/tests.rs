use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::SubnetGroup;
use crate::schema;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::{Field, Path, Value};

const ARN: &str = "arn:aws:elasticache:us-east-1:111122223333:subnetgroup:cache";
const INCOMPLETE: &str = "AWS returned an incomplete response for the subnet group, which is ignored. Run Terraform \
                          again.";

fn group_xml(description: &str, subnets: &[&str]) -> String {
    let subnets: String = subnets
        .iter()
        .map(|id| format!("<Subnet><SubnetIdentifier>{id}</SubnetIdentifier></Subnet>"))
        .collect();
    format!(
        "<CacheSubnetGroupName>cache</CacheSubnetGroupName>\
         <CacheSubnetGroupDescription>{description}</CacheSubnetGroupDescription>\
         <VpcId>vpc-1</VpcId><Subnets>{subnets}</Subnets><ARN>{ARN}</ARN>"
    )
}

/// Answers of an AWS account with one subnet group, `cache`, in two subnets.
fn healthy(call: &Call) -> Answer {
    let group = group_xml("Managed by Terraform", &["subnet-1", "subnet-2"]);
    match call.operation.as_str() {
        "DescribeCacheSubnetGroups" => {
            let group = format!("<CacheSubnetGroup>{group}</CacheSubnetGroup>");
            call.xml(&format!("<CacheSubnetGroups>{group}</CacheSubnetGroups>"))
        }
        "ListTagsForResource" => call.xml("<TagList><Tag><Key>team</Key><Value>x</Value></Tag></TagList>"),
        "DeleteCacheSubnetGroup" => call.xml(""),
        _ => call.xml(&format!("<CacheSubnetGroup>{group}</CacheSubnetGroup>")),
    }
}

fn subnets(ids: &[&str]) -> Value {
    Value::set(ids.iter().map(Value::string))
}

fn desired(name: &str) -> Value {
    let subnets = subnets(&["subnet-1", "subnet-2"]);
    config(
        &SubnetGroup,
        [("name", name.into()), ("subnet_ids", subnets), ("tags", text_map([("team", "x")]))],
    )
}

fn errors_of(config: &Value) -> Vec<String> {
    let mut diags = crate::diag::Diagnostics::new();
    schema::validate(crate::engine::Resource::schema(&SubnetGroup), config, &mut diags);
    problems(&diags)
}

#[tokio::test]
async fn create_sends_all_arguments_and_read_keeps_the_state() {
    let aws = FakeAws::new(healthy);
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    assert!(problems(&created.diags).is_empty(), "{:?}", created.diags);
    let calls = aws.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].param("CacheSubnetGroupName"), "cache");
    assert_eq!(calls[0].param("CacheSubnetGroupDescription"), "Managed by Terraform");
    assert_eq!(calls[0].list("SubnetIds.SubnetIdentifier."), ["subnet-1", "subnet-2"]);
    assert_eq!(calls[0].list("Tags.Tag.*.Key"), ["team"]);
    for (name, value) in [("id", "cache"), ("arn", ARN), ("vpc_id", "vpc-1"), ("region", "us-east-1")] {
        assert_eq!(created.state.get(name), &Value::from(value), "{name}");
    }

    let read = aws.read(&SubnetGroup, &created.state).await;
    assert_eq!(read.state, created.state);
    let plan = aws.plan(&SubnetGroup, &created.state, &desired("cache"));
    assert_eq!(plan.planned, created.state);
}

#[tokio::test]
async fn upper_case_name_is_retained_and_plans_no_change() {
    let aws = FakeAws::new(healthy);
    let created = aws.create(&SubnetGroup, desired("Cache")).await;
    assert_eq!(aws.calls()[0].param("CacheSubnetGroupName"), "cache");
    assert_eq!(created.state.get("name"), &Value::from("Cache"));
    assert_eq!(created.state.get("id"), &Value::from("cache"));
    assert_eq!(aws.read(&SubnetGroup, &created.state).await.state, created.state);
    assert_eq!(aws.plan(&SubnetGroup, &created.state, &desired("Cache")).planned, created.state);
    assert!(aws.plan(&SubnetGroup, &created.state, &desired("CACHE")).replace.is_empty());
}

#[tokio::test]
async fn update_sends_the_whole_list_of_subnets_after_the_tags() {
    let aws = FakeAws::new(healthy);
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    aws.calls();
    let changed = config(
        &SubnetGroup,
        [
            ("name", "cache".into()),
            ("description", "New".into()),
            ("subnet_ids", subnets(&["subnet-2", "subnet-3"])),
            ("tags", text_map([("owner", "y")])),
        ],
    );
    let updated = aws.update(&SubnetGroup, &created.state, changed).await;
    assert!(problems(&updated.diags).is_empty(), "{:?}", updated.diags);
    let calls = aws.calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(operations, ["RemoveTagsFromResource", "AddTagsToResource", "ModifyCacheSubnetGroup"]);
    assert_eq!(calls[0].param("ResourceName"), ARN);
    assert_eq!(calls[0].list("TagKeys.member."), ["team"]);
    assert_eq!(calls[1].list("Tags.Tag.*.Key"), ["owner"]);
    assert_eq!(calls[2].list("SubnetIds.SubnetIdentifier."), ["subnet-2", "subnet-3"]);
    assert_eq!(calls[2].param("CacheSubnetGroupDescription"), "New");
}

#[tokio::test]
async fn update_of_tags_alone_sends_no_modify() {
    let aws = FakeAws::new(healthy);
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    aws.calls();
    let subnets = subnets(&["subnet-1", "subnet-2"]);
    let without = config(&SubnetGroup, [("name", "cache".into()), ("subnet_ids", subnets)]);
    aws.update(&SubnetGroup, &created.state, without).await;
    assert_eq!(aws.operations(), ["RemoveTagsFromResource"]);
}

#[tokio::test]
async fn create_sends_default_tags_and_read_omits_ignored_tags() {
    let mut aws = FakeAws::new(|call| match call.operation.as_str() {
        "ListTagsForResource" => call.xml(
            "<TagList><Tag><Key>team</Key><Value>x</Value></Tag><Tag><Key>all</Key><Value>1</Value></Tag>\
             <Tag><Key>bot</Key><Value>z</Value></Tag></TagList>",
        ),
        _ => healthy(call),
    });
    aws.provider.default_tags = Field::Known([("all".to_owned(), "1".to_owned())].into());
    aws.provider.ignore_tags.keys = ["bot".to_owned()].into();
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    assert_eq!(aws.calls()[0].list("Tags.Tag.*.Key"), ["all", "team"]);
    assert_eq!(created.state.get("tags"), &text_map([("team", "x")]));
    assert_eq!(created.state.get("tags_all"), &text_map([("all", "1"), ("team", "x")]));
    assert_eq!(aws.read(&SubnetGroup, &created.state).await.state, created.state);
}

#[tokio::test(start_paused = true)]
async fn delete_waits_until_no_cache_uses_the_group() {
    let mut refusals = 4;
    let mut gone = false;
    let aws = FakeAws::new(move |call| match (call.operation.as_str(), refusals) {
        ("DeleteCacheSubnetGroup", 0) => {
            gone = true;
            healthy(call)
        }
        ("DescribeCacheSubnetGroups", _) if gone => {
            call.error("CacheSubnetGroupNotFoundFault", "Cache Subnet Group cache does not exist.")
        }
        ("DeleteCacheSubnetGroup", 1..) => {
            refusals -= 1;
            let code = if refusals > 1 { "CacheSubnetGroupInUse" } else { "DependencyViolation" };
            call.error(code, "Cache subnet group cache is currently in use by a cache cluster.")
        }
        _ => healthy(call),
    });
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    aws.calls();
    let gone = aws.delete(&SubnetGroup, &created.state).await;
    assert!(problems(&gone.diags).is_empty(), "{:?}", gone.diags);
    assert!(gone.state.is_null());
    let operations = aws.operations();
    assert_eq!(operations.iter().filter(|name| *name == "DeleteCacheSubnetGroup").count(), 5);
    assert_eq!(operations.last().map(String::as_str), Some("DescribeCacheSubnetGroups"));
}

#[tokio::test(start_paused = true)]
async fn delete_reports_the_last_refusal_after_the_timeout() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DeleteCacheSubnetGroup" => call.error("CacheSubnetGroupInUse", "It is in use."),
        _ => healthy(call),
    });
    let limit = Value::map([("delete", Value::from("90s"))]);
    let subnets = subnets(&["subnet-1"]);
    let config =
        config(&SubnetGroup, [("name", "cache".into()), ("subnet_ids", subnets), ("timeouts", limit)]);
    let created = aws.create(&SubnetGroup, config).await;
    let started = Instant::now();
    let retained = aws.delete(&SubnetGroup, &created.state).await;
    let expected = "Failed to delete subnet group \"cache\": ElastiCache DeleteCacheSubnetGroup: \
                    CacheSubnetGroupInUse: It is in use (HTTP 400, request id r-1).";
    assert_eq!(problems(&retained.diags), [expected]);
    assert_eq!(retained.state, created.state);
    assert_eq!(started.elapsed().as_secs(), Duration::from_secs(90).as_secs());
}

/// A response without the group proves neither that it exists nor that it is gone.
#[tokio::test(start_paused = true)]
async fn deletion_is_unconfirmed_after_incomplete_responses() {
    let create = FakeAws::new(healthy);
    let state = create.create(&SubnetGroup, desired("cache")).await.state;
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeCacheSubnetGroups" => call.xml("<CacheSubnetGroups/>"),
        _ => healthy(call),
    });
    let retained = aws.delete(&SubnetGroup, &state).await;
    let expected = "Failed to delete subnet group \"cache\": AWS accepted the deletion, but then returned an incomplete \
                    response for subnet group \"cache\", which does not show whether it exists. It stays in the state: \
                    run Terraform again.";
    assert_eq!((problems(&retained.diags), retained.state), (vec![expected.to_owned()], state.clone()));
    let retained = FakeAws::new(healthy).delete(&SubnetGroup, &state).await;
    let expected = "Failed to delete subnet group \"cache\": AWS accepted the deletion, but subnet group \"cache\" \
                    still exists. It stays in the state. If another configuration has created an object of this name \
                    since, remove this one from the state: terraform state rm ADDRESS, where ADDRESS is the address \
                    behind \"with\" in this message. Otherwise run Terraform again, and report it to AWS if that does \
                    not help.";
    assert_eq!((problems(&retained.diags), retained.state), (vec![expected.to_owned()], state));
}

#[tokio::test]
async fn read_removes_a_group_that_aws_does_not_find() {
    let mut gone = false;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "CreateCacheSubnetGroup" => {
            gone = true;
            healthy(call)
        }
        _ if gone => call.error("CacheSubnetGroupNotFoundFault", "Cache Subnet Group cache does not exist."),
        _ => healthy(call),
    });
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    let read = aws.read(&SubnetGroup, &created.state).await;
    assert!(read.state.is_null() && read.diags.is_empty());
    let deleted = aws.delete(&SubnetGroup, &created.state).await;
    assert!(deleted.state.is_null() && deleted.diags.is_empty());
}

#[tokio::test]
async fn read_fails_on_an_incomplete_response_and_keeps_the_state() {
    for cut in [
        "",
        "<CacheSubnetGroups/>",
        "<CacheSubnetGroups><CacheSubnetGroup><CacheSubnetGroupName>cache</CacheSubnetGroupName></CacheSubnetGroup>\
         </CacheSubnetGroups>",
    ] {
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "DescribeCacheSubnetGroups" => call.xml(cut),
            _ => healthy(call),
        });
        let created = aws.create(&SubnetGroup, desired("cache")).await;
        let read = aws.read(&SubnetGroup, &created.state).await;
        assert_eq!(problems(&read.diags), [format!("Failed to read subnet group \"cache\": {INCOMPLETE}")]);
        assert_eq!(read.state, created.state);
    }
}

#[tokio::test]
async fn create_with_an_incomplete_response_is_saved() {
    let aws = FakeAws::new(|call| call.xml("<CacheSubnetGroup/>"));
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    assert_eq!(problems(&created.diags), [format!("Failed to create subnet group \"cache\": {INCOMPLETE}")]);
    assert_eq!(created.state.get("id"), &Value::from("cache"));
}

#[tokio::test]
async fn refused_create_saves_no_state() {
    let aws = FakeAws::new(|call| call.error("CacheSubnetGroupAlreadyExists", "It already exists."));
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    assert!(created.state.is_null() && created.diags.has_errors());
}

#[tokio::test]
async fn import_is_followed_by_an_empty_plan() {
    let aws = FakeAws::new(healthy);
    let read = aws.import(&SubnetGroup, "Cache@us-east-1").await;
    assert!(read.diags.is_empty(), "{:?}", read.diags);
    let plan = aws.plan(&SubnetGroup, &read.state, &desired("cache"));
    assert_eq!(plan.planned, read.state);
}

#[test]
fn validate_rejects_wrong_names_and_empty_subnets() {
    let with = |name: &str, subnets| {
        errors_of(&config(&SubnetGroup, [("name", name.into()), ("subnet_ids", subnets)]))
    };
    let one = || subnets(&["subnet-1"]);
    assert!(with("Cache-1-b", one()).is_empty());
    assert_eq!(
        with("Default", one()),
        ["name: Invalid name: `name` must not be \"default\", which AWS reserves; use another name."]
    );
    assert_eq!(
        with("1a", one()),
        [
            "name: Invalid name: `name` must be a letter followed by letters, digits and hyphens, but is \"1a\"."
        ]
    );
    for wrong in ["a_b", "a.b", "a b", "a-", "a--b"] {
        assert_eq!(with(wrong, one()).len(), 1, "{wrong}");
    }
    let prefix = |prefix: &str| {
        errors_of(&config(&SubnetGroup, [("name_prefix", prefix.into()), ("subnet_ids", one())]))
    };
    assert_eq!(prefix("a-"), [""; 0]);
    for wrong in ["a_", "a.", "a--"] {
        assert_eq!(prefix(wrong).len(), 1, "{wrong}");
    }
    assert_eq!(
        with("a", subnets(&[])),
        ["subnet_ids: Invalid subnet_ids: `subnet_ids` must have at least one subnet, but is empty."]
    );
    let unknown = config(&SubnetGroup, [("name", Value::Unknown), ("subnet_ids", Value::Unknown)]);
    assert!(errors_of(&unknown).is_empty());
}

#[tokio::test]
async fn import_of_a_group_without_tags_is_followed_by_an_empty_plan() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "ListTagsForResource" => call.xml("<TagList/>"),
        _ => healthy(call),
    });
    let read = aws.import(&SubnetGroup, "cache").await;
    let subnets = subnets(&["subnet-1", "subnet-2"]);
    let desired = config(&SubnetGroup, [("name", "cache".into()), ("subnet_ids", subnets)]);
    assert_eq!(aws.plan(&SubnetGroup, &read.state, &desired).planned, read.state);
}

/// All subnets of a subnet group are in one VPC.
#[tokio::test]
async fn plan_keeps_the_vpc_while_a_subnet_stays() {
    let aws = FakeAws::new(healthy);
    let created = aws.create(&SubnetGroup, desired("cache")).await;
    let vpc = |subnets: Value| {
        let mut config = desired("cache");
        if let Value::Map(entries) = &mut config {
            entries.insert("subnet_ids".to_owned(), subnets);
        }
        aws.plan(&SubnetGroup, &created.state, &config).planned.get("vpc_id").clone()
    };
    let known = Value::from("vpc-1");
    assert_eq!(vpc(subnets(&["subnet-1", "subnet-2", "subnet-3"])), known);
    assert_eq!(vpc(subnets(&["subnet-2"])), known);
    assert_eq!(vpc(Value::set([Value::from("subnet-1"), Value::Unknown])), known);
    assert_eq!(vpc(subnets(&["subnet-8", "subnet-9"])), Value::Unknown);
    assert_eq!(vpc(Value::Unknown), Value::Unknown);
}

/// Values that a mock of another provider generates pass.
#[test]
fn validate_rejects_what_is_no_subnet_id() {
    let with = |id: &str| {
        errors_of(&config(&SubnetGroup, [("name", "cache".into()), ("subnet_ids", subnets(&[id]))]))
    };
    for right in ["subnet-0a1b2c3d4e5f60001", "ab12cd34"] {
        assert_eq!(with(right), [""; 0], "{right}");
    }
    for wrong in ["subnet_1", "my-subnet", "sg-0a1b2c3d4e5f60001"] {
        let found = with(wrong);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("subnet_ids: Invalid subnet_ids: ")
                && found[0].contains("must be the ID of a subnet"),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn name_with_a_prefix_is_chosen_at_the_create() {
    let name = |name: &str| format!("<CacheSubnetGroupName>{name}</CacheSubnetGroupName>");
    let aws = FakeAws::new(move |call| {
        healthy(call).with(&name("cache"), &name(call.param("CacheSubnetGroupName")))
    });
    let prefixed = |prefix: &str| {
        config(
            &SubnetGroup,
            [("name_prefix", prefix.into()), ("subnet_ids", subnets(&["subnet-1", "subnet-2"]))],
        )
    };
    assert!(aws.plan(&SubnetGroup, &Value::Null, &prefixed("Cache-")).planned.get("id").is_unknown());
    let created = aws.create(&SubnetGroup, prefixed("Cache-")).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    let sent = aws.calls()[0].param("CacheSubnetGroupName").to_owned();
    assert!(sent.starts_with("cache-") && sent.len() == "cache-".len() + 26, "{sent}");
    let mut state = created.state;
    if let Value::Map(map) = &mut state {
        map.insert("name".into(), sent.as_str().into());
        map.insert("id".into(), sent.as_str().into());
    }
    let same = aws.plan(&SubnetGroup, &state, &prefixed("Cache-"));
    assert_eq!((same.planned == state, same.replace.len()), (true, 0));
    assert_eq!(aws.plan(&SubnetGroup, &state, &prefixed("other-")).replace, [Path::attribute("name_prefix")]);
    let neither = config(&SubnetGroup, [("subnet_ids", subnets(&["subnet-1"]))]);
    assert_eq!(
        problems(&crate::engine::AnyResource::validate(&SubnetGroup, &neither)),
        [
            "name: Missing name: A subnet group requires a name. Set `name`, or `name_prefix` for a name with a unique \
             suffix."
        ]
    );
}

/// Ten groups and their tags, at 50 ms for each call.
#[tokio::test(start_paused = true)]
async fn refresh_waits_once_for_the_groups_and_their_tags() {
    const LATENCY: Duration = Duration::from_millis(50);
    let arn = |name: &str| ARN.replace(":cache", &format!(":{name}"));
    let names: Vec<String> = (0..10).map(|i| format!("group-{i}")).collect();
    let listed: String = names
        .iter()
        .map(|name| {
            group_xml("Managed by Terraform", &["subnet-1"])
                .replace(ARN, &arn(name))
                .replace(">cache<", &format!(">{name}<"))
        })
        .map(|group| format!("<CacheSubnetGroup>{group}</CacheSubnetGroup>"))
        .collect();
    let tag = serde_json::json!([{ "Key": "team", "Value": "x" }]);
    let tagged: Vec<_> =
        names.iter().map(|name| serde_json::json!({ "ResourceARN": arn(name), "Tags": tag })).collect();
    let aws = FakeAws::distant(LATENCY, move |call| match call.operation.as_str() {
        "DescribeCacheSubnetGroups" => call.xml(&format!("<CacheSubnetGroups>{listed}</CacheSubnetGroups>")),
        _ => call.answer_json(&serde_json::json!({ "ResourceTagMappingList": tagged })),
    });
    let state = |name: &String| {
        let arguments = [
            ("id", name.as_str().into()),
            ("name", name.as_str().into()),
            ("name_prefix", "".into()),
            ("supported_network_types", subnets(&[])),
            ("description", "Managed by Terraform".into()),
            ("subnet_ids", subnets(&["subnet-1"])),
            ("vpc_id", "vpc-1".into()),
            ("region", "us-east-1".into()),
            ("arn", arn(name).as_str().into()),
            ("tags", text_map([("team", "x")])),
            ("tags_all", text_map([("team", "x")])),
        ];
        config(&SubnetGroup, arguments)
    };
    let states: Vec<Value> = names.iter().map(state).collect();
    let begun = Instant::now();
    let reads =
        futures_util::future::join_all(states.iter().map(|state| aws.read(&SubnetGroup, state))).await;
    assert!(begun.elapsed() < 2 * LATENCY, "{:?}", begun.elapsed());
    assert_eq!(
        aws.operations().into_iter().collect::<BTreeSet<_>>(),
        ["DescribeCacheSubnetGroups", "GetResources"].map(str::to_owned).into()
    );
    for (read, state) in reads.iter().zip(&states) {
        assert_eq!((problems(&read.diags), &read.state), (Vec::new(), state));
    }
}
