//! The functions, called by the real Terraform.

use serde_json::{Value, json};

use crate::support::terraform::{Diagnostic, Workspace, is_opentofu};

/// The outputs of a configuration that has nothing but functions in it; the provider is
/// neither configured nor asks anybody.
fn outputs(configuration: &str) -> Value {
    let terraform = Workspace::offline(configuration);
    terraform.apply();
    let observed = terraform.run(&["output", "-json"]).succeeds();
    let outputs: Value = serde_json::from_str(&observed.stdout).unwrap();
    let values = outputs.as_object().unwrap().iter();
    values.map(|(name, output)| (name.clone(), output["value"].clone())).collect()
}

/// What is said of a value that cannot be made.
#[track_caller]
fn refused(expression: &str) -> String {
    let terraform = Workspace::offline(&format!(
        r#"output "it" {{
  value = {expression}
}}
"#
    ));
    terraform.plan_fails().iter().map(Diagnostic::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_url_is_made_and_taken_apart_again() {
    let outputs = outputs(
        r#"
        locals {
          url   = provider::elasticache::redis_url("cache.example.com", 6379, {
            transit_encryption_enabled = true
            username                   = null
            auth_token                 = "sixteen!&#$^<>-x"
            database                   = 1
            parameters                 = { ssl_cert_reqs = "required", timeout = 5 }
          })
          parts = provider::elasticache::parse_redis_url(local.url)
        }
        output "url" { value = local.url }
        output "parts" { value = local.parts }
        output "other" {
          value = provider::elasticache::redis_url(local.parts.host, local.parts.port, merge(local.parts, {
            auth_token = null
            database   = 2
          }))
        }
        output "plain" { value = provider::elasticache::redis_url("::1", "6380", {}) }
        output "none" { value = provider::elasticache::redis_url("h", 6380, null) }
        "#,
    );
    // OpenTofu does not call a function with a bare `null`: the value is unknown to it, and null in the state.
    let of_null = if is_opentofu() { Value::Null } else { json!("redis://h:6380") };
    assert_eq!(
        outputs,
        json!({
            "url": "rediss://:sixteen%21%26%23%24%5E%3C%3E-x@cache.example.com:6379/1?ssl_cert_reqs=required&timeout=5",
            "parts": {
                "host": "cache.example.com",
                "port": 6379,
                "transit_encryption_enabled": true,
                "username": null,
                "auth_token": "sixteen!&#$^<>-x",
                "database": 1,
                "parameters": { "ssl_cert_reqs": "required", "timeout": "5" },
            },
            "other": "rediss://cache.example.com:6379/2?ssl_cert_reqs=required&timeout=5",
            "plain": "redis://[::1]:6380",
            "none": of_null,
        })
    );
}

#[test]
fn a_mistake_is_told_at_its_argument() {
    for (call, argument, text) in [
        (r#"redis_url("h", 70000, {})"#, "port", "`port` must be between 1 and 65535, but is 70000."),
        (
            r#"redis_url("h:1", 6379, {})"#,
            "host",
            r#"has a port (the text after the last ":"), which belongs in port."#,
        ),
        (r#"redis_url("h", 6379, { databse = 1 })"#, "options", "`options` has an unsupported attribute"),
        (
            r#"parse_redis_url("http://h")"#,
            "url",
            "url is not of the form rediss://user:token@host:6379/1: the scheme must be redis:// or rediss://.",
        ),
    ] {
        let said = refused(&format!("provider::elasticache::{call}"));
        assert!(said.contains(&format!(r#"Invalid value for "{argument}" parameter: "#)), "{said}");
        assert!(said.contains(text) && !said.contains(".."), "{said}");
    }
}

#[test]
fn a_module_checks_the_token_it_is_given() {
    let module = include_str!("../../examples/functions/auth_token_problems/function.tf");
    let terraform = Workspace::offline(module);
    let problem = |token: &str| terraform.run(&["plan", "-json", &format!("-var=auth_token={token}")]);
    problem("sixteen!&#$^<>-x").succeeds();
    let said = problem("hunter2").fails();
    let [only] = &*said.diagnostics() else { panic!("{said}") };
    assert!(only.to_string().contains("The token must have 16 to 128 characters, but has 7."), "{only}");
}

/// A function's result is as sensitive as its arguments.
#[test]
fn a_url_with_a_sensitive_token_is_sensitive() {
    let configuration = r#"
        variable "token" {
          sensitive = true
          default   = "sixteen-characters"
        }
        output "url" {
          value = provider::elasticache::redis_url("h", 6379, { transit_encryption_enabled = true, auth_token = var.token })
        }
    "#;
    let terraform = Workspace::offline(configuration);
    let said = terraform.plan_fails();
    assert!(said.iter().any(|d| d.to_string().contains("Output refers to sensitive values")), "{said:?}");
}
