//! States of hashicorp/aws, which the migrated configuration plans without a change.

use crate::compat::moved::{self, AWS, Version};
use crate::migrate::{migrate, with_aws};
use crate::world::World;

/// What the command leaves to a person: types that take the place of several, and what refers to them.
const BY_HAND: [&str; 4] = ["security_group", "ssm_url", "secret", "replication_group.cache"];

fn stack(version: Version) -> String {
    moved::parts(|address| version.has(address) && !BY_HAND.iter().any(|part| address.contains(part)))
        .replace(
            "\nskip_destroy = true",
            if version == Version::V3_39 { "" } else { "\nskip_destroy = true" },
        )
}

/// The addresses of the resources of the state.
fn addresses(world: &World) -> Vec<String> {
    world.terraform.resources().iter().map(|it| it["address"].as_str().unwrap().to_owned()).collect()
}

/// Each resource moves from its address with hashicorp/aws, and nothing changes.
#[track_caller]
fn assert_moves(world: &World, addresses: &[String]) {
    let plan = world.terraform.plan();
    for ours in addresses {
        assert_eq!(plan.moved_from(ours), Some(&*with_aws(ours)), "{ours}");
        assert_eq!(plan.actions_on(ours), ["no-op"], "{}: {:?}", plan.show(ours), plan.changed(ours));
    }
    plan.assert_empty();
}

/// A file of a configuration, before and after its migration.
struct File {
    path: &'static str,
    before: String,
    after: String,
}

/// Applies a configuration, gives it and its state the form that they have with hashicorp/aws, and migrates
/// it.
#[track_caller]
fn comes_here(version: Version, world: &World, files: &[File]) {
    for file in files {
        world.terraform.write(file.path, &file.after);
    }
    world.terraform.run(&["get"]).succeeds();
    world.terraform.apply();
    let addresses = addresses(world);
    assert!(addresses.len() > 7, "{addresses:?}");
    moved::forge(world, version);
    moved::stand_in(world, &[&AWS]);
    for file in files {
        world.terraform.write(file.path, &file.before);
    }
    let state = || std::fs::read(world.terraform.path().join("terraform.tfstate")).unwrap();
    let before = state();
    migrate(&world.terraform, &["--write"]).succeeds();
    assert_eq!(state(), before);
    for file in files {
        let after = std::fs::read_to_string(world.terraform.path().join(file.path)).unwrap();
        assert_eq!(after, file.after, "{}", file.path);
    }
    assert_moves(world, &addresses);
    world.terraform.apply();
    world.terraform.assert_unchanged();
}

fn stack_comes_here(version: Version) {
    let world = World::new("");
    let after = stack(version);
    comes_here(version, &world, &[File { path: "main.tf", before: with_aws(&after), after }]);
    std::fs::remove_file(world.terraform.path().join("elasticache_moved.tf")).unwrap();
    world.terraform.assert_unchanged();
}

#[test]
fn a_stack_of_hashicorp_aws_3_39_plans_no_change() {
    stack_comes_here(Version::V3_39);
}

#[test]
fn a_stack_of_hashicorp_aws_5_100_plans_no_change() {
    stack_comes_here(Version::V5_100);
}

#[test]
fn a_stack_of_hashicorp_aws_6_58_plans_no_change() {
    stack_comes_here(Version::V6_58);
}

/// A module that is called with a configuration of its own.
#[test]
fn a_stack_in_a_module_plans_no_change() {
    let world = World::new("");
    std::fs::create_dir(world.terraform.path().join("cache")).unwrap();
    let root = |local: &str| {
        format!(
            "provider \"{local}\" {{\n  alias  = \"caches\"\n  region = \"eu-west-1\"\n}}\n\nmodule \"cache\" {{\n  source    = \
             \"./cache\"\n  providers = {{ {local} = {local}.caches }}\n}}\n"
        )
    };
    let versions = |entry: &str| format!("terraform {{\n  required_providers {{\n{entry}  }}\n}}\n");
    let theirs = "    aws = {\n      source = \"hashicorp/aws\"\n    }\n";
    let ours = "    elasticache = {\n      source  = \"elasticache-rs/elasticache\"\n      version = \"~> 0.1\"\n    }\n";
    let version = Version::V5_100;
    let after = stack(version);
    comes_here(
        version,
        &world,
        &[
            File { path: "main.tf", before: root("aws"), after: root("elasticache") },
            File { path: "cache/versions.tf", before: versions(theirs), after: versions(ours) },
            File { path: "cache/main.tf", before: with_aws(&after), after },
        ],
    );
}

/// A `moved` block between two addresses of hashicorp/aws that some states have not seen yet.
#[test]
fn an_older_move_is_made_first() {
    let subnets = |name: &str| {
        format!(
            "resource \"elasticache_subnet_group\" \"{name}\" {{\n  name       = \"Cache\"\n  subnet_ids = [\"subnet-0a1b2c3d4e5f60001\", \
                 \"subnet-0a1b2c3d4e5f60002\"]\n}}\n"
        )
    };
    let world = World::new(&subnets("this"));
    world.terraform.apply();
    moved::forge(&world, Version::V5_100);
    moved::stand_in(&world, &[&AWS]);
    let older = "\nmoved {\n  from = aws_elasticache_subnet_group.this\n  to   = aws_elasticache_subnet_group.main\n}\n";
    world.terraform.configure(&format!("{}{older}", with_aws(&subnets("main"))));
    migrate(&world.terraform, &["--write"]).succeeds();
    let after = std::fs::read_to_string(world.terraform.path().join("main.tf")).unwrap();
    assert_eq!(after, format!("{}{older}", subnets("main")));
    let plan = world.terraform.plan();
    assert_eq!(plan.moved_from("elasticache_subnet_group.main"), Some("aws_elasticache_subnet_group.this"));
    plan.assert_empty();
    world.terraform.apply();
    world.terraform.assert_unchanged();
}
