//! Document 004 and `revrx-redis`: what the guide creates by hand, argument by argument, its
//! `.env`, alerts and hardening. Its clients are in `clients/documents.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{
    Alarm, adding, alarms_in, assert_sent, aws_json, created, examples, readme, settle, standing_in, using,
};
use crate::fixture::Fixture;
use crate::support::documents::REVRX;
use crate::support::lifeline;
use crate::support::terraform::{Run, Workspace};

const ROOT: &str = r#"
module "redis" {
  source = "./modules/revrx-redis"

  subnet_ids            = ["subnet-00000001", "subnet-00000002"]
  app_security_group_id = elasticache_security_group.app_servers.id
}

resource "elasticache_security_group" "app_servers" {
  name   = "app-servers"
  vpc_id = "vpc-00000001"
}

output "redis" {
  value = module.redis
}

output "env" {
  value = module.redis.env
}
"#;

const GROUP: &str = "module.redis.elasticache_replication_group.this";
/// Every character that AWS allows in a token besides letters and digits.
const SPECIAL: &str = "0123456789abcdef!&#$^<>-";

/// The token that Secrets Manager holds.
fn token(fixture: &Fixture) -> String {
    let input = json!({ "SecretId": "revrx-redis-prod/auth-token" });
    let found = fixture.ask("secretsmanager", "GetSecretValue", &input);
    found["SecretString"].as_str().unwrap().to_owned()
}

/// Another configuration, after which nothing is left to do.
fn then(fixture: &Fixture, configuration: &str) {
    fixture.terraform.configure(configuration);
    settle(fixture);
}

#[test]
fn the_group_of_the_guide() {
    let fixture = using("revrx-redis", ROOT);
    settle(&fixture);
    let token = token(&fixture);
    let call = created(&fixture);
    let sent = |expected: &[(&str, Option<&str>)]| assert_sent(&call, expected);
    REVRX.works("90: --replication-group-id", || sent(&[("ReplicationGroupId", Some("revrx-redis-prod"))]));
    REVRX.works("91: --replication-group-description", || {
        sent(&[("ReplicationGroupDescription", Some("RevRx Report Processing Queue"))]);
    });
    REVRX.works("92-93: --engine and --engine-version", || {
        sent(&[("Engine", Some("redis")), ("EngineVersion", Some("7.1"))]);
    });
    REVRX.works("94: --cache-node-type", || sent(&[("CacheNodeType", Some("cache.r7g.large"))]));
    REVRX.works("95-97: two nodes with failover and Multi-AZ", || {
        sent(&[
            ("NumCacheClusters", Some("2")),
            ("AutomaticFailoverEnabled", Some("true")),
            ("MultiAZEnabled", Some("true")),
        ]);
    });
    REVRX.works("98: --cache-subnet-group-name", || {
        sent(&[("CacheSubnetGroupName", Some("revrx-redis-subnet-group"))]);
    });
    REVRX.works("100-101: encryption at rest and in transit", || {
        sent(&[("AtRestEncryptionEnabled", Some("true")), ("TransitEncryptionEnabled", Some("true"))]);
    });
    REVRX.works("103-104: snapshots for 7 days and the maintenance window", || {
        sent(&[
            ("SnapshotRetentionLimit", Some("7")),
            ("PreferredMaintenanceWindow", Some("sun:05:00-sun:07:00")),
        ]);
    });
    REVRX.works("105: --tags", || {
        sent(&[
            ("Tags.Tag.1.Key", Some("Environment")),
            ("Tags.Tag.1.Value", Some("production")),
            ("Tags.Tag.2.Key", Some("Service")),
            ("Tags.Tag.2.Value", Some("revrx")),
        ]);
    });
    let outputs = fixture.output("redis");
    let group = outputs["security_group_id"].as_str().unwrap().to_owned();
    let app = fixture.terraform.text("elasticache_security_group.app_servers", "id");
    REVRX.works("113-117: authorize-security-group-ingress", || {
        let rules = fixture.rules(&group);
        assert!(rules.len() == 1 && rules[0].contains("6379-6379") && rules[0].contains(&app), "{rules:?}");
    });
    REVRX.works("123-125: the primary endpoint", || {
        let query = "ReplicationGroups[0].NodeGroups[0].PrimaryEndpoint";
        let describe = ["elasticache", "describe-replication-groups"];
        let id = ["--replication-group-id", "revrx-redis-prod", "--query", query];
        let endpoint = aws_json(&fixture, &[describe, [id[0], id[1]], [id[2], id[3]]].concat());
        assert_eq!((&endpoint["Address"], &endpoint["Port"]), (&outputs["redis_host"], &json!(6379)));
    });
    REVRX.works("219-221: authentication, firewall and TLS", || {
        sent(&[("AuthToken", Some(&token)), ("TransitEncryptionEnabled", Some("true"))]);
        assert_eq!(token.len(), 32);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    });
    let state = fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(&token), "the token is in the state");
    let parameters =
        fixture.terraform.state("module.redis.elasticache_parameter_group.this")["parameter"].clone();
    REVRX.works("200-201: volatile-lru", || {
        assert!(parameters.to_string().contains("volatile-lru"), "{parameters}");
    });
    REVRX.works("222: dangerous commands are disabled", || {
        let renamed = json!({ "name": "rename-commands", "value": "flushall blocked flushdb blocked" });
        assert!(parameters.as_array().unwrap().contains(&renamed), "{parameters}");
        then(&fixture, &adding(ROOT, r#"rename_commands = { FLUSHALL = "wipeeverything" }"#));
        then(&fixture, &adding(ROOT, "rename_commands = {}"));
        then(&fixture, ROOT);
        fixture.assert_in_place();
    });
    REVRX.differs("99: --security-group-ids of an existing group", || {
        then(&fixture, &adding(ROOT, r#"security_group_ids = ["sg-00000001"]"#));
        let ids = fixture.terraform.state(GROUP)["security_group_ids"].clone();
        assert_eq!(ids.as_array().unwrap().len(), 2, "{ids}");
        then(&fixture, ROOT);
    });
    fixture.destroyed();
}

/// "Vertical Scaling": each size after the other, at once and in place.
#[test]
fn scaling() {
    let of = |node_type: &str| adding(ROOT, &format!("node_type = {node_type:?}"));
    let fixture = using("revrx-redis", &of("cache.t3.medium"));
    settle(&fixture);
    REVRX.works("312-315, 322: from cache.t3.medium to cache.r7g.2xlarge", || {
        let text = readme("revrx-redis");
        for (node_type, memory) in [
            ("cache.t3.medium", "3.09"),
            ("cache.r7g.large", "13.07"),
            ("cache.r7g.xlarge", "26.32"),
            ("cache.r7g.2xlarge", "52.82"),
        ] {
            then(&fixture, &of(node_type));
            let state = fixture.terraform.state(GROUP);
            assert_eq!(state["node_type"], node_type);
            assert_eq!(state["pending_modified_values"], json!({}), "{node_type} runs now");
            let row = text.lines().find(|line| line.starts_with(&format!("| `{node_type}` "))).unwrap();
            assert!(row.contains(&format!("| {memory} ")), "{row}");
        }
        fixture.assert_in_place();
    });
    fixture.destroyed();
}

/// "Horizontal Scaling": shards with replicas, which Celery cannot use.
#[test]
fn redis_cluster() {
    let of = |shards: u32| adding(ROOT, &format!("num_node_groups = {shards}; replicas_per_node_group = 2"));
    let fixture = using("revrx-redis", &of(2));
    REVRX.differs("300-306: Redis Cluster with 1 or 2 replicas of each master", || {
        settle(&fixture);
        assert_sent(
            &created(&fixture),
            &[("NumNodeGroups", Some("2")), ("ReplicasPerNodeGroup", Some("2")), ("NumCacheClusters", None)],
        );
        let host = fixture.output("redis")["redis_host"].as_str().unwrap().to_owned();
        assert!(host.starts_with("clustercfg.revrx-redis-prod."), "{host}");
        then(&fixture, &of(3));
        fixture.assert_in_place();
        assert_eq!(fixture.output("redis")["member_clusters"].as_array().unwrap().len(), 9);
        assert!(readme("revrx-redis").contains("Celery has no transport for a Redis Cluster"));
    });
    fixture.destroyed();
}

#[test]
fn alerts() {
    let topic = "arn:aws:sns:eu-west-1:123456789012:on-call";
    let fixture = using("revrx-redis", &adding(ROOT, &format!("alarm_actions = [{topic:?}]")));
    settle(&fixture);
    let alarms = alarms_in(&fixture, "eu-west-1");
    let has = |metric: &str, operator: &str, threshold: &str, minutes, statistic: &str| {
        for node in ["revrx-redis-prod-001", "revrx-redis-prod-002"] {
            let alarm = Alarm::on(node, metric, operator, threshold, minutes, statistic).to(topic);
            assert!(alarms.contains(&alarm), "{alarm:?} is not among {alarms:#?}");
        }
    };
    REVRX.works("253-254, 344: CPU above 75 % and memory above 80 %", || {
        has("CPUUtilization", "Greater", "75", 10, "Average");
        has("DatabaseMemoryUsagePercentage", "Greater", "80", 10, "Average");
    });
    REVRX.differs("255-258: connections, network and replication lag", || {
        has("CurrConnections", "Greater", "1000", 10, "Maximum");
        has("ReplicationLag", "Greater", "5", 5, "Average");
        for direction in ["In", "Out"] {
            let metric = format!("NetworkBandwidth{direction}AllowanceExceeded");
            assert!(alarms.iter().any(|alarm| alarm.metric == metric), "{metric}");
        }
        assert!(readme("revrx-redis").contains("NetworkBytesIn"));
    });
    assert_eq!(alarms.len(), 12);
    fixture.destroyed();
}

/// What `openssl rand -base64 32` prints is refused before anything is asked of AWS.
#[test]
fn a_token_in_base64_is_refused_at_plan_with_the_reason() {
    let fixture = using("revrx-redis", ROOT);
    let random: [u8; 32] = std::array::from_fn(|_| fastrand::u8(..));
    let given = |token: &str| adding(ROOT, &format!("auth_token = {token:?}"));
    REVRX.cannot("102: --auth-token $(openssl rand -base64 32)", || {
        for token in [&*STANDARD.encode(random), "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="] {
            let said = fixture.refused(&given(token));
            assert!(said.contains("openssl rand -base64 32, ends with = and may hold + and /"), "{said}");
            assert!(said.contains("openssl rand -hex 32"), "{said}");
        }
        assert_eq!(fixture.aws.record().len(), 0);
        // What it says to do instead works.
        let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        then(&fixture, &given(&hex));
        assert_eq!(token(&fixture), hex);
        assert_sent(&created(&fixture), &[("AuthToken", Some(&hex))]);
    });
    fixture.destroyed();
}

/// The command of the README, with the AWS CLI of the tests and no Region but those of the ARNs.
fn update_env(fixture: &Fixture, variables: &str) -> Run {
    let place = fixture.terraform.path();
    fs::create_dir_all(place.join("bin")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/local_aws/aws.py");
    let python = lifeline::in_venv("bin/python");
    let command = format!(
        r#"#!/bin/sh
exec {} {} "$@"
"#,
        python.display(),
        script.display()
    );
    fixture.terraform.write("bin/aws", &command);
    fixture.terraform.program(Path::new("chmod"), &["+x", "bin/aws"]).succeeds();
    let env = fixture.terraform.run(&["output", "-raw", "env"]).succeeds().stdout;
    fixture.terraform.write("env.txt", &env);
    let script = format!(
        "unset AWS_REGION; PATH=$PWD/bin:$PATH; {variables} sh modules/revrx-redis/update-env.sh .env <env.txt"
    );
    fixture.terraform.program(Path::new("sh"), &["-c", &script])
}

/// The `.env` as python-dotenv reads it, on which pydantic-settings and others are built.
fn dotenv(fixture: &Fixture) -> BTreeMap<String, String> {
    let script = "import json, dotenv; print(json.dumps(dotenv.dotenv_values('.env')))";
    let run = fixture.terraform.program(&lifeline::in_venv("bin/python"), &["-c", script]).succeeds();
    serde_json::from_str(&run.stdout).unwrap()
}

/// The `.env` as a shell reads it.
fn shell(fixture: &Fixture, names: &[&str]) -> BTreeMap<String, String> {
    let script = format!("set -a; . ./.env; set +a; printenv {}", names.join(" "));
    let run = fixture.terraform.program(Path::new("sh"), &["-c", &script]).succeeds();
    names.iter().map(|name| (*name).to_owned()).zip(run.stdout.lines().map(str::to_owned)).collect()
}

const NAMES: [&str; 7] = [
    "CELERY_BROKER_URL",
    "CELERY_RESULT_BACKEND",
    "REDIS_DB",
    "REDIS_HOST",
    "REDIS_PASSWORD",
    "REDIS_PORT",
    "REDIS_URL",
];

/// The settings of the guide's production `.env`, with the values of this fixture.
fn settings(fixture: &Fixture, encoded: &str) -> BTreeMap<String, String> {
    let host = fixture.output("redis")["redis_host"].as_str().unwrap().to_owned();
    let url = format!("rediss://:{encoded}@{host}:6379/0");
    let celery = format!("{url}?ssl_cert_reqs=required");
    let token = token(fixture);
    let values: [&str; 7] = [&celery, &celery, "0", &host, &token, "6379", &url];
    NAMES.iter().map(|name| (*name).to_owned()).zip(values.map(str::to_owned)).collect()
}

#[test]
fn the_production_env() {
    let fixture = using("revrx-redis", ROOT);
    fixture.terraform.apply();
    let before = r#"# The application's own
DEBUG=false
export REDIS_HOST=localhost
SECRET_KEY="a b#c"
REDIS_URL=redis://:${REDIS_PASSWORD}@${REDIS_HOST}:6379/0
REDIS_URLS=mine
REDIS_URL=old
LAST=1"#;
    fixture.terraform.write(".env", before);
    let expected = settings(&fixture, &token(&fixture));
    let host = &expected["REDIS_HOST"];
    REVRX.works("131-135: production .env", || {
        update_env(&fixture, "").succeeds();
        let after = fs::read_to_string(fixture.terraform.path().join(".env")).unwrap();
        let mut lines: Vec<&str> = after.lines().collect();
        assert_eq!(
            lines[..6],
            [
                "# The application's own",
                "DEBUG=false",
                &format!("export REDIS_HOST={host}"),
                r#"SECRET_KEY="a b#c""#,
                &format!("REDIS_URL={}", expected["REDIS_URL"]),
                "REDIS_URLS=mine",
            ]
        );
        assert_eq!(lines.remove(6), "LAST=1");
        // A second run changes nothing.
        update_env(&fixture, "").succeeds();
        assert_eq!(fs::read_to_string(fixture.terraform.path().join(".env")).unwrap(), after);
    });
    REVRX.works("133: REDIS_PASSWORD for every reader of a .env", || {
        let mut read = dotenv(&fixture);
        for name in ["DEBUG", "SECRET_KEY", "REDIS_URLS", "LAST"] {
            assert!(read.remove(name).is_some(), "{name}");
        }
        assert_eq!(read, expected);
        assert_eq!(shell(&fixture, &NAMES), expected);
    });
    REVRX.works("138: rediss:// for encrypted connections", || {
        assert!(expected["REDIS_URL"].starts_with("rediss://"));
    });
    REVRX.differs("78-79: CELERY_BROKER_URL and CELERY_RESULT_BACKEND", || {
        assert_eq!(
            expected["CELERY_BROKER_URL"],
            format!("{}?ssl_cert_reqs=required", expected["REDIS_URL"])
        );
    });
    ecs(&fixture, &expected);
    kubernetes(&fixture, &expected);

    // Without a permission, here with the credentials of another account, nothing is written.
    let retained = fs::read_to_string(fixture.terraform.path().join(".env")).unwrap();
    let denied = update_env(&fixture, "AWS_ACCESS_KEY_ID=999999999999");
    assert_eq!(denied.code, Some(1), "{denied}");
    assert!(denied.stderr.contains(".env was not changed"), "{denied}");
    assert_eq!(fs::read_to_string(fixture.terraform.path().join(".env")).unwrap(), retained);
    fixture.destroyed();
}

/// What a task of ECS gets: each `valueFrom` leads to the value.
fn ecs(fixture: &Fixture, expected: &BTreeMap<String, String>) {
    let outputs = fixture.output("redis");
    let mut found = BTreeMap::new();
    for one in outputs["ecs_environment"].as_array().unwrap() {
        found.insert(one["name"].as_str().unwrap().to_owned(), one["value"].as_str().unwrap().to_owned());
    }
    for one in outputs["ecs_secrets"].as_array().unwrap() {
        let arn = one["valueFrom"].as_str().unwrap();
        let value = if arn.contains(":ssm:") {
            let input = json!({ "Name": arn, "WithDecryption": true });
            fixture.ask("ssm", "GetParameter", &input)["Parameter"]["Value"].clone()
        } else {
            fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": arn }))["SecretString"]
                .clone()
        };
        found.insert(one["name"].as_str().unwrap().to_owned(), value.as_str().unwrap().to_owned());
    }
    assert_eq!(found, *expected);
}

/// `kubectl create secret --from-env-file`, which asks no cluster with --dry-run.
fn kubernetes(fixture: &Fixture, expected: &BTreeMap<String, String>) {
    let kubectl = Path::new("kubectl");
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|place| place.join(kubectl).is_file()) {
        super::skipped("the secret of Kubernetes", "kubectl is not on the PATH");
        return;
    }
    let lines: Vec<String> = expected.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    fixture.terraform.write("redis.env", &lines.concat());
    let create = ["create", "secret", "generic", "redis", "--from-env-file=redis.env"];
    let run =
        fixture.terraform.program(kubectl, &[&create[..], &["--dry-run=client", "-o", "json"]].concat());
    let secret: Value = serde_json::from_str(&run.succeeds().stdout).unwrap();
    assert_eq!(secret["data"].as_object().unwrap().len(), NAMES.len());
}

/// A token with every special character: quoted in the `.env`, percent-encoded in the URLs.
#[test]
fn an_env_with_special_characters() {
    let fixture = using("revrx-redis", &adding(ROOT, &format!("auth_token = {SPECIAL:?}")));
    fixture.terraform.apply();
    update_env(&fixture, "").succeeds();
    let expected = settings(&fixture, "0123456789abcdef%21%26%23%24%5E%3C%3E-");
    assert_eq!(expected["REDIS_PASSWORD"], SPECIAL);
    assert_eq!(dotenv(&fixture), expected);
    assert_eq!(shell(&fixture, &NAMES), expected);
    let mode = fixture.terraform.program(Path::new("sh"), &["-c", "ls -l .env"]).succeeds().stdout;
    assert!(mode.starts_with("-rw------- "), "{mode}");

    // Nothing comes in: nothing is written.
    let empty = "sh modules/revrx-redis/update-env.sh .env </dev/null";
    let run = fixture.terraform.program(Path::new("sh"), &["-c", empty]);
    assert!(run.code == Some(1) && run.stderr.contains("no settings"), "{run}");
    fixture.destroyed();
}

/// What is beside AWS, and what ElastiCache does not have: the README says what to do.
#[test]
fn what_the_readme_says() {
    let text = readme("revrx-redis");
    REVRX.differs("9-22: Homebrew", || assert!(text.contains("brew install redis")));
    REVRX.differs("25-38: Docker", || assert!(text.contains("docker run")));
    REVRX.cannot("140-190: a self-hosted Redis", || assert!(text.contains("no server of your own")));
    REVRX.cannot("197-198: maxmemory", || {
        let said = refused_parameter("maxmemory", "4gb");
        assert!(said.contains("maxmemory"), "{said}");
    });
    REVRX.cannot("206-215: appendonly and save", || {
        let said = refused_parameter("appendonly", "yes");
        assert!(said.contains("appendonly"), "{said}");
    });
    REVRX.cannot("321: 55 % with a commitment of one year", || assert!(text.contains("three years")));
    REVRX.works("323: Multi-AZ costs twice as much", || assert!(text.contains("second node")));
}

/// What the plan says of a parameter that ElastiCache does not let one change.
fn refused_parameter(name: &str, value: &str) -> String {
    let workspace = Workspace::offline(&format!(
        r#"resource "elasticache_parameter_group" "this" {{
  name = "a"
  family = "redis7"
  parameter {{
    name = {name:?}
    value = {value:?}
  }}
}}
"#
    ));
    workspace.plan_fails().iter().map(ToString::to_string).collect()
}

/// The compose file of the README's local development, which Terraform reads.
#[test]
fn local_development() {
    let local = examples().join("modules/revrx-redis/local");
    let workspace = Workspace::offline(
        r#"output "compose" {
 value = yamldecode(file("docker-compose.yml"))
}
"#,
    );
    workspace.copy(&local, "");
    let plan = workspace.plan();
    let redis = &plan.json()["planned_values"]["outputs"]["compose"]["value"]["services"]["redis"];
    REVRX.differs("40-63: Docker Compose", || {
        assert_eq!(redis["image"], "redis:7-alpine");
        // An empty password stays empty, and so agrees with the URL of the same file.
        let command = redis["command"].to_string();
        assert!(command.contains("${REDIS_PASSWORD-}") && !command.contains(":-"), "{command}");
        let check = redis["healthcheck"]["test"][1].as_str().unwrap();
        assert!(check.ends_with("ping | grep -q PONG"), "{check}");
    });
    assert!(standing_in(&fs::read_to_string(local.join(".env")).unwrap(), &[]).contains("REDIS_PASSWORD="));
}
