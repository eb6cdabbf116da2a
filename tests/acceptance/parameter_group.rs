//! Parameter groups: acceptance cases §3, and what they do not have.

use serde_json::{Value, json};

use crate::aws_control::{ask, control, instant, writes};
use crate::fixture::Fixture;
use crate::hcl::small_group;
use crate::simulator::{Call, InjectedFault, on};

const THIS: &str = "elasticache_parameter_group.this";

type Parameters<'a> = &'a [(&'a str, &'a str)];

fn with(body: &str, parameters: Parameters<'_>) -> String {
    let blocks: String = parameters
        .iter()
        .map(|(name, value)| format!("parameter {{\nname = {name:?}\nvalue = {value:?}\n}}\n"))
        .collect();
    format!(
        r#"resource "elasticache_parameter_group" "this" {{
  {body}
  {blocks}}}
"#
    )
}

fn of(family: &str, parameters: Parameters<'_>) -> String {
    with(
        &format!(
            r#"name = "mine"
family = {family:?}"#
        ),
        parameters,
    )
}

fn held(fixture: &Fixture) -> Value {
    fixture.terraform.state(THIS)["parameter"].clone()
}

fn observed(parameters: Parameters<'_>) -> Value {
    parameters.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

#[test]
fn basic_of_an_old_family_has_a_default_description() {
    let fixture = instant(&of("redis2.8", &[]));
    fixture.apply_and_verify();
    let state = fixture.terraform.state(THIS);
    assert_eq!(
        (&state["description"], &state["family"]),
        (&json!("Managed by Terraform"), &json!("redis2.8"))
    );
    fixture.terraform.destroy();
}

#[test]
fn disappears() {
    let fixture = instant(&of("redis7", &[("timeout", "60")]));
    fixture.apply_and_verify();
    ask(&fixture.aws, "DeleteCacheParameterGroup", &[("CacheParameterGroupName", "mine")]);
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
}

#[test]
fn parameters_come_change_and_go() {
    let fixture = instant(&of("redis2.8", &[("appendonly", "yes")]));
    fixture.apply_and_verify();
    let steps: [Parameters<'_>; 4] = [
        &[("appendfsync", "always"), ("appendonly", "yes")],
        &[("appendfsync", "no"), ("appendonly", "yes")],
        &[("appendfsync", "no"), ("timeout", "60")],
        &[],
    ];
    for step in steps {
        fixture.change_and_verify(&of("redis2.8", step));
        assert_eq!(held(&fixture), observed(step));
    }
}

/// Taken away, alone and beside another, where AWS refuses to reset it; changed to the
/// percentage; and changed in the old family that has no percentage.
#[test]
fn reserved_memory_in_all_its_ways() {
    let steps: [(&str, [Parameters<'_>; 2]); 4] = [
        ("redis3.2", [&[("reserved-memory", "0")], &[]]),
        ("redis3.2", [&[("reserved-memory", "0"), ("tcp-keepalive", "360")], &[("tcp-keepalive", "360")]]),
        ("redis3.2", [&[("reserved-memory", "0")], &[("reserved-memory-percent", "25")]]),
        ("redis2.8", [&[("reserved-memory", "0")], &[("reserved-memory", "1")]]),
    ];
    for (family, [before, after]) in steps {
        let fixture = instant(&of(family, before));
        fixture.terraform.apply();
        assert_eq!(held(&fixture), observed(before), "{family}");
        fixture.change_and_verify(&of(family, after));
        assert_eq!(held(&fixture), observed(after), "{family}");
    }
}

#[test]
fn a_name_in_capitals_is_the_same_name() {
    let fixture = instant(&of("redis7", &[]).replace(r#""mine""#, r#""Mine-DEV""#));
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.text(THIS, "id"), "mine-dev");
    fixture.terraform.configure(&of("redis7", &[]).replace(r#""mine""#, r#""mine-dev""#));
    fixture.terraform.assert_unchanged();
}

#[test]
fn tags_and_description() {
    let more = |more: &str| {
        with(
            &format!(
                r#"name = "mine"
family = "redis7"
{more}"#
            ),
            &[],
        )
    };
    let fixture = instant(&more(
        r#"description = "of mine"
tags = { a = "1" }"#,
    ));
    fixture.apply_and_verify();
    for tags in [r#"a = "2", b = "1""#, r#"b = "2""#] {
        fixture.change_and_verify(&more(&format!(
            r#"description = "of mine"
tags = {{ {tags} }}"#
        )));
    }
    fixture.change_and_verify(&more(r#"description = "of mine""#));
    fixture.terraform.configure(&more(r#"description = "of others""#));
    fixture.terraform.plan().assert_replace(THIS, &["description"]);
    fixture.apply_and_verify();
}

/// AWS takes twenty in a call, both ways.
#[test]
fn more_parameters_than_a_call_takes() {
    let names = [
        "acllog-max-len",
        "active-defrag-cycle-max",
        "active-defrag-cycle-min",
        "active-defrag-max-scan-fields",
        "active-defrag-threshold-lower",
        "active-defrag-threshold-upper",
        "active-expire-effort",
        "databases",
        "hash-max-listpack-entries",
        "hash-max-listpack-value",
        "hash-max-ziplist-entries",
        "hash-max-ziplist-value",
        "hll-sparse-max-bytes",
        "lfu-decay-time",
        "lfu-log-factor",
        "list-compress-depth",
        "maxmemory-samples",
        "min-replicas-max-lag",
        "min-replicas-to-write",
        "proto-max-bulk-len",
        "set-max-intset-entries",
        "slowlog-max-len",
        "stream-node-max-entries",
        "zset-max-listpack-entries",
        "zset-max-listpack-value",
    ];
    let value = |name: &str| if name == "proto-max-bulk-len" { "1048577" } else { "9" };
    let all: Vec<(&str, &str)> = names.iter().map(|name| (*name, value(name))).collect();
    let fixture = instant(&of("redis7", &all));
    fixture.apply_and_verify();
    assert_eq!(held(&fixture).as_array().map(Vec::len), Some(names.len()));
    assert_eq!(fixture.aws.calls("elasticache", "ModifyCacheParameterGroup").len(), 2);
    fixture.change_and_verify(&of("redis7", &all[..1]));
    assert_eq!(
        fixture
            .aws
            .calls("elasticache", "ResetCacheParameterGroup")
            .iter()
            .filter(|call| call.is_done())
            .count(),
        2
    );
    // More than a page of parameters: the answer is read to its end.
    let reads = fixture.aws.calls("elasticache", "DescribeCacheParameters");
    assert!(reads.iter().all(Call::is_done) && !reads.is_empty());
}

/// A listing of several pages is read to its end.
#[test]
fn parameters_on_a_second_page_are_found() {
    let all: Vec<(&str, &str)> = vec![
        ("acllog-max-len", "129"),
        ("lfu-decay-time", "2"),
        ("slowlog-max-len", "64"),
        ("timeout", "60"),
        ("zset-max-listpack-value", "32"),
    ];
    let fixture = instant(&of("redis7", &all));
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.parameters_page = 2));
    fixture.apply_and_verify();
    assert_eq!(held(&fixture), observed(&all));
    let reads = fixture.aws.calls("elasticache", "DescribeCacheParameters");
    assert!(reads.iter().any(|call| call.parameter("Marker").is_some()));
    // Drift on the last page.
    assert!(control(&fixture.aws, |aws| aws.set_parameter("mine", "zset-max-listpack-value", "16")));
    fixture.terraform.plan().assert_update(THIS, &["parameter"]);
}

/// A name that was made unique is nobody else's; and what AWS has answered with success, it
/// has carried out.
#[test]
fn a_create_whose_answer_was_lost_goes_on_with_the_group_it_made() {
    let prefix = with(
        r#"name_prefix = "mine-"
family = "redis7""#,
        &[("timeout", "60")],
    );
    for (configuration, fault) in [
        (&prefix, InjectedFault::AppliedButResponseLost),
        (&prefix, InjectedFault::TruncatedBody(0.6)),
        (&of("redis7", &[("timeout", "60")]), InjectedFault::CutBody(0.6)),
        (&of("redis7", &[("timeout", "60")]), InjectedFault::TruncatedBody(0.6)),
    ] {
        let fixture = instant(configuration);
        fixture.aws.fault(on("elasticache", "CreateCacheParameterGroup"), fault);
        fixture.apply_and_verify();
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
}

/// A group that equals the planned one is refused when every attempt was answered, and one that
/// differs in something is refused even after a lost answer.
#[test]
fn a_group_that_was_there_is_not_taken_over() {
    for (description, fault) in [("Managed by Terraform", None), ("by hand", Some(InjectedFault::Reset))] {
        let fixture = instant(&of("redis7", &[("timeout", "60")]));
        ask(
            &fixture.aws,
            "CreateCacheParameterGroup",
            &[
                ("CacheParameterGroupName", "mine"),
                ("CacheParameterGroupFamily", "redis7"),
                ("Description", description),
            ],
        );
        let lost = fault.is_some();
        if let Some(fault) = fault {
            fixture.aws.fault(on("elasticache", "CreateCacheParameterGroup"), fault);
        }
        let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
        assert!(message.contains("terraform import elasticache_parameter_group.NAME mine"), "{message}");
        assert_eq!(message.contains("An answer of AWS was lost before"), lost, "{message}");
        assert_eq!(fixture.terraform.run(&["state", "list"]).stdout.trim(), "");
    }
}

/// The next change meets a group whose last one is still pending.
#[test]
fn pending_changes_are_waited_out() {
    let fixture = instant(&of("redis7", &[("timeout", "60"), ("maxmemory-samples", "5")]));
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.parameters = 900_000));
    fixture.apply_and_verify();
    let pending =
        InjectedFault::code("InvalidCacheParameterGroupState", "Parameter group mine has pending changes.");
    fixture.aws.fault(on("elasticache", "ModifyCacheParameterGroup"), pending);
    fixture.change_and_verify(&of("redis7", &[("maxmemory-samples", "7")]));
    assert_eq!(fixture.aws.pending_faults(), 0);
}

#[test]
fn drift_is_shown_and_repaired() {
    let fixture = instant(&of("redis7", &[("timeout", "60")]));
    fixture.apply_and_verify();
    assert!(control(&fixture.aws, |aws| aws.set_parameter("mine", "timeout", "90")));
    assert!(control(&fixture.aws, |aws| aws.set_parameter("mine", "maxmemory-samples", "7")));
    fixture.terraform.plan().assert_update(THIS, &["parameter"]);
    fixture.apply_and_verify();
}

fn in_use(naming: &str, version: &str, family: &str) -> String {
    format!(
        "{}{}",
        with(
            &format!("{naming}\nfamily = {family:?}\nlifecycle {{\ncreate_before_destroy = true\n}}"),
            &[("timeout", "60")]
        ),
        small_group(&format!(
            "num_cache_clusters = 1\napply_immediately = true\nengine_version = {version:?}\n\
             parameter_group_name = elasticache_parameter_group.this.name"
        ))
    )
}

/// The group uses the old one until the upgrade is through; only then can it go.
#[test]
fn another_family_while_in_use() {
    let naming = r#"name_prefix = "mine-""#;
    let fixture = Fixture::new(&in_use(naming, "6.2", "redis6.x"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&in_use(naming, "7.1", "redis7"));
    let done = writes(&fixture.aws);
    assert_eq!(
        done,
        [
            "CreateCacheParameterGroup",
            "ModifyCacheParameterGroup",
            "ModifyReplicationGroup",
            "DeleteCacheParameterGroup"
        ]
    );
    fixture.terraform.destroy();
}

/// InjectedFault H7. With a fixed name the old group goes first, which AWS refuses while a cache uses it: the
/// apply ends at once and names the cache.
#[test]
fn a_group_in_use_that_goes_first_is_told_of() {
    let fixed = |version: &str, family: &str| {
        in_use(r#"name = "mine""#, version, family)
            .replace("lifecycle {\ncreate_before_destroy = true\n}", "")
    };
    let fixture = instant(&fixed("6.2", "redis6.x"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.configure(&fixed("7.1", "redis7"));
    let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(message.contains(r#"It is in use by replication group "cache"."#), "{message}");
    assert!(message.contains("use `name_prefix` instead of `name`"), "{message}");
    assert_eq!(fixture.aws.calls("elasticache", "DeleteCacheParameterGroup").len(), 1, "not tried again");
    assert_eq!(writes(&fixture.aws), [""; 0], "nothing was changed");
}

/// With a fixed name another one is given along with the family.
#[test]
fn another_family_with_another_fixed_name() {
    let fixture = instant(&in_use(r#"name = "mine-6""#, "6.2", "redis6.x"));
    fixture.apply_and_verify();
    fixture.change_and_verify(&in_use(r#"name = "mine-7""#, "7.1", "redis7"));
    assert_eq!(fixture.terraform.text(THIS, "name"), "mine-7");
}

/// What AWS does not take, and its documents do not tell, is refused with AWS's words,
/// at the block.
#[test]
fn a_value_that_aws_refuses_is_told_of() {
    let fixture = instant(&of("redis7", &[("active-defrag-ignore-bytes", "1")]));
    let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(
        message.contains("InvalidParameterValue") && message.contains("active-defrag-ignore-bytes"),
        "{message}"
    );
    // The group is there, and the next apply goes on.
    fixture.change_and_verify(&of("redis7", &[("active-defrag-ignore-bytes", "1048576")]));
}

/// What AWS's documents rule out never reaches AWS.
#[test]
fn what_a_family_does_not_take_is_refused_at_plan() {
    for (family, parameter, words) in [
        (
            "redis7",
            ("maxmemory-policy", "forget-all"),
            r#""noeviction". The configured value is "forget-all""#,
        ),
        ("redis3.2", ("maxmemory-policy", "allkeys-lfu"), "Invalid parameter value"),
        ("redis7", ("timeout", "10"), "0, or 20 or more"),
        ("valkey8", ("appendonly", "yes"), "Parameter cannot be changed"),
    ] {
        let fixture = instant("");
        let said = fixture.refused(&of(family, &[parameter]));
        assert!(said.contains(words), "{family} {parameter:?}: {said}");
        assert_eq!(fixture.aws.record().order(), Vec::<String>::new(), "calls");
    }
}

/// AWS may know it; the simulated one does not.
#[test]
fn a_name_nobody_documents_is_sent_with_a_warning() {
    let fixture = instant(&of("redis7", &[("maxmemory-polciy", "noeviction")]));
    let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(message.contains(r#"Did you mean "maxmemory-policy"?"#), "{message}");
    assert!(message.contains("InvalidParameterValue") || message.contains("not found"), "{message}");
    fixture.change_and_verify(&of("redis7", &[("maxmemory-policy", "noeviction")]));
}
