//! Global datastores, as far as a member in this region sees one.

use super::faults;
use super::group::{Group, Status, Tls};
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::Region;
use super::topology;
use super::versions;
use super::xml::Node;

/// What a secondary takes over from its datastore (user guide, "Replication across AWS Regions
/// using global datastores").
#[derive(Debug, Clone)]
pub(super) struct Global {
    pub(super) engine: String,
    pub(super) version: String,
    pub(super) node_type: String,
    /// What depends on the primary, where it is simulated.
    pub(super) primary: Option<Primary>,
}

/// What a secondary takes over from a primary that is simulated.
#[derive(Debug, Clone)]
pub(super) struct Primary {
    tls: Tls,
    token: Option<String>,
    at_rest: bool,
    failover: bool,
    multi_az: bool,
    /// Shards by ID, with their slots; none without cluster mode.
    shards: Vec<(String, String)>,
    /// Name of the secondary's parameter group.
    parameter_group: String,
}

/// Parameters of CreateReplicationGroup that the datastore decides (the conflicts that
/// hashicorp/aws documents for `global_replication_group_id`). That a token is among them is a belief; a
/// parameter group is not, since AWS ignores it (hashicorp/aws #20893).
const DECIDED: &[&str] = &[
    "AtRestEncryptionEnabled",
    "AuthToken",
    "CacheNodeType",
    "Engine",
    "EngineVersion",
    "NumNodeGroups",
    "SnapshotName",
    "TransitEncryptionEnabled",
    "TransitEncryptionMode",
];

/// Parameters of ModifyReplicationGroup that only the datastore may change: those that
/// ModifyGlobalReplicationGroup has (API model), and those whose refusal users report (hashicorp/aws
/// #19929, #24854, #27875).
const ITS_OWN: &[&str] = &[
    "AutoMinorVersionUpgrade",
    "AutomaticFailoverEnabled",
    "CacheNodeType",
    "CacheParameterGroupName",
    "Engine",
    "EngineVersion",
    "MultiAZEnabled",
];

impl Global {
    /// A datastore whose primary is somewhere else, and not simulated.
    pub(super) fn elsewhere(engine: &str, version: &str, node_type: &str) -> Self {
        let text = str::to_owned;
        Self { engine: text(engine), version: text(version), node_type: text(node_type), primary: None }
    }

    /// What this primary hands on to a secondary, whose parameter group has that name.
    pub(super) fn of(group: &Group, parameter_group: String) -> Self {
        let shard = |shard: &super::group::NodeGroup| (shard.id.clone(), topology::write_slots(&shard.slots));
        let shards =
            if group.cluster_enabled() { group.node_groups.iter().map(shard).collect() } else { Vec::new() };
        let primary = Primary {
            tls: group.tls,
            token: group.tokens.last().cloned().flatten(),
            at_rest: group.at_rest,
            failover: group.failover,
            multi_az: group.multi_az,
            shards,
            parameter_group,
        };
        let release = versions::of(group.engine, group.version);
        let version = release.map_or_else(|| group.version.to_string(), |release| release.name.to_owned());
        Self { primary: Some(primary), ..Self::elsewhere(group.engine, &version, &group.node_type) }
    }

    /// The parameters of a create, with those that a secondary takes over.
    fn add_to(&self, params: &mut Params) {
        params.0.remove("CacheParameterGroupName");
        let mut set = |name: &str, value: &str| {
            params.0.insert(name.to_owned(), value.to_owned());
        };
        set("Engine", &self.engine);
        set("EngineVersion", &self.version);
        set("CacheNodeType", &self.node_type);
        let Some(primary) = &self.primary else {
            set("AutomaticFailoverEnabled", "true");
            // A belief: such a datastore has no encryption in transit.
            set("TransitEncryptionEnabled", "false");
            return;
        };
        let word = |on: bool| if on { "true" } else { "false" };
        set("AutomaticFailoverEnabled", word(primary.failover));
        // "inherits Multi-AZ and automatic failover from the primary" (user guide).
        set("MultiAZEnabled", word(primary.multi_az));
        set("AtRestEncryptionEnabled", word(primary.at_rest));
        set("TransitEncryptionEnabled", word(primary.tls.enabled()));
        set("CacheParameterGroupName", &primary.parameter_group);
        if primary.tls == Tls::Preferred {
            set("TransitEncryptionMode", "preferred");
        }
        if let Some(token) = &primary.token {
            set("AuthToken", token);
        }
        let is_configured = params.0.keys().any(|name| name.starts_with("NodeGroupConfiguration."));
        if !is_configured {
            for (at, (id, slots)) in primary.shards.iter().enumerate() {
                let entry = format!("NodeGroupConfiguration.NodeGroupConfiguration.{}", at + 1);
                params.0.insert(format!("{entry}.NodeGroupId"), id.clone());
                params.0.insert(format!("{entry}.Slots"), slots.clone());
            }
        }
    }
}

/// `GlobalReplicationGroupNotFoundFault`.
pub(super) fn no_datastore(id: &str) -> ServiceError {
    faults::missing(
        "GlobalReplicationGroupNotFoundFault",
        format!("Global replication group {id} not found."),
    )
}

impl Region {
    /// The parameters of a create with what a new secondary takes over. The words are those of
    /// hashicorp/aws #19053 and #24854.
    pub(super) fn inherited(&self, id: &str, params: &Params) -> Result<Params, ServiceError> {
        let global = self.globals.get(id).ok_or_else(|| no_datastore(id))?;
        if DECIDED.iter().any(|name| input::text(params, name).is_some()) {
            return Err(faults::combination(
                "Cannot use the given parameters when creating new replication group in an existing global \
                 replication group.",
            ));
        }
        let mut params = params.clone();
        global.add_to(&mut params);
        Ok(params)
    }

    /// `DisassociateGlobalReplicationGroup` of a datastore whose primary is not simulated.
    pub(super) fn disassociate_global(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let global = input::required(params, "GlobalReplicationGroupId")?.to_owned();
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let region = input::required(params, "ReplicationGroupRegion")?;
        if !self.globals.contains_key(&global) {
            return Err(no_datastore(&global));
        }
        let (here, time) = (region == self.place.region, self.config.durations.settings);
        let group = self.group_mut(&id)?;
        if !here || group.global.as_ref() != Some(&global) {
            return Err(not_associated(&id, &global));
        }
        if group.status != Status::Available {
            return Err(invalid_state(&global));
        }
        (group.global, group.global_primary) = (None, false);
        let reference = (id, group.serial);
        self.busy(&reference, Status::Modifying, time);
        let observed = Node::new("GlobalReplicationGroup")
            .text("GlobalReplicationGroupId", &global)
            .text("Status", "modifying")
            .done();
        Ok(vec![observed])
    }
}

/// AWS's words for a group that is no member, as in hashicorp/aws (`disassociateReplicationGroup`).
pub(super) fn not_associated(group: &str, datastore: &str) -> ServiceError {
    faults::value(format!(
        "Replication group {group} is not associated with Global Replication Group {datastore}"
    ))
}

/// `InvalidGlobalReplicationGroupState`; the words are ours.
pub(super) fn invalid_state(id: &str) -> ServiceError {
    ServiceError::new(
        "InvalidGlobalReplicationGroupState",
        format!("Global replication group {id} is not in a valid state."),
    )
}

/// What a member may not change by itself.
pub(super) fn check_member(group: &Group, params: &Params) -> Result<(), ServiceError> {
    match ITS_OWN.iter().find(|name| input::text(params, name).is_some()) {
        None => Ok(()),
        Some(_) => check_alone(group),
    }
}

/// Refuses what only a group outside of any datastore may do. The words of hashicorp/aws #27875.
pub(super) fn check_alone(group: &Group) -> Result<(), ServiceError> {
    match &group.global {
        None => Ok(()),
        Some(global) => Err(faults::value(format!(
            "Cluster [{}] is part of a global cluster [{global}]. Request rejected.",
            group.id
        ))),
    }
}
