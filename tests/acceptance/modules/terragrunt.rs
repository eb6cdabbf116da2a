//! `examples/terragrunt`: what document 000 says of Terragrunt, with the files as they are.
//!
//! The real Terragrunt runs them where it is on the PATH, with its state in ministack's S3.
//! Elsewhere each unit is assembled as Terragrunt does it: the module is the root, `provider.tf`
//! is generated where the unit includes `provider.hcl`, and every input is an environment variable.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::unit::{SUBNETS, yaml};
use super::{aws, examples, standing_in};
use crate::fixture::Fixture;
use crate::support::documents::UNIT;
use crate::support::ministack::Account;
use crate::support::terraform::{Run, Workspace};

const REDIS: &str = "redis";
const DJANGO: &str = "django-fargate-stateful-service";
const BUCKET: &str = "lightwave-terraform-state";

fn shipped(path: &str) -> String {
    fs::read_to_string(examples().join("terragrunt").join(path)).unwrap()
}

/// The text between the braces that follow `name`, or `name =`.
fn braces<'a>(text: &'a str, name: &str) -> &'a str {
    let start = text.find(&format!("{name} {{")).or_else(|| text.find(&format!("{name} = {{"))).unwrap();
    let open = start + text[start..].find('{').unwrap() + 1;
    let mut depth = 1;
    let end = text[open..].find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    });
    &text[open..open + end.unwrap()]
}

/// The provider block that `provider.hcl` generates for an environment.
fn provider(environment: &str) -> String {
    let file = shipped("provider.hcl");
    let (_, contents) = file.split_once("contents = <<-EOT\n").unwrap();
    let (contents, _) = contents.split_once("  EOT\n").unwrap();
    let env = shipped(&format!("environments/{environment}.hcl"));
    let value = |name: &str| {
        let line = env.lines().find(|line| line.trim().starts_with(name)).unwrap();
        line.split('"').nth(1).unwrap().to_owned()
    };
    standing_in(
        contents,
        &[("${local.env.region}", &value("region")), ("${local.env.account_id}", &value("account_id"))],
    )
}

/// A value as Terragrunt hands it over in a variable of the environment.
fn in_environment(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The example in a fixture of its own, and what runs its units.
struct Example {
    fixture: Fixture,
    terragrunt: Option<PathBuf>,
}

impl Example {
    /// With the subnets of the simulated AWS in the place of the document's, and a bucket that no
    /// other test has.
    fn new(test: &str) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let terragrunt =
            std::env::split_paths(&path).map(|place| place.join("terragrunt")).find(|file| file.is_file());
        let mut fixture = Fixture::mirrored("");
        fs::remove_file(fixture.terraform.path().join("versions.tf")).unwrap();
        fixture.terraform.copy(&examples().join("terragrunt"), "terragrunt");
        fixture.terraform.copy(&examples().join("modules/redis-unit"), "modules/redis-unit");
        for file in ["redis.yaml", "redis-dev.yaml"] {
            let text = SUBNETS.iter().fold(shipped(&format!("config/{file}")), |text, (what, stand_in)| {
                text.replace(what, stand_in)
            });
            assert_eq!(text, yaml(file), "the unit and the module have the same file");
            fixture.terraform.write(&format!("terragrunt/config/{file}"), &text);
        }
        if terragrunt.is_some() {
            fixture.terraform.set("AWS_ENDPOINT_URL_S3", &Account::new().endpoint);
            fixture.terraform.set("TG_TF_PATH", "terraform");
            fixture.terraform.set("TG_NON_INTERACTIVE", "true");
            fixture.terraform.set("TG_NO_COLOR", "true");
            let bucket = format!("{BUCKET}-{test}");
            // No resolver knows a bucket of an S3 on loopback by its name.
            let root = standing_in(
                &shipped("root.hcl"),
                &[
                    ("    use_lockfile = true", "    use_lockfile = true\n    use_path_style = true"),
                    (BUCKET, &bucket),
                ],
            );
            fixture.terraform.write("terragrunt/root.hcl", &root);
            let region = "LocationConstraint=eu-west-1";
            let create =
                ["s3", "create-bucket", "--bucket", &bucket, "--create-bucket-configuration", region];
            aws(&fixture, &create).succeeds();
        }
        Self { fixture, terragrunt }
    }

    /// One command in a unit, in an environment.
    fn run(&mut self, environment: &str, unit: &str, arguments: &[&str]) -> Run {
        self.fixture.terraform.set("ENVIRONMENT", environment);
        match &self.terragrunt {
            Some(terragrunt) => {
                let folder = format!("terragrunt/units/{unit}");
                let arguments = [&["--working-dir", &folder], arguments].concat();
                self.fixture.terraform.program(terragrunt, &arguments)
            }
            None => self.assembled(environment, unit, arguments),
        }
    }

    fn assembled(&mut self, environment: &str, unit: &str, arguments: &[&str]) -> Run {
        let folder = format!("assembled/{environment}/{unit}");
        let place = self.fixture.terraform.path().join(&folder);
        let chdir = format!("-chdir={folder}");
        let inputs = self.inputs(environment, unit);
        if !place.exists() {
            fs::create_dir_all(&place).unwrap();
            let text = shipped(&format!("units/{unit}/terragrunt.hcl"));
            let source =
                if unit == REDIS { "modules/redis-unit" } else { "terragrunt/modules/django-service" };
            assert!(text.contains(&source.replacen("modules/", "modules//", 1).replace("terragrunt/", "")));
            self.fixture.terraform.copy(&examples().join(source), &folder);
            if text.contains(r#"include "provider""#) {
                fs::write(place.join("provider.tf"), provider(environment)).unwrap();
            }
            self.fixture.terraform.run(&[&chdir, "init"]).succeeds();
        }
        for (name, value) in &inputs {
            self.fixture.terraform.set(&format!("TF_VAR_{name}"), value);
        }
        let run = self.fixture.terraform.run(&[&[chdir.as_str()], arguments].concat());
        for name in inputs.keys() {
            self.fixture.terraform.unset(&format!("TF_VAR_{name}"));
        }
        run
    }

    /// The inputs of a unit, as Terraform reads them.
    fn inputs(&self, environment: &str, unit: &str) -> BTreeMap<String, String> {
        let env = shipped(&format!("environments/{environment}.hcl"));
        let file = env.lines().find(|line| line.trim().starts_with("redis_config")).unwrap();
        let file = file.split('"').nth(1).unwrap();
        let text = shipped(&format!("units/{unit}/terragrunt.hcl"));
        let configuration = if unit == REDIS {
            assert!(text.contains("inputs = yamldecode(file("), "{text}");
            r#"output "inputs" {
 value = yamldecode(file("redis.yaml"))
}
"#
            .to_owned()
        } else {
            let state = self.fixture.terraform.path().join(format!("assembled/{environment}/redis"));
            let outputs = match fs::read_to_string(state.join("terraform.tfstate")) {
                Ok(_) => {
                    let chdir = format!("-chdir=assembled/{environment}/redis");
                    let run = self.fixture.terraform.run(&[&chdir, "output", "-json"]).succeeds();
                    let all: BTreeMap<String, Value> = serde_json::from_str(&run.stdout).unwrap();
                    let all: BTreeMap<_, _> =
                        all.into_iter().map(|(name, output)| (name, output["value"].clone())).collect();
                    format!("jsondecode({:?})", json!(all).to_string())
                }
                Err(_) => format!("{{{}}}", braces(&text, "mock_outputs")),
            };
            let group = text.split("django_security_group_id = ").nth(1).unwrap().lines().next().unwrap();
            let inputs = braces(&text, "inputs").replace("dependency.redis.outputs", "local.outputs");
            format!(
                r#"locals {{
 outputs = {outputs}
 django_security_group_id = {group}
}}
output "inputs" {{
 value = {{{inputs}}}
}}
"#
            )
        };
        let reader = Workspace::offline(&configuration);
        reader.write("redis.yaml", &yaml(file));
        let inputs = reader.plan().json()["planned_values"]["outputs"]["inputs"]["value"].clone();
        inputs
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), in_environment(value)))
            .collect()
    }

    /// A command for which Terragrunt has no name of its own.
    fn forwarded(&mut self, environment: &str, unit: &str, arguments: &[&str]) -> Run {
        let prefix: &[&str] = if self.terragrunt.is_some() { &["run", "--"] } else { &[] };
        self.run(environment, unit, &[prefix, arguments].concat())
    }

    fn output(&mut self, environment: &str, unit: &str, name: &str) -> String {
        self.run(environment, unit, &["output", "-raw", name]).succeeds().stdout
    }
}

/// Both units are initialized and planned before anything exists, in each environment.
#[test]
fn units_are_planned_with_mocks_before_the_redis_exists() {
    let mut example = Example::new("plan");
    let redis = example.run("prod", REDIS, &["plan", "-no-color"]).succeeds();
    assert!(redis.stdout.contains("Plan: 6 to add, 0 to change, 0 to destroy."), "{redis}");
    let django = UNIT.works("122-132: a Django unit with a dependency and mocks", || {
        example.run("prod", DJANGO, &["plan", "-no-color"]).succeeds()
    });
    assert!(django.stdout.contains("redis://localhost:6379/0"), "{django}");
    UNIT.differs("138-146: additional_security_group_rules let Django in", || {
        assert!(django.stdout.contains("sg-12345"), "{django}");
        assert!(!django.stdout.contains("_rule."), "the stand-in creates no rule: {django}");
    });
    UNIT.differs("127-131: mocks for every command", || {
        let text = shipped(&format!("units/{DJANGO}/terragrunt.hcl"));
        let allowed = text.lines().find(|line| line.contains("mock_outputs_allowed")).unwrap();
        assert!(allowed.ends_with(r#"["init", "validate", "plan", "destroy"]"#), "{allowed}");
        if example.terragrunt.is_some() {
            example.run("prod", DJANGO, &["apply", "-auto-approve"]).fails();
        }
    });
    example.run("dev", DJANGO, &["plan"]).succeeds();
    example.run("dev", REDIS, &["plan"]).succeeds();
}

/// L6. A first apply that fails leaves the Django unit without outputs of the Redis; its mocks let it be destroyed.
#[test]
fn a_unit_is_destroyed_before_the_one_that_it_depends_on_exists() {
    let mut example = Example::new("destroy");
    example.run("prod", DJANGO, &["destroy", "-auto-approve", "-no-color"]).succeeds();
    let readme = shipped("README.md");
    for words in ["`… detected no outputs` at `run --all destroy`", "terragrunt backend bootstrap"] {
        assert!(readme.contains(words), "{words}");
    }
}

/// L6. The message of an interrupted apply names Terraform's command, and the README that of a unit.
#[test]
fn a_unit_goes_on_after_an_interrupted_apply_as_the_readme_says() {
    let mut example = Example::new("untaint");
    example.run("dev", REDIS, &["apply", "-auto-approve"]).succeeds();
    let list = example.forwarded("dev", REDIS, &["state", "list"]).succeeds().stdout;
    let group =
        list.lines().find(|line| line.starts_with("elasticache_replication_group.")).unwrap().to_owned();
    example.forwarded("dev", REDIS, &["taint", &group]).succeeds();
    let replaced = example.run("dev", REDIS, &["plan", "-detailed-exitcode", "-no-color"]);
    assert_eq!(replaced.code, Some(2), "{replaced}");
    assert!(shipped("README.md").contains("in a unit: `terragrunt run -- untaint ADDRESS`"));
    example.forwarded("dev", REDIS, &["untaint", &group]).succeeds();
    let plan = example.run("dev", REDIS, &["plan", "-detailed-exitcode", "-no-color"]);
    assert_eq!(plan.code, Some(0), "{plan}");
    example.run("dev", REDIS, &["destroy", "-auto-approve"]).succeeds();
}

#[test]
fn production_and_development_are_applied_side_by_side() {
    let mut example = Example::new("apply");
    UNIT.works("66-67: terragrunt apply in units/redis", || {
        example.run("prod", REDIS, &["apply", "-auto-approve"]).succeeds();
    });
    UNIT.works("40: the development file, in the same folder", || {
        example.run("dev", REDIS, &["apply", "-auto-approve"]).succeeds();
        // Neither needs another `init` after the other.
        for environment in ["prod", "dev", "prod"] {
            let plan = example.run(environment, REDIS, &["plan", "-detailed-exitcode"]);
            assert_eq!(plan.code, Some(0), "{environment}: {plan}");
        }
        let root = shipped("root.hcl");
        assert!(root.contains(
            r#"download_dir = "${get_parent_terragrunt_dir()}/.terragrunt-cache/${local.environment}""#
        ));
        assert_eq!(example.fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
    });
    UNIT.works("70-71: terragrunt output of the connection URLs", || {
        for (environment, name) in [("prod", "lightwave-django-prod"), ("dev", "lightwave-django-dev")] {
            let url = example.run(environment, REDIS, &["output", "redis_url"]).succeeds().stdout;
            assert!(url.starts_with(&format!(r#""redis://{name}."#)), "{url}");
            let broker = example.run(environment, REDIS, &["output", "celery_broker_url"]).succeeds().stdout;
            assert!(broker.trim_end().ends_with(r#":6379/1""#), "{broker}");
        }
    });
    UNIT.works("94-95: terragrunt output -raw into variables of a shell", || {
        let url = example.output("prod", REDIS, "redis_url");
        assert!(url.starts_with("redis://lightwave-django-prod.") && url.ends_with("/0"), "{url}");
    });
    UNIT.works("53: every input of the module is supported", || {
        let text =
            fs::read_to_string(example.fixture.terraform.path().join("terragrunt/config/redis-dev.yaml"));
        let text = format!("{}\nmaxmemory_policy: noeviction\n", text.unwrap());
        if example.terragrunt.is_some() {
            example.fixture.terraform.write("terragrunt/config/redis-dev.yaml", &text);
            example.run("dev", REDIS, &["apply", "-auto-approve"]).succeeds();
            let set = example.fixture.aws.calls("elasticache", "ModifyCacheParameterGroup");
            assert!(set.iter().any(|call| format!("{call:?}").contains("noeviction")));
        } else {
            // The whole file is handed over, whatever it has.
            assert!(shipped("units/redis/terragrunt.hcl").contains("inputs = yamldecode(file("));
        }
    });
    UNIT.works("134-136: the Django unit has the URLs of the Redis", || {
        example.run("prod", DJANGO, &["apply", "-auto-approve"]).succeeds();
        let run = example.run("prod", DJANGO, &["output", "-json", "environment"]).succeeds();
        let environment: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            environment,
            json!([
                { "name": "REDIS_URL", "value": example.output("prod", REDIS, "redis_url") },
                { "name": "CELERY_BROKER_URL", "value": example.output("prod", REDIS, "celery_broker_url") },
            ])
        );
    });
    for (environment, unit) in [("prod", DJANGO), ("prod", REDIS), ("dev", REDIS)] {
        example.run(environment, unit, &["destroy", "-auto-approve"]).succeeds();
    }
    let count = |action: &str| example.fixture.aws.calls("elasticache", action).len();
    assert_eq!(count("CreateReplicationGroup"), count("DeleteReplicationGroup"));
}
