//! What all replies of the service have in common.

use super::convert::{diagnostic, said};
use super::proto::tfplugin6 as pb;
use crate::diag::Diagnostic;
use crate::plugin::panic::Panic;
use crate::redact::names;

/// What every reply has: a place for what went wrong.
pub(super) trait Reply: Default {
    fn fail(&mut self, problem: Diagnostic);

    /// Number of errors and of warnings.
    fn problems(&self) -> (usize, usize);
}

macro_rules! reply {
    ($($rpc:ident),* $(,)?) => {
        $(impl Reply for pb::$rpc::Response {
            fn fail(&mut self, problem: Diagnostic) {
                self.diagnostics.push(diagnostic(&problem));
            }

            fn problems(&self) -> (usize, usize) {
                let error = |d: &&pb::Diagnostic| d.severity() == pb::diagnostic::Severity::Error;
                let errors = self.diagnostics.iter().filter(error).count();
                (errors, self.diagnostics.len() - errors)
            }
        })*
    };
}

impl Reply for pb::call_function::Response {
    fn fail(&mut self, problem: Diagnostic) {
        let text = said(&format!("{}: {}", problem.summary, problem.detail));
        self.error = Some(pb::FunctionError { text, function_argument: None });
    }

    fn problems(&self) -> (usize, usize) {
        (usize::from(self.error.is_some()), 0)
    }
}

reply!(
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_functions,
    validate_provider_config,
    validate_resource_config,
    validate_data_resource_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_action_config,
    configure_provider,
    upgrade_resource_state,
    upgrade_resource_identity,
    read_resource,
    plan_resource_change,
    apply_resource_change,
    import_resource_state,
    generate_resource_config,
    plan_action,
    move_resource_state,
    read_data_source,
    open_ephemeral_resource,
    renew_ephemeral_resource,
    close_ephemeral_resource,
);

/// A reply that holds nothing but this diagnostic.
pub(super) fn with<R: Reply>(problem: Diagnostic) -> R {
    let mut reply = R::default();
    reply.fail(problem);
    reply
}

/// The defect that an RPC panicked.
pub(super) fn panicked(rpc: &str, type_name: &str, panic: &Panic) -> Diagnostic {
    let what = names::type_name(type_name).map(|name| format!(" for {name}")).unwrap_or_default();
    Diagnostic::bug(format!("{rpc}{what} panicked: {panic}"))
}
