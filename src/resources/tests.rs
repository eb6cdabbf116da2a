//! What holds for every registered resource.

mod quoting;

use super::RESOURCES;
use crate::schema::{Attribute, Block, Check};
use crate::testing::aws::{config, problems};
use crate::testing::core::assert_names;
use crate::value::{Type, Value};

#[test]
fn names_are_unique_and_sorted() {
    assert_names(RESOURCES.iter().map(|resource| resource.type_name()));
}

/// Version 0 and the schema's own are read; a state of any other version is an error, and
/// never a loop.
#[test]
fn states_of_unknown_versions_are_refused() {
    for resource in RESOURCES {
        let newest = resource.schema().version;
        for version in 0..=newest {
            assert!(resource.upgrade(version, serde_json::json!({})).is_ok(), "{}", resource.type_name());
        }
        for version in [i64::MIN, -1, newest + 1, 99, i64::MAX] {
            let error = resource.upgrade(version, serde_json::json!({})).unwrap_err();
            let message = format!(
                "The state has the schema version {version}, and this provider reads versions 0 to {newest}."
            );
            assert!(error.detail.starts_with(&message), "{error:?}");
        }
    }
}

/// AWS answers that a description "must be provided and must not be blank".
#[test]
fn description_that_aws_requires_is_not_blank() {
    let described = |type_name: &str, description: &str| -> Vec<String> {
        let resource = RESOURCES.iter().find(|resource| resource.type_name() == type_name).unwrap();
        let config = resource.schema().conform(Value::map([("description", Value::from(description))]));
        problems(&resource.validate(&config))
            .into_iter()
            .filter(|it| it.starts_with("description: "))
            .collect()
    };
    for (type_name, empty) in [
        ("elasticache_parameter_group", "must not be empty"),
        ("elasticache_replication_group", "must have 1 to 255 characters, but has 0"),
        ("elasticache_subnet_group", "must not be empty"),
    ] {
        let spaces = "must not consist of spaces only";
        for (blank, problem) in [("", empty), (" ", spaces), (" \t\n", spaces)] {
            let refused = format!("description: Invalid description: `description` {problem}.");
            assert_eq!(described(type_name, blank), [refused], "{type_name}: {blank:?}");
        }
        assert_eq!(described(type_name, " a "), [""; 0], "{type_name}");
    }
}

/// User guide, "Authenticating with IAM". Only AWS creates the two.
#[test]
fn user_and_user_group_of_aws_are_referenced_and_not_created() {
    let (user, group) = (Value::from("default.iam-user"), Value::from("default.iam-user-group"));
    for (type_name, argument, value, is_accepted) in [
        ("elasticache_replication_group", "user_group_ids", Value::set([group.clone()]), true),
        ("elasticache_serverless_cache", "user_group_id", group.clone(), true),
        ("elasticache_user", "user_id", user.clone(), false),
        ("elasticache_user_group", "user_group_id", group.clone(), false),
        ("elasticache_user_group", "user_ids", Value::set([user.clone()]), true),
        ("elasticache_user_group_association", "user_group_id", group, false),
        ("elasticache_user_group_association", "user_id", user, true),
    ] {
        let resource = RESOURCES.iter().find(|resource| resource.type_name() == type_name).unwrap();
        let config = resource.schema().conform(Value::map([(argument, value)]));
        let problems = problems(&resource.validate(&config));
        let is_refused = problems.iter().any(|it| it.contains("must be 1 to 40 letters, digits and hyphens"));
        assert_eq!(is_refused, !is_accepted, "{type_name}.{argument}: {problems:?}");
    }
}

#[test]
fn every_part_is_described_and_consistent() {
    fn attributes_of(owner: &str, attributes: &[Attribute]) {
        for attribute in attributes {
            let name = format!("{owner}.{}", attribute.name);
            assert!(attribute.description.ends_with('.'), "{name} has no description that is a sentence");
            assert!(!(attribute.write_only && attribute.is_computed()), "{name} is write-only and computed");
            // Paths of diagnostics quote the keys of maps, and keys are not redacted.
            let is_secret = attribute.sensitive || attribute.write_only;
            assert!(!(is_secret && has_map(&attribute.ty())), "{name} is sensitive and has a map");
            for check in &attribute.checks {
                compile(check);
            }
            if let Some(nested) = &attribute.nested {
                attributes_of(&name, &nested.attributes);
            }
        }
    }
    fn has_map(ty: &Type) -> bool {
        match ty {
            Type::Map(_) => true,
            Type::List(element) | Type::Set(element) => has_map(element),
            Type::Object(attributes) => attributes.values().any(has_map),
            Type::Tuple(elements) => elements.iter().any(has_map),
            _ => false,
        }
    }
    fn compile(check: &Check) {
        match check {
            Check::Pattern(pattern, _) => assert!(!pattern.as_str().is_empty()),
            Check::Each(inner) => compile(inner),
            _ => {}
        }
    }
    fn block_of(owner: &str, block: &Block) {
        attributes_of(owner, &block.attributes);
        for attribute in &block.attributes {
            for other in attribute.conflicts.iter().chain(attribute.requires) {
                let known = block.attribute(other).is_some() || block.nested_block(other).is_some();
                assert!(known, "{owner}.{} refers to {other}, which does not exist", attribute.name);
            }
        }
        for nested in &block.blocks {
            block_of(&format!("{owner}.{}", nested.name), &nested.block);
        }
    }
    for resource in RESOURCES {
        block_of(resource.type_name(), &resource.schema().block);
    }
}

/// Faults-met F11.
#[test]
fn every_type_is_imported_by_the_arn_of_its_object() {
    const CACHE: &str = "arn:aws-cn:elasticache:cn-north-1:111122223333:";
    let arns = [
        ("elasticache_alarm_set", format!("{CACHE}replicationgroup:demo"), "id", "demo"),
        (
            "elasticache_auth_token_secret",
            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:app/redis-AbCdEf".to_owned(),
            "arn",
            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:app/redis-AbCdEf",
        ),
        (
            "elasticache_composite_alarm",
            "arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:demo: any".to_owned(),
            "alarm_name",
            "demo: any",
        ),
        (
            "elasticache_connection_secret",
            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:app/redis-AbCdEf".to_owned(),
            "arn",
            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:app/redis-AbCdEf",
        ),
        (
            "elasticache_dashboard",
            "arn:aws-cn:cloudwatch::111122223333:dashboard/demo".to_owned(),
            "dashboard_name",
            "demo",
        ),
        (
            "elasticache_global_replication_group",
            format!("{CACHE}globalreplicationgroup:emvgo-demo"),
            "id",
            "emvgo-demo",
        ),
        (
            "elasticache_log_group",
            "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/aws/elasticache/demo:*".to_owned(),
            "name",
            "/aws/elasticache/demo",
        ),
        (
            "elasticache_metric_alarm",
            "arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:demo: cpu".to_owned(),
            "alarm_name",
            "demo: cpu",
        ),
        ("elasticache_parameter_group", format!("{CACHE}parametergroup:demo"), "name", "demo"),
        ("elasticache_replication_group", format!("{CACHE}replicationgroup:demo"), "id", "demo"),
        (
            "elasticache_security_group",
            "arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-0a1b2c3d4e5f60001".to_owned(),
            "id",
            "sg-0a1b2c3d4e5f60001",
        ),
        ("elasticache_serverless_cache", format!("{CACHE}serverlesscache:demo"), "name", "demo"),
        (
            "elasticache_serverless_cache_snapshot",
            format!("{CACHE}serverlesscachesnapshot:demo"),
            "name",
            "demo",
        ),
        (
            "elasticache_service_update",
            format!("{CACHE}replicationgroup:demo,elc-20260915-001"),
            "id",
            "demo,elc-20260915-001",
        ),
        ("elasticache_snapshot", format!("{CACHE}snapshot:demo"), "name", "demo"),
        (
            "elasticache_ssm_url",
            "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/app/url".to_owned(),
            "name",
            "/app/url",
        ),
        ("elasticache_subnet_group", format!("{CACHE}subnetgroup:demo"), "name", "demo"),
        ("elasticache_user", format!("{CACHE}user:demo"), "user_id", "demo"),
        ("elasticache_user_group", format!("{CACHE}usergroup:demo"), "user_group_id", "demo"),
        (
            "elasticache_user_group_association",
            format!("{CACHE}usergroup:demo,{CACHE}user:app"),
            "id",
            "demo,app",
        ),
    ];
    assert!(RESOURCES.iter().map(|resource| resource.type_name()).eq(arns.iter().map(|(name, ..)| *name)));
    for (resource, (name, arn, attribute, value)) in RESOURCES.iter().zip(&arns) {
        let state = resource.import(arn).unwrap_or_else(|error| panic!("{name}: {}", error.detail));
        assert_eq!(state.get(attribute).as_str(), Some(*value), "{name}");
        // The ARN of a dashboard names no Region.
        let region = Some("cn-north-1").filter(|_| *name != "elasticache_dashboard");
        assert_eq!(state.get("region").as_str(), region, "{name}");
        let other = "arn:aws:iam::111122223333:role/demo";
        let refused = resource.import(other).unwrap_err();
        assert_eq!(refused.summary, "Invalid import ID", "{name}");
        assert!(refused.detail.contains(other), "{name}: {}", refused.detail);
    }
}

/// Faults-met K9: with more than one sensitive path, the refresh-only plan of Terraform 1.11 exits with 2
/// at random. ARCHITECTURE.md, "Sensitive attributes", says why those below have two.
#[test]
fn every_type_has_at_most_one_sensitive_path() {
    const TWO: [(&str, &str); 3] = [
        ("elasticache_connection_secret", "replication_group.auth_token"),
        ("elasticache_ssm_url", "replication_group.auth_token"),
        ("elasticache_user", "authentication_mode.passwords"),
    ];
    fn of(attributes: &[Attribute], within: &str, found: &mut Vec<String>) {
        for attribute in attributes {
            let path = format!("{within}{}", attribute.name);
            if attribute.sensitive && !attribute.write_only {
                found.push(path.clone());
            }
            if let Some(nested) = &attribute.nested {
                of(&nested.attributes, &format!("{path}."), found);
            }
        }
    }
    for resource in RESOURCES {
        let block = &resource.schema().block;
        let mut found = Vec::new();
        of(&block.attributes, "", &mut found);
        for nested in &block.blocks {
            of(&nested.block.attributes, &format!("{}.", nested.name), &mut found);
        }
        found.retain(|path| !TWO.contains(&(resource.type_name(), path)));
        assert!(found.len() <= 1, "{}: {found:?}", resource.type_name());
    }
}

/// Faults-met I15: modules for hashicorp/aws have a time limit for reads.
#[test]
fn a_time_limit_for_reads_is_accepted_wherever_there_are_time_limits() {
    let mut limited = 0;
    for resource in RESOURCES.iter().filter(|it| it.schema().block.nested_block("timeouts").is_some()) {
        let said = |read: &str| {
            let limits = Value::map([("read", Value::from(read))]);
            let mut said = problems(&resource.validate(&config(*resource, [("timeouts", limits)])));
            said.retain(|problem| problem.starts_with("timeouts"));
            said
        };
        assert_eq!(said("5m"), [""; 0], "{}", resource.type_name());
        let wrong = said("soon");
        assert!(wrong.len() == 1 && wrong[0].starts_with("timeouts.read: "), "{wrong:?}");
        limited += 1;
    }
    assert!(limited > 5, "{limited} types have time limits");
}
