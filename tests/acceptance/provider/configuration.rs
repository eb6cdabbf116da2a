//! The provider block and what it takes to reach AWS; how plans are made, kept
//! and repeated.

use std::io::Write;
use std::net::TcpListener;

use crate::support::ministack::{Account, SUBNETS};
use crate::support::terraform::{ADDRESS, BINARY, Workspace, only};

const THIS: &str = "elasticache_subnet_group.this";

const GROUP: &str = r#"
resource "elasticache_subnet_group" "this" {
  name       = "booking"
  subnet_ids = ["subnet-00000001"]
}
"#;

fn with_provider(block: &str) -> String {
    format!(
        r#"provider "elasticache" {{
  {block}
}}
{GROUP}"#
    )
}

#[test]
fn a_new_configuration_is_validated_and_planned_without_aws() {
    let all = format!(
        r#"{GROUP}
resource "elasticache_parameter_group" "this" {{
  name   = "booking"
  family = "valkey8"
  parameter {{
    name  = "timeout"
    value = 300
  }}
}}

resource "elasticache_replication_group" "this" {{
  replication_group_id       = "booking"
  description                = "Of the booking service"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  subnet_group_name          = elasticache_subnet_group.this.name
  parameter_group_name       = elasticache_parameter_group.this.id
  security_group_ids         = ["mock-security-group"]
}}

resource "elasticache_metric_alarm" "this" {{
  count               = 2
  alarm_name          = "booking-${{count.index}}"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanThreshold"
  dimensions          = {{ CacheClusterId = elasticache_replication_group.this.member_clusters[count.index] }}
}}

resource "elasticache_ssm_url" "this" {{
  name              = "/booking/url"
  replication_group = elasticache_replication_group.this
}}
"#
    );
    let terraform = Workspace::offline(&all);
    assert_eq!(terraform.validate(), []);
    let plan = terraform.plan();
    assert_eq!(plan.diagnostics, []);
    let actions = plan.actions();
    assert_eq!(actions.len(), 6, "{actions:?}");
    assert!(actions.values().all(|action| action == "create"), "{actions:?}");
    assert!(plan.is_unknown(THIS, "region"), "nothing says where");
    assert!(plan.is_unknown("elasticache_ssm_url.this", "url"));

    terraform.configure(&with_provider(r#"region = "eu-central-1""#));
    assert_eq!(terraform.plan().after(THIS, "region"), "eu-central-1");
}

#[test]
fn installs_from_a_mirror_as_users_do() {
    let aws = Account::new();
    let terraform = Workspace::mirrored(GROUP)
        .with("AWS_ENDPOINT_URL", &aws.endpoint)
        .with("AWS_ACCESS_KEY_ID", &aws.id)
        .with("AWS_SECRET_ACCESS_KEY", "local")
        .with("AWS_REGION", "eu-west-1");
    terraform.run(&["init"]).succeeds();
    let lock = std::fs::read_to_string(terraform.path().join(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!(r#"provider "{}""#, *ADDRESS)) && lock.contains("h1:"), "{lock}");
    assert_eq!(terraform.apply(), []);
    terraform.assert_unchanged();
    terraform.destroy();

    // The lock file holds for these bytes and for no others.
    terraform.run(&["init", "-lockfile=readonly"]).succeeds();
    let installed = terraform.mirrored_binary();
    std::fs::OpenOptions::new().append(true).open(installed).unwrap().write_all(b"\n").unwrap();
    let refused = terraform.run(&["init", "-no-color"]).fails();
    assert!(refused.stderr.contains("checksum"), "{refused}");
}

#[test]
fn a_saved_plan_is_applied_by_another_run() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, GROUP);
    terraform.plan().assert_create(THIS);
    terraform.run(&["apply", "tfplan"]).succeeds();
    terraform.assert_unchanged();

    terraform.configure(&GROUP.replace("subnet-00000001", "subnet-00000002"));
    terraform.plan().assert_update(THIS, &["subnet_ids", "supported_network_types", "vpc_id"]);
    terraform.run(&["apply", "tfplan"]).succeeds();
    terraform.assert_unchanged();
}

#[test]
fn the_text_of_a_plan_is_the_same_from_run_to_run() {
    let aws = Account::new();
    let tagged = format!("subnet_ids = {SUBNETS:?}\ntags = {{ d = 4, b = 2, c = 3, a = 1, e = 5 }}");
    let terraform = Workspace::new(&aws, &GROUP.replace(r#"subnet_ids = ["subnet-00000001"]"#, &tagged));
    let text = || {
        let run = terraform.run(&["plan", "-no-color", "-detailed-exitcode"]);
        assert_eq!(run.code, Some(2), "{run}");
        run.stdout
    };
    let create = text();
    terraform.apply();
    terraform.configure(&GROUP.replace("subnet-00000001", "subnet-00000002"));
    let update = text();
    assert!(create.contains("subnet-00000003") && update.contains(r#"- "e" = "5" -> null"#), "{update}");
    for _ in 0..3 {
        assert_eq!(text(), update);
    }
    terraform.destroy();
    terraform.configure(&GROUP.replace(r#"subnet_ids = ["subnet-00000001"]"#, &tagged));
    for _ in 0..3 {
        assert_eq!(text(), create);
    }
}

#[test]
fn the_wrong_account_is_refused_before_anything_is_touched() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &with_provider(r#"allowed_account_ids = ["999999999999"]"#));
    let diagnostics = terraform.apply_fails();
    let error = only(&diagnostics);
    assert_eq!(error.summary, "Wrong AWS account");
    assert_eq!(
        error.detail,
        format!(
            "The credentials belong to AWS account {}, which is not in `allowed_account_ids` (999999999999). \
             Nothing was changed. Use credentials of an allowed account, or add this one.",
            aws.id
        )
    );
    let groups = aws.ask(aws.elasticache.describe_cache_subnet_groups().send());
    assert!(groups.cache_subnet_groups().iter().all(|g| g.cache_subnet_group_name() != Some("booking")));

    terraform.configure(&with_provider(&format!("forbidden_account_ids = [{:?}]", aws.id)));
    let diagnostics = terraform.apply_fails();
    assert!(only(&diagnostics).detail.contains("which is in `forbidden_account_ids`."), "{diagnostics:?}");

    terraform.configure(&with_provider(&format!("allowed_account_ids = [{:?}]", aws.id)));
    assert_eq!(terraform.apply(), []);
    terraform.assert_unchanged();
}

#[test]
fn missing_credentials_are_one_message_with_the_ways_to_give_them() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, GROUP).without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    terraform.plan().assert_create(THIS);
    let diagnostics = terraform.apply_fails();
    let error = only(&diagnostics);
    assert_eq!(error.summary, r#"Failed to create subnet group "booking""#);
    assert!(
        error.detail.starts_with("No AWS credentials were found. Set them in one of these ways:"),
        "{error}"
    );
}

#[test]
fn a_missing_region_is_one_message_with_the_ways_to_give_it() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, GROUP).without("AWS_REGION");
    terraform.plan().assert_create(THIS);
    let diagnostics = terraform.apply_fails();
    let error = only(&diagnostics);
    assert_eq!(error.summary, r#"Failed to create subnet group "booking""#);
    assert!(error.detail.contains("region") && error.detail.contains("AWS_REGION"), "{error}");
}

#[test]
fn an_endpoint_that_does_not_answer_is_one_message() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let terraform = Workspace::new(&Account::new(), &with_provider("max_retries = 1"))
        .with("AWS_ENDPOINT_URL", &endpoint);
    let diagnostics = terraform.apply_fails();
    let error = only(&diagnostics);
    assert_eq!(error.summary, r#"Failed to create subnet group "booking""#);
    assert!(
        error.detail.starts_with("ElastiCache CreateCacheSubnetGroup: the request could not be sent:"),
        "{error}"
    );
    assert!(error.detail.contains("Nothing listens there"), "{error}");
}

#[test]
fn the_endpoints_block_wins_over_the_environment() {
    let aws = Account::new();
    let endpoints = format!("endpoints {{\nelasticache = {0:?}\nsts = {0:?}\n}}", aws.endpoint);
    let terraform =
        Workspace::new(&aws, &with_provider(&endpoints)).with("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    assert_eq!(terraform.apply(), []);
    terraform.assert_unchanged();
}

#[test]
fn a_provider_block_of_unknown_values_can_be_planned_and_applied() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &format!(
            r#"
resource "terraform_data" "it" {{
  input = {{ region = "eu-west-1", endpoint = {:?}, team = "red" }}
}}
provider "elasticache" {{
  region = terraform_data.it.output.region
  endpoints {{
    elasticache = terraform_data.it.output.endpoint
  }}
  default_tags {{
    tags = {{ team = terraform_data.it.output.team }}
  }}
}}
{GROUP}"#,
            aws.endpoint
        ),
    )
    .without("AWS_ENDPOINT_URL")
    .without("AWS_REGION");
    let plan = terraform.plan();
    assert!(plan.is_unknown(THIS, "region") && plan.is_unknown(THIS, "tags_all"));
    assert_eq!(terraform.apply(), []);
    assert_eq!(terraform.state(THIS)["tags_all"], serde_json::json!({ "team": "red" }));
    terraform.assert_unchanged();
}

/// As a provider block that workstations and pipelines share: a file that only one of them has.
#[test]
fn shared_files_are_expanded_and_may_be_missing() {
    let aws = Account::new();
    let block = r#"shared_config_files = ["~/no-such-directory/config"]
  shared_credentials_files = ["${SHARED_FILES}/credentials", "$SHARED_FILES/no-such-file"]"#;
    // In HCL `$${` is `${`.
    let configuration = with_provider(&block.replace("${", "$${"));
    let in_pipeline = Workspace::new(&aws, &configuration);
    let shared = in_pipeline.path().to_str().unwrap().to_owned();
    let in_pipeline = in_pipeline.with("SHARED_FILES", &shared);
    assert_eq!(in_pipeline.apply(), []);
    in_pipeline.assert_unchanged();

    let without_keys = in_pipeline.without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    let without_keys = without_keys.with("AWS_EC2_METADATA_DISABLED", "true");
    let diagnostics = without_keys.plan_fails();
    let error = only(&diagnostics);
    for part in ["No AWS credentials were found", "/credentials\" (", "no-such-file", "no-such-directory"] {
        assert!(error.detail.contains(part), "{part} in {error}");
    }
    let keys = format!("[default]\naws_access_key_id = {}\naws_secret_access_key = local\n", aws.id);
    without_keys.write("credentials", &keys);
    without_keys.assert_unchanged();
}

/// As `default_tags` that refer to an object that the same apply changes.
#[test]
fn unknown_default_tags_leave_the_tags_of_a_resource_as_they_are() {
    let aws = Account::new();
    let configuration = |team: &str| {
        format!(
            r#"
resource "terraform_data" "it" {{
  input = {team:?}
}}
provider "elasticache" {{
  default_tags {{
    tags = {{ team = terraform_data.it.output }}
  }}
}}
{}"#,
            GROUP.replace("name  ", "tags = { own = 1 }\nname  ")
        )
    };
    let terraform = Workspace::new(&aws, &configuration("red"));
    assert_eq!(terraform.apply(), []);
    terraform.assert_unchanged();

    terraform.configure(&configuration("blue"));
    let plan = terraform.plan();
    plan.assert_no_drift();
    assert_eq!(plan.changed(THIS).into_iter().collect::<Vec<_>>(), ["tags_all"]);
    assert_eq!(terraform.apply(), []);
    let state = terraform.state(THIS);
    assert_eq!(state["tags"], serde_json::json!({ "own": "1" }));
    assert_eq!(state["tags_all"], serde_json::json!({ "own": "1", "team": "blue" }));
    terraform.assert_unchanged();
}

/// As hashicorp/aws: `ignore_tags` overrides `default_tags`.
#[test]
fn default_tags_that_are_ignored_as_well_are_not_planned() {
    let aws = Account::new();
    let block = r#"default_tags {
    tags = { team = "red", kept-elsewhere = "1" }
  }
  ignore_tags {
    keys = ["kept-elsewhere"]
  }"#;
    let terraform = Workspace::new(&aws, &with_provider(block));
    assert_eq!(terraform.apply(), []);
    assert_eq!(terraform.state(THIS)["tags_all"], serde_json::json!({ "team": "red" }));
    terraform.assert_unchanged();
}

#[test]
fn terraform_loads_the_schema_of_every_resource() {
    let terraform = Workspace::offline(GROUP);
    let run = terraform.run(&["providers", "schema", "-json"]).succeeds();
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let loaded = schema["provider_schemas"][&*ADDRESS]["resource_schemas"].as_object().unwrap();
    let ours = terraform_provider_elasticache::resources::RESOURCES.iter().map(|r| r.type_name());
    assert_eq!(loaded.keys().map(String::as_str).collect::<Vec<_>>(), ours.collect::<Vec<_>>());
    assert!(std::path::Path::new(BINARY).exists());
}

#[test]
fn configuration_can_be_generated_from_an_import() {
    let aws = Account::new();
    Workspace::new(&aws, &GROUP.replace("name  ", "tags = { a = 1 }\nname  ")).apply();
    let terraform = Workspace::new(
        &aws,
        &format!(
            r#"import {{
  to = {THIS}
  id = "booking"
}}
"#
        ),
    );
    terraform.run(&["plan", "-generate-config-out=generated.tf"]).succeeds();
    assert_eq!(terraform.validate(), []);
    assert_eq!(terraform.apply(), []);
    terraform.assert_unchanged();
}
