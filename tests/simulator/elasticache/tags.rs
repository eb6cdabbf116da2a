//! Tags, by ARN.

use std::collections::BTreeMap;

use super::faults;
use super::group::Status;
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::Region;
use super::serverless::no_cache;
use super::xml::Node;

/// "The maximum number of tags permitted on a resource is 50" (API model).
const MOST: usize = 50;

/// Refuses tags that AWS does: too many, `aws:`, keys over 128 and values over 256 characters.
pub(super) fn checked(
    tags: Vec<(String, String)>,
    already: usize,
) -> Result<BTreeMap<String, String>, ServiceError> {
    let map: BTreeMap<String, String> = tags.into_iter().collect();
    for (key, value) in &map {
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            return Err(faults::value(format!(
                "Invalid tag {key}: keys have 1 to 128, values up to 256 characters."
            )));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(faults::value(format!("Tag key {key} must not begin with aws:.")));
        }
    }
    if map.len() + already > MOST {
        return Err(ServiceError::new(
            "TagQuotaPerResourceExceeded",
            format!("At most {MOST} tags are permitted."),
        ));
    }
    Ok(map)
}

impl Region {
    /// Tags of a new object.
    pub(super) fn set_tags(&mut self, kind: &str, name: &str, tags: BTreeMap<String, String>) {
        let arn = self.arn(kind, name);
        self.tags.insert(arn, tags);
    }

    /// The object is gone.
    pub(super) fn drop_tags(&mut self, kind: &str, name: &str) {
        let arn = self.arn(kind, name);
        self.tags.remove(&arn);
    }

    /// Tags of a new group and of all its members.
    pub(super) fn tag_group(&mut self, id: &str, tags: BTreeMap<String, String>) {
        self.set_tags("replicationgroup", id, tags);
        self.tag_members(id);
    }

    /// "Tags on replication groups will be replicated to all nodes" (API model).
    pub(super) fn tag_members(&mut self, id: &str) {
        let tags = self.tags.get(&self.arn("replicationgroup", id)).cloned().unwrap_or_default();
        let members: Vec<String> = self
            .groups
            .get(id)
            .map(|group| group.members().map(|member| member.id.clone()).collect())
            .unwrap_or_default();
        for member in members {
            self.set_tags("cluster", &member, tags.clone());
        }
    }

    /// `ListTagsForResource`.
    pub(super) fn list_tags(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let arn = input::required(params, "ResourceName")?;
        self.taggable(arn)?;
        Ok(vec![self.show_tags(arn)])
    }

    /// `AddTagsToResource`. A group is `modifying` for a while after it (hashicorp/aws PR #40320).
    pub(super) fn add_tags(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let arn = input::required(params, "ResourceName")?.to_owned();
        self.taggable(&arn)?;
        let requested = input::tags(params);
        if requested.is_empty() {
            return Err(faults::value("The parameter Tags must be provided and must not be blank."));
        }
        let current = self.tags.get(&arn).cloned().unwrap_or_default();
        let others = current.keys().filter(|key| !requested.iter().any(|(new, _)| new == *key)).count();
        let mut tags = checked(requested, others)?;
        for (key, value) in current {
            tags.entry(key).or_insert(value);
        }
        self.tags.insert(arn.clone(), tags);
        self.after_tagging(&arn);
        Ok(vec![self.show_tags(&arn)])
    }

    /// `RemoveTagsFromResource`.
    pub(super) fn remove_tags(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let arn = input::required(params, "ResourceName")?.to_owned();
        self.taggable(&arn)?;
        let mut tags = self.tags.get(&arn).cloned().unwrap_or_default();
        for key in params.list("TagKeys") {
            if tags.remove(&key).is_none() {
                return Err(faults::missing("TagNotFound", format!("Tag {key} not found.")));
            }
        }
        self.tags.insert(arn.clone(), tags);
        self.after_tagging(&arn);
        Ok(vec![self.show_tags(&arn)])
    }

    fn after_tagging(&mut self, arn: &str) {
        let Some(("replicationgroup", id)) = kind_and_name(arn) else { return };
        let id = id.to_owned();
        self.tag_members(&id);
        let length = self.config.durations.tagging;
        if let Some(serial) = self.groups.get(&id).map(|group| group.serial).filter(|_| length > 0) {
            self.busy(&(id, serial), Status::Modifying, length);
        }
    }

    fn show_tags(&self, arn: &str) -> Xml {
        let tags = self.tags.get(arn).into_iter().flatten();
        let tags = tags.map(|(key, value)| Node::new("Tag").text("Key", key).text("Value", value).done());
        Xml::element("TagList", tags.collect())
    }

    /// Refuses what is not there, or busy. The words about groups are those of hashicorp/aws #41416,
    /// those about users of #47638.
    fn taggable(&self, arn: &str) -> Result<(), ServiceError> {
        let invalid = || ServiceError::new("InvalidARN", format!("Invalid ARN: {arn}"));
        let (kind, name) = kind_and_name(arn).ok_or_else(invalid)?;
        if self.arn(kind, name) != arn {
            return Err(invalid());
        }
        let busy = || {
            ServiceError::new(
                "InvalidReplicationGroupState",
                "Cluster not in available state to perform tagging operations.",
            )
        };
        match kind {
            "replicationgroup" => {
                let group = self.group(name)?;
                if group.visible > self.now {
                    return Err(faults::no_group(name));
                }
                let available = group.status == Status::Available && group.busy_member().is_none();
                if available { Ok(()) } else { Err(busy()) }
            }
            "cluster" => {
                let found = self.groups.values().find_map(|group| Some((group, group.member(name)?)));
                let (group, member) = found.ok_or_else(|| faults::no_cluster(name))?;
                let available = group.status == Status::Available && member.status == Status::Available;
                if available { Ok(()) } else { Err(busy()) }
            }
            "parametergroup" => {
                present(self.parameter_groups.contains_key(name), || faults::no_parameter_group(name))
            }
            "subnetgroup" => present(self.subnet_groups.contains_key(name), || faults::no_subnet_group(name)),
            "snapshot" => present(self.snapshots.contains_key(name), || faults::no_snapshot(name)),
            "serverlesscache" => match self.serverless.get(name).filter(|cache| cache.visible <= self.now) {
                None => Err(no_cache(name)),
                // A belief, as for groups.
                Some(cache) => cache.must_be_available(),
            },
            "serverlesscachesnapshot" => self.serverless_snapshot(name)?.must_be_available(),
            "user" => match self.users.get(name) {
                None => Err(faults::no_user(name)),
                Some(user) if user.status == "active" => Ok(()),
                Some(_) => {
                    Err(faults::missing("UserNotFound", format!("User {name} is not available for tagging.")))
                }
            },
            "usergroup" => match self.user_groups.get(name) {
                None => Err(faults::no_user_group(name)),
                Some(group) if group.status == "active" => Ok(()),
                Some(_) => Err(faults::missing(
                    "UserGroupNotFound",
                    format!("User group {name} is not available for tagging."),
                )),
            },
            _ => Err(invalid()),
        }
    }
}

fn present(there: bool, missing: impl Fn() -> ServiceError) -> Result<(), ServiceError> {
    if there { Ok(()) } else { Err(missing()) }
}

/// `replicationgroup` and the name, of an ARN.
fn kind_and_name(arn: &str) -> Option<(&str, &str)> {
    arn.strip_prefix("arn:")?.splitn(5, ':').nth(4)?.split_once(':')
}
