//! An apply: create, update or delete.

use std::pin::Pin;

use tokio_util::sync::CancellationToken;

use super::context::Context;
use super::planned_values::{check_planned, unknown_after_apply};
use super::private;
use super::requests::ApplyRequest;
use super::resource::Resource;
use super::values::{model, region_of, region_value, set_region, typed};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::applied_config::applied_config;
use crate::engine::state::apply;
use crate::engine::{AnyResource, Private, ProviderConfig, conformance};
use crate::plugin::panic;
use crate::schema::common;
use crate::value::{IntoValue, Value};

/// The new state, the private data to store beside it, and what to report.
pub(super) type Applied = Result<(Value, Private, Diagnostics), Diagnostic>;

/// Carries a plan out. The result is an error where nothing was sent to AWS.
pub(super) fn apply_resource<'a, R: Resource>(
    resource: &'a R,
    provider: &'a ProviderConfig,
    cancel: &'a CancellationToken,
    request: &'a ApplyRequest,
) -> Pin<Box<dyn Future<Output = Applied> + Send + 'a>> {
    Box::pin(async move {
        let schema = Resource::schema(resource);
        check_planned(&schema.block, &request.config, &request.planned)?;
        let prior = typed::<R::Model>(schema, &request.prior)?;
        let planned = typed::<R::Model>(schema, &request.planned)?;
        let config = applied_config(&schema.block, &request.config, &request.planned);
        let config = if config.is_null() { R::Model::default() } else { model(&config)? };
        let cx = begin(resource, provider, cancel, request)?;
        let operation: Operation<'_> = match (prior, planned) {
            (None, None) => return Ok((Value::Null, Private::default(), Diagnostics::new())),
            (None, Some(planned)) => {
                Box::pin(async { Ok(Some(resource.create(&cx, config, planned).await?.into_value())) })
            }
            (Some(prior), Some(planned)) => {
                Box::pin(async { Ok(Some(resource.update(&cx, config, prior, planned).await?.into_value())) })
            }
            (Some(prior), None) => Box::pin(async { resource.delete(&cx, prior).await.map(|()| None) }),
        };
        let observed = carry_out(resource, operation).await;
        Ok(end(resource, request, cx, observed).await)
    })
}

/// A create, update or delete. It returns the object that exists afterwards.
type Operation<'a> = Pin<Box<dyn Future<Output = Result<Option<Value>, Diagnostics>> + Send + 'a>>;

/// Runs the operation. A panic is caught here, so that the state gets what was saved before it.
async fn carry_out(
    resource: &dyn AnyResource,
    operation: Operation<'_>,
) -> Result<Option<Value>, Diagnostics> {
    panic::catch(operation).await.unwrap_or_else(|panic| {
        let type_name = resource.type_name();
        Err(Diagnostic::bug(format!("ApplyResourceChange for {type_name} panicked: {panic}")).into())
    })
}

/// The context of the operation.
fn begin<'a>(
    resource: &dyn AnyResource,
    provider: &'a ProviderConfig,
    cancel: &'a CancellationToken,
    request: &ApplyRequest,
) -> Result<Context<'a>, Diagnostic> {
    let defaults = resource.default_timeouts();
    let place = if request.planned.is_null() { &request.prior } else { &request.planned };
    let (operation, default) = match (request.prior.is_null(), request.planned.is_null()) {
        (true, _) => ("create", defaults.create),
        (false, false) => ("update", defaults.update),
        (false, true) => ("delete", defaults.delete),
    };
    let configured = place.get(common::TIMEOUTS).get(operation).as_str().and_then(common::parse_duration);
    let cx = Context::new(provider, cancel, region_of(place), configured.unwrap_or(default))?;
    let before = Private::parse(&private::of_prior(&request.prior, &request.private));
    let after = before.applied();
    Ok(cx.with_private(before, after))
}

/// The new state of the object that the operation returned; `None` for one that it deleted.
async fn end(
    resource: &dyn AnyResource,
    request: &ApplyRequest,
    cx: Context<'_>,
    result: Result<Option<Value>, Diagnostics>,
) -> (Value, Private, Diagnostics) {
    cx.scope().reads().end_change();
    let schema = resource.schema();
    let region = region_value(schema, &cx).await;
    let omitted = cx.omitted();
    let private = cx.private();
    let (saved, mut diags) = cx.finish();
    let complete = |observed: Value| {
        let mut observed = observed;
        set_region(&mut observed, region);
        apply::resolve_unknowns(&schema.block, &request.planned, &observed)
    };
    let state = match result {
        Ok(None) => Value::Null,
        Ok(Some(observed)) => {
            let state = complete(observed);
            let unknown = conformance::unknown_problems(&state);
            let is_known = unknown.is_empty();
            unknown.iter().for_each(|problem| diags.push(unknown_after_apply(problem)));
            let problems = match cfg!(debug_assertions) && is_known {
                true => conformance::apply_problems(&schema.block, &request.planned, &state),
                false => Vec::new(),
            };
            for problem in problems {
                diags.push(Diagnostic::bug(format!(
                    "The result of applying {} breaks a rule of Terraform: {problem}",
                    resource.type_name()
                )));
            }
            state.unknown_to_null()
        }
        Err(errors) => {
            diags.extend(errors);
            match saved {
                // What a create leaves behind is as planned, as far as is known.
                Some(saved) if request.prior.is_null() => omit(complete(saved).unknown_to_null(), &omitted),
                // A change stopped half-way: not what was planned, but what was saved.
                Some(saved) => schema.block.settled(schema.conform(saved).unknown_to_null()),
                None => request.prior.clone(),
            }
        }
    };
    (state, private, diags)
}

/// The object without these attributes.
fn omit(mut state: Value, attributes: &[&'static str]) -> Value {
    if let Value::Map(entries) = &mut state {
        for name in attributes {
            entries.insert((*name).to_owned(), Value::Null);
        }
    }
    state
}
