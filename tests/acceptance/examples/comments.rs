//! What `comment.py` tells the reviewers of a plan, and how `comment.sh` shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use terraform_provider_elasticache::registry::REGISTRY;

use super::examples;
use super::pipelines::{CACHE, Repository};
use crate::support::terraform::{Run, Workspace};

/// The lines of a comment that have a text.
fn lines<'a>(comment: &'a str, text: &str) -> Vec<&'a str> {
    comment.lines().filter(|line| line.contains(text)).collect()
}

const GROUP: &str = "<code>elasticache_replication_group.this</code>";

#[test]
fn a_comment_says_what_is_created_changed_deferred_and_lost() {
    const TOKEN: &str = r#"auth_token = "0123456789abcdef""#;
    let repository = Repository::new(&format!("{CACHE}\n  {TOKEN}"));
    repository.script("plan.sh").succeeds();
    let comment = repository.read("redis/comment.md");
    assert!(comment.starts_with("<!-- plan of redis -->\n### Plan of <code>redis</code>\n"), "{comment}");
    assert!(comment.contains("**4 to be created.**"), "{comment}");
    let row =
        format!("| {GROUP} | **create** | <code>valkey 8.2</code><br><code>2 × cache.t4g.small</code> |");
    assert!(comment.contains(&row), "{comment}");
    assert!(!comment.contains("[!CAUTION]") && !comment.contains("[!NOTE]"), "{comment}");
    repository.script("apply.sh").succeeds();

    // Some changes wait for the maintenance window, and the token is not shown.
    let changed = CACHE
        .replace("cache.t4g.small", "cache.t4g.medium")
        .replace("num_cache_clusters = 2", "num_cache_clusters = 3")
        .replace(r#"a = "1""#, r#"a = "<b>|`""#);
    let token = TOKEN.replace("abcdef", "ghijkl");
    repository.write(&format!("{changed}\n  {token}"));
    repository.script("plan.sh").succeeds();
    let comment = repository.read("redis/comment.md");
    assert!(comment.contains("**1 to be updated in place.**"), "{comment}");
    let note = lines(&comment, "AWS changes");
    let [note] = note[..] else { panic!("{comment}") };
    let expected = format!("> - {GROUP}: AWS changes <code>node_type</code> in the maintenance window (");
    assert!(note.starts_with(&expected) && note.ends_with(" UTC), not during apply."), "{note}");
    let row = lines(&comment, "| **update** |");
    let [row] = row[..] else { panic!("{comment}") };
    for text in [
        "<code>auth_token</code>: <i>sensitive</i> → <i>sensitive</i>",
        "<code>node_type</code>: <code>cache.t4g.small</code> → <code>cache.t4g.medium</code>",
        "<code>num_cache_clusters</code>: <code>2</code> → <code>3</code>",
        "<code>tags.a</code>: <code>1</code> → <code>&lt;b&gt;&#124;`</code>",
        "<code>member_clusters</code>: + <code>pipeline-003</code>",
        "known after apply: ",
    ] {
        assert!(row.contains(text), "{text}: {row}");
    }
    assert!(!comment.contains("0123456789") && !comment.contains("tags_all"), "{comment}");
    repository.script("apply.sh").succeeds();

    // A replacement loses the data, which is also against the policies.
    repository.write(&format!("{changed}\n  {token}\n  port = 6380"));
    assert!(repository.0.control(|aws| aws.set_snapshot_retention("pipeline", 9)));
    repository.script("plan.sh").fails();
    let comment = repository.read("redis/comment.md");
    let lost = format!("> - {GROUP} will be replaced, and its data lost because of <code>port</code>.");
    assert!(comment.contains(&format!("> [!CAUTION]\n{lost}")), "{comment}");
    assert!(comment.contains("- elasticache_replication_group.this: would be destroyed"), "{comment}");
    assert!(comment.contains(&format!("Changed outside of Terraform: {GROUP}.")), "{comment}");
    assert_eq!(lines(&comment, "| **replace** |").len(), 1, "{comment}");

    repository.write(&format!("{changed}\n  {token}\n  lifecycle {{\n    ignore_changes = all\n  }}"));
    repository.script("plan.sh").succeeds();
    assert!(repository.read("redis/comment.md").contains("**No changes.**"));
}

/// Describes a plan.
fn described(plan: &Value) -> Run {
    let workspace = Workspace::offline("");
    workspace.write("plan.json", &plan.to_string());
    let script = examples().join("ci/comment.py");
    workspace.program(Path::new("python3"), &[script.to_str().unwrap(), "plan.json"]).succeeds()
}

fn change(name: usize, actions: &[&str]) -> Value {
    json!({
        "address": format!("elasticache_user.user[{name}]"), "mode": "managed", "type": "elasticache_user",
        "change": { "actions": actions, "before": {}, "after": {}, "after_unknown": {} },
    })
}

/// GitHub refuses a text of more than 65536 characters.
#[test]
fn a_comment_is_never_longer_than_github_accepts() {
    let changes: Vec<Value> = (0..3000).map(|name| change(name, &["create"])).collect();
    let comment = described(&json!({ "resource_changes": changes })).stdout;
    assert!(comment.chars().count() > 50_000 && comment.chars().count() <= 65_536, "{}", comment.len());
    assert!(comment.contains("**3000 to be created.**"));
    let (table, end) = comment.trim_end().rsplit_once("\n\n").unwrap();
    assert_eq!(end, "The rest is omitted: see the summary of the run.");
    assert!(table.ends_with(" |"), "a row is cut");
}

/// Where a value, a part of one, or an element of a list is sensitive, before or after.
#[test]
fn a_sensitive_value_is_never_shown() {
    let values = |text: &str| {
        json!({
            "whole": text, "part": { "open": text.len(), "secret": text }, "removed": { "secret": text },
            "listed": [{ "secret": text }],
        })
    };
    let marks = json!({
        "whole": true, "part": { "secret": true }, "removed": { "secret": true }, "listed": [{ "secret": true }],
    });
    let mut change = change(1, &["update"]);
    let mut after = values("another secret");
    after["removed"] = Value::Null;
    change["change"] = json!({
        "actions": ["update"], "before": values("the secret"), "after": after, "after_unknown": {},
        "before_sensitive": marks, "after_sensitive": marks,
    });
    let comment = described(&json!({ "resource_changes": [change] })).stdout;
    assert!(!comment.contains("the secret") && !comment.contains("another secret"), "{comment}");
    for name in ["whole", "part.secret", "removed", "listed"] {
        let expected = format!("<code>{name}</code>: <i>sensitive</i> → <i>sensitive</i>");
        assert!(comment.contains(&expected), "{name}: {comment}");
    }
    assert!(comment.contains("<code>part.open</code>: <code>10</code> → <code>14</code>"), "{comment}");
}

#[test]
fn what_is_destroyed_stands_before_what_is_created() {
    let changes = [
        change(1, &["create"]),
        change(2, &["delete"]),
        change(3, &["no-op"]),
        change(4, &["read"]),
        change(5, &["forget"]),
        change(6, &["create", "delete"]),
    ];
    let comment = described(&json!({ "resource_changes": changes })).stdout;
    let actions: Vec<&str> =
        lines(&comment, "| **").iter().map(|line| line.split("**").nth(1).unwrap()).collect();
    assert_eq!(actions, ["destroy", "replace", "create", "forget"]);
    let summary = "**1 to be destroyed, 1 to be replaced, 1 to be created, 1 to be removed from the state.**";
    assert!(comment.contains(summary), "{comment}");
}

/// The changes that wait are those of arguments that exist.
#[test]
fn the_arguments_that_wait_for_the_window_exist() {
    let script = fs::read_to_string(examples().join("ci/comment.py")).unwrap();
    let (_, rest) = script.split_once("DEFERRED = {\n").unwrap();
    let (list, _) = rest.split_once("}\n").unwrap();
    let names: BTreeSet<&str> = list.lines().map(|line| line.trim().trim_matches(['"', ','])).collect();
    let groups = REGISTRY.resources.iter().find(|each| each.type_name() == "elasticache_replication_group");
    let block = &groups.unwrap().schema().block;
    let waits = "during the maintenance window unless `apply_immediately` is true";
    let waiting = block.attributes.iter().filter(|attribute| attribute.description.contains(waits));
    assert_eq!(names, waiting.map(|attribute| attribute.name).collect());
}

/// A stand-in for `gh` notes its arguments, and knows the comments in `comments`.
const GH: &str = r#"#!/bin/sh
echo "$@" >>gh.log
case "$*" in
    *--paginate*) cat comments ;;
esac
"#;

#[test]
fn a_pull_request_has_one_comment_for_each_folder() {
    let mut repository = Repository::good();
    repository.script("plan.sh").succeeds();
    fs::create_dir(repository.path("bin")).unwrap();
    repository.0.terraform.write("bin/gh", GH);
    repository.bash("chmod +x bin/gh").succeeds();
    let path = std::env::var("PATH").unwrap();
    repository.0.terraform.set("PATH", &format!("{}:{path}", repository.path("bin").display()));
    repository.0.terraform.set("GITHUB_REPOSITORY", "example/infrastructure");

    repository.0.terraform.write("comments", "");
    repository.bash("ci/comment.sh redis 7").succeeds();
    repository.0.terraform.write("comments", "41\n42\n");
    repository.bash("ci/comment.sh redis 7").succeeds();
    let log = repository.read("gh.log");
    let calls: Vec<&str> = log.lines().collect();
    let [find, create, again, update] = calls[..] else { panic!("{log}") };
    assert!(find.starts_with("api repos/example/infrastructure/issues/7/comments --paginate"), "{find}");
    assert!(find.contains(r#"startswith("<!-- plan of redis -->")"#), "{find}");
    assert_eq!(again, find);
    let body = "--field body=@redis/comment.md";
    let comments = "repos/example/infrastructure/issues";
    assert_eq!(create, format!("api --silent --method POST {comments}/7/comments {body}"));
    assert_eq!(update, format!("api --silent --method PATCH {comments}/comments/41 {body}"));
}
