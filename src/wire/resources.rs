//! The RPCs of managed resources: convert, call the engine, convert.

use super::convert::{
    config_for, decode_as, decode_identity, decode_object, diagnostics, encode, encode_identity, encode_read,
    known, path, raw_json,
};
use super::proto::tfplugin6 as pb;
use super::service::Service;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ApplyRequest, IdentitySchema, MoveRequest, PlanRequest, Private, ReadRequest};
use crate::value::Value;

impl Service {
    /// Checks a configuration. Terraform validates three times in an apply, so warnings come with the plan of a change.
    pub(super) fn validate_resource(
        &self,
        request: &pb::validate_resource_config::Request,
    ) -> Result<pb::validate_resource_config::Response, Diagnostic> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema();
        let config = decode_object(schema, request.config.as_ref(), "configuration")?;
        let mut diags = Diagnostics::new();
        if !request.client_capabilities.is_some_and(|c| c.write_only_attributes_allowed) {
            diags.extend(schema.block.reject_write_only(&config));
        }
        diags.extend(resource.validate(&config).errors());
        Ok(pb::validate_resource_config::Response { diagnostics: diagnostics(diags) })
    }

    /// A stored state in the form of the present schema.
    pub(super) fn upgrade_state(
        &self,
        request: pb::upgrade_resource_state::Request,
    ) -> Result<pb::upgrade_resource_state::Response, Diagnostic> {
        let resource = self.resource(&request.type_name)?;
        let raw = request.raw_state.unwrap_or_default();
        let json = raw_json(&raw)?;
        resource.schema().block.remember_secrets_in_json(&json);
        let state = match json {
            serde_json::Value::Null => Value::Null,
            json => resource.upgrade(request.version, json)?,
        };
        Ok(pb::upgrade_resource_state::Response {
            upgraded_state: Some(encode(&state, resource.schema().ty())?),
            ..Default::default()
        })
    }

    /// A stored identity in the form of the present schema.
    pub(super) fn upgrade_identity(
        &self,
        request: pb::upgrade_resource_identity::Request,
    ) -> Result<pb::upgrade_resource_identity::Response, Diagnostic> {
        let schema = self.resource(&request.type_name)?.identity_schema();
        let json = raw_json(&request.raw_identity.unwrap_or_default())?;
        let identity = schema.upgrade(&request.type_name, request.version, &json)?;
        Ok(pb::upgrade_resource_identity::Response {
            upgraded_identity: encode_identity(schema, &identity)?,
            ..Default::default()
        })
    }

    /// Refreshes a state.
    pub(super) async fn read_object(
        &self,
        request: pb::read_resource::Request,
    ) -> Result<pb::read_resource::Response, Diagnostic> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema();
        let identity = resource.identity_schema();
        let stored = known(decode_identity(identity, request.current_identity.as_ref())?, "identity")?;
        let state = known(decode_object(schema, request.current_state.as_ref(), "state")?, "state")?;
        let read = ReadRequest { state, private: request.private };
        let result = resource.read(&self.configured(), &self.cancel(), read).await;
        // Terraform forgets the identity when a reply has none.
        let is_gone = result.state.is_null();
        let found = if is_gone { stored } else { identity.of_state(&result.state, &stored) };
        Ok(pb::read_resource::Response {
            new_identity: encode_identity(identity, &found)?,
            new_state: Some(encode_read(&result.state, schema.ty())?),
            private: result.private,
            diagnostics: diagnostics(result.diags),
            ..Default::default()
        })
    }

    /// Plans a create, update or destroy.
    pub(super) async fn plan_change(
        &self,
        request: pb::plan_resource_change::Request,
    ) -> Result<pb::plan_resource_change::Response, Diagnostic> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema();
        let identity = resource.identity_schema();
        let stored = decode_identity(identity, request.prior_identity.as_ref())?;
        let proposed = decode_as(schema, request.proposed_new_state.as_ref())?;
        // Most plans propose what exists.
        let prior = match request.prior_state == request.proposed_new_state {
            true => proposed.clone(),
            false => decode_as(schema, request.prior_state.as_ref())?,
        };
        let prior = known(prior, "prior state")?;
        let plan = PlanRequest {
            config: config_for(schema, &proposed, request.config.as_ref())?,
            prior,
            proposed,
            private: request.prior_private,
        };
        let (config, prior) = (plan.config.clone(), plan.prior.clone());
        let is_destroy = plan.proposed.is_null();
        let mut result = resource.plan(&self.configured(), plan);
        if !prior.is_null() && !result.diags.has_errors() && (is_destroy || !result.replace.is_empty()) {
            let found = resource.before_removal(&self.configured(), &self.cancel(), &prior).await;
            result.diags.extend(found);
        }
        if !prior.is_null() && !is_destroy {
            result.diags = with_way_to_destroy(result.diags);
        }
        if !result.planned.is_null() && result.planned != prior {
            result.diags.extend(resource.validate(&config).warnings());
        }
        let planned_identity = identity.planned(&prior, &stored);
        Ok(pb::plan_resource_change::Response {
            planned_identity: encode_identity(identity, &planned_identity)?,
            planned_state: Some(encode(&result.planned, schema.ty())?),
            requires_replace: result.replace.iter().map(path).collect(),
            planned_private: result.private,
            diagnostics: diagnostics(result.diags),
            ..Default::default()
        })
    }

    /// Carries a plan out.
    pub(super) async fn apply_change(
        &self,
        request: pb::apply_resource_change::Request,
    ) -> Result<pb::apply_resource_change::Response, Diagnostic> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema();
        let identity = resource.identity_schema();
        let stored = decode_identity(identity, request.planned_identity.as_ref())?;
        let planned = decode_as(schema, request.planned_state.as_ref())?;
        let apply = ApplyRequest {
            config: known(config_for(schema, &planned, request.config.as_ref())?, "configuration")?,
            prior: known(decode_as(schema, request.prior_state.as_ref())?, "prior state")?,
            planned,
            private: request.planned_private,
        };
        let result = resource.apply(&self.configured(), &self.cancel(), apply).await;
        Ok(pb::apply_resource_change::Response {
            new_identity: encode_identity(identity, &identity.of_state(&result.state, &stored))?,
            new_state: Some(encode(&result.state, schema.ty())?),
            private: result.private,
            diagnostics: diagnostics(result.diags),
            ..Default::default()
        })
    }

    /// The state to import, by ID or identity, still to be read.
    pub(super) async fn import_state(
        &self,
        request: pb::import_resource_state::Request,
    ) -> Result<pb::import_resource_state::Response, Diagnostic> {
        let resource = self.resource(&request.type_name)?;
        let identity = resource.identity_schema();
        let given = known(decode_identity(identity, request.identity.as_ref())?, "identity")?;
        let state = match request.id.is_empty() && request.identity.is_some() {
            true => match resource.import_by_identity(&self.configured(), &self.cancel(), &given).await {
                Ok(state) => state,
                Err(diags) => {
                    let diagnostics = diagnostics(diags);
                    return Ok(pb::import_resource_state::Response { diagnostics, ..Default::default() });
                }
            },
            false => resource.import(&request.id)?,
        };
        let imported = pb::import_resource_state::ImportedResource {
            identity: encode_identity(identity, &identity.of_state(&state, &given))?,
            type_name: request.type_name.clone(),
            state: Some(encode(&state, resource.schema().ty())?),
            private: Private::imported().bytes(),
        };
        Ok(pb::import_resource_state::Response { imported_resources: vec![imported], ..Default::default() })
    }

    /// The configuration of an existing object.
    pub(super) fn generate_config(
        &self,
        request: &pb::generate_resource_config::Request,
    ) -> Result<pb::generate_resource_config::Response, Diagnostic> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema();
        let state = known(decode_as(schema, request.state.as_ref())?, "state")?;
        if state.is_null() {
            return Err(no_state());
        }
        let config = resource.generate(&self.configured(), &state)?;
        Ok(pb::generate_resource_config::Response {
            config: Some(encode(&config, schema.ty())?),
            ..Default::default()
        })
    }

    /// The state of an object that a `moved` block brings to a type of this provider.
    pub(super) fn move_state(
        &self,
        request: pb::move_resource_state::Request,
    ) -> Result<pb::move_resource_state::Response, Diagnostic> {
        let resource = self.resource(&request.target_type_name)?;
        let state = raw_json(&request.source_state.unwrap_or_default())?;
        resource.schema().block.remember_secrets_in_json(&state);
        let source = MoveRequest {
            provider: request.source_provider_address,
            type_name: request.source_type_name,
            version: request.source_schema_version,
            state,
            private: request.source_private,
        };
        let moved = resource.moved(&source)?;
        // Of another provider, whose identity may have another form: the account is taken from it if possible.
        let identity = resource.identity_schema();
        let old = raw_json(&request.source_identity.unwrap_or_default()).unwrap_or_default();
        let old = identity.upgrade(resource.type_name(), IdentitySchema::VERSION, &old).unwrap_or_default();
        Ok(pb::move_resource_state::Response {
            target_identity: encode_identity(identity, &identity.of_state(&moved.state, &old))?,
            target_state: Some(encode(&moved.state, resource.schema().ty())?),
            target_private: moved.private,
            ..Default::default()
        })
    }
}

/// The same with a way past errors of a plan. Terraform plans an existing object before it
/// destroys it, so that an error about the configuration blocks `terraform destroy` as well.
fn with_way_to_destroy(mut diags: Diagnostics) -> Diagnostics {
    diags.explain_first_error(
        "If you want to destroy this object instead: \"terraform destroy -refresh=false\" does not plan the configuration \
         first.",
    );
    diags
}

/// Terraform 1.14.0 asks for configuration without the state that it is to describe (hashicorp/terraform#37896).
fn no_state() -> Diagnostic {
    Diagnostic::error(
        "Missing state",
        "The request of the Terraform client carries no state to generate configuration from. Terraform 1.14.0 has this \
         defect: use Terraform 1.14.1 or later.",
    )
}
