//! Rules over the `parameter` blocks of a configuration.

use std::collections::BTreeMap;

use super::attributes::ParameterModel;
use crate::diag::{Diagnostic, Diagnostics};
use crate::value::{Field, Path, SetOf};

/// An error for each parameter with an empty value, which AWS does not accept.
pub(super) fn every_parameter_has_a_value(parameters: &Field<SetOf<ParameterModel>>) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for block in parameters.known().map(|set| set.0.as_slice()).unwrap_or_default() {
        if block.value.known().is_some_and(String::is_empty) {
            let name = block.name.text().unwrap_or_default();
            diags.error_at(
                Path::attribute("parameter"),
                "Parameter without value",
                format!(
                    "Parameter {name:?} has an empty value, which AWS does not accept. Set `value`, or remove the block to \
                     use the default of the family."
                ),
            );
        }
    }
    diags
}

/// An error for each parameter with more than one block. A set has no order, so AWS would use a random value.
pub(super) fn no_parameter_twice(parameters: &Field<SetOf<ParameterModel>>) -> Diagnostics {
    let mut values: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for block in parameters.known().map(|set| set.0.as_slice()).unwrap_or_default() {
        if let (Some(name), Some(value)) = (block.name.known(), block.value.known()) {
            values.entry(name.to_lowercase()).or_default().push(value);
        }
    }
    let mut diags = Diagnostics::new();
    for (name, mut values) in values.into_iter().filter(|(_, values)| values.len() > 1) {
        values.sort_unstable();
        let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
        diags.push(
            Diagnostic::error(
                "Duplicate parameter",
                format!(
                    "Parameter {name:?} has the values {}. Remove all of its blocks except one.",
                    values.join(" and ")
                ),
            )
            .at(Path::attribute("parameter")),
        );
    }
    diags
}
