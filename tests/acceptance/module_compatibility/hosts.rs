//! Every host that is installed here runs what its version has.

use std::path::Path;

use crate::aws_control::{ask, instant};
use crate::fixture::Fixture;
use crate::support::terraform::{Run, hosts, is_tofu, skipped, version_of};

const CONFIGURATION: &str = "resource \"elasticache_subnet_group\" \"this\" {\n  name = \"new\"\n  subnet_ids = \
                             [\"subnet-00000001\"]\n}\n";

/// What hosts have from some version on.
struct Feature {
    name: &'static str,
    terraform: (u32, u32),
    /// `None` where OpenTofu has none of it.
    opentofu: Option<(u32, u32)>,
    run: fn(&Fixture, &Path),
}

const FEATURES: [Feature; 5] = [
    Feature { name: "plan and apply", terraform: (1, 0), opentofu: Some((1, 6)), run: lifecycle },
    Feature { name: "functions", terraform: (1, 8), opentofu: Some((1, 7)), run: function },
    Feature { name: "import by identity", terraform: (1, 12), opentofu: Some((1, 12)), run: identity },
    Feature { name: "terraform query", terraform: (1, 14), opentofu: None, run: query },
    Feature { name: "actions", terraform: (1, 14), opentofu: None, run: action },
];

#[test]
fn every_host_runs_what_its_version_has() {
    let hosts = hosts();
    for feature in &FEATURES {
        let mut ran = false;
        for host in &hosts {
            let first = if is_tofu(host) { feature.opentofu } else { Some(feature.terraform) };
            let own = version_of(host);
            if first.is_none_or(|first| own < first) {
                let place = format!("{} in {}", feature.name, host.display());
                skipped(&place, &format!("version {}.{} does not have it", own.0, own.1));
                continue;
            }
            let fixture = instant(CONFIGURATION);
            let existing = ("CacheSubnetGroupName", "existing");
            let subnets = ("SubnetIds.SubnetIdentifier.1", "subnet-00000001");
            let description = ("CacheSubnetGroupDescription", "of a test");
            ask(&fixture.aws, "CreateCacheSubnetGroup", &[existing, description, subnets]);
            (feature.run)(&fixture, host);
            ran = true;
        }
        if !ran {
            let (major, minor) = feature.terraform;
            skipped(
                feature.name,
                &format!("no host has it; put Terraform {major}.{minor} in the folder TF_HOSTS"),
            );
        }
    }
}

fn run(fixture: &Fixture, host: &Path, arguments: &[&str]) -> Run {
    fixture.terraform.program(host, arguments)
}

fn lifecycle(fixture: &Fixture, host: &Path) {
    run(fixture, host, &["apply", "-auto-approve", "-no-color"]).succeeds();
    run(fixture, host, &["plan", "-detailed-exitcode", "-no-color"]).succeeds();
    run(fixture, host, &["destroy", "-auto-approve", "-no-color"]).succeeds();
}

fn function(fixture: &Fixture, host: &Path) {
    fixture.terraform.configure(
        "output \"host\" {\n  value = provider::elasticache::parse_redis_url(\"redis://cache.example.com\").host\n}\n",
    );
    let applied = run(fixture, host, &["apply", "-auto-approve", "-no-color"]).succeeds();
    assert!(applied.stdout.contains("\"cache.example.com\""), "{applied}");
}

fn identity(fixture: &Fixture, host: &Path) {
    let import =
        "import {\n  to = elasticache_subnet_group.this\n  identity = {\n    name = \"existing\"\n  }\n}\n";
    let imported = CONFIGURATION.replace("\"new\"", "\"existing\"\n  description = \"of a test\"");
    fixture.terraform.configure(&format!("{imported}\n{import}"));
    let applied = run(fixture, host, &["apply", "-auto-approve", "-no-color"]).succeeds();
    assert!(applied.stdout.contains("1 imported, 0 added, 0 changed"), "{applied}");
}

fn query(fixture: &Fixture, host: &Path) {
    fixture.terraform.write(
        "all.tfquery.hcl",
        "list \"elasticache_subnet_group\" \"all\" {\n  provider = elasticache\n}\n",
    );
    let found = run(fixture, host, &["query", "-no-color"]).succeeds();
    assert!(found.stdout.contains("existing"), "{found}");
}

fn action(fixture: &Fixture, host: &Path) {
    let action = "elasticache_failover_global_replication_group";
    fixture.terraform.configure(&format!(
        "action \"{action}\" \"this\" {{\n  config {{\n    global_replication_group_id = \"xxxxx-none\"\n    \
         primary_replication_group_id = \"none\"\n  }}\n}}\n"
    ));
    let invoke = format!("-invoke=action.{action}.this");
    let refused = run(fixture, host, &["apply", "-auto-approve", "-no-color", &invoke]).fails();
    assert!(refused.stderr.contains("xxxxx-none"), "{refused}");
}
