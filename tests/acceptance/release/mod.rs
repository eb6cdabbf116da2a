//! What `make dist` lays out, installed as teams install it.

mod environment;
mod file_server;
mod install;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use file_server::FileServer;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::lifeline;
use crate::support::terraform::{BINARY, SOURCE, Workspace, address, hosts, platform};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A release for this machine and another, whose archives hold a script that runs the built provider:
/// packing the binary itself would take seconds.
struct Release {
    folder: TempDir,
    platforms: [String; 2],
}

impl Release {
    fn new() -> Self {
        let other = if platform() == "linux_arm64" { "linux_amd64" } else { "linux_arm64" };
        let this = Self { folder: tempfile::tempdir().unwrap(), platforms: [platform(), other.to_owned()] };
        let binaries = this.folder.path().join("binaries");
        for platform in &this.platforms {
            let place = binaries.join(platform);
            fs::create_dir_all(&place).unwrap();
            let program = format!(
                r#"#!/bin/sh
# {platform}
exec '{BINARY}' "$@"
"#
            );
            fs::write(place.join("terraform-provider-elasticache"), program).unwrap();
        }
        let run = Command::new(lifeline::in_venv("bin/python3"))
            .args(["-B", ".ci/dist", "package", "--source", SOURCE])
            .args(["--platforms", &this.platforms.join(" "), "--binaries"])
            .arg(binaries)
            .arg("--output")
            .arg(this.folder.path())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        this
    }

    fn mirror(&self) -> PathBuf {
        self.folder.path().join(VERSION).join("mirror")
    }

    fn archive(&self, address: &str, platform: &str) -> PathBuf {
        let name = format!("terraform-provider-elasticache_{VERSION}_{platform}.zip");
        self.mirror().join(address).join(name)
    }

    /// The hash of the unpacked archive that the mirror states for each platform.
    fn hashes(&self, address: &str) -> Vec<String> {
        let file = fs::read(self.mirror().join(address).join(format!("{VERSION}.json"))).unwrap();
        let stated: Value = serde_json::from_slice(&file).unwrap();
        let hash = |platform: &String| {
            let mut all = stated["archives"][platform]["hashes"].as_array().unwrap().iter();
            all.find_map(|hash| hash.as_str().filter(|hash| hash.starts_with("h1:"))).unwrap().to_owned()
        };
        self.platforms.iter().map(hash).collect()
    }
}

/// A machine whose Terraform or OpenTofu asks one mirror and nothing else.
fn machine(mirror: &str) -> Workspace {
    let machine = Workspace::offline(
        r#"provider "elasticache" {}
"#,
    );
    machine.write("terraform.rc", &format!("provider_installation {{\n  {mirror}\n}}\n"));
    machine
}

fn lock_file(machine: &Workspace) -> String {
    fs::read_to_string(machine.path().join(".terraform.lock.hcl")).unwrap()
}

#[track_caller]
fn assert_locked(machine: &Workspace, address: &str, hashes: &[String]) {
    let lock = lock_file(machine);
    assert!(lock.contains(&format!("provider {address:?}")), "{lock}");
    for hash in hashes {
        assert!(lock.contains(hash), "{hash} is not in\n{lock}");
    }
}

/// `providers lock` for all platforms of the release.
fn lock_for_all(machine: &Workspace, host: &Path, mirror: &str, release: &Release) {
    let platforms = release.platforms.each_ref().map(|platform| format!("-platform={platform}"));
    machine.program(host, &["providers", "lock", mirror, &platforms[0], &platforms[1]]).succeeds();
}

#[test]
fn release_installs_from_a_filesystem_mirror_and_from_a_network_mirror() {
    let release = Release::new();
    let path = release.mirror();
    let server = FileServer::start(path.clone());
    for host in hosts() {
        let address = address(&host);
        let hashes = release.hashes(&address);

        let first = machine(&format!("filesystem_mirror {{\n    path = {path:?}\n  }}"));
        first.program(&host, &["init"]).succeeds();
        assert_locked(&first, &address, &hashes[..1]);
        let schema = first.program(&host, &["providers", "schema", "-json"]).succeeds();
        let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
        let resources = &schema["provider_schemas"][&address]["resource_schemas"];
        assert!(resources["elasticache_replication_group"].is_object());
        lock_for_all(&first, &host, &format!("-fs-mirror={}", path.display()), &release);
        assert_locked(&first, &address, &hashes);

        // The second machine has the lock file of the first, and another mirror.
        let second = machine(&format!("network_mirror {{\n    url = {:?}\n  }}", server.url))
            .with("SSL_CERT_FILE", server.certificate_file());
        second.write(".terraform.lock.hcl", &lock_file(&first));
        second.program(&host, &["init", "-lockfile=readonly"]).succeeds();
        let program = second.path().join(".terraform/providers").join(&address).join(VERSION);
        let program = program.join(platform()).join(format!("terraform-provider-elasticache_v{VERSION}"));
        assert_eq!(fs::metadata(program).unwrap().permissions().mode() & 0o777, 0o755);

        fs::remove_file(second.path().join(".terraform.lock.hcl")).unwrap();
        second.program(&host, &["init"]).succeeds();
        assert_locked(&second, &address, &hashes[..1]);
        lock_for_all(&second, &host, &format!("-net-mirror={}", server.url), &release);
        assert_locked(&second, &address, &hashes);
    }
}

#[test]
fn network_mirror_states_hashes_that_refuse_another_archive() {
    let release = Release::new();
    let server = FileServer::start(release.mirror());
    let host = hosts().remove(0);
    let [own, other] = release.platforms.each_ref().map(|each| release.archive(&address(&host), each));
    fs::remove_file(&own).unwrap();
    fs::copy(other, own).unwrap();
    let machine = machine(&format!("network_mirror {{\n    url = {:?}\n  }}", server.url))
        .with("SSL_CERT_FILE", server.certificate_file());
    let refused = machine.program(&host, &["init", "-no-color"]).fails();
    assert!(refused.stderr.contains("checksum"), "{refused}");
}
