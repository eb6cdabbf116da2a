//! The programs that run the tests: Terraform and OpenTofu.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;
use terraform_provider_elasticache::provider::SOURCE;

use crate::support::lifeline;

/// Address of the provider, in the registry that Terraform or OpenTofu asks.
pub static ADDRESS: LazyLock<String> = LazyLock::new(|| address(&TERRAFORM));

/// Address of the provider, in the registry that this host asks.
pub fn address(host: &Path) -> String {
    let registry = if is_tofu(host) { "registry.opentofu.org" } else { "registry.terraform.io" };
    format!("{registry}/{SOURCE}")
}

/// Terraform or, without it, OpenTofu; `TERRAFORM` names another command, as it does for the demo.
pub(super) static TERRAFORM: LazyLock<PathBuf> = LazyLock::new(|| {
    let named = std::env::var("TERRAFORM").ok().filter(|name| !name.is_empty());
    let names = named.map_or_else(|| vec!["terraform".to_owned(), "tofu".to_owned()], |name| vec![name]);
    names.iter().find_map(|name| lifeline::on_path(name)).unwrap_or_else(|| {
        panic!(
            "Missing: none of {names:?} is on the PATH. \
             Get it from https://developer.hashicorp.com/terraform/install"
        )
    })
});

/// True when OpenTofu runs the tests. A test asks where the two differ, and says in what.
pub fn is_opentofu() -> bool {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let version =
            Command::new(&*TERRAFORM).arg("version").env("CHECKPOINT_DISABLE", "1").output().unwrap();
        String::from_utf8(version.stdout).unwrap()
    });
    VERSION.contains("OpenTofu")
}

/// Terraform and OpenTofu as far as they are on the PATH, and every `terraform…` and `tofu…` of any version in the
/// folder that `TF_HOSTS` names.
pub fn hosts() -> Vec<PathBuf> {
    let on_path = ["terraform", "tofu"].into_iter().filter_map(lifeline::on_path);
    let folder = std::env::var_os("TF_HOSTS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let in_folder = folder.into_iter().flat_map(|folder| {
        let entries = std::fs::read_dir(&folder);
        let entries = entries.unwrap_or_else(|error| panic!("TF_HOSTS names {}: {error}", folder.display()));
        let mut programs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        programs.retain(|file| file.is_file() && (is_tofu(file) || named(file, "terraform")));
        programs.sort();
        programs
    });
    on_path.chain(in_folder).collect()
}

/// True for a program that is called `tofu`, `tofu_1.11.0` and the like.
pub fn is_tofu(host: &Path) -> bool {
    named(host, "tofu")
}

fn named(file: &Path, program: &str) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(program))
}

/// Major and minor version of a host.
pub fn version_of(host: &Path) -> (u32, u32) {
    // A CLI configuration that does not exist is a warning before the JSON.
    let output = Command::new(host)
        .args(["version", "-json"])
        .env("CHECKPOINT_DISABLE", "1")
        .env_remove("TF_CLI_CONFIG_FILE")
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut parts =
        answer["terraform_version"].as_str().unwrap().split('.').map(|part| part.parse().unwrap());
    (parts.next().unwrap(), parts.next().unwrap())
}

/// Says that a part of a test did not run, and why.
pub fn skipped(what: &str, reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {what}: {reason}");
}

/// This machine in Go's words.
pub fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{processor}")
}
