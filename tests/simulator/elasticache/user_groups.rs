//! User groups.

use super::faults;
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{Region, Task};
use super::tags;
use super::users;

/// A user group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UserGroup {
    pub(super) id: String,
    /// `creating`, `active`, `modifying`, `deleting`.
    pub(super) status: &'static str,
    pub(super) engine: String,
    pub(super) users: Vec<String>,
    /// On their way in and out.
    pub(super) adding: Vec<String>,
    pub(super) removing: Vec<String>,
}

impl UserGroup {
    /// Only an active group can be used. The words as in hashicorp/aws #37911.
    pub(super) fn must_be_active(&self) -> Result<(), ServiceError> {
        if self.status == "active" {
            return Ok(());
        }
        Err(ServiceError::new(
            "InvalidUserGroupState",
            format!(
                "User group {} has status {}. Only active user groups can be modified.",
                self.id, self.status
            ),
        ))
    }
}

impl Region {
    fn user_group(&self, params: &Params) -> Result<&UserGroup, ServiceError> {
        let id = input::required(params, "UserGroupId")?.to_ascii_lowercase();
        self.user_groups.get(&id).ok_or_else(|| faults::no_user_group(&id))
    }

    /// Members must be there, of different names, of a fitting engine (a belief: redis groups take
    /// redis users only, valkey groups both), and for redis one must be named `default`. The words
    /// about that as in hashicorp/aws #25593.
    fn check_members(&self, engine: &str, users: &[String]) -> Result<(), ServiceError> {
        let mut names = Vec::new();
        for id in users {
            let user = self
                .users
                .get(id)
                .filter(|user| user.status != "deleting")
                .ok_or_else(|| faults::no_user(id))?;
            if engine == "redis" && user.engine != "redis" {
                return Err(faults::value(format!("User {id} has engine {}, not {engine}.", user.engine)));
            }
            if engine == "valkey" && user.login == users::UserAuthentication::NoPassword {
                // As `users::check_valkey` has it.
                return Err(faults::value(format!("User {id} has no password, as valkey needs.")));
            }
            if names.contains(&&user.name) {
                return Err(ServiceError::new(
                    "DuplicateUserName",
                    format!("More than one user with the user name {} in the user group.", user.name),
                ));
            }
            names.push(&user.name);
        }
        if engine == "redis" && !names.iter().any(|name| *name == "default") {
            return Err(ServiceError::new(
                "DefaultUserRequired",
                "User group needs to contain a user with the user name default.",
            ));
        }
        Ok(())
    }

    /// `CreateUserGroup`.
    pub(super) fn create_user_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::identifier("UserGroupId", input::required(params, "UserGroupId")?, 40)?;
        let engine = users::engine(input::required(params, "Engine")?)?;
        if self.user_groups.contains_key(&id) {
            return Err(ServiceError::new(
                "UserGroupAlreadyExists",
                format!("User group {id} already exists."),
            ));
        }
        let users = lower(params.list("UserIds"));
        self.check_members(&engine, &users)?;
        let tags = tags::checked(input::tags(params), 0)?;
        let group = UserGroup {
            id: id.clone(),
            status: "creating",
            engine,
            users,
            adding: Vec::new(),
            removing: Vec::new(),
        };
        self.user_groups.insert(id.clone(), group);
        self.set_tags("usergroup", &id, tags);
        self.later(self.config.durations.user, Task::UserGroup(id.clone()));
        self.user_group_answer(&id)
    }

    /// `ModifyUserGroup`. The users coming and going are `modifying` as well (hashicorp/aws #49726).
    pub(super) fn modify_user_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let group = self.user_group(params)?;
        group.must_be_active()?;
        let mut changed = group.clone();
        changed.adding = lower(params.list("UserIdsToAdd"));
        changed.removing = lower(params.list("UserIdsToRemove"));
        for id in &changed.removing {
            if !group.users.contains(id) {
                return Err(faults::value(format!("User {id} is not a member of user group {}.", group.id)));
            }
        }
        for id in &changed.adding {
            self.users.get(id).ok_or_else(|| faults::no_user(id))?;
            if group.users.contains(id) {
                return Err(faults::value(format!(
                    "User {id} is already a member of user group {}.",
                    group.id
                )));
            }
        }
        if let Some(requested) = input::text(params, "Engine") {
            changed.engine = users::engine(requested)?;
            // A belief: no recording shows a user group that goes back.
            if changed.engine == "redis" && group.engine == "valkey" {
                return Err(faults::combination(
                    "Modifying the engine from valkey to redis is not supported.",
                ));
            }
        }
        if changed == *group {
            return Err(faults::no_modifications());
        }
        let mut after = group.users.clone();
        after.retain(|id| !changed.removing.contains(id));
        after.extend(changed.adding.iter().cloned());
        self.check_members(&changed.engine, &after)?;
        changed.status = "modifying";
        let (id, length) = (changed.id.clone(), self.config.durations.user);
        for user in [&changed.adding[..], &changed.removing[..]].concat() {
            if let Some(user) = self.users.get_mut(&user).filter(|user| user.id != "default") {
                user.status = "modifying";
                let id = user.id.clone();
                self.later(length, Task::User(id));
            }
        }
        self.user_groups.insert(id.clone(), changed);
        self.later(length, Task::UserGroup(id.clone()));
        self.user_group_answer(&id)
    }

    /// Takes a user out of a group, as deleting the user does.
    pub(super) fn leave(&mut self, group: &str, user: &str) {
        if let Some(group) = self.user_groups.get_mut(group) {
            group.status = "modifying";
            group.removing.push(user.to_owned());
            let id = group.id.clone();
            self.later(self.config.durations.user, Task::UserGroup(id));
        }
    }

    /// `DeleteUserGroup`. "The user group must first be disassociated from the replication group"
    /// (API model).
    pub(super) fn delete_user_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let group = self.user_group(params)?;
        group.must_be_active()?;
        let id = group.id.clone();
        if let Some(user) = self.groups.values().find(|user| user.user_groups.contains(&id)) {
            return Err(ServiceError::new(
                "InvalidUserGroupState",
                format!(
                    "User group {id} is associated with replication group {} and can't be deleted.",
                    user.id
                ),
            ));
        }
        if let Some(cache) =
            self.serverless.values().find(|cache| cache.settings.user_group.as_ref() == Some(&id))
        {
            return Err(ServiceError::new(
                "InvalidUserGroupState",
                format!(
                    "User group {id} is associated with serverless cache {} and can't be deleted.",
                    cache.name
                ),
            ));
        }
        if let Some(group) = self.user_groups.get_mut(&id) {
            group.status = "deleting";
        }
        self.later(self.config.durations.user, Task::UserGroup(id.clone()));
        self.user_group_answer(&id)
    }

    /// A user group is active, or gone.
    pub(super) fn user_group_settled(&mut self, id: &str) {
        let Some(group) = self.user_groups.get_mut(id) else { return };
        if group.status == "deleting" {
            self.user_groups.remove(id);
            self.drop_tags("usergroup", id);
            return;
        }
        let removing = std::mem::take(&mut group.removing);
        group.users.retain(|user| !removing.contains(user));
        group.users.append(&mut group.adding);
        group.status = "active";
    }

    /// `DescribeUserGroups`.
    pub(super) fn describe_user_groups(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let chosen: Vec<&UserGroup> = match input::text(params, "UserGroupId") {
            Some(_) => vec![self.user_group(params)?],
            None => self.user_groups.values().collect(),
        };
        let entries = chosen.into_iter().map(|group| (group.id.clone(), group)).collect();
        input::page(params, "UserGroups", (100, 100), entries, |group| {
            Xml::element("member", self.show_user_group(group))
        })
    }

    fn user_group_answer(&self, id: &str) -> Result<Vec<Xml>, ServiceError> {
        self.user_groups
            .get(id)
            .map(|group| self.show_user_group(group))
            .ok_or_else(|| faults::no_user_group(id))
    }

    fn show_user_group(&self, group: &UserGroup) -> Vec<Xml> {
        let list = |name: &str, ids: &mut dyn Iterator<Item = &String>| {
            Xml::element(name, ids.map(|id| Xml::text("member", id)).collect())
        };
        let mut users =
            self.groups.values().filter(|user| user.user_groups.contains(&group.id)).map(|user| &user.id);
        let mut answer = vec![
            Xml::text("UserGroupId", &group.id),
            Xml::text("Status", group.status),
            Xml::text("Engine", &group.engine),
            list("UserIds", &mut group.users.iter()),
            Xml::text("MinimumEngineVersion", if group.engine == "valkey" { "7.2" } else { "6.0" }),
        ];
        if !group.adding.is_empty() || !group.removing.is_empty() {
            let lists = vec![
                list("UserIdsToRemove", &mut group.removing.iter()),
                list("UserIdsToAdd", &mut group.adding.iter()),
            ];
            answer.push(Xml::element("PendingChanges", lists));
        }
        answer.push(list("ReplicationGroups", &mut users));
        let caches = self.serverless.values();
        let mut caches = caches
            .filter(|cache| cache.settings.user_group.as_ref() == Some(&group.id))
            .map(|cache| &cache.name);
        answer.push(list("ServerlessCaches", &mut caches));
        answer.push(Xml::text("ARN", self.arn("usergroup", &group.id)));
        answer
    }
}

fn lower(ids: Vec<String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for id in ids {
        let id = id.to_ascii_lowercase();
        if !unique.contains(&id) {
            unique.push(id);
        }
    }
    unique
}
