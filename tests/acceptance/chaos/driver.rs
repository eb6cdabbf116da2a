//! The provider in this process, driven as Terraform drives it, beside a simulated AWS in the same thread.
//!
//! Time is paused: it moves on to the next timer whenever neither side has anything to do, so a back-off of a minute
//! takes none. Sockets of loopback are ready as soon as they are written to, which keeps a timeout from firing early.

use std::time::Duration;

use serde_json::Value as Json;
use terraform_provider_elasticache::aws::{Aws, Cancel, Environment, Secret, Service, Settings};
use terraform_provider_elasticache::diag::{Diagnostics, Severity};
use terraform_provider_elasticache::engine::{
    AnyAction, AnyResource, ApplyRequest, PlanRequest, PlanResponse, Private, ProviderConfig, ReadRequest,
};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Block, BlockNesting};
use terraform_provider_elasticache::value::{Field, Map, Value, json};
use tokio::runtime::{Builder, Runtime};

use super::subjects::Seed;
use crate::aws_control;
use crate::fixture::place;
use crate::simulator::elasticache::{Control, Durations};
use crate::simulator::protocol::{Params, Place, Xml};
use crate::simulator::{Call, InjectedFault, Outcome, Simulator, on};

/// Longer than AWS takes for anything.
pub const SETTLED: Duration = Duration::from_secs(6 * 3600);

/// Long enough for some polls; what is created takes longer than an attempt of a call that is never answered, so that
/// the retry finds it still being created, as it does in AWS.
const DURATIONS: Durations = Durations {
    create: 100_000,
    modify: 10_000,
    settings: 5_000,
    scale: 10_000,
    reshard: 10_000,
    member_create: 12_000,
    member_delete: 12_000,
    member_lag: 0,
    delete: 10_000,
    release: 5_000,
    snapshot: 100_000,
    tagging: 5_000,
    failover: 10_000,
    reboot: 10_000,
    log_delivery: 5_000,
    parameters: 5_000,
    user: 5_000,
    global: 10_000,
    update_node: 20_000,
    update_listing: 20_000,
    global_lag: 5_000,
    not_found_after_create: 2_000,
};

/// Between the end of a fault and the next run: AWS shows by then what it has created.
pub const BETWEEN_RUNS: Duration = Duration::from_secs(30);

/// What Terraform keeps of an object.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub value: Value,
    private: Vec<u8>,
    /// A create that failed after it had made something: the next apply replaces that.
    pub tainted: bool,
}

impl State {
    /// The state that an import begins with, still to be read.
    pub fn imported(stub: Value) -> Self {
        Self { value: stub, private: Private::imported().bytes(), tainted: false }
    }

    /// The private data, as text. A refresh-only plan compares it as it compares the value.
    pub fn private(&self) -> &str {
        std::str::from_utf8(&self.private).unwrap()
    }
}

/// A provider, and the simulated AWS it calls.
pub struct Driver {
    pub aws: Simulator,
    provider: ProviderConfig,
    runtime: Runtime,
}

fn provider(aws: &Simulator) -> ProviderConfig {
    let settings = Settings {
        region: Some(place().region),
        access_key: Some(place().account),
        secret_key: Some(Secret::from("simulated".to_owned())),
        endpoints: Service::ALL.map(|service| (service, aws.endpoint())).into(),
        // So that a fault that lasts is reported after few calls.
        max_retries: Some(3),
        ..Settings::default()
    };
    let mut provider = ProviderConfig::new(Ok(Aws::with_environment(settings, Environment::default())));
    provider.region = Field::Known(place().region);
    provider
}

/// The errors, in words.
pub fn errors(diags: &Diagnostics) -> Vec<String> {
    let errors = diags.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{}: {}", it.summary, it.detail)).collect()
}

impl Driver {
    /// An AWS with these objects. Its clock is that of the provider, so that what one waits for is done by the other.
    pub fn new(seeds: &[Seed]) -> Self {
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let aws = runtime.block_on(Simulator::start()).unwrap();
        {
            let _paused = runtime.enter();
            aws.clock().set_scale(1.0);
        }
        aws.with_state(|aws| aws.elasticache.configure(|config| config.durations = DURATIONS));
        let driver = Self { provider: provider(&aws), aws, runtime };
        for seed in seeds {
            driver.sow(seed);
        }
        driver
    }

    /// Makes a call of another client, or lets AWS end what it is doing; see [`Seed`].
    pub fn sow(&self, &(region, service, action, parameters): &(&str, &str, &str, &str)) {
        let _paused = self.runtime.enter();
        sow(&self.aws, region, service, action, parameters);
    }

    /// Hits the next call of each of these actions with a fault.
    pub fn hit(&self, service: &str, actions: &[&str], fault: &InjectedFault) {
        actions.iter().for_each(|action| self.aws.fault(on(service, action), fault.clone()));
    }

    /// How often AWS has carried out an action, whether or not its response arrived.
    pub fn carried_out(&self, service: &str, action: &str) -> usize {
        let calls = self.aws.calls(service, action);
        let done = |call: &Call| matches!(call.outcome, Some(Outcome::Done | Outcome::Lost(_)));
        calls.iter().filter(|call| done(call)).count()
    }

    /// The names that a listing returns once AWS is done with everything.
    pub fn names(&self, listing: &str) -> Vec<String> {
        let all = self.inventory().into_iter();
        all.filter_map(|it| it.strip_prefix(listing)?.strip_prefix(' ').map(str::to_owned)).collect()
    }

    /// Another process of the provider: nothing is remembered.
    pub fn restart(&mut self) {
        self.provider = provider(&self.aws);
    }

    pub fn refresh(&self, resource: &dyn AnyResource, state: &State) -> (State, Diagnostics) {
        self.with_provider(async |provider| refresh(provider, resource, state).await)
    }

    /// Reads a data source in a new process, as one run of Terraform.
    pub fn read_data(&mut self, type_name: &str, configuration: &Json) -> (Value, Diagnostics) {
        self.restart();
        let source = REGISTRY.data_sources.iter().find(|it| it.type_name() == type_name);
        let source = source.unwrap_or_else(|| panic!("no data source {type_name}"));
        let schema = source.schema();
        let config = schema.conform(json::decode(configuration, schema.ty()).unwrap());
        let response = self.runtime.block_on(source.read(&self.provider, &Cancel::new(), config));
        (response.state, response.diags)
    }

    /// Looks at what AWS holds, or interferes with it, past its API.
    pub fn control<T>(&self, act: impl FnOnce(&mut Control<'_>) -> T) -> T {
        let _paused = self.runtime.enter();
        aws_control::control(&self.aws, act)
    }

    /// Lets this process of the provider work.
    pub fn with_provider<T>(&self, work: impl AsyncFnOnce(&ProviderConfig) -> T) -> T {
        self.runtime.block_on(work(&self.provider))
    }

    pub fn plan(&self, resource: &dyn AnyResource, prior: &State, config: &Value) -> PlanResponse {
        plan(&self.provider, resource, prior, config)
    }

    /// Whether a plan has nothing to do.
    pub fn is_settled(
        &self,
        resource: &dyn AnyResource,
        state: &State,
        config: &Value,
    ) -> Result<(), String> {
        let plan = self.plan(resource, state, config);
        if plan.diags.has_errors() {
            return Err(errors(&plan.diags).join("\n"));
        }
        if plan.planned == state.value && plan.replace.is_empty() {
            return Ok(());
        }
        let names = plan.planned.as_map().into_iter().flat_map(|map| map.keys());
        let differ = names.filter(|name| state.value.get(name) != plan.planned.get(name));
        let differ =
            differ.map(|name| format!("{name}: {:?} to {:?}", state.value.get(name), plan.planned.get(name)));
        Err(format!("{}; replaced for {:?}", differ.collect::<Vec<_>>().join(", "), plan.replace))
    }

    /// Plans a replacement that `-replace` requests, both times as core does.
    pub fn plan_replacement(
        &self,
        resource: &dyn AnyResource,
        prior: &State,
        config: &Value,
    ) -> PlanResponse {
        let mut first = self.plan(resource, prior, config);
        let second = replacement(&self.provider, resource, prior, &first, config);
        first.diags.extend(second.diags);
        PlanResponse { diags: first.diags, ..second }
    }

    /// Plans and applies, a replacement as destroy and create; a null configuration destroys.
    pub fn apply(&self, resource: &dyn AnyResource, prior: &State, config: &Value) -> (State, Diagnostics) {
        self.runtime.block_on(apply(&self.provider, resource, prior, config))
    }

    /// Applies two configurations at once, each with a process of its own; the second begins after `lead`.
    pub fn apply_both(
        &self,
        first: (&dyn AnyResource, &State, &Value),
        lead: Duration,
        second: (&dyn AnyResource, &State, &Value),
    ) -> [(State, Diagnostics); 2] {
        let providers = [provider(&self.aws), provider(&self.aws)];
        let late = async {
            tokio::time::sleep(lead).await;
            apply(&providers[1], second.0, second.1, second.2).await
        };
        let both = futures_util::future::join(apply(&providers[0], first.0, first.1, first.2), late);
        let (first, second) = self.runtime.block_on(both);
        [first, second]
    }

    /// Plans and invokes an action.
    pub fn invoke(&self, action: &dyn AnyAction, config: &Value) -> Diagnostics {
        let (messages, _received) = tokio::sync::mpsc::unbounded_channel();
        let cancel = Cancel::new();
        self.runtime.block_on(async {
            let planned = action.plan(&self.provider, &cancel, config).await;
            if planned.has_errors() {
                return planned;
            }
            action.invoke(&self.provider, &cancel, config.clone(), messages).await
        })
    }

    /// The names of all objects, each as often as AWS has it, once AWS is done with everything.
    pub fn inventory(&self) -> Vec<String> {
        let _paused = self.runtime.enter();
        inventory(&self.aws)
    }
}

/// The names of all objects, each as often as AWS has it, once AWS is done with everything.
pub fn inventory(aws: &Simulator) -> Vec<String> {
    aws.clock().advance(SETTLED);
    let now = aws.clock().now();
    let mut names = Vec::new();
    aws.with_state(|aws| {
        for (service, action, name) in QUERIES {
            let answer = aws.query(&place(), service, action, &Params::default(), now).unwrap();
            texts(&answer, name, &mut |text| names.push(format!("{action} {text}")));
        }
        for (service, action, input, name) in DOCUMENTS {
            let input = serde_json::from_str(input).unwrap();
            let answer = aws.ask(&place(), service, action, &input, now).unwrap();
            members(&answer, name, &mut |text| names.push(format!("{action} {text}")));
        }
    });
    // AWS makes a parameter group for each member of a global datastore, and keeps it.
    names.retain(|name| !name.starts_with("DescribeCacheParameterGroups global-datastore-"));
    names.sort();
    names
}

/// Makes a call of another client, or lets AWS end what it is doing; see [`Seed`].
pub fn sow(aws: &Simulator, region: &str, service: &str, action: &str, parameters: &str) {
    if service == "clock" {
        return aws.clock().advance(SETTLED);
    }
    let place = Place { region: region.to_owned(), ..place() };
    let now = aws.clock().now();
    let refused = aws.with_state(|aws| {
        if service == "elasticache" || service == "ec2" {
            let pairs = parameters.split_whitespace().filter_map(|pair| pair.split_once('='));
            let pairs =
                Params(pairs.map(|(name, value)| (name.to_owned(), value.replace("%20", " "))).collect());
            aws.query(&place, service, action, &pairs, now).err()
        } else {
            let input = serde_json::from_str(parameters).unwrap();
            aws.ask(&place, service, action, &input, now).err()
        }
    });
    assert_eq!(refused, None, "{action} {parameters}");
}

/// A refresh as core makes it.
pub async fn refresh(
    provider: &ProviderConfig,
    resource: &dyn AnyResource,
    state: &State,
) -> (State, Diagnostics) {
    if state.value.is_null() {
        return (State::default(), Diagnostics::new());
    }
    let request = ReadRequest { state: state.value.clone(), private: state.private.clone() };
    let response = resource.read(provider, &Cancel::new(), request).await;
    // Terraform keeps the prior state when a refresh fails.
    if response.diags.has_errors() {
        return (state.clone(), response.diags);
    }
    let tainted = state.tainted && !response.state.is_null();
    (State { value: response.state, private: response.private, tainted }, response.diags)
}

/// A plan as core makes it.
fn plan(
    provider: &ProviderConfig,
    resource: &dyn AnyResource,
    prior: &State,
    config: &Value,
) -> PlanResponse {
    let proposed = match config {
        Value::Null => Value::Null,
        config => propose(&resource.schema().block, config, &prior.value),
    };
    let request = PlanRequest {
        config: config.clone(),
        prior: prior.value.clone(),
        proposed,
        private: prior.private.clone(),
    };
    let mut response = resource.plan(provider, request);
    if !config.is_null() {
        response.diags.extend(resource.validate(config));
    }
    response
}

/// The second plan of a replacement as core makes it: without the prior state, and with the private data that the first
/// plan returned.
fn replacement(
    provider: &ProviderConfig,
    resource: &dyn AnyResource,
    prior: &State,
    first: &PlanResponse,
    config: &Value,
) -> PlanResponse {
    // Core plans a tainted object as a creation, with neither its state nor its private data.
    let private = if prior.tainted { Vec::new() } else { first.private.clone() };
    plan(provider, resource, &State { private, ..State::default() }, config)
}

async fn apply(
    provider: &ProviderConfig,
    resource: &dyn AnyResource,
    prior: &State,
    config: &Value,
) -> (State, Diagnostics) {
    if prior.value.is_null() && config.is_null() {
        return (State::default(), Diagnostics::new());
    }
    let plan = plan(provider, resource, prior, config);
    if plan.diags.has_errors() {
        return (prior.clone(), plan.diags);
    }
    let exists = !prior.value.is_null() && !config.is_null();
    if exists && (prior.tainted || !plan.replace.is_empty()) {
        let create = replacement(provider, resource, prior, &plan, config);
        if create.diags.has_errors() {
            return (prior.clone(), create.diags);
        }
        // Core plans the replacement of a tainted object as a creation, and so passes its private data to neither half.
        let private = if prior.tainted { Vec::new() } else { prior.private.clone() };
        let prior = State { private, ..prior.clone() };
        let (state, diags) = Box::pin(apply(provider, resource, &prior, &Value::Null)).await;
        if diags.has_errors() {
            return (state, diags);
        }
        return Box::pin(apply(provider, resource, &State::default(), config)).await;
    }
    if exists && plan.planned == prior.value {
        return (prior.clone(), plan.diags);
    }
    let request = ApplyRequest {
        config: config.clone(),
        prior: prior.value.clone(),
        planned: plan.planned,
        private: plan.private,
    };
    let response = resource.apply(provider, &Cancel::new(), request).await;
    let failed = response.diags.has_errors() && prior.value.is_null();
    let tainted = (failed || prior.tainted) && !response.state.is_null();
    (State { value: response.state, private: response.private, tainted }, response.diags)
}

/// Listings of the query protocol, and the element that holds a name.
const QUERIES: &[(&str, &str, &str)] = &[
    ("ec2", "DescribeSecurityGroups", "groupName"),
    ("elasticache", "DescribeCacheClusters", "CacheClusterId"),
    ("elasticache", "DescribeCacheParameterGroups", "CacheParameterGroupName"),
    ("elasticache", "DescribeCacheSubnetGroups", "CacheSubnetGroupName"),
    ("elasticache", "DescribeGlobalReplicationGroups", "GlobalReplicationGroupId"),
    ("elasticache", "DescribeReplicationGroups", "ReplicationGroupId"),
    ("elasticache", "DescribeServerlessCacheSnapshots", "ServerlessCacheSnapshotName"),
    ("elasticache", "DescribeServerlessCaches", "ServerlessCacheName"),
    ("elasticache", "DescribeSnapshots", "SnapshotName"),
    ("elasticache", "DescribeUserGroups", "UserGroupId"),
    ("elasticache", "DescribeUsers", "UserId"),
];

/// Listings of the other protocols, their parameters, and the member that holds a name.
const DOCUMENTS: &[(&str, &str, &str, &str)] = &[
    ("cloudwatch", "DescribeAlarms", r#"{"AlarmTypes": ["CompositeAlarm", "MetricAlarm"]}"#, "AlarmName"),
    ("cloudwatch", "ListDashboards", "{}", "DashboardName"),
    ("logs", "DescribeLogGroups", "{}", "logGroupName"),
    ("secretsmanager", "ListSecrets", r#"{"IncludePlannedDeletion": true}"#, "Name"),
    ("ssm", "DescribeParameters", "{}", "Name"),
];

fn texts(elements: &[Xml], name: &str, found: &mut impl FnMut(&str)) {
    for element in elements {
        let Xml::Element(own, children) = element else { continue };
        match children.first() {
            Some(Xml::Text(text)) if own == name => found(text),
            _ => texts(children, name, found),
        }
    }
}

fn members(document: &Json, name: &str, found: &mut impl FnMut(&str)) {
    match document {
        Json::Array(items) => items.iter().for_each(|item| members(item, name, found)),
        Json::Object(entries) => {
            for (own, value) in entries {
                match value.as_str() {
                    Some(text) if own == name => found(text),
                    _ => members(value, name, found),
                }
            }
        }
        _ => {}
    }
}

/// Core's proposal: the configuration, with prior values where a computed attribute is left open.
pub fn propose(block: &Block, config: &Value, prior: &Value) -> Value {
    let mut proposed = Map::new();
    for attribute in &block.attributes {
        let (new, old) = (config.get(attribute.name), prior.get(attribute.name));
        let value = if new.is_null() && attribute.is_computed() { old } else { new };
        proposed.insert(attribute.name.to_owned(), value.clone());
    }
    for nested in &block.blocks {
        let (new, old) = (config.get(nested.name), prior.get(nested.name));
        let value = match (nested.nesting, new) {
            (BlockNesting::Single, Value::Map(_)) => propose(&nested.block, new, old),
            // By position. The elements of a set are for the provider to recognize.
            (BlockNesting::List, Value::List(items)) => {
                let olds =
                    old.as_elements().unwrap_or_default().iter().chain(std::iter::repeat(&Value::Null));
                Value::List(
                    items.iter().zip(olds).map(|(new, old)| propose(&nested.block, new, old)).collect(),
                )
            }
            _ => new.clone(),
        };
        proposed.insert(nested.name.to_owned(), value);
    }
    Value::Map(proposed)
}
