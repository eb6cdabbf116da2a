//! What AWS would refuse, found before AWS is asked.

use super::model::ReplicationGroupModel;
use super::version::Version;
use super::{counts, default_groups, limits, log_destinations, node_types};
use crate::diag::Diagnostics;
use crate::resources::common::connection::auth_token::auth_token_problems;
use crate::value::{Field, Path, Value};

/// Why AWS refuses several zones without failover.
pub(super) const ZONES_NEED_FAILOVER: &str =
    "multi_az_enabled needs automatic_failover_enabled = true: without failover a second zone is of no use.";

/// The engines of a replication group.
pub(super) fn engine(value: &Value) -> Result<(), String> {
    match value.as_str().map(str::to_ascii_lowercase).as_deref() {
        None | Some("redis" | "valkey") => Ok(()),
        Some("memcached") => {
            Err("must be \"redis\" or \"valkey\"; a replication group cannot run memcached".to_owned())
        }
        Some(_) => {
            Err(format!("must be \"redis\" or \"valkey\", but is {:?}", value.as_str().unwrap_or_default()))
        }
    }
}

/// Versions as AWS takes them: in full before 6, `6.x`, and `major.minor` from 6 on.
pub(super) fn engine_version(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let parts = text.split('.').count();
    let ok = Version::parse(text).is_some()
        && match text.split('.').next().and_then(|major| major.parse::<u32>().ok()) {
            Some(0..=5) => parts == 3 && !text.contains('x'),
            Some(6) => parts == 2,
            Some(_) => parts == 2 && !text.contains('x'),
            None => false,
        };
    if ok {
        return Ok(());
    }
    if text.parse::<u32>().is_ok_and(|major| major > 6) {
        return Err(format!(
            "must be \"major.minor\" in quotes, but is {text:?}. Terraform reads {text}.0 without quotes as the number \
             {text}; write engine_version = \"{text}.0\""
        ));
    }
    Err(format!(
        "must be a version as AWS writes it: \"major.minor\" such as \"7.1\" or \"8.0\", \"6.x\", or in full such as \
         \"5.0.6\" before 6; but is {text:?}"
    ))
}

/// See [`auth_token_problems`].
pub(super) fn auth_token(value: &Value) -> Result<(), String> {
    let problems = auth_token_problems(value.as_str().unwrap_or_default());
    problems.into_iter().next().map_or(Ok(()), Err)
}

/// Minutes of the day of `hh:mm`.
fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}

/// Start in minutes and length in minutes of `hh:mm-hh:mm`.
fn daily(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (minutes(start)?, minutes(end)?);
    Some((start, (end + 1440 - start) % 1440))
}

/// Start in minutes of the week and length in minutes of `ddd:hh:mm-ddd:hh:mm`.
fn weekly(text: &str) -> Option<(u32, u32)> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let at = |text: &str| -> Option<u32> {
        let (day, time) = text.split_once(':')?;
        let day = DAYS.iter().position(|name| day.eq_ignore_ascii_case(name))?;
        Some(u32::try_from(day).ok()? * 1440 + minutes(time)?)
    };
    let (start, end) = text.split_once('-')?;
    let (start, end) = (at(start)?, at(end)?);
    Some((start, (end + 10080 - start) % 10080))
}

fn an_hour(length: Option<(u32, u32)>) -> Result<(), String> {
    match length {
        Some((_, length)) if length < 60 => {
            Err(format!("must be at least 60 minutes long, which AWS demands, but is {length}"))
        }
        _ => Ok(()),
    }
}

/// A daily window lasts an hour at least.
pub(super) fn daily_window(value: &Value) -> Result<(), String> {
    an_hour(value.as_str().and_then(daily))
}

/// A weekly window lasts an hour at least.
pub(super) fn weekly_window(value: &Value) -> Result<(), String> {
    an_hour(value.as_str().and_then(weekly))
}

/// Rules over several attributes.
pub(super) fn group(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    engine_and_version(config, diags);
    size(config, diags);
    counts::check(config, diags);
    security(config, diags);
    windows(config, diags);
    logs(config, diags);
    limits::check(config, diags);
    node_types::check(config, diags);
}

fn refuse(diags: &mut Diagnostics, name: &str, detail: &str) {
    diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
}

/// Redis OSS ends with 7.1, and Valkey begins with 7.2.
fn engine_and_version(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let (Some(engine), Some(text)) = (config.engine.text(), config.engine_version.text()) else { return };
    let Some(version) = Version::parse(text) else { return };
    let valkey = version.at_least(7, 2, 0);
    if engine.eq_ignore_ascii_case("valkey") && !valkey {
        let detail = format!(
            "Valkey {text} does not exist: the first version is \"7.2\". Set engine_version = \"7.2\" or later, or engine = \
             \"redis\"."
        );
        refuse(diags, "engine_version", &detail);
    } else if engine.eq_ignore_ascii_case("redis") && valkey {
        let detail = format!(
            "Redis OSS {text} does not exist: the last version is \"7.1\". Set engine = \"valkey\", or engine_version = \
             \"7.1\" or earlier."
        );
        refuse(diags, "engine_version", &detail);
    }
}

fn size(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let off = |flag: &Field<bool>| flag.known() == Some(&false);
    if config.node_type.text().is_none() && !config.node_type.is_unknown() {
        let global = &config.global_replication_group_id;
        if global.text().is_none() && !global.is_unknown() {
            refuse(
                diags,
                "node_type",
                "node_type must be given, for example \"cache.t4g.small\". Only a group that joins a global datastore takes \
                 it from there.",
            );
        }
    }
    if config.multi_az_enabled.is_true() && off(&config.automatic_failover_enabled) {
        refuse(diags, "multi_az_enabled", ZONES_NEED_FAILOVER);
    }
    let single = config.num_cache_clusters.known().is_some_and(|n| *n < 2);
    // Cluster mode has failover with any number of nodes. The mode of a parameter group of the
    // user's own is not known here.
    let own = config
        .parameter_group_name
        .text()
        .is_some_and(|name| default_groups::of_default_group(name).is_none());
    let clustered = config.has_cluster_mode()
        || own
        || config.parameter_group_name.is_unknown()
        || config.cluster_mode.is_unknown();
    for (name, flag, needs_replica) in [
        ("automatic_failover_enabled", &config.automatic_failover_enabled, !clustered),
        ("multi_az_enabled", &config.multi_az_enabled, true),
    ] {
        if flag.is_true() && single && needs_replica {
            refuse(
                diags,
                name,
                &format!("{name} needs a replica to fail over to: set num_cache_clusters to 2 or more."),
            );
        }
    }
    if config.num_node_groups.known().is_some_and(|n| *n > 1) && off(&config.automatic_failover_enabled) {
        refuse(
            diags,
            "automatic_failover_enabled",
            "A group with several shards needs automatic_failover_enabled = true, which AWS demands with cluster mode.",
        );
    }
}

fn security(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let tls_off = match config.transit_encryption_enabled {
        Field::Known(on) => !on,
        // AWS's own default, unless the group gets it from elsewhere.
        Field::Null => config.global_replication_group_id.is_null(),
        Field::Unknown => false,
    };
    let reference = config.reference();
    let written = config.auth_token.given().is_some() || config.auth_token_wo.given().is_some();
    let token = written || reference.is_certain();
    let groups = config.user_group_ids.known().is_some_and(|ids| !ids.is_empty());
    let credentials = match config.auth_token.given() {
        Some(_) => Some("auth_token"),
        None if written => Some("auth_token_wo"),
        None if token => Some("auth_token_secret_arn"),
        None => groups.then_some("user_group_ids"),
    };
    if let Some(name) = credentials.filter(|_| tls_off) {
        refuse(
            diags,
            name,
            &format!("{name} needs transit_encryption_enabled = true: AWS takes credentials over TLS only."),
        );
    }
    if config.transit_encryption_mode.text().is_some() && tls_off {
        refuse(
            diags,
            "transit_encryption_mode",
            "transit_encryption_mode needs transit_encryption_enabled = true. Set it, or remove transit_encryption_mode.",
        );
    }
    if config.kms_key_id.text().is_some() && config.at_rest_encryption_enabled.known() == Some(&false) {
        refuse(
            diags,
            "kms_key_id",
            "kms_key_id needs at_rest_encryption_enabled = true. Set it, or remove kms_key_id.",
        );
    }
    if let Some(name) = credentials.filter(|_| config.transit_encryption_mode.text() == Some("preferred")) {
        refuse(
            diags,
            "transit_encryption_mode",
            &format!(
                "{name} needs transit_encryption_mode = \"required\": AWS takes credentials over TLS only."
            ),
        );
    }
    if config.auth_token_update_strategy.text() == Some("DELETE") && token {
        refuse(
            diags,
            "auth_token_update_strategy",
            "DELETE removes the token when user_group_ids replaces it, but a token is configured. Remove one of the two.",
        );
    }
}

/// True when a weekly and a daily window have a minute in common.
pub(super) fn overlap(week: &str, day: &str) -> bool {
    let (Some(weekly), Some(daily)) = (weekly(week), daily(day)) else { return false };
    // One window of the day before the week begins, and those of the days after it.
    (0..16).any(|day| {
        let start = day * 1440 + daily.0;
        let (from, to) = (weekly.0 + 1440, weekly.0 + 1440 + weekly.1);
        start < to && from < start + daily.1
    })
}

/// AWS refuses a snapshot window that meets the maintenance window.
fn windows(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let (Some(weekly), Some(daily)) = (config.maintenance_window.text(), config.snapshot_window.text())
    else {
        return;
    };
    if overlap(weekly, daily) {
        refuse(
            diags,
            "snapshot_window",
            "snapshot_window and maintenance_window overlap, which AWS does not allow. Move one of them.",
        );
    }
}

fn logs(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    log_destinations::check(config.logs(), diags);
    let mut seen: Vec<&str> = Vec::new();
    for log in config.logs() {
        let Some(kind) = log.log_type.text() else { continue };
        if seen.contains(&kind) {
            diags.error_at(
                Path::attribute("log_delivery_configuration"),
                "Invalid log_delivery_configuration",
                format!("There are two blocks for {kind:?}, but AWS delivers each log to one destination; remove one of them."),
            );
        }
        seen.push(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_measured() {
        assert_eq!(daily("03:00-05:00"), Some((180, 120)));
        assert_eq!(daily("23:30-00:30"), Some((1410, 60)));
        assert_eq!(weekly("sun:23:30-mon:00:30"), Some((6 * 1440 + 1410, 60)));
        assert!(daily_window(&Value::from("03:00-03:30")).is_err());
    }

    #[test]
    fn windows_that_meet_are_refused() {
        let problems = |weekly: &str, daily: &str| {
            let config = ReplicationGroupModel {
                maintenance_window: weekly.into(),
                snapshot_window: daily.into(),
                ..Default::default()
            };
            let mut diags = Diagnostics::new();
            windows(&config, &mut diags);
            diags.has_errors()
        };
        assert!(problems("sun:05:00-sun:07:00", "06:00-08:00"));
        assert!(problems("sun:23:30-mon:00:30", "00:00-01:00"));
        assert!(!problems("sun:05:00-sun:07:00", "03:00-05:00"));
        assert!(!problems("sun:05:00-sun:07:00", "07:00-08:00"));
    }

    #[test]
    fn versions_are_written_as_aws_writes_them() {
        for text in ["5.0.6", "6.x", "6.2", "7.0", "7.1", "8.0", "9.0"] {
            assert_eq!(engine_version(&Value::from(text)), Ok(()), "{text}");
        }
        for text in ["5.4", "5", "5.x", "6", "6.5.0", "6.y", "7", "7.x", "7.5.0", "7.", "16.2.1", "6.xyz"] {
            assert!(engine_version(&Value::from(text)).is_err(), "{text}");
        }
    }
}
