//! A plan, and what is checked of one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use tempfile::{NamedTempFile, TempDir};

use super::diagnostic::Diagnostic;
use super::host::TERRAFORM;
use super::run::{Run, Running};
use super::state::collect;
use crate::support::attached::{self, Attached};

/// A plan. Its messages name the actions; `terraform show -json` runs when a test needs more.
pub struct Plan {
    pub diagnostics: Vec<Diagnostic>,
    /// Exit code with `-detailed-exitcode`.
    pub code: i32,
    /// The actions on each address, other than `no-op`; `None` where the messages do not tell them from each other.
    announced: Option<BTreeMap<String, String>>,
    /// The outputs that change.
    outputs: BTreeSet<String>,
    stored: StoredPlan,
    json: OnceLock<Value>,
}

/// The file of a plan, and the environment of the workspace that it is a plan of.
pub(super) struct StoredPlan {
    pub(super) file: NamedTempFile,
    pub(super) directory: Arc<TempDir>,
    pub(super) variables: BTreeMap<String, String>,
    /// Where Terraform attaches to a provider.
    pub(super) provider: Option<Arc<Attached>>,
}

impl StoredPlan {
    /// As `terraform show -json` has it.
    fn show(&self) -> Value {
        let file = self.file.path().to_str().unwrap();
        let own = self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let address = self.provider.iter().map(|it| (attached::VARIABLE, it.address.as_str()));
        let arguments = ["show", "-json", file];
        let run = Running::start(&TERRAFORM, &arguments, self.directory.path(), own.chain(address)).finish();
        serde_json::from_str(&run.succeeds().stdout).unwrap()
    }
}

/// The actions that the messages of a plan announce. A replacement does not say in which order, and an import or a
/// move has more to it.
fn announced(run: &Run) -> Option<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for message in run.messages("planned_change") {
        let change = &message["change"];
        let (address, action) = (change["resource"]["addr"].as_str()?, change["action"].as_str()?);
        let is_plain = ["create", "delete", "read", "update"].contains(&action);
        let has_more = ["importing", "previous_resource"].iter().any(|name| !change[name].is_null());
        if !is_plain || has_more || all.insert(address.to_owned(), action.to_owned()).is_some() {
            return None;
        }
    }
    Some(all)
}

/// The outputs that the messages of a plan change.
fn changed_outputs(run: &Run) -> BTreeSet<String> {
    let outputs = run.messages("outputs").flat_map(|message| message["outputs"].as_object().cloned());
    outputs.flatten().filter(|(_, output)| output["action"] != "noop").map(|(name, _)| name).collect()
}

impl Plan {
    pub(super) fn new(run: &Run, stored: StoredPlan) -> Self {
        Self {
            diagnostics: run.diagnostics(),
            code: run.code.unwrap(),
            announced: announced(run),
            outputs: changed_outputs(run),
            stored,
            json: OnceLock::new(),
        }
    }

    /// The whole plan, as `terraform show -json` has it.
    pub fn json(&self) -> &Value {
        self.json.get_or_init(|| self.stored.show())
    }

    pub fn change(&self, address: &str) -> &Value {
        &self.resource(address)["change"]
    }

    /// The address that a resource had before, if it moves.
    pub fn moved_from(&self, address: &str) -> Option<&str> {
        self.resource(address)["previous_address"].as_str()
    }

    fn resource(&self, address: &str) -> &Value {
        let mut all = self.json()["resource_changes"].as_array().into_iter().flatten();
        all.find(|change| change["address"] == address).unwrap_or(&Value::Null)
    }

    pub(super) fn imported(&self) -> usize {
        let all = self.json()["resource_changes"].as_array().into_iter().flatten();
        all.filter(|change| change["change"]["importing"].is_object()).count()
    }

    /// What is planned for a resource, such as `["update"]`.
    pub fn actions_on(&self, address: &str) -> Vec<&str> {
        if let Some(action) = self.announced.as_ref().and_then(|all| all.get(address)) {
            return vec![action];
        }
        self.change(address)["actions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|a| a.as_str().unwrap())
            .collect()
    }

    /// What is planned, by address, but for what stays.
    pub fn actions(&self) -> BTreeMap<&str, String> {
        if let Some(announced) = &self.announced {
            return announced.iter().map(|(address, action)| (address.as_str(), action.clone())).collect();
        }
        let all = self.json()["resource_changes"].as_array().into_iter().flatten();
        all.map(|change| change["address"].as_str().unwrap())
            .map(|address| (address, self.actions_on(address).join(" then ")))
            .filter(|(_, actions)| actions != "no-op")
            .collect()
    }

    /// The attributes whose planned value is not the one they have.
    pub fn changed(&self, address: &str) -> BTreeSet<String> {
        let change = self.change(address);
        let none = serde_json::Map::new();
        let object = |part: &str| change[part].as_object().unwrap_or(&none).clone();
        let (before, after, unknown) = (object("before"), object("after"), object("after_unknown"));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).chain(unknown.keys()).collect();
        names
            .into_iter()
            .filter(|name| before.get(*name) != after.get(*name) || has_true(unknown.get(*name)))
            .cloned()
            .collect()
    }

    /// The planned value of an attribute.
    pub fn after(&self, address: &str, attribute: &str) -> &Value {
        &self.change(address)["after"][attribute]
    }

    /// True when the attribute is only known after apply.
    pub fn is_unknown(&self, address: &str, attribute: &str) -> bool {
        has_true(self.change(address)["after_unknown"].get(attribute))
    }

    pub fn show(&self, address: &str) -> String {
        serde_json::to_string_pretty(self.change(address)).unwrap()
    }

    /// Nothing is to be done, no output changes, and nobody is warned of anything.
    #[track_caller]
    pub fn assert_empty(&self) {
        assert_eq!(self.actions(), BTreeMap::new(), "{:#}", self.json()["resource_changes"]);
        assert_eq!(self.diagnostics, []);
        self.assert_outputs_stay();
    }

    /// The highest number of sensitive attributes that one resource has, nested ones included.
    pub(super) fn most_sensitive(&self) -> usize {
        let mut resources = Vec::new();
        collect(&self.json()["prior_state"]["values"]["root_module"], &mut resources);
        resources.iter().map(|resource| count_true(&resource["sensitive_values"])).max().unwrap_or(0)
    }

    /// Nothing changed behind Terraform's back.
    #[track_caller]
    pub fn assert_no_drift(&self) {
        assert_eq!(self.json().get("resource_drift"), None);
        self.assert_outputs_stay();
    }

    #[track_caller]
    fn assert_outputs_stay(&self) {
        assert_eq!(self.outputs, BTreeSet::new(), "outputs that change");
    }

    /// The resource and nothing else is updated in place, in exactly these attributes.
    #[track_caller]
    pub fn assert_update(&self, address: &str, attributes: &[&str]) {
        assert_eq!(self.actions(), BTreeMap::from([(address, "update".to_owned())]));
        let changed = self.changed(address);
        assert_eq!(changed.iter().collect::<Vec<_>>(), attributes, "{}", self.show(address));
    }

    /// The resource and nothing else is replaced, because of exactly these attributes.
    #[track_caller]
    pub fn assert_replace(&self, address: &str, because: &[&str]) {
        assert_eq!(self.actions(), BTreeMap::from([(address, "delete then create".to_owned())]));
        let paths = self.change(address)["replace_paths"].as_array().unwrap();
        let because: Vec<Value> = because.iter().map(|name| serde_json::json!([name])).collect();
        assert_eq!(*paths, because);
    }

    /// The resource and nothing else is created.
    #[track_caller]
    pub fn assert_create(&self, address: &str) {
        assert_eq!(self.actions(), BTreeMap::from([(address, "create".to_owned())]));
    }
}

fn count_true(value: &Value) -> usize {
    match value {
        Value::Bool(flag) => usize::from(*flag),
        Value::Array(items) => items.iter().map(count_true).sum(),
        Value::Object(entries) => entries.values().map(count_true).sum(),
        _ => 0,
    }
}

fn has_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Array(items)) => items.iter().any(|item| has_true(Some(item))),
        Some(Value::Object(entries)) => entries.values().any(|item| has_true(Some(item))),
        _ => false,
    }
}
