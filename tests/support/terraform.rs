//! Runs the real Terraform, or OpenTofu, with the built provider.
//!
//! Each [`Workspace`] is a directory and a home of its own, with nothing of the
//! user's environment. Every run ends by a deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tempfile::TempDir;
pub use terraform_provider_elasticache::provider::SOURCE;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::common::TIMEOUTS;

use super::attached::{self, Attached};
use super::lifeline;
use super::ministack::{Account, REGION};
use super::plugin_client::signal;
use super::repeated::{self, Inconclusive, Instance};

pub const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-elasticache");

/// Address of the provider, in the registry that Terraform or OpenTofu asks.
pub static ADDRESS: LazyLock<String> = LazyLock::new(|| address(&TERRAFORM));

/// Address of the provider, in the registry that this host asks.
pub fn address(host: &Path) -> String {
    let registry = if is_tofu(host) { "registry.opentofu.org" } else { "registry.terraform.io" };
    format!("{registry}/{SOURCE}")
}

/// The attributes that a state has had when Terraform planned, and those with numbers.
static SEEN_BY_TERRAFORM: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static SEEN_NUMBERS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Longest run; on a machine that works, each takes less than a second.
const DEADLINE: Duration = Duration::from_secs(300);

/// The apply whose calls are recorded.
const APPLY: &[&str] = &["apply", "-json", "-auto-approve"];

/// A configuration, its state, and the environment Terraform sees.
pub struct Workspace {
    directory: TempDir,
    variables: BTreeMap<String, String>,
    /// Whether commands attach to a provider that runs already.
    attaches: bool,
    provider: Mutex<Option<Arc<Attached>>>,
    /// Whether the last command was an apply of the present configuration, whose calls were recorded.
    is_recorded: AtomicBool,
}

impl Workspace {
    /// Applies to `account`.
    pub fn new(account: &Account, configuration: &str) -> Self {
        Self::offline(configuration)
            .with("AWS_ENDPOINT_URL", &account.endpoint)
            .with("AWS_ACCESS_KEY_ID", &account.id)
            .with("AWS_SECRET_ACCESS_KEY", "local")
            .with("AWS_REGION", REGION)
    }

    /// Knows of no AWS: neither credentials, nor a region, nor an endpoint. The provider is found without `init`.
    ///
    /// [`Workspace::run`] attaches Terraform to a provider in debug mode, which serves each connection as a new
    /// process would: a command would otherwise start the provider three or four times, which is half of the
    /// command's processor time. [`Workspace::start`], [`Workspace::program`], and commands with `-chdir` or a log
    /// start the provider, without TLS; with `STARTED_PROVIDERS` every command does. [`Workspace::mirrored`] and
    /// tests/plugin.rs have TLS.
    pub fn offline(configuration: &str) -> Self {
        let mut workspace = Self::bare(configuration).with("TF_DISABLE_PLUGIN_TLS", "1");
        workspace.attaches = std::env::var_os("STARTED_PROVIDERS").is_none_or(|value| value.is_empty());
        let plugin = workspace.path().join("plugin");
        std::fs::create_dir(&plugin).unwrap();
        std::os::unix::fs::symlink(BINARY, plugin.join("terraform-provider-elasticache")).unwrap();
        workspace.write(
            "terraform.rc",
            &format!("provider_installation {{\n  dev_overrides {{\n    {SOURCE:?} = {plugin:?}\n  }}\n}}\n"),
        );
        workspace
    }

    /// Attaches to a provider, with `STARTED_PROVIDERS` too.
    pub fn attach(&mut self) {
        self.attaches = true;
    }

    /// As [`Workspace::offline`], but with the provider in a mirror and with TLS, as a user has it.
    pub fn mirrored(configuration: &str) -> Self {
        let workspace = Self::bare(configuration);
        let installed = workspace.mirrored_binary();
        std::fs::create_dir_all(installed.parent().unwrap()).unwrap();
        std::fs::copy(BINARY, installed).unwrap();
        let mirror = workspace.path().join("mirror");
        workspace.write(
            "terraform.rc",
            &format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n"),
        );
        workspace
    }

    /// Where [`Workspace::mirrored`] puts the provider.
    pub fn mirrored_binary(&self) -> PathBuf {
        let version = env!("CARGO_PKG_VERSION");
        let place = self.path().join("mirror").join(&*ADDRESS).join(version).join(platform());
        place.join(format!("terraform-provider-elasticache_v{version}"))
    }

    fn bare(configuration: &str) -> Self {
        let directory = tempfile::Builder::new().prefix("terraform-").tempdir().unwrap();
        let mut variables = BTreeMap::new();
        for name in ["PATH", "TMPDIR", "LANG"] {
            if let Ok(value) = std::env::var(name) {
                variables.insert(name.to_owned(), value);
            }
        }
        let workspace = Self {
            directory,
            variables,
            attaches: false,
            provider: Mutex::default(),
            is_recorded: AtomicBool::new(false),
        }
        .with("CHECKPOINT_DISABLE", "1")
        // Many run at once, each for less than a second: no threads, nothing to collect.
        .with("GOMAXPROCS", "1")
        .with("GOGC", "off")
        .with("TF_IN_AUTOMATION", "1")
        .with("TF_INPUT", "0")
        .with("AWS_EC2_METADATA_DISABLED", "true");
        let home = workspace.path().to_str().unwrap().to_owned();
        let settings = format!("{home}/terraform.rc");
        let workspace = workspace.with("HOME", &home).with("TF_CLI_CONFIG_FILE", &settings);
        workspace.write(
            "versions.tf",
            &format!(
                "terraform {{\n  required_providers {{\n    elasticache = {{\n      source = {SOURCE:?}\n    }}\n  }}\n}}\n"
            ),
        );
        workspace.configure(configuration);
        workspace
    }

    /// The same with an environment variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Another environment variable from here on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Without an environment variable from here on.
    pub fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// The same without an environment variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Another configuration from here on.
    pub fn configure(&self, configuration: &str) {
        self.write("main.tf", configuration);
    }

    pub fn write(&self, name: &str, content: &str) {
        self.is_recorded.store(false, Ordering::Relaxed);
        std::fs::write(self.path().join(name), content).unwrap();
    }

    /// Copies the files of a folder, and of the folders in it, to a place in this one.
    pub fn copy(&self, from: &Path, into: &str) {
        copy_tree(from, &self.path().join(into), &|_| true);
    }

    /// Runs one command of Terraform to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        if !self.attaches_for(arguments) {
            return self.start(arguments).finish();
        }
        let provider = self.attached();
        let is_apply = arguments == APPLY;
        if is_apply {
            provider.recorder.clear();
        }
        let address = if is_apply { &provider.recorded_address } else { &provider.address };
        let run = self.begin(&TERRAFORM, arguments, &[(attached::VARIABLE, address)]).finish();
        self.is_recorded.store(is_apply && run.code == Some(0), Ordering::Relaxed);
        run
    }

    /// True for a command that uses the provider, and shows nothing of how it is started.
    fn attaches_for(&self, arguments: &[&str]) -> bool {
        let uses = ["apply", "console", "destroy", "import", "plan", "refresh", "show", "validate"];
        self.attaches
            && uses.contains(&arguments[0])
            && !self.variables.keys().any(|it| it.starts_with("TF_LOG"))
    }

    /// The provider of this environment, which is started with the first command.
    fn attached(&self) -> Arc<Attached> {
        let mut provider = self.provider.lock().unwrap_or_else(PoisonError::into_inner);
        match &*provider {
            Some(running) if running.variables == self.variables => Arc::clone(running),
            _ => Arc::clone(provider.insert(Arc::new(Attached::start(&self.variables, self.path())))),
        }
    }

    /// Starts one command of Terraform, and the provider with it, so that the test can act while it runs.
    pub fn start(&self, arguments: &[&str]) -> Running {
        self.begin(&TERRAFORM, arguments, &[])
    }

    /// Runs another program, such as a script for users, as Terraform is run. `terraform` and
    /// `python3` are then those of the tests, whatever they are called on this machine.
    pub fn program(&self, program: &Path, arguments: &[&str]) -> Run {
        let programs = tempfile::tempdir().unwrap();
        let link =
            |name: &str, to: &Path| std::os::unix::fs::symlink(to, programs.path().join(name)).unwrap();
        link("terraform", &TERRAFORM);
        link("python3", &lifeline::in_venv("bin/python").canonicalize().unwrap());
        let path = format!("{}:{}", programs.path().display(), self.variables["PATH"]);
        self.begin(program, arguments, &[("PATH", &path)]).finish()
    }

    fn begin(&self, program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Running {
        self.is_recorded.store(false, Ordering::Relaxed);
        let streams = tempfile::tempdir().unwrap();
        let file = |name: &str| File::create(streams.path().join(name)).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .envs(&self.variables)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .process_group(0)
            .spawn()
            .unwrap();
        Running { command: format!("{} {}", program.display(), arguments.join(" ")), child, streams }
    }

    /// Applies what the configuration says now; gives the warnings.
    pub fn apply(&self) -> Vec<Diagnostic> {
        self.run(APPLY).succeeds().diagnostics()
    }

    /// An apply that must fail; gives the diagnostics.
    pub fn apply_fails(&self) -> Vec<Diagnostic> {
        self.run(APPLY).fails().diagnostics()
    }

    /// Destroys all.
    pub fn destroy(&self) {
        self.run(&["destroy", "-json", "-auto-approve"]).succeeds();
    }

    /// Plans.
    pub fn plan(&self) -> Plan {
        self.plan_with(&[])
    }

    /// A plan that only looks for what changed behind Terraform's back.
    pub fn refresh_only(&self) -> Plan {
        self.plan_with(&["-refresh-only"])
    }

    /// Plans with more arguments.
    pub fn plan_with(&self, arguments: &[&str]) -> Plan {
        self.observed(&self.planned(arguments))
    }

    /// Plans, and leaves the plan in a file.
    fn planned(&self, arguments: &[&str]) -> Run {
        let command = [&["plan", "-json", "-detailed-exitcode", "-out=tfplan"], arguments].concat();
        let run = self.run(&command);
        assert!(matches!(run.code, Some(0 | 2)), "{run}");
        run
    }

    /// The plan in the file.
    fn observed(&self, run: &Run) -> Plan {
        let observed = self.run(&["show", "-json", "tfplan"]).succeeds();
        Plan {
            json: serde_json::from_str(&observed.stdout).unwrap(),
            diagnostics: run.diagnostics(),
            code: run.code.unwrap(),
        }
    }

    /// A plan that must fail; gives the diagnostics.
    pub fn plan_fails(&self) -> Vec<Diagnostic> {
        self.run(&["plan", "-json"]).fails().diagnostics()
    }

    /// The diagnostics of `validate`.
    pub fn validate(&self) -> Vec<Diagnostic> {
        let run = self.run(&["validate", "-json"]);
        let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
        answer["diagnostics"].as_array().unwrap().iter().filter_map(Diagnostic::from_json).collect()
    }

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

    /// The objects of this provider that the state file has; `None` when one of them is broken or only left to be
    /// destroyed.
    fn instances(&self) -> Option<Vec<Instance>> {
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
    fn import_id(&self, attributes: &Value) -> String {
        let id = attributes["id"].as_str().unwrap();
        match attributes["region"].as_str() {
            Some(region) if self.variables.get("AWS_REGION").map(String::as_str) != Some(region) => {
                format!("{id}@{region}")
            }
            _ => id.to_owned(),
        }
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
        let fresh = Self {
            directory: tempfile::tempdir().unwrap(),
            variables: self.variables.clone(),
            attaches: self.attaches,
            provider: Mutex::new(self.provider.lock().unwrap_or_else(PoisonError::into_inner).clone()),
            is_recorded: AtomicBool::new(false),
        };
        copy_tree(self.path(), fresh.path(), &|path| {
            let name = path.strip_prefix(self.path()).unwrap().to_string_lossy();
            !["plugin", "mirror", "terraform.tfstate", "tfplan"].iter().any(|part| name.starts_with(part))
        });
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

/// True for a resource type of this provider.
fn is_ours(type_name: &str) -> bool {
    type_name.starts_with("elasticache_")
}

/// The resources of a module and of those in it.
fn collect(module: &Value, into: &mut Vec<Value>) {
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

/// Copies the wanted files of a folder and of the folders in it.
fn copy_tree(from: &Path, to: &Path, desired: &dyn Fn(&Path) -> bool) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if !desired(&path) {
            continue;
        }
        if path.is_dir() {
            copy_tree(&path, &copy, desired);
        } else {
            std::fs::copy(path, copy).unwrap();
        }
    }
}

/// Terraform or, without it, OpenTofu; `TERRAFORM` names another command, as it does for the demo.
static TERRAFORM: LazyLock<PathBuf> = LazyLock::new(|| {
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

/// A command that runs.
pub struct Running {
    command: String,
    child: Child,
    streams: TempDir,
}

impl Running {
    /// Asks Terraform to stop, as the first Ctrl-C does.
    pub fn interrupt(&self) {
        signal(self.child.id(), "INT");
    }

    /// Its process, the first of a group that its providers belong to.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// True once it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// What it has written to standard output so far.
    pub fn written(&self) -> String {
        std::fs::read_to_string(self.streams.path().join("stdout")).unwrap()
    }

    /// Ends Terraform and its providers at once.
    pub fn kill(&self) {
        signal(self.child.id(), "KILL");
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Run {
        let started = Instant::now();
        let mut expired = false;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > DEADLINE && !expired {
                signal(self.child.id(), "KILL");
                expired = true;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let file = |name: &str| std::fs::read(self.streams.path().join(name)).unwrap();
        let text = |name: &str| String::from_utf8(file(name)).unwrap();
        let (stdout, stderr) = (text("stdout"), text("stderr"));
        let run = Run { command: self.command, code: status.code(), stdout, stderr };
        assert!(!expired, "{run}did not end within {DEADLINE:?}");
        run
    }
}

/// What one run gave.
pub struct Run {
    pub command: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    #[track_caller]
    pub fn fails(self) -> Self {
        assert_eq!(self.code, Some(1), "{self}");
        self
    }

    /// The messages of one type that a command with `-json` gave.
    fn messages(&self, ty: &str) -> impl DoubleEndedIterator<Item = Value> {
        let lines = self.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(move |line| line["type"] == ty)
    }

    /// What a plan with `-json` found changed behind Terraform's back.
    fn drift(&self) -> Vec<String> {
        self.messages("resource_drift").map(|message| message.to_string()).collect()
    }

    /// How many objects a plan imports, when it does nothing else.
    fn imports_only(&self) -> Option<usize> {
        let summary = self.messages("change_summary").next_back()?;
        let count = |what: &str| summary["changes"][what].as_u64();
        let nothing_else = ["add", "change", "remove"].iter().all(|what| count(what) == Some(0));
        let imports = count("import").filter(|_| nothing_else)?;
        usize::try_from(imports).ok()
    }

    /// The diagnostics of a command with `-json`.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.messages("diagnostic")
            .filter_map(|message| Diagnostic::from_json(&message["diagnostic"]))
            .collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ended with {:?}\n{}{}", self.command, self.code, self.stdout, self.stderr)
    }
}

/// A message to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: String,
    pub summary: String,
    pub detail: String,
    /// The block at fault, such as `resource "elasticache_subnet_group" "this"`.
    pub block: String,
    /// The line at fault, and where it stands in its file.
    pub line: String,
    pub number: u64,
}

impl Diagnostic {
    /// `None` for Terraform's warning of a provider that is not from a registry.
    fn from_json(json: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
        let snippet = &json["snippet"];
        let this = Self {
            severity: text(&json["severity"]),
            summary: text(&json["summary"]),
            detail: text(&json["detail"]),
            block: text(&snippet["context"]),
            line: text(&snippet["code"]),
            number: snippet["start_line"].as_u64().unwrap_or(0),
        };
        (this.summary != "Provider development overrides are in effect").then_some(this)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.summary)?;
        for line in [&self.block, &self.line] {
            if !line.is_empty() {
                write!(f, "\n  {line}")?;
            }
        }
        if self.detail.is_empty() { Ok(()) } else { write!(f, "\n{}", self.detail) }
    }
}

/// A plan as `terraform show -json` has it.
pub struct Plan {
    pub json: Value,
    pub diagnostics: Vec<Diagnostic>,
    /// Exit code with `-detailed-exitcode`.
    pub code: i32,
}

impl Plan {
    pub fn change(&self, address: &str) -> &Value {
        &self.resource(address)["change"]
    }

    /// The address that a resource had before, if it moves.
    pub fn moved_from(&self, address: &str) -> Option<&str> {
        self.resource(address)["previous_address"].as_str()
    }

    fn resource(&self, address: &str) -> &Value {
        let mut all = self.json["resource_changes"].as_array().into_iter().flatten();
        all.find(|change| change["address"] == address).unwrap_or(&Value::Null)
    }

    fn imported(&self) -> usize {
        let all = self.json["resource_changes"].as_array().into_iter().flatten();
        all.filter(|change| change["change"]["importing"].is_object()).count()
    }

    /// What is planned for a resource, such as `["update"]`.
    pub fn actions_on(&self, address: &str) -> Vec<&str> {
        self.change(address)["actions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|a| a.as_str().unwrap())
            .collect()
    }

    /// What is planned, by address, but for what stays.
    pub fn actions(&self) -> BTreeMap<&str, String> {
        let all = self.json["resource_changes"].as_array().into_iter().flatten();
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
        assert_eq!(self.actions(), BTreeMap::new(), "{:#}", self.json["resource_changes"]);
        assert_eq!(self.diagnostics, []);
        self.assert_outputs_stay();
    }

    /// The highest number of sensitive attributes that one resource has, nested ones included.
    fn most_sensitive(&self) -> usize {
        let mut resources = Vec::new();
        collect(&self.json["prior_state"]["values"]["root_module"], &mut resources);
        resources.iter().map(|resource| count_true(&resource["sensitive_values"])).max().unwrap_or(0)
    }

    /// Nothing changed behind Terraform's back.
    #[track_caller]
    pub fn assert_no_drift(&self) {
        assert_eq!(self.json.get("resource_drift"), None);
        self.assert_outputs_stay();
    }

    #[track_caller]
    fn assert_outputs_stay(&self) {
        for (name, change) in self.json["output_changes"].as_object().into_iter().flatten() {
            assert_eq!(change["actions"], serde_json::json!(["no-op"]), "output {name}");
        }
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

/// The one diagnostic there must be.
#[track_caller]
pub fn only(diagnostics: &[Diagnostic]) -> &Diagnostic {
    match diagnostics {
        [one] => one,
        several => panic!("not one diagnostic but {several:#?}"),
    }
}
