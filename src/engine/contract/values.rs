//! Between untyped values and the models of the contracts.

use tokio_util::sync::CancellationToken;

use super::context::Context;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::read;
use crate::engine::{ProviderConfig, Timeouts};
use crate::schema::{self, Object, Schema, common};
use crate::value::{ConvertError, Path, Value};

/// Checks a configuration against its schema, then, where that finds nothing, with
/// `rule`.
pub(in crate::engine) fn validate_as<M: Object>(
    schema: &Schema,
    config: &Value,
    rule: impl FnOnce(&M, &mut Diagnostics),
) -> Diagnostics {
    let mut diags = Diagnostics::new();
    schema::validate(schema, config, &mut diags);
    if !diags.has_errors() {
        match model(config) {
            Ok(model) => rule(&model, &mut diags),
            Err(diagnostic) => diags.push(diagnostic),
        }
    }
    schema.block.located(diags)
}

/// The model of a value, such as a configuration.
///
/// # Errors
/// The value does not fit the model.
pub(in crate::engine) fn model<M: Object>(value: &Value) -> Result<M, Diagnostic> {
    M::from_value(value, &Path::root()).map_err(|error| wrong_type(&error))
}

/// A state or plan as the resource reads it; see [`Block::meaning`](schema::Block::meaning).
pub(in crate::engine) fn typed<M: Object>(schema: &Schema, value: &Value) -> Result<Option<M>, Diagnostic> {
    if value.is_null() {
        return Ok(None);
    }
    model(&schema.block.meaning(value)).map(Some)
}

/// The diagnostic of a value that does not fit the model.
fn wrong_type(error: &ConvertError) -> Diagnostic {
    let name = error.path.first_attribute().unwrap_or_default().to_owned();
    Diagnostic::error(format!("Invalid {name}"), format!("{error}.")).at(error.path.clone())
}

/// `region` of a state or configuration.
pub(in crate::engine) fn region_of(state: &Value) -> Option<String> {
    state.get(common::REGION).as_str().filter(|region| !region.is_empty()).map(str::to_owned)
}

/// The region an object turned out to be in, for resources that have one.
pub(in crate::engine) async fn region_value(schema: &Schema, cx: &Context<'_>) -> Option<Value> {
    schema.block.attribute(common::REGION)?;
    cx.scope().resolved_region().await.ok().map(Value::string)
}

/// Sets `region`, where there is one.
pub(in crate::engine) fn set_region(state: &mut Value, region: Option<Value>) {
    if let (Value::Map(entries), Some(region)) = (state, region) {
        entries.insert(common::REGION.to_owned(), region);
    }
}

/// The context in which a configuration asks for something.
///
/// # Errors
/// The configuration is wrong, or AWS cannot be called.
pub(in crate::engine) fn asking<'a>(
    schema: &Schema,
    provider: &'a ProviderConfig,
    cancel: &'a CancellationToken,
    config: &Value,
) -> Result<Context<'a>, Diagnostics> {
    let mut diags = Diagnostics::new();
    schema::validate_at_plan(schema, config, &mut diags);
    if diags.has_errors() {
        return Err(diags);
    }
    Ok(Context::new(provider, cancel, region_of(config), Timeouts::READ)?.with_listed())
}

/// The value that was read, with finite numbers only: Terraform cannot store others, and no service of AWS returns them, but
/// a damaged response may have one in the binary form of CBOR.
///
/// # Errors
/// A number is not finite.
pub(in crate::engine) fn finite(value: Value, type_name: &str) -> Result<Value, Diagnostic> {
    if value.is_finite() {
        return Ok(value);
    }
    let name = value.get("id").as_str().map(|id| format!(" {id:?}")).unwrap_or_default();
    Err(Diagnostic::error(
        format!("Failed to read {type_name}{name}"),
        "AWS returned a number that is not finite, which is ignored. Something between here and AWS may have changed the \
         response. Run Terraform again.",
    ))
}

/// What was found, in the spelling of the configuration; null after an error.
pub(in crate::engine) async fn answer(
    type_name: &str,
    schema: &Schema,
    cx: Context<'_>,
    config: &Value,
    found: Result<Value, Diagnostics>,
) -> (Value, Diagnostics) {
    let region = region_value(schema, &cx).await;
    let (_, mut diags) = cx.finish();
    let found = found.and_then(|found| Ok(finite(found, type_name)?));
    let found = match found {
        Ok(mut found) => {
            set_region(&mut found, region);
            read::reconcile(&schema.block, config, &found).unknown_to_null()
        }
        Err(errors) => {
            diags.extend(errors);
            Value::Null
        }
    };
    (found, diags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::IntoValue as _;

    #[test]
    fn only_finite_numbers_are_read() {
        let object = |threshold: f64| {
            let nested = Value::Set(vec![Value::map([("threshold", threshold.into_value())])]);
            Value::map([("id", Value::from("cpu")), ("alarms", nested)])
        };
        assert_eq!(finite(object(1.5), "elasticache_alarm_set"), Ok(object(1.5)));
        for threshold in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let error = finite(object(threshold), "elasticache_alarm_set").unwrap_err();
            assert_eq!(error.summary, "Failed to read elasticache_alarm_set \"cpu\"");
        }
    }
}
