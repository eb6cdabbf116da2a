//! Tests of the global datastore, against AWS's documents and a scripted AWS.

use std::sync::{Arc, Mutex};

use super::GlobalReplicationGroup;
use crate::diag::Diagnostics;
use crate::testing::aws::{Answer, Call, FakeAws, config};
use crate::value::Value;

mod create;
mod delete;
mod plan;
mod read;
mod steps;
mod update;

const ID: &str = "ldgnf-booking";
const ARN: &str = "arn:aws:elasticache::111122223333:globalreplicationgroup:ldgnf-booking";
const NOT_FOUND: &str = "GlobalReplicationGroupNotFoundFault";
const BUSY: &str = "InvalidGlobalReplicationGroupState";

/// A member as the scripted AWS returns it.
#[derive(Debug, Clone)]
struct Member {
    id: &'static str,
    region: &'static str,
    is_primary: bool,
    status: &'static str,
}

const PRIMARY: Member = Member { id: "cache", region: "us-east-1", is_primary: true, status: "associated" };
const SECONDARY: Member =
    Member { id: "cache-west", region: "us-west-2", is_primary: false, status: "associated" };

/// What the scripted AWS has.
#[derive(Debug, Clone)]
struct Observed {
    /// Whether the datastore exists.
    exists: bool,
    status: &'static str,
    description: String,
    engine: String,
    version: String,
    node_type: String,
    failover: &'static str,
    /// Shards; 0 without cluster mode.
    shards: usize,
    members: Vec<Member>,
    tags: Vec<(String, String)>,
    /// The datastore that the primary belongs to according to DescribeReplicationGroups.
    primary_in: Option<&'static str>,
}

impl Observed {
    /// A datastore of Redis OSS 7.1 without secondaries and cluster mode.
    fn alone() -> Self {
        Self {
            exists: true,
            status: "primary-only",
            description: " ".to_owned(),
            engine: "redis".to_owned(),
            version: "7.1.0".to_owned(),
            node_type: "cache.r7g.large".to_owned(),
            failover: "enabled",
            shards: 0,
            members: vec![PRIMARY],
            tags: Vec::new(),
            primary_in: None,
        }
    }

    /// With a secondary in another Region.
    fn paired() -> Self {
        Self { status: "available", members: vec![SECONDARY, PRIMARY], ..Self::alone() }
    }

    /// Before the create.
    fn missing() -> Self {
        Self { exists: false, ..Self::alone() }
    }

    fn xml(&self, with_members: bool) -> String {
        let member = |member: &Member| {
            let role = if member.is_primary { "PRIMARY" } else { "SECONDARY" };
            format!(
                "<GlobalReplicationGroupMember><ReplicationGroupId>{}</ReplicationGroupId><ReplicationGroupRegion>{}\
                 </ReplicationGroupRegion><Role>{role}</Role><AutomaticFailover>{}</AutomaticFailover><Status>{}</Status>\
                 </GlobalReplicationGroupMember>",
                member.id, member.region, self.failover, member.status
            )
        };
        let members: String = match with_members {
            true => self.members.iter().map(member).collect(),
            false => String::new(),
        };
        let shards: String = (1..=self.shards)
            .map(|shard| {
                format!(
                    "<GlobalNodeGroup><GlobalNodeGroupId>{ID}-{shard:04}</GlobalNodeGroupId><Slots>0-16383</Slots>\
                     </GlobalNodeGroup>"
                )
            })
            .collect();
        format!(
            "<GlobalReplicationGroupId>{ID}</GlobalReplicationGroupId><GlobalReplicationGroupDescription>{}\
             </GlobalReplicationGroupDescription><Status>{}</Status><CacheNodeType>{}</CacheNodeType><Engine>{}</Engine>\
             <EngineVersion>{}</EngineVersion><Members>{members}</Members><ClusterEnabled>{}</ClusterEnabled>\
             <GlobalNodeGroups>{shards}</GlobalNodeGroups><AuthTokenEnabled>false</AuthTokenEnabled>\
             <TransitEncryptionEnabled>true</TransitEncryptionEnabled><AtRestEncryptionEnabled>true</AtRestEncryptionEnabled>\
             <ARN>{ARN}</ARN>",
            self.description,
            self.status,
            self.node_type,
            self.engine,
            self.version,
            self.shards > 0
        )
    }

    /// The group that is to be the primary.
    fn primary_xml(&self) -> String {
        let datastore = self
            .primary_in
            .map_or(String::new(), |id| format!("<GlobalReplicationGroupId>{id}</GlobalReplicationGroupId>"));
        format!(
            "<ReplicationGroup><ReplicationGroupId>cache</ReplicationGroupId><GlobalReplicationGroupInfo>{datastore}\
             </GlobalReplicationGroupInfo><Status>available</Status><MemberClusters><ClusterId>cache-001</ClusterId>\
             </MemberClusters><ClusterEnabled>{}</ClusterEnabled><Engine>{}</Engine>\
             <ARN>arn:aws:elasticache:us-east-1:111122223333:replicationgroup:cache</ARN></ReplicationGroup>",
            self.shards > 0,
            self.engine
        )
    }

    /// Takes a change up at once.
    fn take_up(&mut self, call: &Call) {
        let given = |name: &str| call.params.get(name).cloned();
        if let Some(text) = given("GlobalReplicationGroupDescription") {
            self.description = text;
        }
        if let Some(engine) = given("Engine") {
            self.engine = engine;
        }
        if let Some(version) = given("EngineVersion") {
            self.version = format!("{version}.0");
        }
        if let Some(node_type) = given("CacheNodeType") {
            self.node_type = node_type;
        }
        match given("AutomaticFailoverEnabled").as_deref() {
            Some("true") => self.failover = "enabled",
            Some(_) => self.failover = "disabled",
            None => {}
        }
        if let Some(count) = given("NodeGroupCount") {
            self.shards = count.parse().unwrap();
        }
        if let Some(region) = given("PrimaryRegion") {
            for member in &mut self.members {
                member.is_primary = member.region == region;
            }
        }
    }

    /// The answer to a call.
    fn answer(&mut self, call: &Call) -> Answer {
        match call.operation.as_str() {
            "DescribeReplicationGroups" => {
                call.xml(&format!("<ReplicationGroups>{}</ReplicationGroups>", self.primary_xml()))
            }
            "DescribeCacheClusters" => call.xml(&format!(
                "<CacheClusters><CacheCluster><CacheClusterId>cache-001</CacheClusterId><CacheClusterStatus>available\
                 </CacheClusterStatus><Engine>{}</Engine><EngineVersion>{}</EngineVersion>\
                 <ARN>arn:aws:elasticache:us-east-1:111122223333:cluster:cache-001</ARN></CacheCluster></CacheClusters>",
                self.engine, self.version
            )),
            "DescribeGlobalReplicationGroups" if !self.exists && call.param("GlobalReplicationGroupId").is_empty() => {
                call.xml("<GlobalReplicationGroups/>")
            }
            "DescribeGlobalReplicationGroups" if !self.exists => call.error(NOT_FOUND, "None."),
            "DescribeGlobalReplicationGroups" => {
                let members = call.param("ShowMemberInfo") == "true";
                call.xml(&format!(
                    "<GlobalReplicationGroups><GlobalReplicationGroup>{}</GlobalReplicationGroup></GlobalReplicationGroups>",
                    self.xml(members)
                ))
            }
            "ListTagsForResource" => {
                let tag = |(key, value): &(String, String)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
                let tags: String = self.tags.iter().map(tag).collect();
                call.xml(&format!("<TagList>{tags}</TagList>"))
            }
            "AddTagsToResource" | "RemoveTagsFromResource" => call.xml("<TagList/>"),
            "CreateGlobalReplicationGroup" => {
                self.exists = true;
                self.description =
                    call.params.get("GlobalReplicationGroupDescription").map_or(" ", String::as_str).to_owned();
                let keys = call.list("Tags.Tag.*.Key");
                self.tags = keys.into_iter().zip(call.list("Tags.Tag.*.Value")).collect();
                call.xml(&format!("<GlobalReplicationGroup>{}</GlobalReplicationGroup>", self.xml(false)))
            }
            "DeleteGlobalReplicationGroup" => {
                self.exists = false;
                call.xml(&format!("<GlobalReplicationGroup>{}</GlobalReplicationGroup>", self.xml(false)))
            }
            _ => {
                self.take_up(call);
                call.xml(&format!("<GlobalReplicationGroup>{}</GlobalReplicationGroup>", self.xml(false)))
            }
        }
    }
}

/// What the scripted AWS has, to be looked at and changed by a test.
type AwsState = Arc<Mutex<Observed>>;

fn aws_state(observed: Observed) -> AwsState {
    Arc::new(Mutex::new(observed))
}

/// An AWS in this state, except where `first` answers.
fn aws(aws_state: &AwsState, mut first: impl FnMut(&Call) -> Option<Answer> + Send + 'static) -> FakeAws {
    let aws_state = Arc::clone(aws_state);
    FakeAws::new(move |call| first(call).unwrap_or_else(|| aws_state.lock().unwrap().answer(call)))
}

/// The same without exceptions.
fn healthy(aws_state: &AwsState) -> FakeAws {
    aws(aws_state, |_| None)
}

/// A response that says nothing of what became of the request.
fn unanswered() -> Answer {
    Answer { status: 500, content_type: "text/xml", body: Vec::new() }
}

/// A configuration that fits [`Shown::alone`], with changes.
fn desired<const N: usize>(changes: [(&str, Value); N]) -> Value {
    let mut config = config(
        &GlobalReplicationGroup,
        [
            ("global_replication_group_id_suffix", "booking".into()),
            ("primary_replication_group_id", "cache".into()),
        ],
    );
    if let Value::Map(entries) = &mut config {
        entries.extend(changes.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    config
}

/// The state after a create with [`desired`] in this state.
async fn created(aws_state: &AwsState) -> Value {
    let applied = healthy(aws_state).create(&GlobalReplicationGroup, desired([])).await;
    none(&applied.diags);
    applied.state
}

/// The state as a refresh finds it.
async fn refreshed(aws_state: &AwsState, state: &Value) -> Value {
    let read = healthy(aws_state).read(&GlobalReplicationGroup, state).await;
    none(&read.diags);
    read.state
}

/// The calls that change something.
fn writes(calls: &[Call]) -> Vec<&Call> {
    calls
        .iter()
        .filter(|call| !call.operation.starts_with("Describe") && !call.operation.starts_with("List"))
        .collect()
}

/// The parameters of a call, without those that every call of it has.
fn params(call: &Call) -> Vec<String> {
    let common = ["Action", "Version", "GlobalReplicationGroupId", "ApplyImmediately"];
    let own = call.params.iter().filter(|(name, _)| !common.contains(&name.as_str()));
    own.map(|(name, value)| format!("{name}={value}")).collect()
}

/// Operation and parameters of each call that changes something.
fn sent(aws: &FakeAws) -> Vec<String> {
    let calls = aws.calls();
    let text = |call: &&Call| [vec![call.operation.clone()], params(call)].concat().join(" ");
    writes(&calls).iter().map(text).collect()
}

#[track_caller]
fn none(diags: &Diagnostics) {
    assert_eq!(crate::testing::aws::problems(diags), [] as [&str; 0]);
}
