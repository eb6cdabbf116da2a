//! The laws of validation and planning, which ask AWS nothing.

use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::engine::{AnyResource, conformance};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::Value;

use super::generate::Generator;
use super::texts;
use crate::chaos::driver::{Driver, State, errors};

/// What validates a configuration.
pub struct Validator<'a> {
    pub schema: &'static Schema,
    pub validate: &'a dyn Fn(&Value) -> Diagnostics,
}

impl Validator<'_> {
    /// Checks a configuration that is wholly known; whether it is valid.
    ///
    /// # Errors
    /// Which law is broken.
    pub fn known(&self, generator: &mut Generator, config: &Value) -> Result<bool, String> {
        let diags = self.checked(config)?;
        if diags.has_errors() {
            return Ok(false);
        }
        let open = generator.forget(config);
        let diags = self.checked(&open)?;
        match diags.has_errors() {
            true => {
                Err(format!("refused once values are unknown: {} in {open:?}", errors(&diags).join("\n")))
            }
            false => Ok(true),
        }
    }

    /// The diagnostics, which are the same each time.
    pub fn checked(&self, config: &Value) -> Result<Diagnostics, String> {
        let diags = (self.validate)(config);
        if diags != (self.validate)(config) {
            return Err(format!("validation differs from one time to the next: {diags:?}"));
        }
        let problems = texts::problems(&self.schema.block, &diags);
        if problems.is_empty() { Ok(diags) } else { Err(problems.join("\n")) }
    }
}

/// Plans a configuration on a state, or on none; whether the plan succeeds.
///
/// # Errors
/// Which law is broken.
pub fn plan(
    driver: &Driver,
    resource: &dyn AnyResource,
    prior: &State,
    config: &Value,
) -> Result<bool, String> {
    let first = driver.plan(resource, prior, config);
    if driver.plan(resource, prior, config) != first {
        return Err("a second plan differs from the first".to_owned());
    }
    let block = &resource.schema().block;
    let mut problems = texts::problems(block, &first.diags);
    if !first.diags.has_errors() {
        problems.extend(conformance::plan_problems(block, &prior.value, config, &first.planned));
        problems.extend(conformance::replace_problems(&prior.value, &first.planned, &first.replace));
    }
    match problems.is_empty() {
        true => Ok(!first.diags.has_errors()),
        false => Err(problems.join("\n")),
    }
}

/// Calls a function with such arguments; whether it has a result.
///
/// # Errors
/// Which law is broken.
pub fn call(at: usize, generator: &mut Generator) -> Result<bool, String> {
    let function = REGISTRY.functions[at];
    let mut parameters = function.parameters();
    if let Some(more) = function.variadic() {
        parameters.extend(vec![more; generator.rng.usize(..3)]);
    }
    let arguments: Vec<Value> = parameters
        .iter()
        .map(|parameter| match parameter.nullable && generator.rng.bool() {
            true => Value::Null,
            false => {
                let is_secret = parameter.name.contains("token") || parameter.name.contains("password");
                generator.value(&parameter.ty, &[], is_secret)
            }
        })
        .collect();
    let result = function.call(&arguments);
    if function.call(&arguments) != result {
        return Err(format!("{} differs from one time to the next", function.name()));
    }
    match result {
        Ok(value) if value.is_wholly_known() => Ok(true),
        Ok(value) => Err(format!("{} is not known: {value:?}", function.name())),
        Err(error) if error.text.contains(super::words::SECRET) => {
            Err(format!("{} quotes a secret: {}", function.name(), error.text))
        }
        Err(error) if error.argument.is_some_and(|at| at >= arguments.len()) => {
            Err(format!("{} names an argument that was not given", function.name()))
        }
        Err(_) => Ok(false),
    }
}
