//! A configuration, its state, and the commands that Terraform runs on them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tempfile::TempDir;
use terraform_provider_elasticache::provider::SOURCE;

use super::BINARY;
use super::diagnostic::Diagnostic;
use super::host::{ADDRESS, TERRAFORM, platform};
use super::plan::{Plan, StoredPlan};
use super::run::{Run, Running};
use crate::support::attached::{self, Attached};
use crate::support::lifeline;
use crate::support::ministack::{Account, REGION};

/// The apply whose calls are recorded.
const APPLY: &[&str] = &["apply", "-json", "-auto-approve"];

/// A configuration, its state, and the environment Terraform sees.
pub struct Workspace {
    /// Plans keep it as well: one may be shown after the test has dropped its workspace.
    directory: Arc<TempDir>,
    pub(super) variables: BTreeMap<String, String>,
    /// Whether commands attach to a provider that runs already.
    attaches: bool,
    pub(super) provider: Mutex<Option<Arc<Attached>>>,
    /// Whether the last command was an apply of the present configuration, whose calls were recorded.
    pub(super) is_recorded: AtomicBool,
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
        let directory = Arc::new(tempfile::Builder::new().prefix("terraform-").tempdir().unwrap());
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
        .with("AWS_EC2_METADATA_DISABLED", "true")
        // The AWS of the tests needs no pause between the deletion and the creation of an object.
        .with("ELASTICACHE_TEST_WITHOUT_PAUSES", "1");
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

    /// The same configuration and environment, with an empty state.
    pub(super) fn without_state(&self) -> Self {
        let fresh = Self {
            directory: Arc::new(tempfile::tempdir().unwrap()),
            variables: self.variables.clone(),
            attaches: self.attaches,
            provider: Mutex::new(self.provider.lock().unwrap_or_else(PoisonError::into_inner).clone()),
            is_recorded: AtomicBool::new(false),
        };
        copy_tree(self.path(), fresh.path(), &|path| {
            let name = path.strip_prefix(self.path()).unwrap().to_string_lossy();
            !["plugin", "mirror", "terraform.tfstate", "tfplan"].iter().any(|part| name.starts_with(part))
        });
        fresh
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
        let variables = variables.iter().copied();
        let own = self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Running::start(program, arguments, self.path(), own.chain(variables))
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
    pub(super) fn planned(&self, arguments: &[&str]) -> Run {
        let command = [&["plan", "-json", "-detailed-exitcode", "-out=tfplan"], arguments].concat();
        let run = self.run(&command);
        assert!(matches!(run.code, Some(0 | 2)), "{run}");
        run
    }

    /// The plan in the file.
    pub(super) fn observed(&self, run: &Run) -> Plan {
        Plan::new(run, self.stored_plan())
    }

    /// A copy of the plan in the file, and what shows it.
    fn stored_plan(&self) -> StoredPlan {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::copy(self.path().join("tfplan"), file.path()).unwrap();
        StoredPlan {
            file,
            directory: Arc::clone(&self.directory),
            variables: self.variables.clone(),
            provider: self.attaches_for(&["show"]).then(|| self.attached()),
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
