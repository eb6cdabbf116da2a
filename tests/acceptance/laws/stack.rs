//! A configuration with one resource of every type.

use std::collections::BTreeSet;

use terraform_provider_elasticache::resources::RESOURCES;

use crate::chaos;
use crate::chaos::subjects::Subject;
use crate::fixture::Fixture;
use crate::simulator::{On, on};

/// A resource of the stack, and how AWS creates and deletes its object.
pub struct Part {
    /// Its address.
    pub address: &'static str,
    /// Service, action and a parameter that tells the call from others of that action.
    pub create: (&'static str, &'static str, Option<(&'static str, &'static str)>),
    /// The same of the call that deletes the object.
    pub delete: (&'static str, &'static str, Option<(&'static str, &'static str)>),
}

/// The delete of a resource that only leaves the state: AWS does not revert a service update.
pub const NO_CALL: (&str, &str, Option<(&str, &str)>) = ("elasticache", "", None);

/// Every resource of [`configuration`].
pub const PARTS: &[Part] = &[
    Part {
        address: "elasticache_alarm_set.this",
        create: ("cloudwatch", "PutMetricAlarm", Some(("Namespace", "AWS/ElastiCache"))),
        delete: ("cloudwatch", "DeleteAlarms", None),
    },
    Part {
        address: "elasticache_auth_token_secret.this",
        create: ("secretsmanager", "CreateSecret", Some(("Name", "stack/token"))),
        delete: ("secretsmanager", "DeleteSecret", None),
    },
    Part {
        address: "elasticache_composite_alarm.this",
        create: ("cloudwatch", "PutCompositeAlarm", None),
        delete: ("cloudwatch", "DeleteAlarms", None),
    },
    Part {
        address: "elasticache_connection_secret.this",
        create: ("secretsmanager", "CreateSecret", Some(("Name", "stack/redis"))),
        delete: ("secretsmanager", "DeleteSecret", None),
    },
    Part {
        address: "elasticache_dashboard.this",
        create: ("cloudwatch", "PutDashboard", None),
        delete: ("cloudwatch", "DeleteDashboards", None),
    },
    Part {
        address: "elasticache_global_replication_group.this",
        create: ("elasticache", "CreateGlobalReplicationGroup", None),
        delete: ("elasticache", "DeleteGlobalReplicationGroup", None),
    },
    Part {
        address: "elasticache_log_group.this",
        create: ("logs", "CreateLogGroup", None),
        delete: ("logs", "DeleteLogGroup", None),
    },
    Part {
        address: "elasticache_metric_alarm.this",
        create: ("cloudwatch", "PutMetricAlarm", Some(("AlarmName", "stack-own"))),
        delete: ("cloudwatch", "DeleteAlarms", None),
    },
    Part {
        address: "elasticache_parameter_group.this",
        create: ("elasticache", "CreateCacheParameterGroup", None),
        delete: ("elasticache", "DeleteCacheParameterGroup", None),
    },
    Part {
        address: "elasticache_replication_group.primary",
        create: ("elasticache", "CreateReplicationGroup", Some(("ReplicationGroupId", "stack-primary"))),
        delete: ("elasticache", "DeleteReplicationGroup", Some(("ReplicationGroupId", "stack-primary"))),
    },
    Part {
        address: "elasticache_replication_group.this",
        create: ("elasticache", "CreateReplicationGroup", Some(("ReplicationGroupId", "stack"))),
        delete: ("elasticache", "DeleteReplicationGroup", Some(("ReplicationGroupId", "stack"))),
    },
    Part {
        address: "elasticache_security_group.this",
        create: ("ec2", "CreateSecurityGroup", None),
        delete: ("ec2", "DeleteSecurityGroup", None),
    },
    Part {
        address: "elasticache_serverless_cache.this",
        create: ("elasticache", "CreateServerlessCache", None),
        delete: ("elasticache", "DeleteServerlessCache", None),
    },
    Part {
        address: "elasticache_serverless_cache_snapshot.this",
        create: ("elasticache", "CreateServerlessCacheSnapshot", None),
        delete: ("elasticache", "DeleteServerlessCacheSnapshot", None),
    },
    Part {
        address: "elasticache_service_update.this",
        create: ("elasticache", "DescribeUpdateActions", None),
        delete: NO_CALL,
    },
    Part {
        address: "elasticache_snapshot.this",
        create: ("elasticache", "CreateSnapshot", None),
        delete: ("elasticache", "DeleteSnapshot", None),
    },
    Part {
        address: "elasticache_ssm_url.this",
        create: ("ssm", "PutParameter", None),
        delete: ("ssm", "DeleteParameter", None),
    },
    Part {
        address: "elasticache_subnet_group.this",
        create: ("elasticache", "CreateCacheSubnetGroup", None),
        delete: ("elasticache", "DeleteCacheSubnetGroup", None),
    },
    Part {
        address: "elasticache_user.this",
        create: ("elasticache", "CreateUser", Some(("UserId", "stack-user"))),
        delete: ("elasticache", "DeleteUser", Some(("UserId", "stack-user"))),
    },
    Part {
        address: "elasticache_user_group.this",
        create: ("elasticache", "CreateUserGroup", None),
        delete: ("elasticache", "DeleteUserGroup", None),
    },
    Part {
        address: "elasticache_user_group_association.this",
        create: ("elasticache", "ModifyUserGroup", None),
        delete: ("elasticache", "ModifyUserGroup", None),
    },
];

/// One part of each type, with the typical configuration of it for a provider in this process.
pub fn each_type() -> impl Iterator<Item = (&'static Part, &'static Subject)> {
    let of_type = |subject: &'static Subject| {
        let part = PARTS.iter().find(|part| part.address.split('.').next() == Some(subject.name));
        (part.unwrap_or_else(|| panic!("no part of type {}", subject.name)), subject)
    };
    chaos::subjects::RESOURCES.iter().map(of_type)
}

/// One resource of every type, each with tags where the type has them.
pub fn configuration() -> String {
    r#"
    resource "elasticache_security_group" "this" {
      name   = "stack"
      tags   = { team = "cache" }
    }
    resource "elasticache_subnet_group" "this" {
      name        = "stack"
      description = "of a test"
      subnet_ids  = ["subnet-00000001"]
      tags        = { team = "cache" }
    }
    resource "elasticache_parameter_group" "this" {
      name        = "stack"
      family      = "redis7"
      description = "of a test"
      tags        = { team = "cache" }
      parameter {
        name  = "maxmemory-policy"
        value = "allkeys-lru"
      }
    }
    resource "elasticache_log_group" "this" {
      name              = "/stack/slow"
      retention_in_days = 7
      tags              = { team = "cache" }
    }
    resource "elasticache_auth_token_secret" "this" {
      name                    = "stack/token"
      generate                = {}
      recovery_window_in_days = 0
      tags                    = { team = "cache" }
    }
    resource "elasticache_replication_group" "this" {
      replication_group_id         = "stack"
      description                  = "of a test"
      node_type                    = "cache.t4g.small"
      engine                       = "redis"
      engine_version               = "7.1"
      num_cache_clusters           = 1
      subnet_group_name            = elasticache_subnet_group.this.name
      parameter_group_name         = elasticache_parameter_group.this.name
      security_group_ids           = [elasticache_security_group.this.id]
      transit_encryption_enabled   = true
      auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
      auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
      tags                         = { team = "cache" }
      log_delivery_configuration {
        destination      = elasticache_log_group.this.name
        destination_type = "cloudwatch-logs"
        log_format       = "json"
        log_type         = "slow-log"
      }
    }
    resource "elasticache_replication_group" "primary" {
      replication_group_id = "stack-primary"
      description          = "of a test"
      node_type            = "cache.r7g.large"
      engine               = "redis"
      engine_version       = "7.1"
      num_cache_clusters   = 1
      tags                 = { team = "cache" }
    }
    resource "elasticache_global_replication_group" "this" {
      global_replication_group_id_suffix = "stack"
      primary_replication_group_id       = elasticache_replication_group.primary.id
      tags                               = { team = "cache" }
    }
    resource "elasticache_ssm_url" "this" {
      name              = "/stack/url"
      replication_group = elasticache_replication_group.this
      tags              = { team = "cache" }
    }
    resource "elasticache_connection_secret" "this" {
      name                    = "stack/redis"
      replication_group       = elasticache_replication_group.this
      recovery_window_in_days = 0
      tags                    = { team = "cache" }
    }
    resource "elasticache_alarm_set" "this" {
      replication_group = elasticache_replication_group.this
      tags              = { team = "cache" }
    }
    resource "elasticache_metric_alarm" "this" {
      alarm_name          = "stack-own"
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 1
      threshold           = 80
      namespace           = "AWS/EC2"
      metric_name         = "CPUUtilization"
      period              = 60
      statistic           = "Average"
      tags                = { team = "cache" }
    }
    resource "elasticache_composite_alarm" "this" {
      alarm_name = "stack-any"
      alarm_rule = "ALARM(${elasticache_metric_alarm.this.alarm_name})"
      tags       = { team = "cache" }
    }
    resource "elasticache_snapshot" "this" {
      name                 = "stack"
      replication_group_id = elasticache_replication_group.this.id
      tags                 = { team = "cache" }
    }
    resource "elasticache_serverless_cache" "this" {
      name   = "stack"
      engine = "valkey"
      tags   = { team = "cache" }
    }
    resource "elasticache_serverless_cache_snapshot" "this" {
      name                  = "stack"
      serverless_cache_name = elasticache_serverless_cache.this.name
      tags                  = { team = "cache" }
    }
    resource "elasticache_user" "this" {
      user_id       = "stack-user"
      user_name     = "stack-user"
      engine        = "redis"
      access_string = "on ~app:* +@read"
      passwords     = ["the-password-of-a-user"]
      tags          = { team = "cache" }
    }
    resource "elasticache_user_group" "this" {
      user_group_id         = "stack"
      engine                = "redis"
      disabled_default_user = true
      tags                  = { team = "cache" }
    }
    resource "elasticache_service_update" "this" {
      replication_group_id = elasticache_replication_group.this.id
      service_update_name  = "elc-20251201-001"
    }
    resource "elasticache_dashboard" "this" {
      replication_group = elasticache_replication_group.this
      tags              = { team = "cache" }
    }
    resource "elasticache_user_group_association" "this" {
      user_group_id = elasticache_user_group.this.id
      user_id       = elasticache_user.this.id
    }
    "#
    .to_owned()
}

/// The next such call.
pub fn call((service, action, with): (&str, &str, Option<(&str, &str)>)) -> On {
    let call = on(service, action);
    with.into_iter().fold(call, |call, (name, value)| call.with(name, value))
}

/// The addresses in the state.
pub fn addresses(fixture: &Fixture) -> BTreeSet<String> {
    let resources = fixture.terraform.resources();
    resources.iter().map(|it| it["address"].as_str().unwrap_or_default().to_owned()).collect()
}

/// A new type joins the laws with its resource here.
#[test]
fn the_stack_has_a_resource_of_every_type() {
    let types = PARTS.iter().map(|part| part.address.split('.').next().unwrap_or_default());
    let registered = RESOURCES.iter().map(|resource| resource.type_name());
    assert_eq!(types.collect::<BTreeSet<_>>(), registered.collect());
}
