//! Document 003 and `koneksi-elasticache`: a module, and a configuration with an environment
//! each. What the document says of clients is proven in `clients/documents.rs`.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{
    Alarm, adding, alarms_in, assert_sent, aws, created, defaults, examples, readme, snippet, standing_in,
};
use crate::fixture::Fixture;
use crate::support::documents::KONEKSI;

const REGION: &str = "ap-southeast-1";
const GROUP: &str = "module.elasticache.elasticache_replication_group.main";
const KEY: &str = "arn:aws:kms:ap-southeast-1:123456789012:key/11111111-2222-3333-4444-555555555555";

/// What the VPC module of the document gives, in the words of the simulated AWS.
const VPC: &str = r#"
output "vpc_id" { value = "vpc-00000001" }
output "data_private_subnet_ids" { value = ["subnet-00000001", "subnet-00000002"] }
output "data_private_security_group_id" { value = "sg-00000001" }
"#;

const OUTPUTS: &str = r#"
module "vpc" {
  source = "./vpc"
}

output "all" {
  value = module.elasticache
}
"#;

/// A fixture with the module under `elasticache/`, as the document has it.
fn fixture(configuration: &str) -> Fixture {
    let fixture = Fixture::new(&format!("{configuration}{OUTPUTS}"));
    fixture.terraform.copy(&examples().join("modules/koneksi-elasticache"), "elasticache");
    // A backend is one of a root module; Terraform warns of it in another.
    fs::remove_file(fixture.terraform.path().join("elasticache/backend.tf")).unwrap();
    fs::create_dir(fixture.terraform.path().join("vpc")).unwrap();
    fixture.terraform.write("vpc/main.tf", VPC);
    fixture.terraform.run(&["get"]).succeeds();
    fixture
}

/// Another configuration, after which nothing is left to do.
fn then(fixture: &Fixture, configuration: &str) {
    fixture.terraform.configure(&format!("{configuration}{OUTPUTS}"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

/// The alarms that exist: node, metric, comparison, threshold, minutes and statistic.
fn alarms(fixture: &Fixture) -> BTreeSet<Alarm> {
    alarms_in(fixture, REGION)
}

/// The alarms of the document on these nodes.
fn expected(nodes: &[String]) -> BTreeSet<Alarm> {
    let of = |node: &String| {
        ["CPUUtilization", "DatabaseMemoryUsagePercentage"]
            .map(|metric| Alarm::on(node, metric, "Greater", "80", 10, "Average"))
    };
    nodes.iter().flat_map(of).collect()
}

fn nodes(id: &str, numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|number| format!("{id}-{number:03}")).collect()
}

#[test]
fn the_basic_configuration() {
    let fixture = fixture(&snippet("koneksi_basic"));
    let found = defaults(&fixture.terraform.plan(), "elasticache");
    let default = |expected: &[(&str, Value)]| {
        for (name, value) in expected {
            assert_eq!(found[*name], *value, "{name}");
        }
    };
    KONEKSI.works("176-179: basic inputs", || {
        default(&[
            ("name_prefix", Value::Null),
            ("project", json!("koneksi")),
            ("environment", json!("staging")),
            ("aws_region", json!("ap-southeast-1")),
        ]);
    });
    KONEKSI.works("191-193: node type, number of nodes and port", || {
        default(&[
            ("node_type", json!("cache.t3.micro")),
            ("number_cache_clusters", json!(2)),
            ("port", json!(6379)),
        ]);
    });
    KONEKSI.works("81-103: the basic configuration", || {
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
    });
    let call = created(&fixture);
    assert_eq!(call.place.region, REGION);
    let sent = |expected: &[(&str, Option<&str>)]| assert_sent(&call, expected);
    KONEKSI.works("11: Redis 7", || sent(&[("Engine", Some("redis")), ("EngineVersion", Some("7.1"))]));
    KONEKSI.works("12, 101, 195: automatic failover over Availability Zones", || {
        default(&[("automatic_failover_enabled", json!(true))]);
        sent(&[("AutomaticFailoverEnabled", Some("true")), ("MultiAZEnabled", Some("true"))]);
    });
    KONEKSI.works("13, 254-255: encryption at rest and in transit", || {
        sent(&[("AtRestEncryptionEnabled", Some("true")), ("TransitEncryptionEnabled", Some("true"))]);
    });
    KONEKSI.works("14, 98: read replicas", || sent(&[("NumCacheClusters", Some("2"))]));
    KONEKSI.works("17, 261: a subnet group of its own", || {
        sent(&[("CacheSubnetGroupName", Some("koneksi-staging-redis-subnet-group"))]);
    });
    KONEKSI.works("18, 309-311: daily snapshots with a retention that is configurable", || {
        default(&[("snapshot_retention_limit", json!(7))]);
        sent(&[("SnapshotRetentionLimit", Some("7"))]);
    });
    KONEKSI.works("19, 205-206: maintenance and snapshot windows", || {
        default(&[
            ("maintenance_window", json!("sun:05:00-sun:09:00")),
            ("snapshot_window", json!("03:00-05:00")),
        ]);
        sent(&[
            ("PreferredMaintenanceWindow", Some("sun:05:00-sun:09:00")),
            ("SnapshotWindow", Some("03:00-05:00")),
        ]);
    });
    KONEKSI.works("184-186, 258-266: network inputs", || {
        sent(&[("SecurityGroupIds.SecurityGroupId.1", Some("sg-00000001"))]);
        assert_eq!(fixture.output("all")["security_group_id"], "sg-00000001");
    });
    KONEKSI.differs("69-75: aws_elasticache and aws_cloudwatch resources", || {
        let types: BTreeSet<String> = super::types(&fixture).into_keys().collect();
        let ours = ["alarm_set", "parameter_group", "replication_group", "subnet_group"];
        assert_eq!(types, ours.map(|name| format!("elasticache_{name}")).into());
    });
    let outputs = fixture.output("all");
    KONEKSI.works("222-223: primary and reader endpoints", || {
        assert!(outputs["primary_endpoint_address"].as_str().unwrap().starts_with("master."));
        assert!(outputs["reader_endpoint_address"].as_str().unwrap().starts_with("replica."));
    });
    KONEKSI.cannot("337, 345, 366, 373, 398, 404: names of the hosts", || {
        // The document's names have neither beginning, which AWS gives to groups with TLS.
        let primary = outputs["primary_endpoint_address"].as_str().unwrap();
        assert!(primary.starts_with("master.koneksi-staging-redis."), "{primary}");
        let reader = outputs["reader_endpoint_address"].as_str().unwrap();
        assert!(reader.starts_with("replica.koneksi-staging-redis."), "{reader}");
    });
    let all = alarms(&fixture);
    let both = nodes("koneksi-staging-redis", &[1, 2]);
    KONEKSI.works("277-280: CPU alarm", || {
        for node in &both {
            assert!(all.contains(&Alarm::on(node, "CPUUtilization", "Greater", "80", 10, "Average")));
        }
    });
    KONEKSI.works("282-285: memory alarm", || assert_eq!(all, expected(&both)));
    KONEKSI.works("271-274: the metrics to look at", || {
        let text = readme("koneksi-elasticache");
        for metric in
            ["CPUUtilization", "DatabaseMemoryUsagePercentage", "NetworkBytesIn", "CacheHits", "CacheMisses"]
        {
            assert!(text.contains(metric), "{metric}");
        }
    });
    fixture.destroyed();
    assert_eq!(alarms(&fixture), BTreeSet::new());
}

/// The document leaves out "basic configuration" there; it is that of the first snippet.
#[test]
fn the_production_configuration_after_the_basic_one_in_place() {
    let basic = snippet("koneksi_basic");
    let fixture = fixture(&basic);
    fixture.terraform.apply();

    let (head, _) = basic.split_once("  # Redis configuration").unwrap();
    let (_, settings) = head.split_once(r#"source = "./elasticache""#).unwrap();
    let production = standing_in(
        &snippet("koneksi_production"),
        &[
            ("  # ... basic configuration ...\n", settings),
            ("arn:aws:kms:ap-southeast-1:account:key/key-id", KEY),
        ],
    );
    // A key cannot be given to an existing group. Everything else is changed in place.
    let line = production.lines().find(|line| line.contains("kms_key_id")).unwrap().to_owned();
    then(&fixture, &production.replace(&line, ""));
    fixture.assert_in_place();
    assert_eq!(alarms(&fixture), expected(&nodes("koneksi-staging-redis", &[1, 2, 3])));
    KONEKSI.works("118-131: a custom parameter group", || {
        let group = fixture.terraform.state("module.elasticache.elasticache_parameter_group.main");
        assert_eq!(
            group["parameter"],
            json!([
                { "name": "maxmemory-policy", "value": "allkeys-lru" },
                { "name": "tcp-keepalive", "value": "60" },
                { "name": "timeout", "value": "300" },
            ])
        );
        assert_eq!(fixture.terraform.state(GROUP)["parameter_group_name"], group["name"]);
    });
    let state = fixture.terraform.state(GROUP);
    assert_eq!(
        (&state["node_type"], &state["snapshot_window"]),
        (&json!("cache.r6g.large"), &json!("01:00-03:00"))
    );
    KONEKSI.works("141-145, 216: additional tags", || {
        assert_eq!(
            state["tags_all"],
            json!({
                "Project": "koneksi", "Environment": "staging", "Backup": "required", "Compliance": "required",
                "CostCenter": "engineering",
            })
        );
    });
    fixture.destroyed();

    // And all of it at once, with the key.
    KONEKSI.works("107-147: the production configuration", || {
        fixture.terraform.configure(&format!("{production}{OUTPUTS}"));
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
    });
    KONEKSI.works("138, 200, 256: a KMS key of one's own", || {
        assert_eq!(fixture.terraform.state(GROUP)["kms_key_id"], KEY);
    });
    fixture.destroyed();
}

/// Through scaling, failover and the loss of a node, each node that exists has its two alarms.
#[test]
fn alarms_follow_the_nodes() {
    let basic = snippet("koneksi_basic");
    let three = basic.replace("number_cache_clusters  = 2", "number_cache_clusters  = 3");
    let fixture = fixture(&three);
    fixture.terraform.apply();
    let place = "koneksi-staging-redis";
    let now = fixture.aws.clock().now();
    let region = crate::simulator::protocol::Place { region: REGION.to_owned(), ..crate::fixture::place() };
    fixture.aws.with_state(|aws| {
        let mut group = aws.elasticache.at(&region, now);
        // The second node is lost, and so the third becomes the primary.
        assert!(group.vanish_member(place, "koneksi-staging-redis-002"));
        assert!(group.fail_over(place, "0001"));
        assert_eq!(group.primary(place, "0001").as_deref(), Some("koneksi-staging-redis-003"));
    });
    then(&fixture, &basic);
    let members = fixture.output("all")["member_clusters"].clone();
    let members: Vec<String> = serde_json::from_value(members).unwrap();
    assert!(members.len() == 2 && members.contains(&"koneksi-staging-redis-003".to_owned()), "{members:?}");
    assert_eq!(alarms(&fixture), expected(&members));
    fixture.destroyed();
}

/// The document's own alarm is warned of, for both of its faults; the module has it right.
#[test]
fn the_custom_alarm_is_right_here_and_warned_of_there() {
    let on = adding(&snippet("koneksi_basic"), "cache_hit_ratio_alarm = true");
    let fixture = fixture(&on);
    fixture.terraform.apply();
    KONEKSI.cannot("289-304: the custom alarm", || {
        for node in nodes("koneksi-staging-redis", &[1, 2]) {
            let alarm = Alarm::on(&node, "CacheHitRate", "Less", "80", 15, "Average");
            assert!(alarms(&fixture).contains(&alarm), "{:#?}", alarms(&fixture));
        }
        let alarm = standing_in(
            &snippet("koneksi_alarm"),
            &[
                (r#""aws_cloudwatch_metric_alarm""#, r#""elasticache_metric_alarm""#),
                ("aws_elasticache_replication_group.main.id", r#""koneksi-staging-redis""#),
            ],
        );
        fixture.terraform.configure(&format!("{on}{OUTPUTS}{alarm}"));
        let plan = fixture.terraform.plan();
        let said = plan.diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(plan.diagnostics.iter().all(|one| one.severity == "warning"), "{said}");
        assert!(said.contains("0.8") && said.contains("CacheClusterId"), "{said}");
    });
    fixture.terraform.configure(&format!("{on}{OUTPUTS}"));
    fixture.destroyed();
}

/// A group of one's own is used as it is, known at plan or not, and without parameters AWS's own.
#[test]
fn parameter_groups() {
    let basic = snippet("koneksi_basic");
    KONEKSI.differs("194, 211: default.redis7 with parameters", || {
        for (given, name) in [
            ("parameter_group_parameters = []", "default.redis7"),
            ("parameter_group_name = elasticache_parameter_group.own.name", "own"),
            (r#"parameter_group_name = elasticache_parameter_group.own.arn != null ? "own" : null"#, "own"),
        ] {
            let own = r#"resource "elasticache_parameter_group" "own" {
  region = "ap-southeast-1"
  name = "own"
  family = "redis7"
}
"#;
            let fixture = fixture(&format!("{}{own}", adding(&basic, given)));
            fixture.terraform.apply();
            fixture.terraform.assert_unchanged();
            assert_sent(&created(&fixture), &[("CacheParameterGroupName", Some(name))]);
            fixture.destroyed();
        }
        let fixture = fixture(&basic);
        for other in ["default.redis6.x", "default.redis7.cluster.on"] {
            let given = adding(&basic, &format!("parameter_group_name = {other:?}"));
            let said = fixture.refused(&format!("{given}{OUTPUTS}"));
            assert!(said.contains("must be default.redis7 or a group of your own"), "{said}");
        }
    });
}

/// A configuration with one parameter, and what its plan and apply say.
fn with_parameter(name: &str, value: &str) -> (Fixture, String) {
    let parameter = format!("parameter_group_parameters = [{{ name = {name:?}, value = {value:?} }}]");
    let fixture = fixture(&adding(&snippet("koneksi_basic"), &parameter));
    let run = fixture.terraform.run(&["plan", "-no-color"]);
    let said = format!("{}{}", run.stdout, run.stderr).replace(['\n', '│'], " ");
    (fixture, said.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// "Redis Configuration Parameters": what the plan says of each.
#[test]
fn parameters_of_the_document() {
    let apply = |name: &str, value: &str| {
        let (fixture, _) = with_parameter(name, value);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        fixture.destroyed();
    };
    KONEKSI.works("228-229: maxmemory-policy, with maxmemory by the node type", || {
        apply("maxmemory-policy", "allkeys-lru");
        let (_, said) = with_parameter("maxmemory", "1000000");
        assert!(said.contains("Error") && said.contains("maxmemory"), "{said}");
    });
    KONEKSI.works("232-233: timeout and tcp-keepalive", || {
        apply("timeout", "300");
        apply("tcp-keepalive", "60");
    });
    let unknown = |name: &str, value: &str| {
        let (fixture, said) = with_parameter(name, value);
        assert!(said.contains("Warning") && said.contains(name), "{said}");
        let refused = fixture.terraform.apply_fails();
        assert!(refused.iter().any(|one| one.to_string().contains(name)), "{refused:?}");
        fixture.terraform.destroy();
    };
    KONEKSI.cannot("234: tcp-backlog", || unknown("tcp-backlog", "511"));
    KONEKSI.cannot("237: save", || unknown("save", "900 1"));
    KONEKSI.cannot("238: appendonly", || {
        let (_, said) = with_parameter("appendonly", "yes");
        assert!(said.contains("Error") && said.contains("appendonly"), "{said}");
    });
    KONEKSI.cannot("239: lazy-freeing", || {
        unknown("lazy-freeing", "yes");
        apply("lazyfree-lazy-eviction", "yes");
    });
}

#[test]
fn backup_and_recovery() {
    let basic = snippet("koneksi_basic");
    let fixture = fixture(&basic);
    fixture.terraform.apply();
    let cli = |more: &[&str]| aws(&fixture, &[&["elasticache"][..], more, &["--region", REGION]].concat());
    let name = "manual-snapshot-20231201120000";
    KONEKSI.works("317-319: create-snapshot", || {
        let create = ["create-snapshot", "--replication-group-id", "koneksi-staging-redis"];
        cli(&[&create[..], &["--snapshot-name", name]].concat()).succeeds();
    });
    KONEKSI.cannot("322-324: create-replication-group from the snapshot", || {
        let restored = "koneksi-staging-redis-restored";
        let create = ["create-replication-group", "--replication-group-id", restored];
        let refused = cli(&[&create[..], &["--snapshot-name", name]].concat());
        assert!(refused.stderr.contains("--replication-group-description"), "{refused}");
        // The recipe of the README: beside it, by the same module with all its settings.
        let beside = standing_in(&basic, &[(r#""koneksi-staging""#, r#""koneksi-restored""#)]);
        let beside = standing_in(&beside, &[(r#"module "elasticache""#, r#"module "restored""#)]);
        let beside = adding(&beside, &format!("snapshot_name = {name:?}"));
        fixture.terraform.configure(&format!("{basic}{beside}{OUTPUTS}"));
        fixture.terraform.run(&["get"]).succeeds();
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        let calls = fixture.aws.calls("elasticache", "CreateReplicationGroup");
        assert_sent(
            calls.iter().rfind(|call| call.is_done()).unwrap(),
            &[
                ("SnapshotName", Some(name)),
                ("TransitEncryptionEnabled", Some("true")),
                ("CacheSubnetGroupName", Some("koneksi-restored-redis-subnet-group")),
            ],
        );
    });
    fixture.terraform.destroy();
}

/// "Troubleshooting", "Integration with Other Modules" and "Maintenance".
#[test]
fn operations() {
    let topic = "arn:aws:sns:ap-southeast-1:123456789012:failover";
    let more = format!(
        r#"slow_log_enabled = true; engine_log_enabled = true; notification_topic_arn = {topic:?}; parameter_store_prefix = "/koneksi/staging/redis""#
    );
    let fixture = fixture(&adding(&snippet("koneksi_basic"), &more));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let text = readme("koneksi-elasticache");
    KONEKSI.works("438-442: connection issues", || {
        for command in ["describe-security-group-rules", "describe-cache-subnet-groups", "--tls"] {
            assert!(text.contains(command), "{command}");
        }
        let show = ["elasticache", "describe-cache-subnet-groups", "--region", REGION];
        let name = ["--cache-subnet-group-name", "koneksi-staging-redis-subnet-group"];
        aws(&fixture, &[&show[..], &name].concat()).succeeds();
    });
    let logs = fixture.ask_in(REGION, "logs", "DescribeLogGroups", &json!({}));
    let names: Vec<&Value> =
        logs["logGroups"].as_array().unwrap().iter().map(|log| &log["logGroupName"]).collect();
    KONEKSI.works("444-448: performance issues, with the slow log", || {
        assert!(names.contains(&&json!("/aws/elasticache/koneksi-staging-redis/slow-log")));
    });
    KONEKSI.works("450-454: failover issues, with the events and the engine log", || {
        assert!(names.contains(&&json!("/aws/elasticache/koneksi-staging-redis/engine-log")));
        assert_sent(&created(&fixture), &[("NotificationTopicArn", Some(topic))]);
        assert!(text.contains("aws elasticache describe-events"));
    });
    KONEKSI.works("473: Parameter Store", || {
        let stored = |name: &str| {
            let input = json!({ "Name": name, "WithDecryption": true });
            fixture.ask_in(REGION, "ssm", "GetParameter", &input)["Parameter"]["Value"].clone()
        };
        let outputs = fixture.output("all");
        let url = |output: &str| format!("rediss://{}:6379", outputs[output].as_str().unwrap());
        assert_eq!(stored("/koneksi/staging/redis/url"), url("primary_endpoint_address"));
        assert_eq!(stored("/koneksi/staging/redis/reader-url"), url("reader_endpoint_address"));
    });
    KONEKSI.works("477: another version, in place", || {
        let newer = adding(
            &snippet("koneksi_basic"),
            &format!(r#"engine = "valkey"; engine_version = "8.0"; {more}"#),
        );
        fixture.terraform.configure(&format!("{newer}{OUTPUTS}"));
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        fixture.assert_in_place();
        assert_eq!(fixture.terraform.state(GROUP)["engine"], "valkey");
    });
    fixture.terraform.destroy();
}

#[test]
fn node_types_and_files() {
    let text = readme("koneksi-elasticache");
    KONEKSI.cannot("243-249: memory of the node types", || {
        for (node_type, memory) in [
            ("cache.t3.micro", "0.5"),
            ("cache.t3.small", "1.37"),
            ("cache.r6g.large", "13.07"),
            ("cache.r6g.xlarge", "26.32"),
            ("cache.r6g.2xlarge", "52.82"),
        ] {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{node_type}` "))).unwrap();
            assert!(row.contains(&format!("| {memory} ")), "{row}");
        }
    });
    KONEKSI.works("53-65: the files of the directory", || {
        let folder = examples().join("modules/koneksi-elasticache");
        for name in ["main.tf", "variables.tf", "outputs.tf", "backend.tf", "terraform.tfvars", "README.md"] {
            assert!(folder.join(name).is_file(), "{name}");
        }
        for environment in ["staging", "uat", "prod"] {
            assert!(folder.join("envs").join(environment).is_dir(), "{environment}");
        }
    });
}

/// "Environment-Specific Deployment": the commands of the document, with a backend that needs no bucket.
#[test]
fn the_commands_of_each_environment() {
    KONEKSI.differs("157-158: terraform init with the backend of an environment", || {
        for environment in ["staging", "uat", "prod"] {
            let backend =
                examples().join(format!("modules/koneksi-elasticache/envs/{environment}/backend.tf"));
            let text = fs::read_to_string(backend).unwrap();
            assert!(text.contains("use_lockfile = true"), "Terraform and OpenTofu know this from 1.10 on");
        }
    });
    KONEKSI.works("161-168: plan and apply with the variables of an environment", || {
        for environment in ["staging", "uat", "prod"] {
            environment_is_applied(environment);
        }
    });
}

fn environment_is_applied(environment: &str) {
    let fixture = Fixture::mirrored("");
    let terraform = &fixture.terraform;
    terraform.copy(&examples().join("modules/koneksi-elasticache"), "");
    let given = fs::read_to_string(terraform.path().join(format!("envs/{environment}/backend.tf"))).unwrap();
    assert!(given.contains(&format!("elasticache/{environment}/terraform.tfstate")), "{given}");
    let backend = fs::read_to_string(terraform.path().join("backend.tf")).unwrap();
    terraform.write("backend.tf", &standing_in(&backend, &[(r#"backend "s3" {}"#, r#"backend "local" {}"#)]));
    terraform.write(
        &format!("envs/{environment}/backend.tf"),
        r#"path = "elsewhere.tfstate"
"#,
    );
    let ids = r#"vpc_id = "vpc-00000001"
vpc_security_group_id = "sg-00000001"
"#;
    terraform.write("ids.auto.tfvars", ids);
    let file = format!("envs/{environment}/terraform.tfvars");
    let text = fs::read_to_string(terraform.path().join(&file)).unwrap();
    // VPC and security group of the example are not those of the simulated AWS.
    let ours = |line: &&str| !["vpc_id", "vpc_security_group_id"].iter().any(|name| line.starts_with(name));
    assert_eq!(text.lines().filter(|line| !ours(line)).count(), 2, "{text}");
    terraform.write(&file, &text.lines().filter(ours).collect::<Vec<_>>().join("\n"));

    terraform.run(&["init", &format!("-backend-config=envs/{environment}/backend.tf")]).succeeds();
    let file = format!("-var-file={file}");
    terraform.run(&["plan", &file]).succeeds();
    terraform.run(&["apply", "-auto-approve", &file]).succeeds();
    assert!(terraform.path().join("elsewhere.tfstate").is_file());
    let plan = terraform.run(&["plan", "-detailed-exitcode", &file]);
    assert_eq!(plan.code, Some(0), "{plan}");
    let numbers: &[u32] = if environment == "prod" { &[1, 2, 3] } else { &[1, 2] };
    assert_eq!(alarms(&fixture), expected(&nodes(&format!("koneksi-{environment}-redis"), numbers)));
    terraform.run(&["destroy", "-auto-approve", &file]).succeeds();
    assert_eq!(alarms(&fixture), BTreeSet::new());
}
