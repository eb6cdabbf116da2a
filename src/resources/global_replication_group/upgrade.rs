//! What AWS would refuse of a change of engine and version, told before anything is changed.

use super::attributes::GlobalReplicationGroupModel;
use super::update::steps::{changes_family, new_family, running_family, upgrade};
use super::validate::is_valkey;
use crate::diag::Diagnostic;
use crate::resources::common::engine_version::Version;
use crate::value::Path;

/// What is wrong with the planned engine, version, and parameter group for `subject`, which runs what `prior` has;
/// `None` for what AWS accepts, and for what is not known yet.
pub(super) fn problem(
    prior: &GlobalReplicationGroupModel,
    config: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    subject: &str,
) -> Option<Diagnostic> {
    if is_open(config) {
        return None;
    }
    let running = prior.engine.text()?;
    let engine = planned.engine.text().unwrap_or(running);
    let changes_engine = !engine.eq_ignore_ascii_case(running);
    if changes_engine {
        if !engine.eq_ignore_ascii_case("valkey") {
            return Some(not_back(subject, running, engine));
        }
        if config.engine_version.is_null() {
            let detail = "AWS changes the engine only together with its version. Set `engine_version` to \"7.2\" or \
                          later.";
            return Some(at("engine_version", "Missing engine_version", detail.to_owned()));
        }
    }
    let text = planned.engine_version.text()?;
    let actual = prior.engine_version_actual.text()?;
    let (desired, version) = (Version::parse(text)?, Version::parse(actual)?);
    if !changes_engine && running.eq_ignore_ascii_case("redis") && is_valkey(desired) {
        let detail = format!(
            "{subject} runs Redis OSS, whose last version is \"7.1\", and `engine_version` is {text:?}. Set \
             `engine = \"valkey\"` in the same change, or `engine_version = \"7.1\"` or earlier."
        );
        return Some(at("engine", "Missing engine", detail));
    }
    if !changes_engine && desired.is_below(version) {
        let detail = format!(
            "{subject} runs version {actual}, and `engine_version` is {text:?}. AWS does not downgrade the \
             members of a global datastore. Set `engine_version = {:?}`. For an older version, create a \
             global datastore around a primary that runs it.",
            version.observed()
        );
        return Some(at("engine_version", "Engine version cannot be downgraded", detail));
    }
    upgrade(prior, planned)?;
    parameter_group(prior, planned)
}

/// True while it is not known what the configuration asks for.
fn is_open(config: &GlobalReplicationGroupModel) -> bool {
    config.engine.is_unknown() || config.engine_version.is_unknown()
}

fn not_back(subject: &str, running: &str, engine: &str) -> Diagnostic {
    let detail = format!(
        "{subject} runs {running}, and `engine` is {engine:?}. AWS changes the engine of a global datastore \
         from redis to valkey only. Set `engine = {running:?}`."
    );
    at("engine", "Engine cannot be changed back", detail)
}

/// A new family needs a parameter group of it.
fn parameter_group(
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> Option<Diagnostic> {
    if planned.parameter_group_name.is_unknown() || !changes_family(prior, planned) {
        return None;
    }
    let family = new_family(prior, planned)?;
    let own = own_group(prior, &family);
    let Some(name) = planned.parameter_group_name.text() else {
        let detail = format!(
            "The planned engine version needs a parameter group of the family {family:?}, and \
             `parameter_group_name` is not set. Set `parameter_group_name = {own:?}`, or to a parameter \
             group of your own of that family."
        );
        return Some(at("parameter_group_name", "Missing parameter_group_name", detail));
    };
    // The names of AWS's own parameter groups say which family they are for.
    let is_other = name.starts_with("default.") && name != own;
    is_other.then(|| {
        let detail = format!(
            "`parameter_group_name` is {name:?}, and the planned engine version needs {own:?} or a parameter \
             group of your own of the family {family:?}."
        );
        at("parameter_group_name", "Parameter group does not fit the version", detail)
    })
}

/// AWS's own parameter group of a family, for members like those of `prior`.
fn own_group(prior: &GlobalReplicationGroupModel, family: &str) -> String {
    let cluster = if prior.cluster_enabled.is_true() { ".cluster.on" } else { "" };
    format!("default.{family}{cluster}")
}

/// The error for a parameter group that comes without a change of the family; `None` where the family changes.
pub(super) fn needless_parameter_group(
    prior: &GlobalReplicationGroupModel,
    config: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> Option<Diagnostic> {
    if is_open(config) || (upgrade(prior, planned).is_some() && changes_family(prior, planned)) {
        return None;
    }
    let detail = String::from(
        "AWS accepts a parameter group for a global datastore only together with a change of the engine or \
         of the major version. Change `engine_version` in the same apply, or remove the change of \
         `parameter_group_name`. Parameters are changed in the parameter group of any member, and apply to \
         all members.",
    );
    Some(at("parameter_group_name", "Parameter group cannot be changed alone", detail))
}

/// The diagnostic for a parameter group of an existing global datastore, `subject`, that no request has. One of the family
/// that runs already is recorded with a warning: the upgrade that it belongs to was interrupted, or made by another client.
/// The name of AWS's own parameter group shows its family; for another one, `has_changed_family` says that a read has found
/// such an upgrade.
pub(super) fn unsent_parameter_group(
    prior: &GlobalReplicationGroupModel,
    config: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    subject: &str,
    has_changed_family: bool,
) -> Option<Diagnostic> {
    let refused = needless_parameter_group(prior, config, planned)?;
    let (Some(name), Some(family)) = (planned.parameter_group_name.text(), running_family(prior)) else {
        return Some(refused);
    };
    let fits = match name.starts_with("default.") {
        true => name == own_group(prior, &family),
        false => has_changed_family,
    };
    if !fits {
        return Some(refused);
    }
    let detail = format!(
        "{subject} runs the family {family:?} already, so this apply only records `parameter_group_name = {name:?}` in the \
         state, and sends no request for it. AWS returns the parameter groups of the members only: if those use another one, \
         change its parameters instead. AWS accepts another parameter group with the next major version."
    );
    let warning = Diagnostic::warning("Parameter group may not be in use", detail);
    Some(warning.at(Path::attribute("parameter_group_name")))
}

fn at(attribute: &str, summary: &str, detail: String) -> Diagnostic {
    Diagnostic::error(summary, detail).at(Path::attribute(attribute))
}
