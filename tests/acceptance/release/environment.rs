//! What `make` gives to the programs that it starts.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The environment of a program that `make` starts, if `make` has these variables besides its own.
fn given(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut make = Command::new("make")
        .args(["--no-print-directory", "-f", "Makefile", "-f", "-", "printed-environment"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL")
        .env_remove("RUSTC_WRAPPER")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    make.stdin.take().unwrap().write_all(b"printed-environment:\n\t@env\n").unwrap();
    let made = make.wait_with_output().unwrap();
    assert!(made.status.success(), "{:?}", made.status);
    let lines = String::from_utf8(made.stdout).unwrap();
    lines.lines().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

#[test]
fn make_hides_the_aws_settings_of_the_user() {
    let of_the_user = [
        ("AWS_PROFILE", "production"),
        ("AWS_SECRET_ACCESS_KEY", "a secret"),
        ("AWS_CA_BUNDLE", "/nonexistent.pem"),
        ("AWS_ENDPOINT_URL_ELASTICACHE", "https://example.com"),
        // Settings of a build, not of AWS.
        ("AWS_LC_SYS_CFLAGS", "-O1"),
    ];
    let given = given(&of_the_user);
    let left: Vec<&str> = given.keys().map(String::as_str).filter(|name| name.starts_with("AWS_")).collect();
    let of_the_build = |name: &&str| name.starts_with("AWS_LC_");
    assert!(left.iter().all(of_the_build), "{left:?}");
    assert_eq!(given.get("AWS_LC_SYS_CFLAGS").map(String::as_str), Some("-O1"));
}

/// Cargo tells the tests of a package where its programs are in variables with hyphens.
#[test]
fn the_compiler_wrapper_changes_neither_arguments_nor_environment() {
    let said = |arguments: &[&str]| {
        let wrapped = Command::new(".ci/rustc-sdks-in-part")
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("CARGO_BIN_EXE_a-b", "/a b")
            .output()
            .unwrap();
        String::from_utf8(wrapped.stdout).unwrap()
    };
    let environment = said(&["env"]);
    assert!(environment.lines().any(|line| line == "CARGO_BIN_EXE_a-b=/a b"), "{environment}");
    assert_eq!(said(&["printf", "%s;", "--crate-name", "a b", "", "*"]), "--crate-name;a b;;*;");
}

#[test]
fn make_leaves_the_compiler_wrapper_of_the_user() {
    let wrapper = |variables: &[(&str, &str)]| given(variables).remove("RUSTC_WRAPPER").unwrap();
    assert_eq!(wrapper(&[("RUSTC_WRAPPER", "sccache")]), "sccache");
    assert!(wrapper(&[]).ends_with("/.ci/rustc-sdks-in-part"), "{}", wrapper(&[]));
}
