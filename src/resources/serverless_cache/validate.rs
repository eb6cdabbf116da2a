//! Rules between the arguments of a serverless cache.

use super::attributes::ServerlessCacheModel;
use super::limits;
use super::rules::{MEMCACHED, REDIS, VALKEY, VERSION};
use crate::diag::Diagnostics;
use crate::services::elasticache::identifier::IAM_USER_GROUP;
use crate::value::Path;

/// The first major version of Valkey that can be reached from the internet.
const PUBLIC: u32 = 9;

/// Checks the arguments against each other.
pub(super) fn validate(config: &ServerlessCacheModel, diags: &mut Diagnostics) {
    limits::validate(&config.cache_usage_limits, diags);
    let Some(engine) = config.aws_engine() else { return };
    version_fits(config, &engine, diags);
    if engine == MEMCACHED && config.user_group_id.text().is_some() {
        diags.error_at(
            Path::attribute("user_group_id"),
            "Memcached supports no user group",
            "`user_group_id` is set, and `engine` is \"memcached\": role-based access control exists for Valkey and Redis \
             OSS only. Remove `user_group_id`, or set `engine = \"valkey\"`.",
        );
    }
    if config.connection_type.text() == Some("public") {
        public(config, &engine, diags);
    }
}

/// Memcached has versions such as `1.6`, the others such as `8`.
fn version_fits(config: &ServerlessCacheModel, engine: &str, diags: &mut Diagnostics) {
    let Some(version) = config.major_engine_version.text().filter(|version| VERSION.is_match(version)) else {
        return;
    };
    let (fits, example) = match engine {
        MEMCACHED => (version.contains('.'), "1.6"),
        REDIS => (!version.contains('.'), "7"),
        _ => (!version.contains('.'), "8"),
    };
    if !fits {
        diags.error_at(
            Path::attribute("major_engine_version"),
            "Invalid major_engine_version",
            format!(
                "`major_engine_version` is {version:?}, but major versions of {engine} have the form {example:?}. AWS chooses \
                 the minor version of a serverless cache."
            ),
        );
    }
}

/// What a cache that can be reached from the internet requires (user guide, "Public endpoints").
fn public(config: &ServerlessCacheModel, engine: &str, diags: &mut Diagnostics) {
    let major = config.major_engine_version.text().and_then(|version| version.parse::<u32>().ok());
    if engine != VALKEY || major.is_some_and(|major| major < PUBLIC) {
        diags.error_at(
            Path::attribute("connection_type"),
            "Public cache requires Valkey 9",
            format!(
                "`connection_type` is \"public\", which AWS supports for Valkey {PUBLIC} and later only. Set `engine = \
                 \"valkey\"` and `major_engine_version = \"{PUBLIC}\"`, or `connection_type = \"vpc\"`."
            ),
        );
    }
    if config.user_group_id.text().is_none() && !config.user_group_id.is_unknown() {
        diags.error_at(
            Path::attribute("user_group_id"),
            "Public cache requires a user group",
            format!(
                "`connection_type` is \"public\", and `user_group_id` is not set: AWS requires a user group whose users log \
                 in with IAM. Set `user_group_id` to such a group, or to \"{IAM_USER_GROUP}\" of AWS."
            ),
        );
    }
}
