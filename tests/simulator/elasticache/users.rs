//! Users of access control.

use super::faults;
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{Region, Task};
use super::tags;
use super::xml::Node;

/// How a user says who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum UserAuthentication {
    Passwords(Vec<String>),
    NoPassword,
    Iam,
}

impl UserAuthentication {
    /// The passwords, or the way without.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            UserAuthentication::Passwords(passwords) => passwords.clone(),
            UserAuthentication::NoPassword => vec!["no-password".to_owned()],
            UserAuthentication::Iam => vec!["iam".to_owned()],
        }
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    /// `active`, `modifying`, `deleting`.
    pub(super) status: &'static str,
    pub(super) engine: String,
    pub(super) access: String,
    pub(super) login: UserAuthentication,
}

impl User {
    /// Only an active user can be modified. The words as in hashicorp/aws #49726.
    fn must_be_active(&self) -> Result<(), ServiceError> {
        if self.status == "active" {
            return Ok(());
        }
        Err(ServiceError::new(
            "InvalidUserState",
            format!("User {} has status {}. Only active users can be modified.", self.id, self.status),
        ))
    }
}

/// `redis` or `valkey`, in any case.
pub(super) fn engine(text: &str) -> Result<String, ServiceError> {
    match text.to_ascii_lowercase().as_str() {
        engine @ ("redis" | "valkey") => Ok(engine.to_owned()),
        _ => Err(faults::value(format!("Invalid engine: {text}"))),
    }
}

/// The access string as AWS gives it back: `on` or `off` first, then keys, channels and commands, and
/// without a rule about all commands, `-@all` before the first rule about some (reference:
/// user-pain-points.md K, F 43).
pub(super) fn canonical(access: &str) -> String {
    let mut words: Vec<&str> = access.split_whitespace().collect();
    words.sort_by_key(|word| match word.to_ascii_lowercase().as_str() {
        "on" | "off" => 0,
        "allkeys" | "resetkeys" => 1,
        "allchannels" | "resetchannels" => 2,
        other if other.starts_with(['~', '%']) => 1,
        other if other.starts_with('&') => 2,
        _ => 3,
    });
    let all = ["+@all", "-@all", "allcommands", "nocommands"];
    if !words.iter().any(|word| all.contains(&word.to_ascii_lowercase().as_str())) {
        let first = words.iter().position(|word| word.starts_with(['+', '-'])).unwrap_or(words.len());
        words.insert(first, "-@all");
    }
    words.join(" ")
}

fn check_access(access: &str) -> Result<(), ServiceError> {
    // "You can't specify passwords in an access string" (user guide "Role-Based Access Control").
    let bad =
        access.split_whitespace().find(|word| word.starts_with(['>', '<', '#', '!']) || *word == "nopass");
    match bad {
        None => Ok(()),
        Some(word) => Err(faults::value(format!("Invalid access string: {word} is not permitted."))),
    }
}

/// Reads how a user logs in, if the call says so.
fn login(params: &Params, id: &str, name: &str) -> Result<Option<UserAuthentication>, ServiceError> {
    let mut passwords = params.list("Passwords");
    let no_password = input::flag(params, "NoPasswordRequired")?.unwrap_or(false);
    let mode = input::text(params, "AuthenticationMode.Type");
    if mode.is_some() && (no_password || !passwords.is_empty()) {
        return Err(faults::combination(
            "AuthenticationMode cannot be combined with Passwords or NoPasswordRequired.",
        ));
    }
    if mode.is_some() {
        passwords = params.list("AuthenticationMode.Passwords");
    }
    let login = match (mode, no_password) {
        (None, false) if passwords.is_empty() => return Ok(None),
        (Some("password"), _) | (None, false) => UserAuthentication::Passwords(passwords.clone()),
        (Some("no-password-required"), _) | (None, true) => UserAuthentication::NoPassword,
        (Some("iam"), _) => UserAuthentication::Iam,
        (Some(other), _) => return Err(faults::value(format!("Invalid authentication type: {other}"))),
    };
    match &login {
        UserAuthentication::Passwords(given) => {
            if given.is_empty() || given.len() > 2 {
                return Err(faults::value("One or two passwords must be specified."));
            }
            let fits = |p: &String| {
                (16..=128).contains(&p.chars().count()) && p.bytes().all(|b| b.is_ascii_graphic())
            };
            if !given.iter().all(fits) {
                return Err(faults::value("Passwords length must be between 16-128 printable characters."));
            }
        }
        UserAuthentication::NoPassword | UserAuthentication::Iam if !passwords.is_empty() => {
            return Err(faults::combination("Passwords cannot be specified for this authentication type."));
        }
        // User guide "Authenticating with IAM": "the user-id and user-name must be identical".
        UserAuthentication::Iam if id != name => {
            return Err(faults::value(
                "For IAM authentication the user id and the user name must be the same.",
            ));
        }
        UserAuthentication::NoPassword | UserAuthentication::Iam => {}
    }
    Ok(Some(login))
}

/// "A user group configured for the VALKEY engine can only contain users who are using an authentication
/// mechanism", which all users of that engine are (user guide, Role-Based Access Control).
fn check_valkey(engine: &str, login: &UserAuthentication) -> Result<(), ServiceError> {
    if engine == "valkey" && *login == UserAuthentication::NoPassword {
        return Err(faults::combination("Users of engine valkey must have a password or use IAM."));
    }
    Ok(())
}

impl Region {
    /// The user that AWS makes in every account.
    pub(super) fn add_default_user(&mut self) {
        let user = User {
            id: "default".to_owned(),
            name: "default".to_owned(),
            status: "active",
            engine: "redis".to_owned(),
            access: "on ~* +@all".to_owned(),
            login: UserAuthentication::NoPassword,
        };
        self.users.insert(user.id.clone(), user);
    }

    fn user(&self, params: &Params) -> Result<&User, ServiceError> {
        let id = input::required(params, "UserId")?.to_ascii_lowercase();
        self.users.get(&id).ok_or_else(|| faults::no_user(&id))
    }

    /// `CreateUser`.
    pub(super) fn create_user(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::identifier("UserId", input::required(params, "UserId")?, 40)?;
        let name = input::required(params, "UserName")?.to_owned();
        let engine = engine(input::required(params, "Engine")?)?;
        let access = input::required(params, "AccessString")?;
        check_access(access)?;
        if self.users.contains_key(&id) {
            return Err(ServiceError::new("UserAlreadyExists", format!("User {id} already exists.")));
        }
        let login = login(params, &id, &name)?.ok_or_else(|| {
            faults::combination(
                "Input Authentication type: password or no-password-required or iam must be specified.",
            )
        })?;
        check_valkey(&engine, &login)?;
        let tags = tags::checked(input::tags(params), 0)?;
        // A belief: the answer says active, and describes say creating for a while? The model knows
        // active, modifying and deleting only; hashicorp/aws waits for creating, so that is shown.
        let user =
            User { id: id.clone(), name, status: "creating", engine, access: canonical(access), login };
        self.users.insert(id.clone(), user);
        self.set_tags("user", &id, tags);
        self.later(self.config.durations.user, Task::User(id.clone()));
        self.user_answer(&id)
    }

    /// `ModifyUser`.
    pub(super) fn modify_user(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let user = self.user(params)?;
        if user.id == "default" {
            return Err(faults::value("The default user cannot be modified."));
        }
        user.must_be_active()?;
        let mut changed = user.clone();
        match (input::text(params, "AccessString"), input::text(params, "AppendAccessString")) {
            (Some(_), Some(_)) => {
                return Err(faults::combination("Specify either AccessString or AppendAccessString."));
            }
            (Some(access), None) => {
                check_access(access)?;
                changed.access = canonical(access);
            }
            (None, Some(more)) => {
                check_access(more)?;
                changed.access = canonical(&format!("{} {more}", user.access));
            }
            (None, None) => {}
        }
        let login = login(params, &user.id, &user.name)?;
        let touched = login.is_some();
        if let Some(login) = login {
            changed.login = login;
        }
        if let Some(requested) = input::text(params, "Engine") {
            // Both ways are made in place (hashicorp/aws acceptance test `User_updateEngine`).
            changed.engine = engine(requested)?;
        }
        check_valkey(&changed.engine, &changed.login)?;
        let in_redis = self.user_groups.values().find(|group| {
            group.engine == "redis" && changed.engine == "valkey" && group.users.contains(&changed.id)
        });
        if let Some(group) = in_redis {
            // As `check_members` has it.
            return Err(faults::value(format!(
                "User {} is in the redis user group {}.",
                changed.id, group.id
            )));
        }
        if changed == *user && !touched && input::text(params, "AccessString").is_none() {
            return Err(faults::no_modifications());
        }
        changed.status = "modifying";
        let id = changed.id.clone();
        self.users.insert(id.clone(), changed);
        self.later(self.config.durations.user, Task::User(id.clone()));
        self.user_answer(&id)
    }

    /// `DeleteUser`. "The user will be removed from all user groups" (API model); one named
    /// `default` cannot while it is in a redis group (`DefaultUserAssociatedToUserGroup`).
    pub(super) fn delete_user(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let user = self.user(params)?;
        if user.id == "default" {
            return Err(faults::value("The default user cannot be deleted."));
        }
        user.must_be_active()?;
        let (id, named_default) = (user.id.clone(), user.name == "default");
        let groups: Vec<String> = self
            .user_groups
            .values()
            .filter(|group| group.users.contains(&id))
            .map(|group| group.id.clone())
            .collect();
        let needed = |id: &String| self.user_groups.get(id).is_some_and(|group| group.engine == "redis");
        if named_default && groups.iter().any(needed) {
            return Err(ServiceError::new(
                "DefaultUserAssociatedToUserGroup",
                "User is associated to user group(s) as a default user and can't be deleted.",
            ));
        }
        if let Some(user) = self.users.get_mut(&id) {
            user.status = "deleting";
        }
        for group in groups {
            self.leave(&group, &id);
        }
        self.later(self.config.durations.user, Task::User(id.clone()));
        self.user_answer(&id)
    }

    /// A user is active, or gone.
    pub(super) fn user_settled(&mut self, id: &str) {
        let Some(user) = self.users.get_mut(id) else { return };
        if user.status != "deleting" {
            user.status = "active";
            return;
        }
        self.users.remove(id);
        self.drop_tags("user", id);
        for group in self.user_groups.values_mut() {
            group.users.retain(|user| user != id);
        }
    }

    /// `DescribeUsers`.
    pub(super) fn describe_users(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let engine = input::text(params, "Engine").map(engine).transpose()?;
        let mut chosen: Vec<&User> = match input::text(params, "UserId") {
            Some(_) => vec![self.user(params)?],
            None => self.users.values().collect(),
        };
        chosen.retain(|user| engine.as_ref().is_none_or(|engine| user.engine == *engine));
        for filter in params.numbered("Filters") {
            let name = input::required(&filter, "Name")?.to_owned();
            let values = filter.list("Values");
            if !["user-id", "user-name", "UserId", "UserName"].contains(&name.as_str()) {
                return Err(faults::combination(format!("Invalid filter: {name}")));
            }
            let by_name = name.ends_with("ame");
            chosen.retain(|user| values.contains(if by_name { &user.name } else { &user.id }));
        }
        let entries = chosen.into_iter().map(|user| (user.id.clone(), user)).collect();
        input::page(params, "Users", (100, 100), entries, |user| Xml::element("member", self.show_user(user)))
    }

    fn user_answer(&self, id: &str) -> Result<Vec<Xml>, ServiceError> {
        self.users.get(id).map(|user| self.show_user(user)).ok_or_else(|| faults::no_user(id))
    }

    fn show_user(&self, user: &User) -> Vec<Xml> {
        let (kind, count) = match &user.login {
            UserAuthentication::Passwords(passwords) => ("password", Some(passwords.len())),
            UserAuthentication::NoPassword => ("no-password", None),
            UserAuthentication::Iam => ("iam", None),
        };
        let groups =
            self.user_groups.values().filter(|group| group.users.contains(&user.id)).map(|group| &group.id);
        vec![
            Xml::text("UserId", &user.id),
            Xml::text("UserName", &user.name),
            Xml::text("Status", user.status),
            Xml::text("Engine", &user.engine),
            Xml::text("MinimumEngineVersion", if user.engine == "valkey" { "7.2" } else { "6.0" }),
            Xml::text("AccessString", &user.access),
            Xml::element("UserGroupIds", groups.map(|id| Xml::text("member", id)).collect()),
            Node::new("Authentication").text("Type", kind).maybe("PasswordCount", count).done(),
            Xml::text("ARN", self.arn("user", &user.id)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_strings_come_back_as_the_api_writes_them() {
        assert_eq!(canonical("on ~app::* +@read"), "on ~app::* -@all +@read");
        assert_eq!(canonical("on  ~* &* +@all"), "on ~* &* +@all");
        assert_eq!(canonical("off"), "off -@all");
        assert_eq!(canonical("+get ~b &c ~a on"), "on ~b ~a &c -@all +get");
        assert!(check_access("on >secret ~* +@all").is_err());
    }
}
