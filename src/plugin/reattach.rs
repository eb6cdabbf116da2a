//! How Terraform is told to use a provider that runs already.

use serde_json::json;

use super::Identity;
use super::handshake::PROTOCOL_VERSION;

/// Variable that Terraform and OpenTofu read.
const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// Hosts of the two public registries; a configuration without a host means the one or the other.
const TERRAFORM_HOST: &str = "registry.terraform.io/";
const OPENTOFU_HOST: &str = "registry.opentofu.org/";

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

/// The variable's value, for each registry in which the address may have been meant.
fn value(identity: &Identity, process: u32, network: &str, address: &str) -> String {
    let entry = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": process,
        // Tells the host that it did not start the process, and must not end it.
        "Test": true,
        "Addr": {"Network": network, "String": address},
    });
    let mut providers = serde_json::Map::new();
    if let Some(source) = identity.address.strip_prefix(TERRAFORM_HOST) {
        providers.insert(format!("{OPENTOFU_HOST}{source}"), entry.clone());
    }
    providers.insert(identity.address.to_owned(), entry);
    serde_json::Value::Object(providers).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_for_an_address_of_ones_own() {
        let identity = Identity { address: "example.com/acme/cloud", version: "0" };
        let value: serde_json::Value = serde_json::from_str(&value(&identity, 42, "unix", "/tmp/s")).unwrap();
        let entry = json!({
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": 42, "Test": true,
            "Addr": {"Network": "unix", "String": "/tmp/s"},
        });
        assert_eq!(value, json!({"example.com/acme/cloud": entry}));
    }

    #[cfg(unix)]
    #[test]
    fn a_line_to_paste_with_both_registries() {
        let identity = Identity { address: "registry.terraform.io/acme/cloud", version: "0" };
        let text = text(&identity, 42, "unix", "/tmp/it's/s");
        let line = text.lines().find(|line| line.contains(VARIABLE)).unwrap();
        let value = line.trim().strip_prefix("TF_REATTACH_PROVIDERS='").unwrap().strip_suffix('\'').unwrap();
        let value: serde_json::Value = serde_json::from_str(&value.replace(r#"'"'"'"#, "'")).unwrap();
        for host in ["registry.terraform.io", "registry.opentofu.org"] {
            assert_eq!(value[format!("{host}/acme/cloud")]["Addr"]["String"], "/tmp/it's/s");
        }
    }
}
