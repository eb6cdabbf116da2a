//! Which objects are rewritten, and why others are not.

use super::{Migrated, REQUIRED, SUBNETS, rewritten};

#[track_caller]
fn stays(text: &str) -> Vec<String> {
    let migrated = Migrated::of(&[("main.tf", text), REQUIRED]);
    assert_eq!(migrated.changed(), [""; 0]);
    migrated.findings()
}

fn alarm(namespace: &str) -> String {
    format!(
        "resource \"aws_cloudwatch_metric_alarm\" \"this\" {{\n  alarm_name = \"cpu\"\n  namespace  = {namespace}\n  dimensions = {{ \
         CacheClusterId = aws_elasticache_cluster.this.id }}\n}}\n"
    )
}

#[test]
fn an_alarm_is_rewritten_when_its_metric_is_a_caches() {
    let cache = "resource \"aws_cloudwatch_metric_alarm\" \"this\" {\n  alarm_name = \"cpu\"\n  namespace  = \"AWS/ElastiCache\"\n}\n";
    assert_eq!(rewritten(cache), cache.replace("aws_cloudwatch_metric_alarm", "elasticache_metric_alarm"));
    assert_eq!(stays(&cache.replace("ElastiCache", "EC2")), [""; 0]);
    assert_eq!(
        stays(&alarm("var.namespace")),
        [
            "main.tf:1: note: `aws_cloudwatch_metric_alarm.this` stays with hashicorp/aws: its `namespace` is an expression, so \
          the metric may be another service's. If it is a cache's, write \"AWS/ElastiCache\" to have the alarm rewritten."
        ]
    );
}

#[test]
fn an_alarm_on_an_expression_is_rewritten_when_all_its_metrics_are_caches() {
    let metric = |id: &str, namespace: &str| {
        format!(
            "\n  metric_query {{\n    id = \"{id}\"\n\n    metric {{\n      metric_name = \"CacheHits\"\n      namespace   = \
             \"{namespace}\"\n      period      = 60\n      stat        = \"Sum\"\n    }}\n  }}\n"
        )
    };
    let alarm = |second: &str| {
        format!(
            "resource \"aws_cloudwatch_metric_alarm\" \"this\" {{\n  alarm_name = \"hits\"\n{}{}\n  metric_query {{\n    id         \
             = \"e\"\n    expression = \"a + b\"\n  }}\n}}\n",
            metric("a", "AWS/ElastiCache"),
            metric("b", second)
        )
    };
    let before = alarm("AWS/ElastiCache");
    assert_eq!(rewritten(&before), before.replace("aws_cloudwatch_metric_alarm", "elasticache_metric_alarm"));
    assert_eq!(stays(&alarm("AWS/EC2")), [""; 0]);
}

#[test]
fn a_log_group_is_rewritten_when_its_name_is_a_caches() {
    for name in ["\"/aws/elasticache/a/slow-log\"", "try(var.name, \"/aws/elasticache/${var.id}\")"] {
        let before = format!("resource \"aws_cloudwatch_log_group\" \"this\" {{\n  name = {name}\n}}\n");
        assert_eq!(rewritten(&before), before.replace("aws_cloudwatch_log_group", "elasticache_log_group"));
    }
    assert_eq!(
        stays("resource \"aws_cloudwatch_log_group\" \"this\" {\n  name = \"/aws/lambda/a\"\n}\n"),
        [""; 0]
    );
}

#[test]
fn a_log_group_is_rewritten_when_a_group_delivers_to_it() {
    let before = r#"resource "aws_cloudwatch_log_group" "slow" {
  name = "cache-slow"
}

resource "aws_cloudwatch_log_group" "engine" {
  name = "cache-engine"
}

resource "aws_cloudwatch_log_group" "other" {
  name = "other"
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "a"

  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.slow.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  dynamic "log_delivery_configuration" {
    for_each = { engine-log = aws_cloudwatch_log_group.engine.name }
    content {
      destination      = log_delivery_configuration.value
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = log_delivery_configuration.key
    }
  }
}
"#;
    let after = before
        .replace("\"aws_cloudwatch_log_group\" \"other\"", "OTHER")
        .replace("aws_cloudwatch_log_group", "elasticache_log_group")
        .replace("OTHER", "\"aws_cloudwatch_log_group\" \"other\"")
        .replace("aws_elasticache", "elasticache");
    assert_eq!(rewritten(before), after);
}

#[test]
fn types_without_a_counterpart_stay_and_are_reported() {
    let text = "resource \"aws_elasticache_cluster\" \"this\" {\n  cluster_id = \"a\"\n}\n\ndata \"aws_elasticache_cluster\" \
                \"that\" {\n  cluster_id = \"b\"\n}\n\nresource \"aws_security_group\" \"this\" {\n  name = \"cache\"\n}\n";
    assert_eq!(
        stays(text),
        [
            "main.tf:1: note: `aws_elasticache_cluster.this` stays with hashicorp/aws: this provider has no resource that it \
             could become.",
            "main.tf:5: note: `data.aws_elasticache_cluster.that` stays with hashicorp/aws: this provider has no data source \
             that it could become.",
        ]
    );
}

#[test]
fn an_object_with_an_argument_that_does_not_exist_here_stays() {
    let text = "resource \"aws_elasticache_user\" \"this\" {\n  user_id = \"a\"\n  colour  = \"red\"\n\n  authentication_mode {\n    \
                type  = \"iam\"\n    realm = \"x\"\n  }\n\n  login {\n  }\n}\n";
    let reason = |line: u32, name: &str| {
        format!(
            "main.tf:{line}: action: `aws_elasticache_user.this` stays with hashicorp/aws: `elasticache_user` has no argument or \
             block `{name}`. Remove it to have the object rewritten."
        )
    };
    assert_eq!(
        stays(text),
        [reason(3, "colour"), reason(7, "authentication_mode.realm"), reason(10, "login")]
    );
}

#[test]
fn an_object_whose_new_address_is_taken_stays() {
    let text =
        format!("{SUBNETS}\nresource \"elasticache_subnet_group\" \"this\" {{\n  name = \"new\"\n}}\n");
    assert_eq!(
        stays(&text),
        [
            "main.tf:1: action: `aws_elasticache_subnet_group.this` stays with hashicorp/aws: the module already has \
          `elasticache_subnet_group.this`. Rename one of the two."
        ]
    );
}

#[test]
fn objects_of_another_provider_stay() {
    let required = |local: &str, source: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    {local} = {{\n      source = \"{source}\"\n    }}\n  }}\n}}\n"
        )
    };
    let fork = required("aws", "example/aws");
    let migrated = Migrated::of(&[("main.tf", SUBNETS), ("versions.tf", &fork)]);
    assert_eq!((migrated.changed(), migrated.findings()), (vec![], vec![]));

    let taken = required("elasticache", "example/elasticache");
    let migrated = Migrated::of(&[("main.tf", SUBNETS), ("versions.tf", &taken)]);
    assert_eq!(migrated.changed(), [""; 0]);
    assert_eq!(
        migrated.findings(),
        [
            "versions.tf:3: action: The name `elasticache` stands for another provider in this module, so the module is not \
          rewritten. Give that provider another name."
        ]
    );

    let named = SUBNETS.replace("  name ", "  provider   = amazon\n  name ");
    let other = required("amazon", "registry.terraform.io/hashicorp/aws");
    let migrated = Migrated::of(&[("main.tf", &named), ("versions.tf", &other)]);
    assert_eq!(migrated.changed(), [""; 0]);
    assert_eq!(
        migrated.findings(),
        [
            "main.tf:1: action: `aws_elasticache_subnet_group.this` stays with hashicorp/aws: the module calls that provider \
          `amazon`. Call it `aws`, with an alias where needed, to have the object rewritten."
        ]
    );
}

#[test]
fn a_parameter_with_the_url_of_a_cache_stays_and_is_reported() {
    let text = r#"resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = "a"
  automatic_failover_enabled = false
  multi_az_enabled           = false
}

resource "aws_ssm_parameter" "url" {
  name  = "/cache/url"
  type  = "SecureString"
  value = "redis://${aws_elasticache_replication_group.this.primary_endpoint_address}:6379"
}

resource "aws_ssm_parameter" "other" {
  name  = "/other"
  type  = "String"
  value = "other"
}
"#;
    let migrated = Migrated::of(&[("main.tf", text), REQUIRED]);
    assert_eq!(migrated.file("main.tf"), text.replace("aws_elasticache", "elasticache"));
    assert_eq!(
        migrated.findings(),
        [
            "main.tf:7: note: `aws_ssm_parameter.url` stays with hashicorp/aws. `elasticache_ssm_url` keeps such a value current \
          when the endpoint, TLS or the token changes; it has arguments of its own, so declare it by hand if you want it."
        ]
    );
}
