//! How Terraform attaches to a provider that runs already.

use serde_json::json;

use super::Identity;
use super::handshake::PROTOCOL_VERSION;

/// Variable that Terraform and OpenTofu read.
const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// The public registries: a source without a host means the first in Terraform, the second in OpenTofu.
const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// What is printed in debug mode: a sentence, and commands to paste.
pub(super) fn text(identity: &Identity, process: u32, network: &str, address: &str) -> String {
    let value = value(identity, process, network, address);
    let commands = if cfg!(windows) {
        format!(
            "  cmd:        set \"{VARIABLE}={value}\"\n  PowerShell: $env:{VARIABLE}='{}'\n",
            value.replace('\'', "''")
        )
    } else {
        format!("  {VARIABLE}='{}'\n", value.replace('\'', r#"'"'"'"#))
    };
    format!(
        "Provider started. To use it, set this variable for terraform or tofu:\n\n{commands}\nStop it with Ctrl-C.\n"
    )
}

/// Value of the variable, with an entry for each registry.
fn value(identity: &Identity, process: u32, network: &str, address: &str) -> String {
    let entry = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": process,
        // Tells the host that it did not start the process, and must not end it.
        "Test": true,
        "Addr": {"Network": network, "String": address},
    });
    let source = identity.source;
    let entries = REGISTRIES.map(|registry| (format!("{registry}/{source}"), entry.clone()));
    serde_json::Value::Object(entries.into_iter().collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_has_one_entry_per_registry() {
        let identity = Identity { source: "acme/cloud", version: "0" };
        let value: serde_json::Value = serde_json::from_str(&value(&identity, 42, "unix", "/tmp/s")).unwrap();
        let entry = json!({
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": 42, "Test": true,
            "Addr": {"Network": "unix", "String": "/tmp/s"},
        });
        let expected =
            json!({"registry.terraform.io/acme/cloud": entry, "registry.opentofu.org/acme/cloud": entry});
        assert_eq!(value, expected);
    }

    #[cfg(unix)]
    #[test]
    fn text_holds_a_line_to_paste_into_a_shell() {
        let identity = Identity { source: "acme/cloud", version: "0" };
        let text = text(&identity, 42, "unix", "/tmp/it's/s");
        let line = text.lines().find(|line| line.contains(VARIABLE)).unwrap();
        let value = line.trim().strip_prefix("TF_REATTACH_PROVIDERS='").unwrap().strip_suffix('\'').unwrap();
        let value: serde_json::Value = serde_json::from_str(&value.replace(r#"'"'"'"#, "'")).unwrap();
        assert_eq!(value["registry.terraform.io/acme/cloud"]["Addr"]["String"], "/tmp/it's/s");
    }
}
