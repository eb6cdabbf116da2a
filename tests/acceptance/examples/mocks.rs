//! `examples/mocks`, and the guide on tests.

use std::fs;

use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Block, Mode};

use super::{examples, passed};
use crate::policies::tools::skipped;
use crate::support::terraform::{Workspace, is_opentofu};

const GUIDE: &str = include_str!("../../../docs/guides/testing.md");

/// A configuration that calls a project, and returns what the guide's test looks at.
const CALLER: &str = r#"
module "cache" {
  source = "./service-cache"

  name                      = "booking-production"
  environment               = "production"
  vpc_id                    = "vpc-0a1b2c3d4e5f60001"
  subnet_ids                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
  kms_key_id                = "alias/caches"
}

data "elasticache_replication_group" "this" {
  replication_group_id = module.cache.replication_group_id
}

output "endpoint" {
  value = module.cache.endpoint
}

output "port" {
  value = module.cache.port
}

output "connection_secret_arn" {
  value = module.cache.connection_secret_arn
}

output "nodes" {
  value = data.elasticache_replication_group.this.num_cache_clusters
}
"#;

/// The block of the guide that begins so.
fn of_guide(start: &str) -> &'static str {
    let blocks = GUIDE.split("```terraform\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.into_iter().find(|block| block.starts_with(start)).unwrap_or_else(|| panic!("no block {start}"))
}

/// Runs a test of the caller, with the mocks beside it.
#[track_caller]
fn test(text: &str) -> usize {
    let workspace = Workspace::offline(CALLER);
    workspace.copy(&examples().join("projects/service-cache"), "service-cache");
    workspace.copy(&examples().join("mocks"), "mocks");
    fs::create_dir(workspace.path().join("tests")).unwrap();
    workspace.write("tests/cache.tftest.hcl", text);
    workspace.run(&["get"]).succeeds();
    passed(&workspace.run(&["test", "-no-color"]).succeeds())
}

#[test]
fn the_test_of_the_guide_passes_with_the_mocks() {
    if is_opentofu() {
        return skipped("examples/mocks", "OpenTofu does not read files of mocks");
    }
    let guide = of_guide(
        r#"mock_provider "elasticache" {
  source = "./mocks""#,
    );
    let more = r#"
run "values" {
  command = apply

  assert {
    condition     = startswith(output.connection_secret_arn, "arn:aws:secretsmanager:") && output.nodes == 2
    error_message = "The mocks must have ARNs, and values for data sources."
  }
}
"#;
    assert_eq!(test(&format!("{guide}{more}")), 2);
}

/// The form for both hosts.
#[test]
fn the_mock_in_the_test_file_of_the_guide_works() {
    let guide = of_guide(
        r#"mock_provider "elasticache" {
  mock_resource"#,
    );
    let run = r#"
run "values" {
  command = apply

  assert {
    condition     = output.port == 6379 && output.endpoint == "app.example.euw1.cache.amazonaws.com"
    error_message = "The values must be those of the mock."
  }
}
"#;
    assert_eq!(test(&format!("{guide}{run}")), 1);
}

/// The types and attributes that a file of mocks names.
fn named(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        let quoted = || line.split('"').nth(1).unwrap().to_owned();
        if line.starts_with("mock_resource ") || line.starts_with("mock_data ") {
            found.push((quoted(), Vec::new()));
        } else if let (Some((name, _)), true) = (line.split_once(" = "), line.starts_with("    ")) {
            found.last_mut().unwrap().1.push(name.trim().to_owned());
        }
    }
    found
}

#[test]
fn the_mocks_have_every_type_with_an_arn_and_attributes_that_aws_computes() {
    let resources = |name: &str| -> &'static Block {
        let found = REGISTRY.resources.iter().find(|each| each.type_name() == name);
        &found.unwrap_or_else(|| panic!("no resource {name}")).schema().block
    };
    let data_sources = |name: &str| -> &'static Block {
        let found = REGISTRY.data_sources.iter().find(|each| each.type_name() == name);
        &found.unwrap_or_else(|| panic!("no data source {name}")).schema().block
    };
    let read = |name: &str| fs::read_to_string(examples().join("mocks").join(name)).unwrap();
    let mocked = named(&read("resources.tfmock.hcl"));
    for resource in REGISTRY.resources {
        let name = resource.type_name();
        let has_arn = resource.schema().block.attribute("arn").is_some();
        assert!(!has_arn || mocked.iter().any(|(mocked, _)| mocked == name), "no mock for {name}");
    }
    let mut attributes = 0;
    for (types, block) in [
        (mocked, &resources as &dyn Fn(&str) -> &'static Block),
        (named(&read("data-sources.tfmock.hcl")), &data_sources),
    ] {
        assert!(types.len() > 5, "{types:?}");
        for (type_name, names) in types {
            assert!(!names.is_empty(), "{type_name} has no values");
            for name in names {
                let attribute = block(&type_name).attribute(&name);
                let attribute = attribute.unwrap_or_else(|| panic!("{type_name} has no {name}"));
                let is_computed = matches!(attribute.mode, Mode::Computed | Mode::OptionalComputed);
                assert!(
                    is_computed,
                    "{type_name}.{name} is not computed, so that a mock of it has no effect"
                );
                attributes += 1;
            }
        }
    }
    assert!(attributes > 60, "{attributes} attributes");
}
