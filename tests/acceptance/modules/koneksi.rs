//! `koneksi-elasticache`: a module, and a configuration with an environment each.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{assert_sent, created, defaults, examples, output, snippet, standing_in};
use crate::world::{UNTOLD, World};

const REGION: &str = "ap-southeast-1";

/// What the VPC module of the document gives, in the words of the simulated AWS.
const VPC: &str = r#"
output "vpc_id" { value = "vpc-00000001" }
output "data_private_subnet_ids" { value = ["subnet-00000001", "subnet-00000002"] }
output "data_private_security_group_id" { value = "sg-0123456789abcdef0" }
"#;

const OUTPUTS: &str =
    "\nmodule \"vpc\" {\n  source = \"./vpc\"\n}\n\noutput \"all\" {\n  value = module.elasticache\n}\n";

/// A world with the module under `elasticache/`, as the document has it.
fn world(configuration: &str) -> World {
    let world = World::new(configuration);
    world.terraform.copy(&examples().join("modules/koneksi-elasticache"), "elasticache");
    // A backend is one of a root module; Terraform warns of it in another.
    fs::remove_file(world.terraform.path().join("elasticache/backend.tf")).unwrap();
    fs::create_dir(world.terraform.path().join("vpc")).unwrap();
    world.terraform.write("vpc/main.tf", VPC);
    world.terraform.run(&["get"]).succeeds();
    world
}

/// The alarms that are there: name, metric, node, threshold.
fn alarms(world: &World) -> BTreeSet<(String, String, String, u64)> {
    let found = world.ask_in(REGION, "cloudwatch", "DescribeAlarms", &json!({}));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |alarm: &Value| {
        assert_eq!(alarm["Namespace"], "AWS/ElastiCache");
        assert_eq!(alarm["Dimensions"].as_array().unwrap().len(), 1, "{alarm}");
        assert_eq!(alarm["Dimensions"][0]["Name"], "CacheClusterId");
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let threshold = alarm["Threshold"].as_f64().unwrap() as u64;
        (
            text(&alarm["AlarmName"]),
            text(&alarm["MetricName"]),
            text(&alarm["Dimensions"][0]["Value"]),
            threshold,
        )
    };
    found["MetricAlarms"].as_array().unwrap().iter().map(one).collect()
}

/// The alarms of the document on each node of a group.
fn expected(id: &str, nodes: u32) -> BTreeSet<(String, String, String, u64)> {
    let of = |node: u32| {
        let node = format!("{id}-{node:03}");
        [("cpu", "CPUUtilization"), ("memory", "DatabaseMemoryUsagePercentage")]
            .map(|(name, metric)| (format!("{node}-{name}-utilization"), metric.to_owned(), node.clone(), 80))
    };
    (1..=nodes).flat_map(of).collect()
}

#[test]
fn the_basic_configuration() {
    let text = standing_in(&snippet("koneksi_basic"), &[]);
    let world = world(&format!("{text}{OUTPUTS}"));
    // The document's tables of variables.
    let found = defaults(&world.terraform.plan(), "elasticache");
    let documented = json!({
        "name_prefix": null, "project": "koneksi", "environment": "staging", "aws_region": "ap-southeast-1",
        "vpc_id": null, "elasticache_subnet_ids": null, "vpc_security_group_id": null,
        "node_type": "cache.t3.micro", "number_cache_clusters": 2, "port": 6379,
        "parameter_group_name": "default.redis7", "automatic_failover_enabled": true, "kms_key_id": null,
        "maintenance_window": "sun:05:00-sun:09:00", "snapshot_window": "03:00-05:00",
        "parameter_group_parameters": [{ "name": "maxmemory-policy", "value": "allkeys-lru" }], "tags": {},
    });
    for (name, default) in documented.as_object().unwrap() {
        assert_eq!(found[name], *default, "{name}");
    }
    world.terraform.apply();
    world.terraform.assert_settled(UNTOLD);
    let outputs = output(&world, "all");
    let (primary, reader) = (&outputs["primary_endpoint_address"], &outputs["reader_endpoint_address"]);
    assert!(primary.as_str().unwrap().starts_with("master.koneksi-staging-redis."), "{primary}");
    assert!(reader.as_str().unwrap().starts_with("replica.koneksi-staging-redis."), "{reader}");
    assert_eq!(outputs.as_object().unwrap().len(), 2);
    let call = created(&world);
    assert_eq!(call.place.region, REGION);
    assert_sent(
        &call,
        &[
            ("NumCacheClusters", Some("2")),
            ("AutomaticFailoverEnabled", Some("true")),
            ("MultiAZEnabled", Some("true")),
            ("AtRestEncryptionEnabled", Some("true")),
            ("TransitEncryptionEnabled", Some("true")),
            ("KmsKeyId", None),
            ("PreferredMaintenanceWindow", Some("sun:05:00-sun:09:00")),
            ("SnapshotWindow", Some("03:00-05:00")),
            ("CacheParameterGroupName", Some("koneksi-staging-redis-params")),
            ("SecurityGroupIds.SecurityGroupId.1", Some("sg-0123456789abcdef0")),
        ],
    );
    assert_eq!(alarms(&world), expected("koneksi-staging-redis", 2));
    world.destroyed();
    assert_eq!(alarms(&world), BTreeSet::new());
}

/// The document leaves out "basic configuration" there; it is that of the first snippet.
#[test]
fn the_production_configuration_after_the_basic_one_in_place() {
    let basic = snippet("koneksi_basic");
    let world = world(&format!("{basic}{OUTPUTS}"));
    world.terraform.apply();

    let (head, _) = basic.split_once("  # Redis configuration").unwrap();
    let (_, settings) = head.split_once("source = \"./elasticache\"").unwrap();
    let production = standing_in(
        &snippet("koneksi_production"),
        &[
            ("  # ... basic configuration ...\n", settings),
            ("arn:aws:kms:ap-southeast-1:account:key/key-id", KEY),
        ],
    );
    // A key cannot be given to a group that is there. Everything else is changed in place.
    let line = production.lines().find(|line| line.contains("kms_key_id")).unwrap().to_owned();
    world.terraform.configure(&format!("{}{OUTPUTS}", production.replace(&line, "")));
    world.terraform.apply();
    world.terraform.assert_settled(UNTOLD);
    world.assert_in_place();
    assert_eq!(alarms(&world), expected("koneksi-staging-redis", 3));
    let parameters =
        &world.terraform.state("module.elasticache.elasticache_parameter_group.main[0]")["parameter"];
    assert_eq!(
        *parameters,
        json!([
            { "name": "maxmemory-policy", "value": "allkeys-lru" },
            { "name": "tcp-keepalive", "value": "60" },
            { "name": "timeout", "value": "300" },
        ])
    );
    let state = world.terraform.state("module.elasticache.elasticache_replication_group.main");
    assert_eq!(
        (&state["node_type"], &state["snapshot_window"]),
        (&json!("cache.r6g.large"), &json!("01:00-03:00"))
    );
    assert_eq!(
        state["tags_all"],
        json!({
            "Project": "koneksi", "Environment": "staging", "Backup": "required", "Compliance": "required",
            "CostCenter": "engineering",
        })
    );
    world.destroyed();

    // And all of it at once, with the key.
    world.terraform.configure(&format!("{production}{OUTPUTS}"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    let state = world.terraform.state("module.elasticache.elasticache_replication_group.main");
    assert_eq!(state["kms_key_id"], KEY);
    world.destroyed();
}

const KEY: &str = "arn:aws:kms:ap-southeast-1:123456789012:key/11111111-2222-3333-4444-555555555555";

/// The document's own alarm is warned of, for both of its faults; the module has it right.
#[test]
fn the_custom_alarm_is_right_here_and_warned_of_there() {
    let basic = snippet("koneksi_basic");
    let on = basic
        .replace("number_cache_clusters  = 2", "number_cache_clusters  = 2\n  cache_hit_ratio_alarm = true");
    let world = world(&format!("{on}{OUTPUTS}"));
    world.terraform.apply();
    let wanted = [1, 2].map(|node| {
        let node = format!("koneksi-staging-redis-{node:03}");
        (format!("{node}-cache-hit-ratio-low"), "CacheHitRate".to_owned(), node, 80)
    });
    assert!(wanted.iter().all(|alarm| alarms(&world).contains(alarm)), "{:#?}", alarms(&world));

    let alarm = standing_in(
        &snippet("koneksi_alarm"),
        &[
            ("\"aws_cloudwatch_metric_alarm\"", "\"elasticache_metric_alarm\""),
            ("aws_elasticache_replication_group.main.id", "\"koneksi-staging-redis\""),
        ],
    );
    world.terraform.configure(&format!("{on}{OUTPUTS}{alarm}"));
    let plan = world.terraform.plan();
    let said = plan.diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(plan.diagnostics.iter().all(|one| one.severity == "warning"), "{said}");
    assert!(said.contains("0.8") && said.contains("CacheClusterId"), "{said}");
    world.terraform.configure(&format!("{on}{OUTPUTS}"));
    world.destroyed();
}

/// A group of one's own is taken as it is, and without parameters AWS's own will do.
#[test]
fn parameter_groups() {
    let basic = snippet("koneksi_basic");
    for (given, name) in [
        ("parameter_group_parameters = []", "default.redis7"),
        ("parameter_group_name = elasticache_parameter_group.own.name", "own"),
    ] {
        let text =
            basic.replace("number_cache_clusters  = 2", &format!("number_cache_clusters = 2\n  {given}"));
        let own = "resource \"elasticache_parameter_group\" \"own\" {\n  region = \"ap-southeast-1\"\n  name = \"own\"\n  \
                   family = \"redis7\"\n}\n";
        let world = world(&format!("{text}{OUTPUTS}{own}"));
        world.terraform.apply();
        world.terraform.assert_unchanged();
        assert_sent(&created(&world), &[("CacheParameterGroupName", Some(name))]);
        world.destroyed();
    }
}

/// "Environment-Specific Deployment": the commands of the document, with a backend that needs no bucket.
#[test]
fn the_commands_of_each_environment() {
    for environment in ["staging", "uat", "prod"] {
        let world = World::mirrored("");
        let terraform = &world.terraform;
        terraform.copy(&examples().join("modules/koneksi-elasticache"), "");
        let given =
            fs::read_to_string(terraform.path().join(format!("envs/{environment}/backend.tf"))).unwrap();
        assert!(given.contains(&format!("elasticache/{environment}/terraform.tfstate")), "{given}");
        let backend = fs::read_to_string(terraform.path().join("backend.tf")).unwrap();
        terraform
            .write("backend.tf", &standing_in(&backend, &[("backend \"s3\" {}", "backend \"local\" {}")]));
        terraform.write(&format!("envs/{environment}/backend.tf"), "path = \"elsewhere.tfstate\"\n");
        terraform.write("ids.auto.tfvars", "vpc_id = \"vpc-00000001\"\n");
        let file = format!("envs/{environment}/terraform.tfvars");
        let text = fs::read_to_string(terraform.path().join(&file)).unwrap();
        // The VPC of the example is not that of the simulated AWS.
        let line = text.lines().find(|line| line.starts_with("vpc_id")).unwrap().to_owned();
        terraform.write(&file, &text.replace(&line, ""));

        terraform.run(&["init", &format!("-backend-config=envs/{environment}/backend.tf")]).succeeds();
        let file = format!("-var-file={file}");
        terraform.run(&["plan", &file]).succeeds();
        terraform.run(&["apply", "-auto-approve", &file]).succeeds();
        assert!(terraform.path().join("elsewhere.tfstate").is_file());
        let plan = terraform.run(&["plan", "-detailed-exitcode", &file]);
        assert_eq!(plan.code, Some(0), "{plan}");
        let nodes = if environment == "prod" { 3 } else { 2 };
        assert_eq!(alarms(&world), expected(&format!("koneksi-{environment}-redis"), nodes));
        terraform.run(&["destroy", "-auto-approve", &file]).succeeds();
        assert_eq!(alarms(&world), BTreeSet::new());
    }
}
