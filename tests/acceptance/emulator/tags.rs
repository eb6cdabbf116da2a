//! Tags by the three services that hold them, with and without default tags and ignored tags.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::ministack::Account;
use crate::support::terraform::Workspace;

/// One step of the matrix: what the provider block says, what the resource says,
/// and the tags that AWS must then have.
struct Step {
    provider: &'static str,
    tags: &'static str,
    existing: &'static [(&'static str, &'static str)],
}

const STEPS: &[Step] = &[
    Step { provider: "", tags: "", existing: &[] },
    Step { provider: "", tags: r#"{ a = "1", b = "2" }"#, existing: &[("a", "1"), ("b", "2")] },
    // A new value, and keys swapped.
    Step { provider: "", tags: r#"{ a = "2", c = "2" }"#, existing: &[("a", "2"), ("c", "2")] },
    Step { provider: "", tags: r#"{ a = "" }"#, existing: &[("a", "")] },
    Step { provider: "", tags: "{}", existing: &[] },
    Step { provider: "default_tags {}", tags: r#"{ a = null, b = "1" }"#, existing: &[("b", "1")] },
    // Default tags only, then beside own tags, then overridden, then repeated.
    Step { provider: r#"default_tags { tags = { team = "red" } }"#, tags: "", existing: &[("team", "red")] },
    Step {
        provider: r#"default_tags { tags = { team = "red" } }"#,
        tags: r#"{ a = "1" }"#,
        existing: &[("a", "1"), ("team", "red")],
    },
    Step {
        provider: r#"default_tags { tags = { team = "red" } }"#,
        tags: r#"{ team = "blue" }"#,
        existing: &[("team", "blue")],
    },
    Step {
        provider: r#"default_tags { tags = { team = "red" } }"#,
        tags: r#"{ team = "red" }"#,
        existing: &[("team", "red")],
    },
    // Null is "not given", so the default holds.
    Step {
        provider: r#"default_tags { tags = { team = "red" } }"#,
        tags: "{ team = null }",
        existing: &[("team", "red")],
    },
    // From the provider's to the resource's own.
    Step { provider: "", tags: r#"{ team = "red" }"#, existing: &[("team", "red")] },
    Step {
        provider: r#"default_tags { tags = { team = "red" } }"#,
        tags: "{}",
        existing: &[("team", "red")],
    },
    Step { provider: "default_tags { tags = {} }", tags: "", existing: &[] },
];

fn configuration(provider: &str, resource: &str, tags: &str) -> String {
    let tags = if tags.is_empty() { String::new() } else { format!("tags = {tags}") };
    format!(
        r#"provider "elasticache" {{
  {provider}
}}
{}
"#,
        resource.replace("TAGS", &tags)
    )
}

/// Goes through the matrix with a resource that is named `this` and has `TAGS`
/// where its tags belong.
fn matrix(ty: &str, body: &str) {
    let address = format!("{ty}.this");
    let resource = format!(
        r#"resource {ty:?} "this" {{
  {body}
  TAGS
}}"#
    );
    let aws = Account::new();
    let terraform = Workspace::new(&aws, "");
    for (i, step) in STEPS.iter().enumerate() {
        let what = format!("step {i}: {} with tags {}", step.provider, step.tags);
        terraform.configure(&configuration(step.provider, &resource, step.tags));
        if i > 0 {
            // Only tags change, in place; the status of a cache may with every change.
            let changed = terraform.plan().changed(&address);
            let other: Vec<_> =
                changed.iter().filter(|name| !matches!(&***name, "tags" | "tags_all")).collect();
            assert!(other.is_empty(), "{what}: {other:?}");
        }
        terraform.apply();
        let state = terraform.state(&address);
        let expected: BTreeMap<String, String> =
            step.existing.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(aws.tags(state["arn"].as_str().unwrap()), expected, "{what}");
        assert_eq!(state["tags_all"], json!(expected), "{what}");
        terraform.assert_unchanged();
    }
}

/// Tags that something else manages are neither shown nor touched.
fn ignored(ty: &str, body: &str, tag: impl Fn(&Account, &str)) {
    let address = format!("{ty}.this");
    let resource = format!(
        r#"resource {ty:?} "this" {{
  {body}
  TAGS
}}"#
    );
    let aws = Account::new();
    let provider = r#"ignore_tags {
keys = ["owner"]
key_prefixes = ["kubernetes.io/"]
}"#;
    let terraform = Workspace::new(&aws, &configuration(provider, &resource, r#"{ a = "1" }"#));
    terraform.apply();
    let arn = terraform.text(&address, "arn");
    tag(&aws, &arn);
    terraform.assert_unchanged();

    terraform.configure(&configuration(provider, &resource, r#"{ a = "2" }"#));
    terraform.apply();
    assert_eq!(terraform.state(&address)["tags_all"], json!({ "a": "2" }));
    let existing = json!(aws.tags(&arn));
    assert_eq!(existing, json!({ "a": "2", "owner": "someone", "kubernetes.io/cluster": "owned" }));

    // Without the block the foreign tags are drift.
    terraform.configure(&configuration("", &resource, r#"{ a = "2" }"#));
    terraform.apply();
    let existing: Value = json!(aws.tags(&arn));
    assert_eq!(existing, json!({ "a": "2" }));
}

fn tag_elasticache(aws: &Account, arn: &str) {
    let tag =
        |key: &str, value: &str| aws_sdk_elasticache::types::Tag::builder().key(key).value(value).build();
    let call = aws.elasticache.add_tags_to_resource().resource_name(arn);
    aws.ask(call.tags(tag("owner", "someone")).tags(tag("kubernetes.io/cluster", "owned")).send());
}

#[test]
fn tags_of_a_url() {
    matrix(
        "elasticache_ssm_url",
        r#"name = "/tagged"
host = "cache.local""#,
    );
}

const REPLICATION_GROUP: &str = r#"replication_group_id = "tagged"
description = "x"
node_type = "cache.t4g.small""#;

#[test]
fn tags_of_a_replication_group() {
    matrix("elasticache_replication_group", REPLICATION_GROUP);
}

#[test]
fn ignored_tags_of_a_replication_group() {
    ignored("elasticache_replication_group", REPLICATION_GROUP, tag_elasticache);
}

const ALARM: &str = r#"alarm_name = "tagged"
namespace = "AWS/ElastiCache"
metric_name = "Evictions"
comparison_operator = "GreaterThanThreshold"
evaluation_periods = 1
threshold = 1
period = 60
statistic = "Sum""#;

#[test]
fn tags_of_an_alarm() {
    matrix("elasticache_metric_alarm", ALARM);
}
