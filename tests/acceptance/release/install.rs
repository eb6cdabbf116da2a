//! `make install` of a binary that exists already.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::{VERSION, machine};
use crate::support::terraform::{BINARY, SOURCE, address, hosts, platform};

/// L5. Terraform and OpenTofu take a source without a host for one of their own registry, so that there is a
/// folder for each, and every text gives the one source that both of them find.
#[test]
fn install_lays_out_the_folder_of_each_registry_that_a_host_asks() {
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("program");
    let script = format!(
        r#"#!/bin/sh
exec '{BINARY}' "$@"
"#
    );
    fs::write(&program, &script).unwrap();
    let make = Command::new("make")
        .args(["--no-print-directory", "install", "PLUGIN_DIR=/plugins"])
        .arg(format!("DESTDIR={}", place.path().display()))
        .arg(format!("BINARY={}", program.display()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL")
        .output()
        .unwrap();
    let said = String::from_utf8(make.stdout).unwrap();
    assert!(make.status.success(), "{said}{}", String::from_utf8_lossy(&make.stderr));

    let plugins = place.path().join("plugins");
    let registries = ["registry.opentofu.org", "registry.terraform.io"];
    let mut folders: Vec<String> = fs::read_dir(&plugins)
        .unwrap()
        .map(|folder| folder.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    assert_eq!(folders, registries);
    for registry in registries {
        let folder = plugins.join(registry).join(SOURCE).join(VERSION).join(platform());
        let file = folder.join(format!("terraform-provider-elasticache_v{VERSION}"));
        assert_eq!(fs::read_to_string(&file).unwrap(), script);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside the file");
    }

    let help = Command::new(BINARY).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let source = |text: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with("source"));
        line.and_then(|line| line.split('"').nth(1)).map(str::to_owned)
    };
    assert_eq!((source(&said).as_deref(), source(&help).as_deref()), (Some(SOURCE), Some(SOURCE)));
    assert!(said.contains(&format!(r#"path    = "{}""#, plugins.display())), "{said}");

    for host in hosts() {
        let machine = machine(&format!("filesystem_mirror {{\n    path = {plugins:?}\n  }}"));
        machine.program(&host, &["init"]).succeeds();
        let schema = machine.program(&host, &["providers", "schema", "-json"]).succeeds();
        assert!(schema.stdout.contains(&format!("{:?}", address(&host))), "{}", host.display());
    }
}
