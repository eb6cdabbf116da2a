//! Faults-met F5 and F7: a name by either spelling, and null, `""`, `[]` and `{}` for what is not given.

use super::importing;
use crate::aws_control::instant;
use crate::support::terraform::Workspace;

/// What modules write for an argument that is left out, by the kind of the argument.
const SPELLINGS: [[&str; 3]; 2] = [["null", "null", "null"], [r#""""#, "[]", "{}"]];

/// Configurations in which `TEXT`, `LIST` and `MAP` stand for what is not given, with the ID to import
/// by; `ARGUMENTS` is the type.
const CASES: &[(&str, &str, &str)] = &[
    (
        "elasticache_metric_alarm",
        "cpu",
        r#"
  alarm_name                            = "cpu"
  namespace                             = "AWS/ElastiCache"
  metric_name                           = "CPUUtilization"
  statistic                             = "Average"
  period                                = 60
  evaluation_periods                    = 1
  threshold                             = 90
  comparison_operator                   = "GreaterThanThreshold"
  alarm_description                     = TEXT
  evaluate_low_sample_count_percentiles = TEXT
  extended_statistic                    = TEXT
  threshold_metric_id                   = TEXT
  treat_missing_data                    = TEXT
  unit                                  = TEXT
  alarm_actions                         = LIST
  ok_actions                            = LIST
  insufficient_data_actions             = LIST
  dimensions                            = MAP
  tags                                  = MAP
"#,
    ),
    (
        "elasticache_metric_alarm",
        "math",
        r#"
  alarm_name          = "math"
  evaluation_periods  = 1
  threshold           = 90
  comparison_operator = "GreaterThanThreshold"
  metric_name         = TEXT
  namespace           = TEXT
  statistic           = TEXT

  metric_query {
    id          = "e1"
    account_id  = TEXT
    expression  = "m1 * 2"
    label       = TEXT
    return_data = true
  }

  metric_query {
    id         = "m1"
    expression = TEXT

    metric {
      metric_name = "CPUUtilization"
      namespace   = TEXT
      period      = 60
      stat        = "Average"
      unit        = TEXT
      dimensions  = MAP
    }
  }
"#,
    ),
    (
        "elasticache_replication_group",
        "demo",
        r#"
  replication_group_id           = "demo"
  description                    = "cache"
  node_type                      = "cache.t4g.small"
  num_cache_clusters             = 1
  auth_token                     = TEXT
  auth_token_secret_arn          = TEXT
  auth_token_secret_version_id   = TEXT
  auth_token_update_strategy     = TEXT
  cluster_mode                   = TEXT
  durability                     = TEXT
  engine                         = TEXT
  engine_version                 = TEXT
  final_snapshot_identifier      = TEXT
  global_replication_group_id    = TEXT
  ip_discovery                   = TEXT
  kms_key_id                     = TEXT
  maintenance_window             = TEXT
  network_type                   = TEXT
  notification_topic_arn         = TEXT
  parameter_group_name           = TEXT
  serverless_cache_snapshot_name = TEXT
  snapshot_name                  = TEXT
  snapshot_window                = TEXT
  subnet_group_name              = TEXT
  preferred_cache_cluster_azs    = LIST
  security_group_ids             = LIST
  security_group_names           = LIST
  snapshot_arns                  = LIST
  user_group_ids                 = LIST
  tags                           = MAP
"#,
    ),
    (
        "elasticache_subnet_group",
        "demo",
        r#"
  name       = "demo"
  subnet_ids = ["subnet-0a1b2c3d4e5f60001"]
  tags       = MAP
"#,
    ),
    (
        "elasticache_parameter_group",
        "demo",
        r#"
  name        = "demo"
  name_prefix = TEXT
  family      = "redis7"
  tags        = MAP
"#,
    ),
    (
        "elasticache_log_group",
        "demo",
        r#"
  name            = "demo"
  name_prefix     = TEXT
  kms_key_id      = TEXT
  log_group_class = TEXT
  tags            = MAP
"#,
    ),
    (
        "elasticache_security_group",
        "ID",
        r#"
  name                       = "demo"
  name_prefix                = TEXT
  vpc_id                     = TEXT
  allowed_security_group_ids = LIST
  allowed_cidr_blocks        = LIST
  allowed_ipv6_cidr_blocks   = LIST
  allowed_prefix_list_ids    = LIST
  rule_descriptions          = MAP
  tags                       = MAP
"#,
    ),
    (
        "elasticache_ssm_url",
        "/app/url",
        r#"
  name                         = "/app/url"
  host                         = "cache.example.com"
  username                     = TEXT
  auth_token                   = TEXT
  auth_token_secret_arn        = TEXT
  auth_token_secret_version_id = TEXT
  description                  = TEXT
  key_id                       = TEXT
  tier                         = TEXT
  type                         = TEXT
  parameters                   = MAP
  tags                         = MAP
"#,
    ),
    (
        "elasticache_connection_secret",
        "app/connection",
        r#"
  name        = "app/connection"
  host        = "cache.example.com"
  reader_host = TEXT
  engine      = TEXT
  username    = TEXT
  auth_token  = TEXT
  description = TEXT
  kms_key_id  = TEXT
  additional  = MAP
  parameters  = MAP
  tags        = MAP
"#,
    ),
    (
        "elasticache_auth_token_secret",
        "app/token",
        r#"
  name        = "app/token"
  generate    = {}
  auth_token  = TEXT
  description = TEXT
  kms_key_id  = TEXT
  rotation    = TEXT
  tags        = MAP
"#,
    ),
    (
        "elasticache_user",
        "app",
        r#"
  user_id              = "app"
  user_name            = "app"
  engine               = "redis"
  access_string        = "on ~* +@all"
  no_password_required = true
  passwords            = LIST
  tags                 = MAP
"#,
    ),
];

fn resource(ty: &str, arguments: &str, [text, list, map]: [&str; 3]) -> String {
    let arguments = arguments.replace("= TEXT", &format!("= {text}"));
    let arguments = arguments.replace("= LIST", &format!("= {list}")).replace("= MAP", &format!("= {map}"));
    format!(
        r#"resource "{ty}" "this" {{{arguments}}}
"#
    )
}

/// Created by one spelling and imported by either; and a module that comes to write the other one.
#[test]
fn null_and_empty_are_one_after_an_import_and_an_apply() {
    for (ty, id, arguments) in CASES {
        for created in SPELLINGS {
            let fixture = instant(&resource(ty, arguments, created));
            fixture.terraform.apply();
            let address = format!("{ty}.this");
            let id = if *id == "ID" { fixture.terraform.text(&address, "id") } else { (*id).to_owned() };
            for spelling in SPELLINGS {
                let configuration = resource(ty, arguments, spelling);
                let imported = importing(&fixture, &configuration, [(address.as_str(), id.as_str())]);
                let plan = imported.plan();
                assert_eq!(
                    plan.actions_on(&address),
                    ["no-op"],
                    "{created:?} to {spelling:?}: {}",
                    plan.show(&address)
                );
                assert_eq!(plan.diagnostics, []);
                // A new object keeps null for a secret that is not given, which an empty one then replaces.
                let is_empty_secret = |line: &&str| {
                    line.split_once('=').is_some_and(|(name, value)| {
                        ["auth_token", "passwords"].contains(&name.trim())
                            && [r#""""#, "[]"].contains(&value.trim())
                    })
                };
                let configuration: Vec<&str> =
                    configuration.lines().filter(|line| !is_empty_secret(line)).collect();
                let configuration = configuration.join("\n");
                if !created[0].contains('"') {
                    fixture.terraform.configure(&configuration);
                    fixture.terraform.assert_unchanged();
                }
            }
        }
    }
}

/// A name that was made from a prefix, in the forms in which modules have it.
#[test]
fn a_generated_name_is_imported_by_name_and_by_any_of_its_prefixes() {
    type Spelling<'a> = &'a dyn Fn(&str) -> String;
    let group = |named: &str| {
        format!(
            r#"resource "elasticache_log_group" "this" {{
  {named}
}}
"#
        )
    };
    let parameters = |named: &str| {
        format!(
            r#"resource "elasticache_parameter_group" "this" {{
  {named}
  family = "redis7"
}}
"#
        )
    };
    let security = |named: &str| {
        format!(
            r#"resource "elasticache_security_group" "this" {{
  {named}
}}
"#
        )
    };
    let all: [(&str, Spelling<'_>); 3] = [
        ("elasticache_log_group.this", &group),
        ("elasticache_parameter_group.this", &parameters),
        ("elasticache_security_group.this", &security),
    ];
    for (address, resource) in all {
        // hashicorp/aws itself chooses `terraform-` where a module gives neither.
        for prefix in ["booking-", "terraform-"] {
            let fixture = instant(&resource(&format!("name_prefix = {prefix:?}")));
            fixture.terraform.apply();
            let (name, id) = (fixture.terraform.text(address, "name"), fixture.terraform.text(address, "id"));
            let empty = |configuration: &str| -> Workspace {
                importing(&fixture, configuration, [(address, id.as_str())])
            };
            for named in [
                format!("name = {name:?}"),
                format!(
                    r#"name = {name:?}
name_prefix = """#
                ),
                format!("name = {name:?}\nname_prefix = null"),
                format!("name_prefix = {prefix:?}"),
                format!("name_prefix = {:?}", &prefix[..3]),
                format!("name = null\nname_prefix = {prefix:?}"),
            ] {
                let plan = empty(&resource(&named)).plan();
                assert_eq!(plan.actions_on(address), ["no-op"], "{named}: {}", plan.show(address));
                fixture.terraform.configure(&resource(&named));
                fixture.terraform.assert_unchanged();
            }
            let plan = empty(&resource(r#"name_prefix = "other-""#)).plan();
            plan.assert_replace(address, &["name_prefix"]);
        }
    }
}
