//! `terraform test` with mocks of this provider and of others.

use std::path::Path;

use super::snippet;
use crate::support::terraform::{Workspace, is_opentofu, skipped};

fn tested(configuration: &str, test: &str) {
    let workspace = Workspace::offline(configuration);
    std::fs::create_dir_all(workspace.path().join("tests")).unwrap();
    workspace.write(Path::new("tests/mocks.tftest.hcl").to_str().unwrap(), test);
    let run = workspace.run(&["test", "-no-color"]).succeeds();
    assert!(run.stdout.contains("Success! 1 passed, 0 failed."), "{run}");
}

/// Mocks make numbers 0 and texts eight random characters, and the provider still validates
/// the configuration that these come into.
#[test]
fn a_bare_mock_of_the_provider_is_green_for_every_type() {
    let configuration = snippet("every_type");
    for name in
        terraform_provider_elasticache::registry::REGISTRY.resources.iter().map(|each| each.type_name())
    {
        assert!(configuration.contains(&format!("resource {name:?} ")), "{name} is not in the configuration");
    }
    tested(
        &configuration,
        r#"mock_provider "elasticache" {}

run "apply" {
  command = apply
}
"#,
    );
}

/// Values of `override_resource` stand for what a mock of another provider makes, while this
/// provider plans.
#[test]
fn made_up_values_of_other_providers_are_planned() {
    if is_opentofu() {
        return skipped("override_resource", "OpenTofu has no override_during");
    }
    let configuration = r#"
        resource "terraform_data" "id" {}

        resource "elasticache_subnet_group" "this" {
          name       = "app"
          subnet_ids = [terraform_data.id.output]
        }

        resource "elasticache_security_group" "this" {
          name                       = "app"
          vpc_id                     = terraform_data.id.output
          allowed_security_group_ids = [terraform_data.id.output]
          allowed_cidr_blocks        = [terraform_data.id.output]
        }

        resource "elasticache_replication_group" "this" {
          replication_group_id       = "app"
          description                = "made up"
          node_type                  = "cache.t4g.small"
          at_rest_encryption_enabled = true
          kms_key_id                 = terraform_data.id.output
          security_group_ids         = [terraform_data.id.output]
          notification_topic_arn     = terraform_data.id.output
        }
    "#;
    let test = r#"
        override_resource {
          target          = terraform_data.id
          override_during = plan
          values          = { output = "ab12cd34" }
        }

        run "plan" {
          command = plan
        }
    "#;
    tested(configuration, test);
}
