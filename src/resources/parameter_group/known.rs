//! Parameters against what AWS documents of their family, before AWS is asked.

use super::model::{ParameterGroupModel, Parameters};
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::resources::family_parameters::{Parameter, families_with, find, is_documented, nearest};
use crate::value::Path;

/// Refuses values that AWS does not take, and warns of names that it does not document.
/// What the group has already is left alone: AWS has taken it.
pub(super) fn plan(cx: &mut PlanContext<'_, ParameterGroupModel>) {
    let Some(family) = cx.planned.family.text().filter(|family| is_documented(family)).map(str::to_owned)
    else {
        return;
    };
    let before = match cx.prior {
        Some(prior) if prior.family.text() == Some(&family) => prior.parameters(),
        _ => Parameters::new(),
    };
    for (name, value) in cx.planned.parameters() {
        if before.get(&name) == Some(&value) {
            continue;
        }
        match find(&family, &name) {
            Some(parameter) => check(parameter, &name, &value, &family, &mut cx.diags),
            None if before.contains_key(&name) => {}
            None => warn_of_unknown(&name, &family, &mut cx.diags),
        }
    }
}

fn check(parameter: &Parameter, name: &str, value: &str, family: &str, diags: &mut Diagnostics) {
    let path = Path::attribute("parameter");
    if !parameter.is_modifiable() {
        let detail = format!(
            "AWS lets nobody change {name:?} of a {family} parameter group; take the parameter block away."
        );
        diags.error_at(path, "Parameter that cannot be changed", detail);
    } else if let Err(allowed) = parameter.check(value) {
        let detail = format!("The parameter {name:?} of {family} must be {allowed}; but is {value:?}.");
        diags.error_at(path, "Invalid value of a parameter", detail);
    }
}

fn warn_of_unknown(name: &str, family: &str, diags: &mut Diagnostics) {
    let others = families_with(name);
    let elsewhere = match (others.first(), others.last()) {
        (Some(first), Some(last)) if first != last => {
            format!(", though it does so for families from {first} to {last}")
        }
        (Some(only), _) => format!(", though it does so for {only}"),
        _ => String::new(),
    };
    let meant = nearest(family, name).map_or_else(String::new, |near| format!(" Is {near:?} meant?"));
    diags.warning_at(
        Path::attribute("parameter"),
        "Unknown parameter",
        format!(
            "AWS documents no parameter {name:?} for {family}{elsewhere}.{meant} It is sent as it is, and AWS has the last \
             word: if it refuses the name, the parameters of the group are left half set."
        ),
    );
}
