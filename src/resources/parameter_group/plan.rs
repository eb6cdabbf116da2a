//! Checks parameters against AWS's documentation of their family.

use super::attributes::{ParameterGroupModel, Parameters};
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::services::elasticache::families::{
    Parameter, families_with, find, is_documented, is_of_memcached, nearest, nearest_family, requires_reboot,
};
use crate::value::Path;

/// The number of unknown parameters with a warning each. The search for a similar name compares it with every parameter
/// of the family.
const EXPLAINED: usize = 10;

/// The number of further unknown parameters that the last warning names.
const NAMED: usize = 20;

/// Rejects values that AWS does not accept, and warns of names that it does not document. Existing values are not checked,
/// because AWS has accepted them.
pub(super) fn plan(cx: &mut PlanContext<'_, ParameterGroupModel>) {
    let Some(family) = cx.planned.family.text().map(str::to_owned) else { return };
    if !is_documented(&family) {
        return warn_of_unknown_family(cx, &family);
    }
    let before = match cx.prior {
        Some(prior) if prior.family.text() == Some(&family) => prior.parameters(),
        _ => Parameters::new(),
    };
    let mut unknown = Vec::new();
    for (name, value) in cx.planned.parameters() {
        if before.get(&name) == Some(&value) {
            continue;
        }
        match find(&family, &name) {
            Some(parameter) => {
                check(parameter, &name, &value, &family, at(cx, &name), &mut cx.diags);
                if cx.prior.is_some() && requires_reboot(&name) {
                    warn_of_reboot(&name, at(cx, &name), &mut cx.diags);
                }
            }
            None if before.contains_key(&name) => {}
            None => unknown.push(name),
        }
    }
    let (first, rest) = unknown.split_at(unknown.len().min(EXPLAINED));
    for name in first {
        warn_of_unknown(name, &family, at(cx, name), &mut cx.diags);
    }
    warn_of_more(rest, &family, &mut cx.diags);
    let planned = cx.planned.parameters();
    let reset = before.keys().filter(|name| !planned.contains_key(*name) && requires_reboot(name));
    for name in reset {
        warn_of_reboot(name, Path::attribute("parameter"), &mut cx.diags);
    }
}

/// The path of the `parameter` block with this name. Terraform shows the lines of a block in a set only if it is the only
/// one.
fn at(cx: &PlanContext<'_, ParameterGroupModel>, name: &str) -> Path {
    let path = Path::attribute("parameter");
    let blocks = cx.config.parameter.known().map(|set| set.0.as_slice()).unwrap_or_default();
    match blocks {
        [only] if only.name.text().is_some_and(|own| own.eq_ignore_ascii_case(name)) => {
            path.index(0).then("value")
        }
        _ => path,
    }
}

/// AWS adds families, so an unknown family is a warning.
fn warn_of_unknown_family(cx: &mut PlanContext<'_, ParameterGroupModel>, family: &str) {
    if !cx.changed("family") || is_of_memcached(family) {
        return;
    }
    let meant = nearest_family(family).map_or_else(String::new, |near| format!(" Did you mean {near:?}?"));
    cx.diags.warning_at(
        Path::attribute("family"),
        "Unknown parameter group family",
        format!(
            "AWS documents no parameter group family {family:?}.{meant} It is sent unchanged, and AWS refuses a family that \
             does not exist. The `parameter` blocks are not checked."
        ),
    );
}

/// AWS changes such a parameter in the parameter group at once, and in each node when it is rebooted.
fn warn_of_reboot(name: &str, at: Path, diags: &mut Diagnostics) {
    diags.warning_at(
        at,
        "Parameter takes effect after a reboot",
        format!(
            "{name:?} has the change type requires-reboot: each node keeps its value until it is rebooted, \
             for example by the action `elasticache_reboot_nodes`, which AWS does not support with cluster \
             mode: there a node gets the new value only when it is created. Nodes that wait are in \
             `nodes_pending_reboot` of `elasticache_replication_group`."
        ),
    );
}

fn check(parameter: &Parameter, name: &str, value: &str, family: &str, path: Path, diags: &mut Diagnostics) {
    if !parameter.is_modifiable() {
        let detail = format!(
            "AWS does not allow a change of {name:?} in a parameter group of family {family}. Remove the `parameter` block."
        );
        diags.error_at(path, "Parameter cannot be changed", detail);
    } else if let Err(allowed) = parameter.check(value) {
        let detail =
            format!("Parameter {name:?} of {family} must be {allowed}. The configured value is {value:?}.");
        diags.error_at(path, "Invalid parameter value", detail);
    }
}

fn warn_of_unknown(name: &str, family: &str, at: Path, diags: &mut Diagnostics) {
    let others = families_with(name);
    let elsewhere = match (others.first(), others.last()) {
        (Some(first), Some(last)) if first != last => {
            format!(", only for families from {first} to {last}")
        }
        (Some(only), _) => format!(", only for {only}"),
        _ => String::new(),
    };
    let meant = nearest(family, name).map_or_else(String::new, |near| format!(" Did you mean {near:?}?"));
    diags.warning_at(
        at,
        "Unknown parameter",
        format!(
            "AWS documents no parameter {name:?} for {family}{elsewhere}.{meant} It is sent unchanged. If AWS \
             refuses it, some of the other parameters may already be changed."
        ),
    );
}

/// One warning for the remaining unknown parameters.
fn warn_of_more(names: &[String], family: &str, diags: &mut Diagnostics) {
    if names.is_empty() {
        return;
    }
    let named: Vec<String> = names.iter().take(NAMED).map(|name| format!("{name:?}")).collect();
    let more = names.len() - named.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    diags.warning_at(
        Path::attribute("parameter"),
        "Unknown parameters",
        format!(
            "AWS documents no parameters of these names for {family}: {}{more}. They are sent unchanged. If AWS refuses one, \
             some of the other parameters may already be changed.",
            named.join(", ")
        ),
    );
}
