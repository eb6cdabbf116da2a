//! Terraform itself with rich configurations: files of state and plan, JSON of both, logs at TRACE, what it prints, and
//! every file that it leaves.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use super::figures::Figures;
use super::marks::{BROKEN, FORMS, Index, Mark};
use crate::fixture::Fixture;
use crate::simulator::{Echo, EchoedIn, InjectedFault, on_service};
use crate::support::lifeline::in_venv;
use crate::support::terraform::{BINARY, Run as Output};

/// Stored in the state by design, as its documentation says.
const STORED: &[&str] = &["group_token", "url_token", "user_password"];

/// Stored nowhere.
const UNSTORED: &[&str] = &["url_token_wo", "connection_token_wo", "user_password_wo"];

const CONFIGURATION: &str = r#"
variable "group_token" {
  type      = string
  sensitive = true
}
variable "url_token" {
  type      = string
  sensitive = true
}
variable "user_password" {
  type      = string
  sensitive = true
}
variable "url_token_wo" {
  type      = string
  ephemeral = true
}
variable "connection_token_wo" {
  type      = string
  ephemeral = true
}
variable "user_password_wo" {
  type      = string
  ephemeral = true
}
variable "round" {
  type = number
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = "cache"
  description                = "round ${var.round}"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 1
  transit_encryption_enabled = true
  auth_token                 = var.group_token
}
resource "elasticache_ssm_url" "stored" {
  name                       = "/stored"
  host                       = "cache.example.com"
  transit_encryption_enabled = true
  auth_token                 = var.url_token
  tags                       = { round = var.round }
}
resource "elasticache_ssm_url" "unstored" {
  name                       = "/unstored"
  host                       = "cache.example.com"
  transit_encryption_enabled = true
  auth_token_wo              = var.url_token_wo
  auth_token_wo_version      = var.round
}
resource "elasticache_connection_secret" "this" {
  name                       = "connection"
  host                       = "cache.example.com"
  transit_encryption_enabled = true
  auth_token_wo              = var.connection_token_wo
  auth_token_wo_version      = var.round
}
resource "elasticache_user" "stored" {
  user_id       = "stored"
  user_name     = "stored"
  engine        = "redis"
  access_string = "on ~round${var.round}:* +@all"
  authentication_mode {
    type      = "password"
    passwords = [var.user_password]
  }
}
resource "elasticache_user" "unstored" {
  user_id              = "unstored"
  user_name            = "unstored"
  engine               = "redis"
  access_string        = "on ~* +@all"
  passwords_wo         = [var.user_password_wo]
  passwords_wo_version = var.round
}
ephemeral "elasticache_auth_token" "generated" {
  length  = 64
  special = true
}
resource "elasticache_auth_token_secret" "ephemeral" {
  name                  = "ephemeral"
  auth_token_wo         = ephemeral.elasticache_auth_token.generated.auth_token
  auth_token_wo_version = var.round
}
resource "elasticache_auth_token_secret" "generated" {
  name     = "generated"
  generate = { length = 64, special = true }
  rotation = "round ${var.round}"
}
resource "elasticache_ssm_url" "of_the_group" {
  name              = "/group"
  replication_group = elasticache_replication_group.this
}
data "elasticache_connection_check" "this" {
  host                       = "127.0.0.1"
  port                       = 9
  transit_encryption_enabled = false
  auth_token                 = var.group_token
}
output "group" {
  value     = elasticache_replication_group.this
  sensitive = true
}
"#;

/// A host at work, and what is searched.
struct Run {
    fixture: Fixture,
    stored: Index,
    unstored: Index,
    figures: Figures,
}

impl Run {
    fn new() -> Self {
        let mut fixture = Fixture::new(CONFIGURATION);
        let token = Mark::of("AWS_SESSION_TOKEN of a host");
        let log = fixture.terraform.path().join("trace.log");
        fixture.terraform.set("AWS_SESSION_TOKEN", &token.text);
        for (name, value) in [
            ("TF_LOG", "TRACE"),
            ("TF_LOG_PROVIDER", "TRACE"),
            ("TF_LOG_PATH", log.to_str().unwrap()),
            ("RUST_LOG", "trace"),
            ("AWS_SDK_LOAD_CONFIG", "1"),
        ] {
            fixture.terraform.set(name, value);
        }
        let mut run =
            Self { fixture, stored: Index::of(&[]), unstored: Index::of(&[]), figures: Figures::default() };
        run.round(1);
        run
    }

    /// Other values of all variables.
    fn round(&mut self, round: u32) {
        let mark = |name: &&str| Mark::of(&format!("{name}, round {round}"));
        let (stored, unstored): (Vec<Mark>, Vec<Mark>) =
            (STORED.iter().map(mark).collect(), UNSTORED.iter().map(mark).collect());
        let names = STORED.iter().chain(UNSTORED).zip(stored.iter().chain(&unstored));
        let values: String = names.map(|(name, mark)| format!("{name} = {:?}\n", mark.text)).collect();
        self.fixture.terraform.write("terraform.tfvars", &format!("{values}round = {round}\n"));
        let token = Mark::of("AWS_SESSION_TOKEN of a host");
        self.figures.marks.extend(stored.iter().chain(&unstored).map(|mark| mark.owner.clone()));
        let generated = self.generated();
        self.stored = Index::of(&stored);
        self.unstored = Index::of(&[unstored, vec![token], generated].concat());
    }

    /// What the provider has generated and read: the value of each secret that AWS has.
    fn generated(&self) -> Vec<Mark> {
        let names = ["ephemeral", "generated"];
        let value = |name: &&str| {
            let input = serde_json::json!({ "SecretId": name });
            let now = self.fixture.aws.clock().now();
            let answer = self.fixture.aws.with_state(|aws| {
                aws.ask(&crate::fixture::place(), "secretsmanager", "GetSecretValue", &input, now)
            });
            let text = answer.ok()?["SecretString"].as_str()?.to_owned();
            Some(Mark { owner: format!("generated secret {name}"), text })
        };
        names.iter().filter_map(value).collect()
    }

    /// Searches a text, which may hold what a state stores or not.
    fn search(&mut self, place: &'static str, text: &[u8], may_store: bool) {
        self.figures.searched(place, text.len());
        for (owner, form) in self.unstored.search(text) {
            self.figures.leak(place, format!("{owner} as {form} in {place}: {}", around(text)));
        }
        for (owner, form) in self.stored.search(text) {
            match may_store {
                true => self.figures.allow(place),
                false => self.figures.leak(place, format!("{owner} as {form} in {place}: {}", around(text))),
            }
        }
    }

    /// Runs a command that succeeds.
    fn succeed(&mut self, arguments: &[&str], may_store: bool) -> String {
        let run = self.fixture.terraform.run(arguments).succeeds();
        self.search_output(arguments, run, may_store)
    }

    /// Searches what a command prints.
    fn search_output(&mut self, arguments: &[&str], run: Output, may_store: bool) -> String {
        self.figures.operations += 1;
        let generated = self.generated();
        self.figures.marks.extend(generated.iter().map(|mark| mark.owner.clone()));
        let generated = Index::of(&generated);
        let place =
            if may_store { "JSON of plan and state" } else { "standard output and error of Terraform" };
        for text in [&run.stdout, &run.stderr] {
            self.search(place, text.as_bytes(), may_store);
            for (owner, form) in generated.search(text.as_bytes()) {
                self.figures.leak(place, format!("{owner} as {form} in {arguments:?}: {text}"));
            }
        }
        run.stdout
    }

    /// Searches every file of the working directory.
    fn files(&mut self) {
        let generated = Index::of(&self.generated());
        let folder = self.fixture.terraform.path().to_owned();
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() || name == "terraform.tfvars" {
                continue;
            }
            let (place, text, may_store) = match name.as_str() {
                "trace.log" => ("logs at TRACE", std::fs::read(entry.path()).unwrap(), false),
                "tfplan" => ("plan file, unpacked", unpacked(&entry.path()), true),
                name if name.contains("tfstate") => {
                    ("state file", std::fs::read(entry.path()).unwrap(), true)
                }
                _ => ("other files of the working directory", std::fs::read(entry.path()).unwrap(), false),
            };
            self.search(place, &text, may_store);
            for (owner, form) in generated.search(&text) {
                self.figures.leak(place, format!("{owner} as {form} in {name}"));
            }
        }
    }

    /// Plans, shows, applies and shows again.
    fn apply(&mut self) {
        self.succeed(&["plan", "-json", "-out=tfplan"], false);
        self.succeed(&["show", "-no-color", "tfplan"], false);
        let plan = self.succeed(&["show", "-json", "tfplan"], true);
        self.assert_marked(&serde_json::from_str(&plan).unwrap());
        self.files();
        self.succeed(&["apply", "-json", "tfplan"], false);
        self.succeed(&["output", "-no-color"], false);
        let state = self.succeed(&["show", "-json"], true);
        self.assert_marked(&serde_json::from_str(&state).unwrap());
        self.files();
    }

    /// Each value with a mark in the JSON of a plan or a state is marked as sensitive.
    fn assert_marked(&mut self, document: &Json) {
        let mut checked = 0;
        for (values, sensitive) in pairs(document) {
            self.unmarked(values, sensitive, &mut checked);
        }
        assert!(checked > 0, "no sensitive value in {document}");
    }

    fn unmarked(&mut self, value: &Json, sensitive: &Json, checked: &mut usize) {
        if *sensitive == Json::Bool(true) {
            *checked += usize::from(!self.stored.search(value.to_string().as_bytes()).is_empty());
            return;
        }
        match value {
            Json::Object(members) => {
                members.iter().for_each(|(name, value)| self.unmarked(value, &sensitive[name], checked));
            }
            Json::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.unmarked(item, &sensitive[at], checked));
            }
            leaf => {
                for (owner, form) in self.stored.search(leaf.to_string().as_bytes()) {
                    let what = format!("{owner} as {form} is not marked as sensitive: {leaf}");
                    self.figures.leak("JSON of plan and state", what);
                }
            }
        }
    }
}

/// The values in the JSON of a plan or a state, with what of them is sensitive.
fn pairs(document: &Json) -> Vec<(&Json, &Json)> {
    let changes = document["resource_changes"].as_array().into_iter().flatten();
    let changes = changes.flat_map(|change| {
        let change = &change["change"];
        [(&change["before"], &change["before_sensitive"]), (&change["after"], &change["after_sensitive"])]
    });
    let modules = [&document["planned_values"], &document["values"], &document["prior_state"]["values"]];
    let resources =
        modules.into_iter().flat_map(|it| it["root_module"]["resources"].as_array().into_iter().flatten());
    changes.chain(resources.map(|it| (&it["values"], &it["sensitive_values"]))).collect()
}

fn around(text: &[u8]) -> String {
    String::from_utf8_lossy(&text[..text.len().min(1000)]).into_owned()
}

/// What is in a plan file, which is an archive.
fn unpacked(file: &Path) -> Vec<u8> {
    let program = "import sys, zipfile\narchive = zipfile.ZipFile(sys.argv[1])\n\
                   [sys.stdout.buffer.write(archive.read(name)) for name in archive.namelist()]";
    let output = Command::new(in_venv("bin/python")).args(["-c", program]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A create, a change with other secrets in which AWS sends requests back, and the same change without a fault.
#[test]
fn a_run_of_terraform_leaves_secrets_in_the_state_alone() {
    let mut run = Run::new();
    run.apply();
    run.round(2);
    for (number, service) in ["elasticache", "secretsmanager", "ssm"].into_iter().enumerate() {
        let all: Vec<_> = FORMS.iter().chain(BROKEN).collect();
        let form = all[(number * 7) % all.len()];
        let echo = Echo { form: form.name, place: EchoedIn::Message, write: form.write };
        run.fixture.aws.fault(on_service(service).nth(3).always(), InjectedFault::Echo(echo));
        let arguments = ["apply", "-json", "-auto-approve"];
        let failed = run.fixture.terraform.run(&arguments).fails();
        let failed = run.search_output(&arguments, failed, false);
        assert!(failed.contains("Failed to"), "{service}: {failed}");
        *run.figures.echoes.entry((form.name, "Message".to_owned())).or_default() += 1;
        run.fixture.aws.clear_faults();
        run.files();
    }
    run.apply();
    run.succeed(&["destroy", "-json", "-auto-approve"], false);
    run.files();
    run.figures.print();
    run.figures.assert_no_leak();
    assert!(run.figures.allowed() > 0, "nothing was found in the state");
}

/// The modes of the program that are no plugin, in an environment with secrets.
#[test]
fn no_mode_of_the_program_shows_its_environment() {
    let marks = [Mark::of("AWS_SESSION_TOKEN of a mode"), Mark::of("a token in a configuration")];
    let index = Index::of(&marks);
    let folder = tempfile::tempdir().unwrap();
    let configuration = format!(
        "resource \"aws_elasticache_replication_group\" \"this\" {{\n  replication_group_id = \"cache\"\n  \
         description = \"of a test\"\n  node_type = \"cache.t4g.small\"\n  auth_token = {:?}\n}}\n",
        marks[1].text
    );
    std::fs::write(folder.path().join("main.tf"), configuration).unwrap();
    for arguments in
        [&["--version"][..], &["--help"], &["migrate", "."], &["migrate", "--no-such-option"], &[]]
    {
        let output = Command::new(BINARY)
            .args(arguments)
            .current_dir(folder.path())
            .env("AWS_SESSION_TOKEN", &marks[0].text)
            .env("AWS_SECRET_ACCESS_KEY", &marks[0].text)
            .env("TF_LOG", "TRACE")
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let found = index.search(&text);
        assert!(found.is_empty(), "{arguments:?}: {found:?} in {}", String::from_utf8_lossy(&text));
        assert!(!text.is_empty(), "{arguments:?} prints nothing");
    }
}
