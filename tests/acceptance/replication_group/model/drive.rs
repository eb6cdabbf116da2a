//! The provider in this process, driven as Terraform drives it.

use std::collections::BTreeMap;

use terraform_provider_elasticache::aws::{Aws, Cancel, Environment, Secret, Service, Settings};
use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::engine::{
    AnyResource, ApplyRequest, PlanRequest, PlanResponse, ProviderConfig, ReadRequest,
};
use terraform_provider_elasticache::resources::replication_group::ReplicationGroup;
use terraform_provider_elasticache::schema::Attribute;
use terraform_provider_elasticache::value::{Field, Value};
use tokio::runtime::Runtime;

use super::reference::{Desired, LADDER, NODE_TYPES, TOKENS, WINDOWS};
use crate::aws_control::control;
use crate::fixture::place;
use crate::simulator::elasticache::Config;
use crate::simulator::protocol::{Params, QueryService, Xml};
use crate::simulator::{Record, Simulator};

/// A provider, and the simulated AWS it calls.
pub struct Driver {
    aws: Simulator,
    provider: ProviderConfig,
    runtime: Runtime,
}

/// The errors, in words.
pub fn errors(diags: &Diagnostics) -> Vec<String> {
    if !diags.has_errors() {
        return Vec::new();
    }
    diags.iter().map(|diagnostic| format!("{}: {}", diagnostic.summary, diagnostic.detail)).collect()
}

/// The attributes that differ.
pub fn differences(before: &Value, after: &Value) -> Vec<String> {
    let names = before.as_map().into_iter().flat_map(|map| map.keys());
    let differ = names.filter(|name| before.get(name) != after.get(name));
    differ.map(|name| format!("{name}: {:?} became {:?}", before.get(name), after.get(name))).collect()
}

fn number(number: u8) -> Value {
    Value::from(i64::from(number))
}

impl Driver {
    pub fn new() -> Self {
        let aws = Simulator::start_thread().unwrap();
        aws.with_state(|aws| {
            aws.elasticache.configure(|config| *config = Config { start: config.start, ..Config::instant() });
        });
        let settings = Settings {
            region: Some(place().region),
            access_key: Some(place().account),
            secret_key: Some(Secret::from("simulated".to_owned())),
            endpoints: [Service::ElastiCache, Service::Logs, Service::Sts]
                .map(|service| (service, aws.endpoint()))
                .into(),
            skip_credentials_validation: true,
            skip_requesting_account_id: true,
            ..Settings::default()
        };
        let edge = Aws::with_environment(settings, Environment::default());
        let mut provider = ProviderConfig::new(Ok(edge));
        provider.region = Field::Known(place().region);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { aws, provider, runtime }
    }

    pub fn configuration(&self, id: &str, desired: &Desired) -> Value {
        let (engine, version, ..) = LADDER[desired.version];
        let flag = |flag: Option<bool>| flag.map_or(Value::Null, Value::from);
        let mut entries = vec![
            ("replication_group_id", Value::from(id)),
            ("description", "a model's".into()),
            ("apply_immediately", true.into()),
            ("engine", engine.into()),
            ("engine_version", version.into()),
            ("auto_minor_version_upgrade", desired.auto_minor.into()),
            ("node_type", NODE_TYPES[desired.node_type].into()),
            ("automatic_failover_enabled", flag(desired.failover)),
            ("multi_az_enabled", flag(desired.multi_az)),
            ("transit_encryption_enabled", (desired.tls > 0).into()),
            ("maintenance_window", WINDOWS[desired.window].into()),
            ("snapshot_window", "01:00-02:00".into()),
            ("snapshot_retention_limit", number(desired.retention)),
            (
                "tags",
                Value::map(
                    desired.tags.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))),
                ),
            ),
        ];
        if desired.tls > 0 && desired.version > 0 {
            entries.push((
                "transit_encryption_mode",
                ["", "preferred", "required"][usize::from(desired.tls)].into(),
            ));
        }
        if let Some(token) = desired.token {
            entries.push(("auth_token", TOKENS[token].into()));
        }
        if desired.cluster {
            entries.push(("cluster_mode", "enabled".into()));
            entries.push(("num_node_groups", number(desired.shards)));
            entries.push(("replicas_per_node_group", number(desired.nodes - 1)));
        } else {
            entries.push(("num_cache_clusters", number(desired.nodes)));
        }
        let logs = ["slow-log", "engine-log"].into_iter().zip(desired.logs).filter_map(|(log, to)| {
            Some(Value::map([
                ("log_type", Value::from(log)),
                ("log_format", "json".into()),
                ("destination_type", "cloudwatch-logs".into()),
                ("destination", format!("/{}", to?).as_str().into()),
            ]))
        });
        entries.push(("log_delivery_configuration", Value::set(logs)));
        ReplicationGroup.schema().conform(Value::map(entries))
    }

    /// Core's proposal for a configuration that is wholly known, whose blocks leave nothing open.
    fn proposed(prior: &Value, configuration: &Value) -> Value {
        let block = &AnyResource::schema(&ReplicationGroup).block;
        let attribute = |name: &str| block.attributes.iter().find(|attribute| attribute.name == name);
        let entries = configuration.as_map().into_iter().flatten().map(|(name, value)| {
            let open = value.is_null() && attribute(name).is_some_and(Attribute::is_computed);
            (name.clone(), if open { prior.get(name).clone() } else { value.clone() })
        });
        Value::map(entries)
    }

    pub fn plan(&self, prior: &Value, configuration: &Value) -> PlanResponse {
        let resource: &dyn AnyResource = &ReplicationGroup;
        let request = PlanRequest {
            config: configuration.clone(),
            prior: prior.clone(),
            proposed: Self::proposed(prior, configuration),
            private: Vec::new(),
        };
        let mut response = resource.plan(&self.provider, request);
        let checked = resource.validate(configuration);
        response.diags.extend(checked);
        response
    }

    /// Carries a plan out, a replacement as destroy and create.
    pub fn apply(&self, prior: &Value, configuration: &Value, plan: PlanResponse) -> Result<Value, String> {
        if !plan.replace.is_empty() {
            self.destroy(prior)?;
            let plan = self.plan(&Value::Null, configuration);
            return self.carry_out(&Value::Null, configuration, plan.planned);
        }
        self.carry_out(prior, configuration, plan.planned)
    }

    fn carry_out(&self, prior: &Value, configuration: &Value, planned: Value) -> Result<Value, String> {
        let resource: &dyn AnyResource = &ReplicationGroup;
        let request = ApplyRequest {
            config: configuration.clone(),
            prior: prior.clone(),
            planned,
            private: Vec::new(),
        };
        let response = self.runtime.block_on(resource.apply(&self.provider, &Cancel::new(), request));
        if response.diags.has_errors() { Err(errors(&response.diags).join("\n")) } else { Ok(response.state) }
    }

    pub fn destroy(&self, state: &Value) -> Result<(), String> {
        if state.is_null() {
            return Ok(());
        }
        self.carry_out(state, &Value::Null, Value::Null).map(drop)
    }

    pub fn read(&self, state: &Value) -> Result<Value, String> {
        let resource: &dyn AnyResource = &ReplicationGroup;
        let request = ReadRequest { state: state.clone(), private: Vec::new() };
        let response = self.runtime.block_on(resource.read(&self.provider, &Cancel::new(), request));
        if response.diags.has_errors() { Err(errors(&response.diags).join("\n")) } else { Ok(response.state) }
    }

    /// The simulated AWS.
    pub fn aws(&self) -> &Simulator {
        &self.aws
    }

    /// What it was asked.
    pub fn record(&self) -> &Record {
        self.aws.record()
    }

    /// Asks AWS as another client does.
    pub fn ask(&self, action: &str, parameters: &[(&str, &str)]) -> Vec<Xml> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let parameters = Params(parameters.iter().map(pair).collect());
        let now = self.aws.clock().now();
        self.aws.with_state(|aws| aws.elasticache.call(&place(), action, &parameters, now)).unwrap()
    }

    /// What AWS shows of the group.
    pub fn existing(&self, id: &str) -> BTreeMap<String, String> {
        let group = self.ask("DescribeReplicationGroups", &[("ReplicationGroupId", id)]);
        let group = |path: &str| texts(&group, &format!("ReplicationGroups/ReplicationGroup/{path}"));
        let member = group("MemberClusters/ClusterId").swap_remove(0);
        let member = self.ask("DescribeCacheClusters", &[("CacheClusterId", &member)]);
        let member = |path: &str| texts(&member, &format!("CacheClusters/CacheCluster/{path}")).concat();
        let tags = self.ask("ListTagsForResource", &[("ResourceName", &group("ARN").concat())]);
        let tags: BTreeMap<String, String> =
            texts(&tags, "TagList/Tag/Key").into_iter().zip(texts(&tags, "TagList/Tag/Value")).collect();
        let log = "LogDeliveryConfigurations/LogDeliveryConfiguration";
        let to = group(&format!("{log}/DestinationDetails/CloudWatchLogsDetails/LogGroup"));
        let mut logs: Vec<String> = group(&format!("{log}/LogType"))
            .into_iter()
            .zip(to)
            .map(|(log, to)| format!("{log} {to}"))
            .collect();
        logs.sort();
        let observed = [
            ("status", group("Status").concat()),
            ("engine", group("Engine").concat()),
            ("version", member("EngineVersion")),
            ("parameter group", member("CacheParameterGroup/CacheParameterGroupName")),
            ("node type", group("CacheNodeType").concat()),
            ("shards", group("NodeGroups/NodeGroup/NodeGroupId").len().to_string()),
            ("members", group("MemberClusters/ClusterId").len().to_string()),
            ("failover", group("AutomaticFailover").concat()),
            ("multi-AZ", group("MultiAZ").concat()),
            ("TLS", group("TransitEncryptionMode").concat()),
            ("tokens", format!("{:?}", control(&self.aws, |aws| aws.valid_tokens(id)))),
            ("window", member("PreferredMaintenanceWindow")),
            ("retention", group("SnapshotRetentionLimit").concat()),
            ("auto minor", group("AutoMinorVersionUpgrade").concat()),
            ("tags", format!("{tags:?}")),
            ("logs", logs.join(", ")),
        ];
        observed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The texts of all elements at a path.
fn texts(elements: &[Xml], path: &str) -> Vec<String> {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let mut found = Vec::new();
    for element in elements {
        let Xml::Element(name, children) = element else { continue };
        match rest {
            _ if name != first => {}
            Some(rest) => found.extend(texts(children, rest)),
            None => found.push(
                children
                    .iter()
                    .filter_map(|child| if let Xml::Text(text) = child { Some(text.as_str()) } else { None })
                    .collect(),
            ),
        }
    }
    found
}
