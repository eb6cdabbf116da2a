//! What must hold after every apply.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::common::TIMEOUTS;

use super::state::is_ours;
use super::workspace::Workspace;
use crate::support::repeated::{self, Inconclusive};

/// The attributes that a state has had when Terraform planned, and those with numbers.
static SEEN_BY_TERRAFORM: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static SEEN_NUMBERS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

impl Workspace {
    /// What must hold after every apply: a plan is empty, a refresh finds nothing,
    /// and importing every object into an empty state and planning finds nothing
    /// either, but for what the schema says is not readable.
    #[track_caller]
    pub fn assert_settled(&self) {
        if self.repeats_settled(true) {
            return;
        }
        self.assert_unchanged_by_terraform();
        self.assert_importable();
    }

    /// The first two checks of [`Workspace::assert_settled`].
    #[track_caller]
    pub fn assert_unchanged(&self) {
        if !self.repeats_settled(false) {
            self.assert_unchanged_by_terraform();
        }
    }

    /// True when a plan right after an apply is known to be empty, with `imports` also a plan of imports.
    ///
    /// Two plans of Terraform take longer than the apply. They are made when the state sets an attribute that no
    /// state checked here has set in this process. Otherwise the provider is called as they would call it, which
    /// costs about a tenth. Where that does not prove it, Terraform plans after all.
    fn repeats_settled(&self, imports: bool) -> bool {
        // Without the file, the state would have to be asked for.
        if !self.is_recorded.load(Ordering::Relaxed)
            || self.has_unseen(&SEEN_BY_TERRAFORM, &|value| !value.is_null())
        {
            return false;
        }
        self.repeated(imports).is_ok()
    }

    /// Makes the calls of a plan, with `imports` also those of a plan of imports, with the configurations that
    /// Terraform sent in the apply just before. `Ok` when both plans are empty.
    pub fn repeated(&self, imports: bool) -> Result<(), Inconclusive> {
        if !self.is_recorded.load(Ordering::Relaxed) || self.has_more_than_resources() {
            return Err("not only resources, or no apply just before".to_owned());
        }
        let provider = self.provider.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let provider = provider.filter(|it| it.variables == self.variables).ok_or("another environment")?;
        let instances = self.instances().ok_or("not only whole resources")?;
        repeated::is_settled(&provider, &instances, imports)
    }

    /// Whether a plan may depend on more than the resources that the state has.
    fn has_more_than_resources(&self) -> bool {
        let words = ["lifecycle", "ephemeral", "data \"", "module \"", "check \"", "action \""];
        let files = std::fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut sources = files.filter(|file| file.extension().is_some_and(|it| it == "tf" || it == "json"));
        sources.any(|file| {
            let source = std::fs::read_to_string(&file).unwrap_or_default();
            file.extension().is_some_and(|it| it == "json") || words.iter().any(|word| source.contains(word))
        })
    }

    /// As [`Workspace::assert_unchanged`], with a plan of Terraform in any case.
    ///
    /// The exit code alone says that a plan is empty; what is in one is only looked up
    /// where it is not, for the message. Every plan lists what a refresh found, as a
    /// refresh-only plan does. Only the exit code of that one depends on how numbers are
    /// encoded too, so it is made when the state has a number that no such plan has had.
    #[track_caller]
    pub fn assert_unchanged_by_terraform(&self) {
        let run = self.run(&["plan", "-json", "-detailed-exitcode"]);
        if run.code != Some(0) {
            self.plan().assert_empty();
        }
        assert_eq!(run.code, Some(0), "exit code of an empty plan: {run}");
        assert_eq!(run.diagnostics(), []);
        assert_eq!(run.drift(), [""; 0], "changes that a refresh found");
        if !self.has_unseen(&SEEN_NUMBERS, &Value::is_number) {
            return;
        }
        let run = self.planned(&["-refresh-only"]);
        if run.code != Some(0) {
            let refresh = self.observed(&run);
            refresh.assert_no_drift();
            // With two sensitive attributes in a resource, the refresh-only plan of Terraform
            // 1.11 may exit with 2 though nothing differs (hashicorp/terraform issue 37406).
            let sensitive = refresh.most_sensitive();
            assert!(sensitive > 1, "an empty refresh-only plan exits with {}", refresh.code);
        }
    }

    /// True when the state has a resource type, or such a value in an attribute of one, for the first time.
    fn has_unseen(&self, seen: &Mutex<BTreeSet<String>>, counts: &dyn Fn(&Value) -> bool) -> bool {
        let mut found = BTreeSet::new();
        for resource in self.resources() {
            let ty = resource["type"].as_str().unwrap().to_owned();
            collect_paths(&resource["values"], &ty, counts, &mut found);
            found.insert(ty);
        }
        let mut visited = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = visited.len();
        visited.extend(found);
        visited.len() > before
    }

    /// The third check of [`Workspace::assert_settled`].
    #[track_caller]
    pub fn assert_importable(&self) {
        self.assert_importable_except(&[]);
    }

    /// The third check of [`Workspace::assert_settled`], where a configuration is written in a way that an import
    /// cannot find. Each exception has its type, its attribute, and its reason.
    #[track_caller]
    pub fn assert_importable_except(&self, exceptions: &[(&str, &str, &str)]) {
        let ours: Vec<Value> = self
            .resources()
            .into_iter()
            .filter(|r| r["mode"] == "managed" && is_ours(r["type"].as_str().unwrap()))
            .collect();
        let mut imports = String::new();
        for resource in &ours {
            let (address, id) = (resource["address"].as_str().unwrap(), self.import_id(&resource["values"]));
            imports += &format!("import {{\n  to = {address}\n  id = {id:?}\n}}\n");
        }
        let fresh = self.without_state();
        fresh.write("imports.tf", &imports);

        let run = fresh.planned(&[]);
        if run.imports_only() == Some(ours.len()) {
            return;
        }
        let plan = fresh.observed(&run);
        assert_eq!(plan.imported(), ours.len(), "number of imports");
        for resource in &ours {
            let (address, ty) = (resource["address"].as_str().unwrap(), resource["type"].as_str().unwrap());
            let actions = plan.actions_on(address);
            assert!(
                matches!(&*actions, ["no-op" | "update"]),
                "an import of {address} then plans {actions:?}"
            );
            let is_excepted = |name: &String| exceptions.iter().any(|(t, it, _)| *t == ty && it == name);
            let mut changed = plan.changed(address);
            changed.retain(|name| !is_not_readable(ty, name) && !is_excepted(name));
            assert!(
                changed.is_empty(),
                "an import of {address} does not find {changed:?}: {}",
                plan.show(address)
            );
        }
    }
}

/// True for an attribute or a block that an import does not find, as its schema says. Time limits are Terraform's
/// alone.
fn is_not_readable(type_name: &str, name: &str) -> bool {
    let resource = REGISTRY.resources.iter().find(|resource| resource.type_name() == type_name).unwrap();
    let block = &resource.schema().block;
    name == TIMEOUTS
        || block.attribute(name).is_some_and(|attribute| attribute.not_readable.is_some())
        || block.nested_block(name).is_some_and(|nested| nested.not_readable.is_some())
}

/// The attributes that hold such values, each with the way to it. Elements of a list count as one.
fn collect_paths(value: &Value, path: &str, counts: &dyn Fn(&Value) -> bool, into: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            items.iter().for_each(|item| collect_paths(item, &format!("{path}[]"), counts, into));
        }
        Value::Object(entries) => {
            entries
                .iter()
                .for_each(|(name, item)| collect_paths(item, &format!("{path}.{name}"), counts, into));
        }
        value if counts(value) => drop(into.insert(path.to_owned())),
        _ => {}
    }
}
