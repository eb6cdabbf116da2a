//! The calls about global datastores: creating and deleting one, joining and leaving it, its tags.

use super::ElastiCache;
use super::durability;
use super::faults;
use super::globals::{self, Global, no_datastore};
use super::globals_scale::Way;
use super::globals_show::arn;
use super::globals_store::{Datastore, Key, Membership, Stage};
use super::group::{Group, Status};
use super::input;
use super::protocol::{Millis, Params, Place, ServiceError, Xml};
use super::region::Region;
use super::tags;
use super::versions::Version;
use super::xml::Node;

/// "you can create up to two secondary clusters in different AWS Regions" (user guide).
const MOST_MEMBERS: usize = 3;

/// Prefixes of the IDs, by the region of the primary (user guide, "Using the CLI with global datastores").
const PREFIXES: &[(&str, &str)] = &[
    ("us-east-1", "ldgnf"),
    ("us-east-2", "fpkhr"),
    ("us-west-1", "virxk"),
    ("us-west-2", "sgaui"),
    ("ca-central-1", "bxodz"),
    ("ap-east-1", "knjmp"),
    ("ap-south-1", "erpgt"),
    ("ap-northeast-1", "quwsw"),
    ("ap-northeast-2", "lfqnh"),
    ("ap-northeast-3", "nlapn"),
    ("ap-southeast-1", "vlqxn"),
    ("ap-southeast-2", "vbgxd"),
    ("eu-central-1", "iudkw"),
    ("eu-west-1", "gxeiz"),
    ("eu-west-2", "okuqm"),
    ("eu-west-3", "fgjhi"),
    ("sa-east-1", "juxlw"),
    ("cn-north-1", "emvgo"),
    ("cn-northwest-1", "ckbem"),
];

impl ElastiCache {
    /// Carries out what concerns a datastore of this account; `None` for every other call.
    pub(super) fn global_call(
        &mut self,
        place: &Place,
        action: &str,
        params: &Params,
        now: Millis,
    ) -> Option<Result<Vec<Xml>, ServiceError>> {
        let named = params.get("GlobalReplicationGroupId");
        let key = named.map(|id| (place.account.clone(), id.to_owned()));
        let is_own = key.is_some_and(|key| self.datastores.contains_key(&key));
        match action {
            "CreateGlobalReplicationGroup" => Some(self.create_global(place, params, now)),
            "DescribeGlobalReplicationGroups" => Some(self.describe_globals(place, params)),
            "ModifyGlobalReplicationGroup" => Some(self.modify_global(place, params, now)),
            "DeleteGlobalReplicationGroup" => Some(self.delete_global(place, params, now)),
            "FailoverGlobalReplicationGroup" => Some(self.fail_global_over(place, params, now)),
            "IncreaseNodeGroupsInGlobalReplicationGroup" => {
                Some(self.scale_global(place, params, Way::Increase, now))
            }
            "DecreaseNodeGroupsInGlobalReplicationGroup" => {
                Some(self.scale_global(place, params, Way::Decrease, now))
            }
            "RebalanceSlotsInGlobalReplicationGroup" => {
                Some(self.scale_global(place, params, Way::Rebalance, now))
            }
            "DisassociateGlobalReplicationGroup" if is_own => Some(self.leave_global(place, params, now)),
            "CreateReplicationGroup" if is_own => Some(self.join_global(place, params, now)),
            "AddTagsToResource" | "RemoveTagsFromResource" | "ListTagsForResource" => {
                let named = params.get("ResourceName")?;
                named.contains(":globalreplicationgroup:").then(|| self.tag_global(place, action, params))
            }
            _ => None,
        }
    }

    fn create_global(
        &mut self,
        place: &Place,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        let suffix = input::required(params, "GlobalReplicationGroupIdSuffix")?;
        let primary = input::required(params, "PrimaryReplicationGroupId")?.to_ascii_lowercase();
        let prefix =
            PREFIXES.iter().find(|(region, _)| *region == place.region).map_or("ldgnf", |(_, it)| it);
        let key: Key = (place.account.clone(), format!("{prefix}-{suffix}"));
        if self.datastores.contains_key(&key) {
            return Err(ServiceError::new(
                "GlobalReplicationGroupAlreadyExistsFault",
                format!("Global replication group {} already exists.", key.1),
            ));
        }
        let tags = tags::checked(input::tags(params), 0)?;
        let length = self.config.durations.global;
        let region = self.region(place, now);
        let group = region.group(&primary)?;
        globals::check_alone(group)?;
        check_primary(group)?;
        let reference = (primary.clone(), region.changeable(&primary)?.serial);
        let group = region.group_mut(&primary)?;
        (group.global, group.global_primary) = (Some(key.1.clone()), true);
        // AWS sets it to false for every member (hashicorp/aws #24919, #24854).
        group.auto_minor = false;
        region.busy(&reference, Status::Modifying, length);
        let member = Membership {
            place: place.clone(),
            group: reference,
            primary: true,
            status: "associated",
            leaves: None,
        };
        let datastore = Datastore {
            id: key.1.clone(),
            description: input::text(params, "GlobalReplicationGroupDescription")
                .unwrap_or_default()
                .to_owned(),
            stage: Stage::Creating,
            ready: now + length,
            next_primary: None,
            members: vec![member],
            tags,
        };
        self.datastores.insert(key.clone(), datastore);
        self.observed(&key)
    }

    /// The answer of a call that has changed a datastore.
    pub(super) fn observed(&self, key: &Key) -> Result<Vec<Xml>, ServiceError> {
        let datastore = self.datastores.get(key).ok_or_else(|| no_datastore(&key.1))?;
        Ok(self.global_answer(&key.0, datastore))
    }

    /// `CreateReplicationGroup` of a secondary. AWS makes a parameter group for it, whose name begins with
    /// `global-datastore-` and the ID of the group, and ends with letters (hashicorp/aws #19255, and its
    /// acceptance test of a secondary).
    fn join_global(&mut self, place: &Place, params: &Params, now: Millis) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "GlobalReplicationGroupId")?;
        let key = (place.account.clone(), id.to_owned());
        let datastore = self.datastores.get(&key).ok_or_else(|| no_datastore(id))?;
        datastore.must_be_settled()?;
        // The words of both refusals are ours.
        if datastore.members.len() >= MOST_MEMBERS {
            return Err(faults::value(format!(
                "Global replication group {id} has two secondary clusters already."
            )));
        }
        if datastore.members.iter().any(|member| member.place == *place) {
            return Err(faults::value(format!(
                "Global replication group {id} has a member in {} already.",
                place.region
            )));
        }
        let primary = self.primary_group(datastore).ok_or_else(|| no_datastore(id))?.clone();
        let home = datastore.members.iter().find(|member| member.primary).map(|member| member.place.clone());
        let source =
            home.and_then(|home| self.regions.get(&home)?.parameter_groups.get(&primary.parameter_group));
        let source = source.cloned().ok_or_else(|| faults::no_parameter_group(&primary.parameter_group))?;
        let group = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let length = self.config.durations.global;
        let region = self.region(place, now);
        let copy = region.copy_parameter_group(&source, &group, id);
        region.globals.insert(id.to_owned(), Global::of(&primary, copy.clone()));
        let answer = region.create_group(params);
        if answer.is_err() {
            region.parameter_groups.remove(&copy);
        }
        let answer = answer?;
        let serial = region.group(&group)?.serial;
        let member = Membership {
            place: place.clone(),
            group: (group, serial),
            primary: false,
            status: "associating",
            leaves: None,
        };
        if let Some(datastore) = self.datastores.get_mut(&key) {
            datastore.members.push(member);
            datastore.begin(Stage::Modifying, now + length);
        }
        Ok(answer)
    }

    /// `DisassociateGlobalReplicationGroup`. That the primary cannot leave is a belief ("Remove a secondary
    /// cluster from the Global datastore", API model).
    fn leave_global(
        &mut self,
        place: &Place,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        let key = self.datastore(place, params)?;
        let group = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let region = input::required(params, "ReplicationGroupRegion")?;
        let length = self.config.durations.global;
        let datastore = self.datastores.get_mut(&key).ok_or_else(|| no_datastore(&key.1))?;
        let Some(at) =
            datastore.members.iter().position(|it| it.group.0 == group && it.place.region == region)
        else {
            return Err(globals::not_associated(&group, &key.1));
        };
        datastore.must_be_settled()?;
        let Some(member) = datastore.members.get_mut(at).filter(|member| !member.primary) else {
            return Err(faults::value(format!(
                "Replication group {group} is the primary of Global Replication Group {}",
                key.1
            )));
        };
        (member.status, member.leaves) = ("disassociating", Some(now + length));
        let (home, reference) = (member.place.clone(), member.group.clone());
        datastore.begin(Stage::Modifying, now + length);
        if let Some(region) = self.regions.get_mut(&home) {
            region.busy(&reference, Status::Modifying, length);
        }
        self.observed(&key)
    }

    /// `FailoverGlobalReplicationGroup`: "The secondary region will become primary, and all other clusters
    /// will become secondary" (API model). The words of the refusals are ours.
    fn fail_global_over(
        &mut self,
        place: &Place,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        let key = self.settled_datastore(place, params)?;
        let group = input::required(params, "PrimaryReplicationGroupId")?.to_ascii_lowercase();
        let region = input::required(params, "PrimaryRegion")?;
        let length = self.config.durations.failover;
        let datastore = self.datastores.get_mut(&key).ok_or_else(|| no_datastore(&key.1))?;
        let Some(next) = datastore.member(&group, region) else {
            return Err(globals::not_associated(&group, &key.1));
        };
        if next.primary {
            return Err(faults::value(format!("Replication group {group} is the primary already.")));
        }
        datastore.next_primary = Some((next.place.clone(), next.group.clone()));
        datastore.begin(Stage::Modifying, now + length);
        for member in &datastore.members {
            if let Some(region) = self.regions.get_mut(&member.place) {
                region.busy(&member.group, Status::Modifying, length);
            }
        }
        self.observed(&key)
    }

    /// `DeleteGlobalReplicationGroup`. "The primary cluster is never deleted when deleting a Global
    /// Datastore" (API model). The words are those of hashicorp/aws #18533.
    fn delete_global(
        &mut self,
        place: &Place,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        let key = self.datastore(place, params)?;
        input::required(params, "RetainPrimaryReplicationGroup")?;
        let length = self.config.durations.global;
        let datastore = self.datastores.get_mut(&key).ok_or_else(|| no_datastore(&key.1))?;
        let status = datastore.status();
        if status != "primary-only" {
            return Err(ServiceError::new(
                "InvalidGlobalReplicationGroupState",
                format!("Cannot delete a global replication group in {status} state"),
            ));
        }
        datastore.begin(Stage::Deleting, now + length);
        for member in &datastore.members {
            if let Some(region) = self.regions.get_mut(&member.place) {
                region.busy(&member.group, Status::Modifying, length);
            }
        }
        self.observed(&key)
    }

    /// Tagging, which global datastores have had since September 2026. That AWS refuses it while it changes
    /// the datastore is a belief, as for groups.
    fn tag_global(&mut self, place: &Place, action: &str, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let named = input::required(params, "ResourceName")?;
        let id = named.rsplit(':').next().unwrap_or_default().to_owned();
        if named != arn(&place.account, &id) {
            return Err(ServiceError::new("InvalidARN", format!("Invalid ARN: {named}")));
        }
        let key = (place.account.clone(), id);
        let datastore = self.datastores.get_mut(&key).ok_or_else(|| no_datastore(&key.1))?;
        datastore.must_be_settled()?;
        match action {
            "AddTagsToResource" => {
                let requested = input::tags(params);
                let others =
                    datastore.tags.keys().filter(|key| !requested.iter().any(|(new, _)| new == *key));
                let others = others.count();
                datastore.tags.extend(tags::checked(requested, others)?);
            }
            "RemoveTagsFromResource" => {
                for tag in params.list("TagKeys") {
                    if datastore.tags.remove(&tag).is_none() {
                        return Err(faults::missing("TagNotFound", format!("Tag {tag} not found.")));
                    }
                }
            }
            _ => {}
        }
        let show =
            |(key, value): (&String, &String)| Node::new("Tag").text("Key", key).text("Value", value).done();
        Ok(vec![Xml::element("TagList", datastore.tags.iter().map(show).collect())])
    }

    /// Tags of a datastore, as by another client.
    pub fn set_global_tag(&mut self, account: &str, id: &str, key: &str, value: &str) -> bool {
        let datastore = self.datastores.get_mut(&(account.to_owned(), id.to_owned()));
        datastore.map(|it| it.tags.insert(key.to_owned(), value.to_owned())).is_some()
    }
}

/// Whether a group can be a primary (user guide, "Prerequisites and limitations" of global datastores). The
/// words about the node type are those of hashicorp/aws #17768, the others are ours.
fn check_primary(group: &Group) -> Result<(), ServiceError> {
    if !is_fit(&group.node_type) {
        return Err(unfit_node_type());
    }
    if group.version < Version(5, 0, 6) {
        return Err(faults::value("Global replication group is not supported for the engine version."));
    }
    if durability::effective(group).is_some_and(|mode| mode != "disabled") {
        return Err(faults::value("Global replication group is not supported with durability."));
    }
    Ok(())
}

/// Whether a datastore can have nodes of that type: M5, R5 and what came after them, without the burstable ones.
pub(super) fn is_fit(node_type: &str) -> bool {
    let class = node_type.split('.').nth(1).unwrap_or_default();
    !["t1", "t2", "t3", "t4g", "m4", "r4"].contains(&class)
}

/// The words of hashicorp/aws #17768.
pub(super) fn unfit_node_type() -> ServiceError {
    faults::value("Global replication group is not supported for the node type.")
}

impl Region {
    /// The parameter group that AWS makes for a secondary, with the values of the primary's.
    pub(super) fn copy_parameter_group(
        &mut self,
        source: &super::parameter_groups::ParameterGroup,
        group: &str,
        datastore: &str,
    ) -> String {
        let letter = |at: u64| char::from(b'a' + u8::try_from(at % 26).unwrap_or_default());
        let serial = self.next_serial();
        let end: String =
            [serial / 26 / 26 / 26, serial / 26 / 26, serial / 26, serial].map(letter).iter().collect();
        let name = format!("global-datastore-{group}{end}");
        let copy = super::parameter_groups::ParameterGroup {
            name: name.clone(),
            description: format!("Created by ElastiCache to be used by global cluster {datastore}"),
            pending_until: None,
            ..source.clone()
        };
        self.parameter_groups.insert(name.clone(), copy);
        name
    }
}
