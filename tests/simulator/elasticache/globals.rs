//! Global datastores, as far as a member in this region sees one.

use super::faults;
use super::group::{Group, Status};
use super::input;
use super::region::Region;
use super::seam::{Fault, Params, Xml};
use super::xml::Node;

/// What a secondary takes over from its datastore (user guide, "Replication across AWS Regions
/// using global datastores").
#[derive(Debug, Clone)]
pub(super) struct Global {
    pub(super) engine: String,
    pub(super) version: String,
    pub(super) node_type: String,
}

/// Parameters of CreateReplicationGroup that the datastore decides (the conflicts that
/// hashicorp/aws documents for `global_replication_group_id`).
const DECIDED: &[&str] = &[
    "AtRestEncryptionEnabled",
    "CacheNodeType",
    "CacheParameterGroupName",
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

impl Region {
    /// The parameters of a create with what a new secondary takes over. That AWS makes a parameter
    /// group of its own for it is left out: it gets the default one.
    pub(super) fn inherited(&self, id: &str, params: &Params) -> Result<Params, Fault> {
        let global = self.globals.get(id).ok_or_else(|| {
            faults::missing(
                "GlobalReplicationGroupNotFoundFault",
                format!("Global replication group {id} not found."),
            )
        })?;
        if let Some(name) = DECIDED.iter().find(|name| input::text(params, name).is_some()) {
            return Err(faults::combination(format!(
                "{name} cannot be specified with GlobalReplicationGroupId."
            )));
        }
        let mut params = params.clone();
        let failover = ("AutomaticFailoverEnabled", "true");
        // A belief: the datastores here have no encryption in transit.
        let tls = ("TransitEncryptionEnabled", "false");
        let nodes = ("CacheNodeType", global.node_type.as_str());
        for (name, value) in
            [("Engine", global.engine.as_str()), ("EngineVersion", &global.version), nodes, failover, tls]
        {
            params.0.insert(name.to_owned(), value.to_owned());
        }
        Ok(params)
    }

    /// `DisassociateGlobalReplicationGroup`.
    pub(super) fn disassociate_global(&mut self, params: &Params) -> Result<Vec<Xml>, Fault> {
        let global = input::required(params, "GlobalReplicationGroupId")?.to_owned();
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let region = input::required(params, "ReplicationGroupRegion")?;
        if !self.globals.contains_key(&global) {
            return Err(faults::missing(
                "GlobalReplicationGroupNotFoundFault",
                format!("Global replication group {global} not found."),
            ));
        }
        let (here, time) = (region == self.place.region, self.config.durations.settings);
        let group = self.group_mut(&id)?;
        if !here || group.global.as_ref() != Some(&global) {
            return Err(faults::value(format!(
                "Replication group {id} is not associated with Global Replication Group {global}"
            )));
        }
        if group.status != Status::Available {
            return Err(Fault::new(
                "InvalidGlobalReplicationGroupState",
                format!("Global replication group {global} is not in a valid state."),
            ));
        }
        (group.global, group.global_primary) = (None, false);
        let reference = (id, group.serial);
        self.busy(&reference, Status::Modifying, time);
        let shown = Node::new("GlobalReplicationGroup")
            .text("GlobalReplicationGroupId", &global)
            .text("Status", "modifying")
            .done();
        Ok(vec![shown])
    }
}

/// What a member may not change by itself.
pub(super) fn check_member(group: &Group, params: &Params) -> Result<(), Fault> {
    match ITS_OWN.iter().find(|name| input::text(params, name).is_some()) {
        None => Ok(()),
        Some(_) => check_alone(group),
    }
}

/// Refuses what only a group outside of any datastore may do. The words of hashicorp/aws #27875.
pub(super) fn check_alone(group: &Group) -> Result<(), Fault> {
    match &group.global {
        None => Ok(()),
        Some(global) => Err(faults::value(format!(
            "Cluster [{}] is part of a global cluster [{global}]. Request rejected.",
            group.id
        ))),
    }
}
