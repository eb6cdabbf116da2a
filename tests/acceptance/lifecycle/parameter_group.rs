//! Parameter groups: acceptance cases §3, and what they do not have.

use serde_json::{Value, json};

use crate::simulator::{Call, Fault, on};
use crate::steer::{ask, control, group, instant, writes};
use crate::world::World;

const THIS: &str = "elasticache_parameter_group.this";

type Parameters<'a> = &'a [(&'a str, &'a str)];

fn with(body: &str, parameters: Parameters<'_>) -> String {
    let blocks: String = parameters
        .iter()
        .map(|(name, value)| format!("parameter {{\nname = {name:?}\nvalue = {value:?}\n}}\n"))
        .collect();
    format!("resource \"elasticache_parameter_group\" \"this\" {{\n{body}\n{blocks}}}\n")
}

fn of(family: &str, parameters: Parameters<'_>) -> String {
    with(&format!("name = \"mine\"\nfamily = {family:?}"), parameters)
}

fn held(world: &World) -> Value {
    world.terraform.state(THIS)["parameter"].clone()
}

fn shown(parameters: Parameters<'_>) -> Value {
    parameters.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

#[test]
fn basic_of_an_old_family_has_a_default_description() {
    let world = instant(&of("redis2.8", &[]));
    world.applied();
    let state = world.terraform.state(THIS);
    assert_eq!(
        (&state["description"], &state["family"]),
        (&json!("Managed by Terraform"), &json!("redis2.8"))
    );
    world.terraform.destroy();
}

#[test]
fn disappears() {
    let world = instant(&of("redis7", &[("timeout", "60")]));
    world.applied();
    ask(&world.aws, "DeleteCacheParameterGroup", &[("CacheParameterGroupName", "mine")]);
    world.terraform.plan().assert_create(THIS);
    world.applied();
}

#[test]
fn parameters_come_change_and_go() {
    let world = instant(&of("redis2.8", &[("appendonly", "yes")]));
    world.applied();
    let steps: [Parameters<'_>; 4] = [
        &[("appendfsync", "always"), ("appendonly", "yes")],
        &[("appendfsync", "no"), ("appendonly", "yes")],
        &[("appendfsync", "no"), ("timeout", "60")],
        &[],
    ];
    for step in steps {
        world.then(&of("redis2.8", step));
        assert_eq!(held(&world), shown(step));
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
        let world = instant(&of(family, before));
        world.terraform.apply();
        assert_eq!(held(&world), shown(before), "{family}");
        world.then(&of(family, after));
        assert_eq!(held(&world), shown(after), "{family}");
    }
}

#[test]
fn a_name_in_capitals_is_the_same_name() {
    let world = instant(&of("redis7", &[]).replace("\"mine\"", "\"Mine-DEV\""));
    world.applied();
    assert_eq!(world.terraform.text(THIS, "id"), "mine-dev");
    world.terraform.configure(&of("redis7", &[]).replace("\"mine\"", "\"mine-dev\""));
    world.terraform.assert_unchanged();
}

#[test]
fn tags_and_description() {
    let more = |more: &str| with(&format!("name = \"mine\"\nfamily = \"redis7\"\n{more}"), &[]);
    let world = instant(&more("description = \"of mine\"\ntags = { a = \"1\" }"));
    world.applied();
    for tags in ["a = \"2\", b = \"1\"", "b = \"2\""] {
        world.then(&more(&format!("description = \"of mine\"\ntags = {{ {tags} }}")));
    }
    world.then(&more("description = \"of mine\""));
    world.terraform.configure(&more("description = \"of others\""));
    world.terraform.plan().assert_replace(THIS, &["description"]);
    world.applied();
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
    let world = instant(&of("redis7", &all));
    world.applied();
    assert_eq!(held(&world).as_array().map(Vec::len), Some(names.len()));
    assert_eq!(world.aws.calls("elasticache", "ModifyCacheParameterGroup").len(), 2);
    world.then(&of("redis7", &all[..1]));
    assert_eq!(
        world
            .aws
            .calls("elasticache", "ResetCacheParameterGroup")
            .iter()
            .filter(|call| call.is_done())
            .count(),
        2
    );
    // More than a page of parameters: the answer is read to its end.
    let reads = world.aws.calls("elasticache", "DescribeCacheParameters");
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
    let world = instant(&of("redis7", &all));
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.parameters_page = 2));
    world.applied();
    assert_eq!(held(&world), shown(&all));
    let reads = world.aws.calls("elasticache", "DescribeCacheParameters");
    assert!(reads.iter().any(|call| call.parameter("Marker").is_some()));
    // Drift on the last page.
    assert!(control(&world.aws, |aws| aws.set_parameter("mine", "zset-max-listpack-value", "16")));
    world.terraform.plan().assert_update(THIS, &["parameter"]);
}

/// A name that was made unique is nobody else's; and what AWS has answered with success, it
/// has carried out.
#[test]
fn a_create_whose_answer_was_lost_goes_on_with_the_group_it_made() {
    let prefix = with("name_prefix = \"mine-\"\nfamily = \"redis7\"", &[("timeout", "60")]);
    for (configuration, fault) in [
        (&prefix, Fault::AppliedButResponseLost),
        (&prefix, Fault::TruncatedBody(0.6)),
        (&of("redis7", &[("timeout", "60")]), Fault::CutBody(0.6)),
        (&of("redis7", &[("timeout", "60")]), Fault::TruncatedBody(0.6)),
    ] {
        let world = instant(configuration);
        world.aws.fault(on("elasticache", "CreateCacheParameterGroup"), fault);
        world.applied();
        assert_eq!(world.aws.pending_faults(), 0);
    }
}

/// A group that equals the planned one is refused when every attempt was answered, and one that
/// differs in something is refused even after a lost answer.
#[test]
fn a_group_that_was_there_is_not_taken_over() {
    for (description, fault) in [("Managed by Terraform", None), ("by hand", Some(Fault::Reset))] {
        let world = instant(&of("redis7", &[("timeout", "60")]));
        ask(
            &world.aws,
            "CreateCacheParameterGroup",
            &[
                ("CacheParameterGroupName", "mine"),
                ("CacheParameterGroupFamily", "redis7"),
                ("Description", description),
            ],
        );
        let lost = fault.is_some();
        if let Some(fault) = fault {
            world.aws.fault(on("elasticache", "CreateCacheParameterGroup"), fault);
        }
        let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
        assert!(told.contains("terraform import elasticache_parameter_group.NAME mine"), "{told}");
        assert_eq!(told.contains("An answer of AWS was lost before"), lost, "{told}");
        assert_eq!(world.terraform.run(&["state", "list"]).stdout.trim(), "");
    }
}

/// The next change meets a group whose last one is still pending.
#[test]
fn pending_changes_are_waited_out() {
    let world = instant(&of("redis7", &[("timeout", "60"), ("maxmemory-samples", "5")]));
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.parameters = 900_000));
    world.applied();
    let pending = Fault::code("InvalidCacheParameterGroupState", "Parameter group mine has pending changes.");
    world.aws.fault(on("elasticache", "ModifyCacheParameterGroup"), pending);
    world.then(&of("redis7", &[("maxmemory-samples", "7")]));
    assert_eq!(world.aws.pending_faults(), 0);
}

#[test]
fn drift_is_shown_and_repaired() {
    let world = instant(&of("redis7", &[("timeout", "60")]));
    world.applied();
    assert!(control(&world.aws, |aws| aws.set_parameter("mine", "timeout", "90")));
    assert!(control(&world.aws, |aws| aws.set_parameter("mine", "maxmemory-samples", "7")));
    world.terraform.plan().assert_update(THIS, &["parameter"]);
    world.applied();
}

fn in_use(naming: &str, version: &str, family: &str) -> String {
    format!(
        "{}{}",
        with(
            &format!("{naming}\nfamily = {family:?}\nlifecycle {{\ncreate_before_destroy = true\n}}"),
            &[("timeout", "60")]
        ),
        group(&format!(
            "num_cache_clusters = 1\napply_immediately = true\nengine_version = {version:?}\n\
             parameter_group_name = elasticache_parameter_group.this.name"
        ))
    )
}

/// The group uses the old one until the upgrade is through; only then can it go.
#[test]
fn another_family_while_in_use() {
    let naming = "name_prefix = \"mine-\"";
    let world = World::new(&in_use(naming, "6.2", "redis6.x"));
    world.applied();
    world.aws.record().clear();
    world.then(&in_use(naming, "7.1", "redis7"));
    let done = writes(&world.aws);
    assert_eq!(
        done,
        [
            "CreateCacheParameterGroup",
            "ModifyCacheParameterGroup",
            "ModifyReplicationGroup",
            "DeleteCacheParameterGroup"
        ]
    );
    world.terraform.destroy();
}

/// Fault H7. With a fixed name the old group goes first, which AWS refuses while a cache uses it: the
/// apply ends at once and names the cache.
#[test]
fn a_group_in_use_that_goes_first_is_told_of() {
    let fixed = |version: &str, family: &str| {
        in_use("name = \"mine\"", version, family).replace("lifecycle {\ncreate_before_destroy = true\n}", "")
    };
    let world = instant(&fixed("6.2", "redis6.x"));
    world.applied();
    world.aws.record().clear();
    world.terraform.configure(&fixed("7.1", "redis7"));
    let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("It is in use by replication group \"cache\"."), "{told}");
    assert!(told.contains("use `name_prefix` instead of `name`"), "{told}");
    assert_eq!(world.aws.calls("elasticache", "DeleteCacheParameterGroup").len(), 1, "not tried again");
    assert_eq!(writes(&world.aws), [""; 0], "nothing was changed");
}

/// With a fixed name another one is given along with the family.
#[test]
fn another_family_with_another_fixed_name() {
    let world = instant(&in_use("name = \"mine-6\"", "6.2", "redis6.x"));
    world.applied();
    world.then(&in_use("name = \"mine-7\"", "7.1", "redis7"));
    assert_eq!(world.terraform.text(THIS, "name"), "mine-7");
}

/// What AWS does not take, and its documents do not tell, is refused with AWS's words,
/// at the block.
#[test]
fn a_value_that_aws_refuses_is_told_of() {
    let world = instant(&of("redis7", &[("active-defrag-ignore-bytes", "1")]));
    let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("InvalidParameterValue") && told.contains("active-defrag-ignore-bytes"), "{told}");
    // The group is there, and the next apply goes on.
    world.then(&of("redis7", &[("active-defrag-ignore-bytes", "1048576")]));
}

/// What AWS's documents rule out never reaches AWS.
#[test]
fn what_a_family_does_not_take_is_refused_at_plan() {
    for (family, parameter, words) in [
        (
            "redis7",
            ("maxmemory-policy", "forget-all"),
            "\"noeviction\". The configured value is \"forget-all\"",
        ),
        ("redis3.2", ("maxmemory-policy", "allkeys-lfu"), "Invalid parameter value"),
        ("redis7", ("timeout", "10"), "0, or 20 or more"),
        ("valkey8", ("appendonly", "yes"), "Parameter cannot be changed"),
    ] {
        let world = instant("");
        let said = world.refused(&of(family, &[parameter]));
        assert!(said.contains(words), "{family} {parameter:?}: {said}");
        assert_eq!(world.aws.record().order(), Vec::<String>::new(), "calls");
    }
}

/// AWS may know it; the simulated one does not.
#[test]
fn a_name_nobody_documents_is_sent_with_a_warning() {
    let world = instant(&of("redis7", &[("maxmemory-polciy", "noeviction")]));
    let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("Did you mean \"maxmemory-policy\"?"), "{told}");
    assert!(told.contains("InvalidParameterValue") || told.contains("not found"), "{told}");
    world.then(&of("redis7", &[("maxmemory-policy", "noeviction")]));
}
