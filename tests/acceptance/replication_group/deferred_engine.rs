//! A change of engine that waits for the maintenance window: what is neither replaced nor deleted until then.

use std::time::Duration;

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::simulator::Call;
use crate::support::terraform::Diagnostic;

const PARAMETERS: &str = "elasticache_parameter_group.this";
const REDIS: &str = r#"engine = "redis"
 engine_version = "7.1""#;
const VALKEY: &str = r#"engine = "valkey"
 engine_version = "8.0""#;
const WINDOW: &str = "sun:05:00-sun:07:00 UTC";

fn cache(id: &str, lines: &str) -> String {
    let lines = format!(
        r#"node_type = "cache.t3.small"
 num_cache_clusters = 2
 maintenance_window = "sun:05:00-sun:07:00"
 apply_immediately = false
 {lines}"#
    );
    group(id, &lines)
}

/// C4. The old engine runs until the window opens, so that nothing is to be replaced to get back to it.
#[test]
fn taking_back_a_waiting_engine_replaces_nothing_where_replacement_is_allowed() {
    for (id, redis) in [("named", REDIS), ("unnamed", r#"engine_version = "7.1""#)] {
        let with = |engine: &str| cache(id, &format!("{engine}\n allow_engine_replacement = true"));
        let fixture = Fixture::new(&with(redis));
        fixture.apply_and_verify();
        fixture.terraform.configure(&with(VALKEY));
        fixture.terraform.apply();
        let state = fixture.group();
        assert_eq!(state["pending_modified_values"]["engine"], "valkey");
        assert_eq!(state["engine_actual"], "redis");

        fixture.terraform.configure(&with(redis));
        let plan = fixture.terraform.plan();
        assert_eq!(plan.actions_on(GROUP), ["update"], "{id}: {}", plan.show(GROUP));
        let mut message: Vec<&str> = plan.diagnostics.iter().map(|it| it.summary.as_str()).collect();
        message.dedup();
        assert_eq!(message, ["Pending changes are withdrawn"], "{id}");
        fixture.terraform.apply();
        fixture.terraform.assert_settled();
        assert!(!fixture.control(|aws| aws.has_pending(id)));
        assert_eq!(fixture.group()["engine_actual"], "redis");
        fixture.assert_in_place();
    }
}

/// A parameter group of a family, which the cache uses, and which a new one of another family replaces.
fn with_parameters(family: &str, engine: &str) -> String {
    let parameters = format!(
        r#"resource "elasticache_parameter_group" "this" {{
 name_prefix = "held-"
 family = {family:?}
 lifecycle {{
 create_before_destroy = true
 }}
}}
"#
    );
    let use_them = "parameter_group_name = elasticache_parameter_group.this.name";
    parameters + &cache("held", &format!("{engine}\n {use_them}"))
}

fn find<'a>(message: &'a [Diagnostic], summary: &str) -> &'a Diagnostic {
    message
        .iter()
        .find(|it| it.summary.starts_with(summary))
        .unwrap_or_else(|| panic!("{summary}: {message:#?}"))
}

/// C6. The plan says that the old parameter group stays in use, the apply does not wait for it, and an apply after
/// the window deletes it.
#[test]
fn a_replaced_parameter_group_is_deleted_after_the_window_in_which_its_cache_moves() {
    let fixture = Fixture::new(&with_parameters("redis7", REDIS));
    fixture.apply_and_verify();
    let old = fixture.terraform.text(PARAMETERS, "name");
    fixture.terraform.configure(&with_parameters("valkey8", VALKEY));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on(GROUP), ["update"]);
    let retained = find(&plan.diagnostics, "Old parameter group stays in use");
    assert_eq!(retained.severity, "warning");
    for words in [format!("{old:?}").as_str(), WINDOW, "set `apply_immediately = true`"] {
        assert!(retained.detail.contains(words), "no {words:?} in: {}", retained.detail);
    }

    let failed = fixture.terraform.apply_fails();
    let refused = find(&failed, "Failed to delete parameter group");
    let user = format!(r#"in use by replication group "held" (until its maintenance window {WINDOW})"#);
    assert!(refused.summary.contains(&old) && refused.detail.contains(&user), "{refused}");
    let deletions = || fixture.aws.calls("elasticache", "DeleteCacheParameterGroup");
    assert_eq!(deletions().len(), 1, "not tried again");
    let state = fixture.group();
    assert_eq!(state["running_values"]["parameter_group_name"], old.as_str());
    assert_eq!(state["engine_actual"], "redis");

    assert!(fixture.control(|aws| aws.open_window("held")));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.terraform.apply();
    let gone: Vec<_> = deletions().into_iter().filter(Call::is_done).collect();
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0].parameter("CacheParameterGroupName").as_deref(), Some(old.as_str()));
    fixture.terraform.assert_unchanged();
    let state = fixture.group();
    assert_eq!(state["engine_actual"], "valkey");
    assert_eq!(state["parameter_group_name"], fixture.terraform.text(PARAMETERS, "name"));
    fixture.assert_in_place();
}
