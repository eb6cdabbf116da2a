//! `ModifyServerlessCache`.

use super::faults;
use super::input;
use super::protocol::{Millis, Params, ServiceError, Xml};
use super::region::{Region, Task};
use super::serverless::{self, Settings};

/// AWS's words (hashicorp/aws #35897, #37499, #40461, #41103, #43862).
const ONE_FIELD: &str = "Serverless Cache modifications only support modifying one field per request.";

/// AWS's words (hashicorp/aws #39711).
const TO_VALKEY: &str = "This API supports only cross-engine upgrades to Valkey engine currently";

/// Which members make one field. Engine and major version go together (code of hashicorp/aws).
const FIELDS: &[&[&str]] = &[
    &["Description"],
    &["CacheUsageLimits"],
    &["RemoveUserGroup", "UserGroupId"],
    &["SecurityGroupIds"],
    &["SnapshotRetentionLimit"],
    &["DailySnapshotTime"],
    &["Engine", "MajorEngineVersion"],
];

impl Region {
    /// `ModifyServerlessCache`: one field per request. The new value is returned once the cache is available
    /// again (a belief).
    pub(super) fn modify_serverless(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let cache = self.serverless_cache_of(params)?;
        cache.must_be_available()?;
        let (name, serial) = (cache.name.clone(), cache.serial);
        let is_given = |member: &str| {
            let list = format!("{member}.");
            params.0.keys().any(|key| key == member || key.starts_with(&list))
        };
        let fields = FIELDS.iter().filter(|members| members.iter().any(|member| is_given(member))).count();
        if fields > 1 {
            return Err(faults::combination(ONE_FIELD));
        }
        let before = cache.settings.clone();
        let (after, length, event) = self.modified(&name, &before, params)?;
        if after == before {
            return Err(faults::no_modifications());
        }
        if let Some(cache) = self.serverless.get_mut(&name) {
            cache.status = "modifying";
            cache.next = Some((after, event));
        }
        self.later(length, Task::Serverless((name.clone(), serial)));
        self.serverless_answer(&name)
    }

    /// The settings after the request, how long it takes, and its event (user guide, "Event Notifications"; the
    /// other words are ours).
    fn modified(
        &self,
        name: &str,
        before: &Settings,
        params: &Params,
    ) -> Result<(Settings, Millis, String), ServiceError> {
        let durations = &self.config.durations;
        let mut after = before.clone();
        let (mut length, mut what) = (durations.settings, "Settings");
        // A blank description removes it; an empty one is none (a belief).
        if let Some(text) = serverless::description(params)? {
            after.description = if text.trim().is_empty() { " ".to_owned() } else { text };
        }
        let limits = serverless::limits(params, before.limits)?;
        if limits != before.limits {
            (after.limits, what) = (limits, "Limits");
        }
        if input::flag(params, "RemoveUserGroup")?.unwrap_or(false) {
            after.user_group = None;
        } else if let Some(id) = input::text(params, "UserGroupId").map(str::to_ascii_lowercase) {
            self.check_serverless_group(&id, before.engine)?;
            after.user_group = Some(id);
        }
        let groups = params.list("SecurityGroupIds");
        if !groups.is_empty() && groups != before.security_groups {
            (after.security_groups, what) = (groups, "SecurityGroups");
        }
        if let Some(days) = serverless::retention(params)? {
            after.retention = days;
        }
        if let Some(time) = serverless::snapshot_time(params)? {
            after.snapshot_time = time;
        }
        (after.engine, after.major) = engine(before, params)?;
        if (after.engine, after.major) != (before.engine, before.major) {
            (length, what) = (durations.modify, "Engine");
        }
        Ok((after, length, format!("{what} updated for the cache {name}.")))
    }
}

/// Engine and major version after the request. Another engine without a version is no modification (code of
/// hashicorp/aws). Valkey 7 goes back to Redis OSS 7 (hashicorp/aws #45204); nothing else goes back.
fn engine(before: &Settings, params: &Params) -> Result<(&'static str, &'static str), ServiceError> {
    let unchanged = (before.engine, before.major);
    let (engine, major) = match (input::text(params, "Engine"), input::text(params, "MajorEngineVersion")) {
        (_, None) => return Ok(unchanged),
        (engine, Some(major)) => serverless::version(engine.unwrap_or(before.engine), Some(major))?,
    };
    let number = |major: &str| major.parse::<f64>().unwrap_or_default();
    let goes_back = before.engine == "valkey" && engine == "redis" && before.major == "7";
    match (before.engine, engine) {
        _ if goes_back => Ok((engine, major)),
        (from, to) if from != to && (from, to) != ("redis", "valkey") => Err(faults::value(TO_VALKEY)),
        _ if number(major) < number(before.major) => Err(faults::combination(format!(
            "Downgrading engine version from {} to {major} is not supported.",
            before.major
        ))),
        _ => Ok((engine, major)),
    }
}
