//! Every guide, followed as it is written.
//!
//! The runner reads a page from top to bottom. A fenced block of `terraform` is merged into the
//! configuration: each of its blocks replaces the one with the same address before. A fenced block of
//! `shell` is run line by line where it begins with `terraform`. After each apply the plan must be
//! empty. An HTML comment, which no registry shows, says what the page leaves to the reader:
//!
//! - `<!-- with: FILE -->`: a file of `tests/acceptance/guides/` that stands for the configuration that
//!   the reader has already.
//! - `<!-- exists: FILE -->`: the objects of this file exist in AWS, and no state knows them.
//! - `<!-- remove: ADDRESS ... -->`: the page tells the reader to remove these blocks.
//! - `<!-- fails: TEXT -->` before a command: it fails with this text.
//! - `<!-- refresh -->` before an apply: what it changed in other Regions shows in the next plan.
//! - `<!-- another project -->` before a block: it is of another place, and only has to parse.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::aws_control::instant;
use crate::fixture::Fixture;

/// Programs of commands that the runner leaves to the reader, each with the reason.
const NOT_RUN: [(&str, &str); 9] = [
    ("aws ", "the AWS command line is no part of the tests"),
    ("redis-cli ", "a client inside the VPC"),
    ("valkey-cli ", "a client inside the VPC"),
    ("tofu ", "the same command of OpenTofu"),
    ("terragrunt ", "tests/acceptance/modules runs Terragrunt's tree"),
    ("git ", "the reader's repository"),
    ("make ", "tests/acceptance/release runs the Makefile"),
    ("export ", "environment of the reader's shell"),
    ("#", "a comment"),
];

/// A part of a page, in order.
#[derive(Debug, PartialEq)]
enum Part {
    /// Configuration.
    Terraform(String),
    /// A command.
    Command(String),
    /// A remark of [`the module`](self).
    Remark(String, String),
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        if let Some(remark) = trimmed.strip_prefix("<!-- ").and_then(|it| it.strip_suffix(" -->")) {
            let (name, text) = remark.split_once(": ").unwrap_or((remark, ""));
            parts.push(Part::Remark(name.to_owned(), text.to_owned()));
        } else if let Some(language) = trimmed.strip_prefix("```") {
            let body: Vec<&str> = lines
                .by_ref()
                .take_while(|line| line.trim() != "```")
                .map(|line| line.get(indent..).unwrap_or(line.trim_start()))
                .collect();
            match language {
                "terraform" | "hcl" => parts.push(Part::Terraform(body.join("\n"))),
                "shell" | "sh" => {
                    let text = body.join("\n").replace("\\\n", " ");
                    let commands = text.lines().map(str::trim).filter(|line| !line.is_empty());
                    parts.extend(commands.map(|line| Part::Command(line.to_owned())));
                }
                _ => {}
            }
        }
    }
    parts
}

/// The blocks of a configuration by address: the first line without its brace.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, Vec<&str>)> = None;
    for line in text.lines() {
        match &mut open {
            None if line.ends_with('{') && !line.starts_with([' ', '#']) => {
                open = Some((line.trim_end_matches('{').trim().to_owned(), vec![line]));
            }
            None if line.ends_with('}') && line.contains('{') && !line.starts_with([' ', '#']) => {
                let address = line.split('{').next().unwrap_or_default().trim().to_owned();
                found.push((address, line.to_owned()));
            }
            None => assert!(
                line.trim().is_empty() || line.trim() == "..." || line.starts_with('#'),
                "not in a block: {line}"
            ),
            Some((address, body)) => {
                body.push(line);
                if line == "}" {
                    found.push((std::mem::take(address), body.join("\n")));
                    open = None;
                }
            }
        }
    }
    assert!(open.is_none(), "a block is not closed: {text}");
    found
}

/// A reader of a page.
struct Reader {
    fixture: Fixture,
    blocks: BTreeMap<String, String>,
    commands: usize,
}

impl Reader {
    fn write(&self) {
        let text: Vec<&str> = self.blocks.values().map(String::as_str).collect();
        self.fixture.terraform.configure(&text.join("\n\n"));
    }

    fn merge(&mut self, text: &str) {
        // A `terraform` block that names the provider is in every workspace of the tests.
        let is_given = |address: &str| address == "terraform";
        for (at, (address, body)) in blocks(text).into_iter().enumerate().filter(|(_, (it, _))| !is_given(it))
        {
            // Blocks without a label, such as `import`, may stand several times.
            let key = if address.contains('"') { address } else { format!("{address} {at} {}", body.len()) };
            self.blocks.insert(key, body);
        }
        self.write();
    }

    fn run(&mut self, command: &str, fails: Option<&str>, refresh: bool) {
        if NOT_RUN.iter().any(|(program, _)| command.starts_with(program)) {
            return;
        }
        let words: Vec<String> = words(command);
        assert_eq!(words[0], "terraform", "no way to run {command:?}");
        let mut arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        if arguments[0] == "init" {
            return;
        }
        if matches!(arguments[0], "apply" | "destroy") && !arguments.contains(&"-auto-approve") {
            arguments.insert(1, "-auto-approve");
        }
        self.commands += 1;
        let run = self.fixture.terraform.run(&arguments);
        match fails {
            Some(text) => {
                let run = run.fails();
                let said: String =
                    format!("{}{}", run.stdout, run.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
                let said = said.replace("│ ", "").replace("╷ ", "").replace("╵ ", "");
                assert!(said.contains(text), "{command} does not say {text:?}: {said}");
            }
            None if arguments[0] == "plan" && arguments.contains(&"-detailed-exitcode") => {
                assert!(matches!(run.code, Some(0 | 2)), "{run}");
            }
            None => drop(run.succeeds()),
        }
        if refresh {
            self.fixture.terraform.apply();
        }
        if fails.is_none() && arguments[0] == "apply" {
            self.fixture.terraform.assert_unchanged();
        }
    }
}

/// The words of a command; a pair of quotes makes one word.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Follows a page; gives the number of commands that were run.
fn follow(name: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/guides").join(format!("{name}.md"))).unwrap();
    let mut reader = Reader { fixture: instant(""), blocks: BTreeMap::new(), commands: 0 };
    let (mut fails, mut elsewhere, mut refresh) = (None, false, false);
    for part in parts(&page) {
        match part {
            Part::Remark(kind, text) => match kind.as_str() {
                "with" => {
                    let file = root.join("tests/acceptance/guides").join(&text);
                    reader.merge(&fs::read_to_string(file).unwrap());
                    reader.run("terraform apply", None, false);
                    reader.commands -= 1;
                }
                "exists" => {
                    let file = root.join("tests/acceptance/guides").join(&text);
                    reader.fixture.workspace(&fs::read_to_string(file).unwrap()).apply();
                }
                "remove" => {
                    for address in text.split(", ") {
                        assert!(
                            reader.blocks.remove(address).is_some(),
                            "{address} is not in the configuration"
                        );
                    }
                    reader.write();
                }
                "fails" => fails = Some(text),
                "refresh" => refresh = true,
                "another project" => elsewhere = true,
                _ => panic!("{name} has a remark that the runner does not know: {kind}"),
            },
            Part::Terraform(text) => {
                if std::mem::take(&mut elsewhere) {
                    assert!(!blocks(&text).is_empty());
                } else {
                    reader.merge(&text);
                }
            }
            Part::Command(command) => {
                reader.run(&command, fails.take().as_deref(), std::mem::take(&mut refresh));
            }
        }
    }
    assert!(fails.is_none(), "{name} ends with a remark");
    reader.commands
}

macro_rules! guides {
    ($($test:ident => $name:literal),* $(,)?) => {
        /// The guides that are followed.
        const FOLLOWED: &[&str] = &[$($name),*];

        $(#[test]
        fn $test() {
            assert!(follow($name) > 0, "nothing of the guide is run");
        })*
    };
}

guides! {
    adopting_existing_caches => "adopt",
    alarms_and_what_they_cost => "alarms",
    backups_and_restore => "backups",
    getting_started => "getting-started",
    global_datastores => "global-datastores",
    moving_from_redis_oss_to_valkey => "redis-to-valkey",
    rotating_an_auth_token => "rotate-auth-token",
    secrets_out_of_the_state => "secrets",
    serverless_caches => "serverless",
    troubleshooting => "troubleshooting",
    turning_tls_on_and_off => "tls",
}

/// Guides with tests of their own, and pages without anything to run.
const OTHERWISE: [(&str, &str); 8] = [
    ("auth-token-to-users", "scenarios::guide"),
    ("ci", "examples"),
    ("from-hashicorp-aws", "module_compatibility"),
    ("opentofu", "release and module_compatibility, on OpenTofu where it is found"),
    ("policies", "policies"),
    ("permissions", "a policy; the simulator refuses nothing that is in it"),
    ("terragrunt", "modules"),
    ("testing", "modules"),
];

#[test]
fn every_guide_is_followed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".md").unwrap();
        let known = FOLLOWED.contains(&name) || OTHERWISE.iter().any(|(it, _)| *it == name);
        assert!(known, "{name} is followed by no test");
    }
}

#[test]
fn a_page_is_read_in_order() {
    let page = r#"Text.

<!-- fails: no -->
1. Do:

   ```shell
   terraform plan \
     -out=x
   ```

```terraform
locals {
  a = 1
}
variable "b" {}
```
"#;
    assert_eq!(
        parts(page),
        [
            Part::Remark("fails".to_owned(), "no".to_owned()),
            Part::Command("terraform plan    -out=x".to_owned()),
            Part::Terraform(
                r#"locals {
  a = 1
}
variable "b" {}"#
                    .to_owned()
            ),
        ]
    );
    let found = blocks(
        r#"locals {
  a = 1
}
variable "b" {}"#,
    );
    let addresses: Vec<_> = found.iter().map(|(address, _)| address.as_str()).collect();
    assert_eq!(addresses, ["locals", r#"variable "b""#]);
    assert_eq!(words(r#"terraform import 'a["b"]' c"#), ["terraform", "import", r#"a["b"]"#, "c"]);
}
