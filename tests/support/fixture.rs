//! What the cases share: a simulated AWS and a workspace that applies to it.

use std::time::Duration;

use serde_json::Value;

use crate::aws_control;
use crate::hcl::GROUP;
use crate::simulator::elasticache::{Control, Durations};
use crate::simulator::protocol::{Params, Place};
use crate::simulator::{Call, DEFAULT_ACCOUNT, Simulator};
use crate::support::terraform::Workspace;

/// A simulated AWS of its own, and a workspace that applies to it.
pub struct Fixture {
    pub aws: Simulator,
    pub terraform: Workspace,
}

impl Fixture {
    /// With this configuration. Every call moves the simulated time on by five minutes,
    /// so that what takes AWS ten takes the provider two or three polls. A test that
    /// wants to see a state in between stops the clock with `set_per_call`.
    pub fn new(configuration: &str) -> Self {
        Self::of(Workspace::offline(configuration))
    }

    /// With the provider in a mirror, for what needs `terraform init`.
    pub fn mirrored(configuration: &str) -> Self {
        Self::of(Workspace::mirrored(configuration))
    }

    fn of(workspace: Workspace) -> Self {
        let aws = Simulator::start_thread().expect("a simulated AWS");
        aws.clock().set_per_call(Duration::from_secs(300));
        let terraform = at(&aws, workspace);
        Self { aws, terraform }
    }

    /// Another workspace with this configuration and an empty state, that applies to the same AWS.
    pub fn workspace(&self, configuration: &str) -> Workspace {
        at(&self.aws, Workspace::offline(configuration))
    }

    /// Applies the configuration that is there, then checks that nothing is left to do:
    /// empty plan, empty refresh-only plan, empty plan after an import.
    pub fn apply_and_verify(&self) {
        self.terraform.apply();
        self.terraform.assert_settled();
    }

    /// Changes the configuration and applies it as [`Fixture::apply_and_verify`] does.
    pub fn change_and_verify(&self, configuration: &str) {
        self.terraform.configure(configuration);
        self.apply_and_verify();
    }

    /// An output of the applied configuration.
    #[track_caller]
    pub fn output(&self, name: &str) -> Value {
        let run = self.terraform.run(&["output", "-json", name]).succeeds();
        serde_json::from_str(&run.stdout).unwrap()
    }

    /// The addresses of the resources of the state.
    pub fn addresses(&self) -> Vec<String> {
        self.terraform.resources().iter().map(|it| it["address"].as_str().unwrap().to_owned()).collect()
    }

    /// Changes how long things take from now on.
    pub fn durations(&self, change: impl FnOnce(&mut Durations)) {
        self.aws.with_state(|aws| aws.elasticache.configure(|config| change(&mut config.durations)));
    }

    /// The group of [`crate::hcl::group`] as the state has it.
    pub fn group(&self) -> Value {
        self.terraform.state(GROUP)
    }

    /// The changes of settings that were carried out so far.
    pub fn modifications(&self) -> Vec<Call> {
        let mut calls = self.aws.calls("elasticache", "ModifyReplicationGroup");
        calls.retain(Call::is_done);
        calls
    }

    /// The value of a parameter in each change of settings that has it.
    pub fn sent(&self, parameter: &str) -> Vec<String> {
        self.modifications().iter().filter_map(|call| call.parameter(parameter)).collect()
    }

    /// One group was created, and none deleted: whatever was done, was done in place.
    #[track_caller]
    pub fn assert_in_place(&self) {
        assert_eq!(self.aws.calls("elasticache", "CreateReplicationGroup").len(), 1, "groups created");
        assert_eq!(self.aws.calls("elasticache", "DeleteReplicationGroup").len(), 0, "groups deleted");
    }

    /// Plans a configuration that must be refused; gives what it says.
    #[track_caller]
    pub fn refused(&self, configuration: &str) -> String {
        self.terraform.configure(configuration);
        let diagnostics = self.terraform.plan_fails();
        diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    /// Looks at or interferes with what AWS holds, past its API.
    pub fn control<T>(&self, act: impl FnOnce(&mut Control<'_>) -> T) -> T {
        aws_control::control(&self.aws, act)
    }

    /// What another client is answered by a service that is asked with a document, such as
    /// `secretsmanager`, in the region of the cases or another one.
    #[track_caller]
    pub fn ask_in(&self, region: &str, service: &str, action: &str, input: &Value) -> Value {
        let place = Place { region: region.to_owned(), ..place() };
        let now = self.aws.clock().now();
        let answer = self.aws.with_state(|fixture| fixture.ask(&place, service, action, input, now));
        answer.unwrap_or_else(|fault| panic!("{service} {action}: {fault:?}"))
    }

    /// Makes log groups as another client does, for logs to be delivered to.
    #[track_caller]
    pub fn log_groups(&self, names: &[&str]) {
        for name in names {
            self.ask("logs", "CreateLogGroup", &serde_json::json!({ "logGroupName": name }));
        }
    }

    /// [`Fixture::ask_in`] the region of the cases.
    #[track_caller]
    pub fn ask(&self, service: &str, action: &str, input: &Value) -> Value {
        self.ask_in(&place().region, service, action, input)
    }

    /// The rules of a security group as `direction protocol from-to peer description`.
    pub fn rules(&self, group: &str) -> Vec<String> {
        self.aws.with_state(|fixture| fixture.rules(&place(), group))
    }

    /// Destroys all, and looks whether each object that was created is gone.
    #[track_caller]
    pub fn destroyed(&self) {
        self.terraform.destroy();
        assert_eq!(self.terraform.resources(), [] as [Value; 0]);
        for (service, kind) in [
            ("ec2", "SecurityGroup"),
            ("elasticache", "CacheParameterGroup"),
            ("elasticache", "CacheSubnetGroup"),
            ("elasticache", "GlobalReplicationGroup"),
            ("elasticache", "ReplicationGroup"),
            ("elasticache", "ServerlessCache"),
            ("elasticache", "User"),
            ("elasticache", "UserGroup"),
            ("logs", "LogGroup"),
            ("secretsmanager", "Secret"),
        ] {
            let done = |verb: &str| {
                self.aws.calls(service, &format!("{verb}{kind}")).iter().filter(|call| call.is_done()).count()
            };
            assert_eq!(done("Create"), done("Delete"), "{kind}: created, and deleted");
        }
        let nothing = serde_json::json!([]);
        let all = serde_json::json!({});
        assert_eq!(self.ask("cloudwatch", "DescribeAlarms", &all)["MetricAlarms"], nothing);
        assert_eq!(self.ask("ssm", "DescribeParameters", &all)["Parameters"], nothing);
    }

    /// A call by another client, with parameters as `Name=value` separated by spaces.
    #[track_caller]
    pub fn other_client(&self, action: &str, parameters: &str) {
        self.other_client_of("elasticache", action, parameters);
    }

    /// [`Fixture::other_client`] to another service of the query protocol.
    #[track_caller]
    pub fn other_client_of(&self, service: &str, action: &str, parameters: &str) {
        let now = self.aws.clock().now();
        let answer =
            self.aws.with_state(|fixture| fixture.query(&place(), service, action, &pairs(parameters), now));
        answer.unwrap_or_else(|fault| panic!("{action}: {fault:?}"));
    }
}

/// `Name=value` separated by spaces.
#[track_caller]
fn pairs(parameters: &str) -> Params {
    let pairs = parameters.split_whitespace().map(|pair| pair.split_once('=').expect("Name=value"));
    Params(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// The workspace as it applies to this AWS.
fn at(aws: &Simulator, workspace: Workspace) -> Workspace {
    workspace
        .with("AWS_ENDPOINT_URL", &aws.endpoint())
        .with("AWS_ACCESS_KEY_ID", DEFAULT_ACCOUNT)
        .with("AWS_SECRET_ACCESS_KEY", "simulated")
        .with("AWS_REGION", "eu-west-1")
}

/// Where the cases apply.
pub fn place() -> Place {
    Place { account: DEFAULT_ACCOUNT.to_owned(), region: "eu-west-1".to_owned() }
}

/// The guide whose policies allow whatever the provider calls.
const PERMISSIONS: &str = include_str!("../../docs/guides/permissions.md");

impl Drop for Fixture {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for call in self.aws.record().counts().keys().filter(|call| !call.starts_with("sts:")) {
            let action = format!(r#""{}""#, call.replacen("tagging:", "tag:", 1));
            assert!(PERMISSIONS.contains(&action), "{action} is not in docs/guides/permissions.md");
        }
    }
}
