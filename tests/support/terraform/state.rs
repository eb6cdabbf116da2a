//! The resources of a state.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::workspace::Workspace;
use crate::support::repeated::Instance;

impl Workspace {
    /// Attributes of one resource in the state; null when it is not there.
    pub fn state(&self, address: &str) -> Value {
        self.resources()
            .into_iter()
            .find(|r| r["address"] == address)
            .map_or(Value::Null, |r| r["values"].clone())
    }

    /// One attribute of a resource in the state, which must be a string.
    pub fn text(&self, address: &str, attribute: &str) -> String {
        let state = self.state(address);
        state[attribute].as_str().unwrap_or_else(|| panic!("{address}.{attribute}: {state}")).to_owned()
    }

    /// The resources of the state, those of modules too, with `address`, `mode`,
    /// `type`, `name` and `values`.
    pub fn resources(&self) -> Vec<Value> {
        // The file says the same as `show -json`, which a test would otherwise run at each step.
        match std::fs::read(self.path().join("terraform.tfstate")) {
            Ok(file) => stored(&serde_json::from_slice(&file).unwrap()),
            Err(_) => self.shown_resources(),
        }
    }

    /// The same as `show -json` tells it, where the state is not a file here.
    fn shown_resources(&self) -> Vec<Value> {
        let run = self.run(&["show", "-json"]).succeeds();
        let state: Value = serde_json::from_str(&run.stdout).unwrap();
        let mut all = Vec::new();
        collect(&state["values"]["root_module"], &mut all);
        all
    }

    /// The objects of this provider that the state file has; `None` when one of them is broken or only left to be
    /// destroyed.
    pub(super) fn instances(&self) -> Option<Vec<Instance>> {
        let state: Value =
            serde_json::from_slice(&std::fs::read(self.path().join("terraform.tfstate")).ok()?).ok()?;
        let mut all = Vec::new();
        for resource in state["resources"].as_array()? {
            let type_name = resource["type"].as_str()?;
            if resource["mode"] != "managed" {
                return None;
            }
            for instance in resource["instances"].as_array()?.iter().filter(|_| is_ours(type_name)) {
                if instance.get("deposed").is_some() || instance.get("status").is_some() {
                    return None;
                }
                all.push(Instance {
                    type_name: type_name.to_owned(),
                    version: instance["schema_version"].as_i64()?,
                    attributes: instance["attributes"].clone(),
                    private: STANDARD.decode(instance["private"].as_str().unwrap_or_default()).ok()?,
                    import_id: self.import_id(&instance["attributes"]),
                });
            }
        }
        Some(all)
    }

    /// The ID with which an object is imported.
    pub(super) fn import_id(&self, attributes: &Value) -> String {
        let id = attributes["id"].as_str().unwrap();
        match attributes["region"].as_str() {
            Some(region) if self.variables.get("AWS_REGION").map(String::as_str) != Some(region) => {
                format!("{id}@{region}")
            }
            _ => id.to_owned(),
        }
    }
}

/// True for a resource type of this provider.
pub(super) fn is_ours(type_name: &str) -> bool {
    type_name.starts_with("elasticache_")
}

/// The resources of a module and of those in it.
pub(super) fn collect(module: &Value, into: &mut Vec<Value>) {
    into.extend(module["resources"].as_array().into_iter().flatten().cloned());
    for child in module["child_modules"].as_array().into_iter().flatten() {
        collect(child, into);
    }
}

/// The resources of a state file.
fn stored(state: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for resource in state["resources"].as_array().into_iter().flatten() {
        let text = |name: &str| resource[name].as_str().unwrap_or_default();
        let module = resource["module"].as_str().map(|module| format!("{module}.")).unwrap_or_default();
        let data = if text("mode") == "data" { "data." } else { "" };
        for instance in resource["instances"].as_array().into_iter().flatten() {
            // One that is only left to be destroyed.
            if instance.get("deposed").is_some() {
                continue;
            }
            let index = instance.get("index_key").map(|key| format!("[{key}]")).unwrap_or_default();
            all.push(serde_json::json!({
                "address": format!("{module}{data}{}.{}{index}", text("type"), text("name")),
                "mode": text("mode"),
                "type": text("type"),
                "name": text("name"),
                "values": instance["attributes"],
            }));
        }
    }
    all
}
