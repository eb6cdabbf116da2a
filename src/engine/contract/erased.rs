//! A resource without its model's type, as the registry and the wire hold it.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::apply_resource::apply_resource;
use super::context::Context;
use super::import::{id_and_region_of_identity, id_and_region_of_import, stub};
use super::private;
use super::requests::{ApplyRequest, ApplyResponse, PlanRequest, PlanResponse, ReadRequest, ReadResponse};
use super::values::{finite, model, region_of, region_value, set_region, typed, validate_as};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::plan;
use crate::engine::state::plan::PlanContext;
use crate::engine::state::{generate, identity, moved, read, tags};
use crate::engine::{
    ArnForm, IdentitySchema, MoveRequest, Moved, Private, ProviderConfig, Resource, Timeouts, conformance,
};
use crate::schema::{self, Schema, common};
use crate::value::{IntoValue, Path, Value, json};

/// Any [`Resource`], on untyped values.
#[async_trait]
pub trait AnyResource: Send + Sync {
    /// The type name.
    fn type_name(&self) -> &'static str;
    /// The schema.
    fn schema(&self) -> &'static Schema;
    /// How long each operation may wait when the configuration does not say.
    fn default_timeouts(&self) -> Timeouts {
        Timeouts::minutes(10, 10, 10)
    }
    /// The ARNs by which an object can be imported.
    fn arn_form(&self) -> Option<ArnForm> {
        None
    }
    /// Checks a configuration. Unknown values pass.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Plans a create, update or destroy.
    fn plan(&self, provider: &ProviderConfig, request: PlanRequest) -> PlanResponse;
    /// What would make the deletion of this object fail; see [`Resource::before_removal`].
    async fn before_removal(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        state: &Value,
    ) -> Diagnostics;
    /// Carries a plan out.
    async fn apply(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        request: ApplyRequest,
    ) -> ApplyResponse;
    /// Refreshes a state.
    async fn read(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        request: ReadRequest,
    ) -> ReadResponse;
    /// The identity of its objects.
    fn identity_schema(&self) -> IdentitySchema;
    /// The state to import, still to be read.
    fn import(&self, id: &str) -> Result<Value, Diagnostic>;
    /// The same for the object with this identity. The account of the identity is not checked.
    ///
    /// # Errors
    /// A diagnostic at each attribute that is missing or wrong.
    fn import_stub(&self, identity: &Value) -> Result<Value, Diagnostics>;
    /// The configuration of an existing object, for `plan -generate-config-out`.
    ///
    /// # Errors
    /// When the state does not fit the model, which is a defect.
    fn generate(&self, provider: &ProviderConfig, state: &Value) -> Result<Value, Diagnostic>;
    /// The types of hashicorp/aws whose objects `moved` blocks turn into objects of this type.
    fn move_sources(&self) -> &'static [&'static str] {
        &[]
    }
    /// The state of an object that a `moved` block brings to this type, still to be read.
    fn moved(&self, request: &MoveRequest) -> Result<Moved, Diagnostic>;
    /// A stored state in the form of the present schema.
    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<Value, Diagnostic>;
}

impl dyn AnyResource {
    /// The state to import, still to be read, of the object with this identity. Its account is checked where the
    /// identity and STS name it; an import does not depend on STS.
    ///
    /// # Errors
    /// As [`AnyResource::import_stub`], or another account than that of the credentials.
    pub async fn import_by_identity(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        identity: &Value,
    ) -> Result<Value, Diagnostics> {
        let state = self.import_stub(identity)?;
        let given = self.identity_schema().given(self.type_name(), identity)?;
        if let (Some(given), Ok(aws)) = (given.account, provider.aws()) {
            match aws.account_id_for_check(cancel).await {
                Ok(own) => identity::check_account(&given, &own)?,
                Err(error) => tracing::debug!(%error, "account_id of the identity not checked"),
            }
        }
        Ok(state)
    }
}

#[async_trait]
impl<R: Resource> AnyResource for R {
    fn type_name(&self) -> &'static str {
        Resource::type_name(self)
    }

    fn schema(&self) -> &'static Schema {
        Resource::schema(self)
    }

    fn default_timeouts(&self) -> Timeouts {
        Resource::timeouts(self)
    }

    fn arn_form(&self) -> Option<ArnForm> {
        Resource::arns(self)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate_as(Resource::schema(self), config, |model, diags| Resource::validate(self, model, diags))
    }

    fn plan(&self, provider: &ProviderConfig, request: PlanRequest) -> PlanResponse {
        if let Some(same) = with_tags_of_state(self, provider, &request) {
            let response = plan_resource(self, provider, &same);
            if response.planned == request.prior {
                return response;
            }
        }
        plan_resource(self, provider, &request)
    }

    async fn before_removal(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        state: &Value,
    ) -> Diagnostics {
        let (Ok(Some(model)), timeout) =
            (typed::<R::Model>(self.schema(), state), Resource::timeouts(self).delete)
        else {
            return Diagnostics::new();
        };
        // Without AWS nothing can be asked; the deletion itself says why.
        let Ok(cx) = Context::new(provider, cancel, region_of(state), timeout) else {
            return Diagnostics::new();
        };
        Resource::before_removal(self, &cx.with_listed(), &model).await
    }

    async fn apply(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        request: ApplyRequest,
    ) -> ApplyResponse {
        let mut response = ApplyResponse {
            private: private::of_prior(&request.prior, &request.private),
            state: request.prior.clone(),
            ..Default::default()
        };
        match apply_resource(self, provider, cancel, &request).await {
            Ok((state, private, diags)) => {
                if !diags.has_errors() {
                    response.private = private.bytes();
                }
                response.state = state;
                response.diags = Resource::schema(self).block.located(diags);
            }
            Err(diagnostic) => response.diags.push(diagnostic),
        }
        response
    }

    async fn read(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        request: ReadRequest,
    ) -> ReadResponse {
        let state = Resource::schema(self).block.meaning(&request.state);
        let model = match model(&state) {
            Ok(model) => model,
            Err(diagnostic) => return unread(request, diagnostic.into()),
        };
        let provider = tags::provider_for_read(provider, &state);
        let cx = match begin_read(self, &provider, cancel, &request) {
            Ok(cx) => cx,
            Err(diagnostic) => return unread(request, diagnostic.into()),
        };
        let result = cx.requesting_tags(Resource::read(self, &cx, model)).await;
        let observed = result.map(|observed| observed.map(IntoValue::into_value));
        end_read(self, request, cx, observed).await
    }

    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::new(Resource::identity(self), Resource::schema(self))
    }

    fn import(&self, id: &str) -> Result<Value, Diagnostic> {
        let (id, region) = id_and_region_of_import(self, id)?;
        stub(self, &id, region)
    }

    fn import_stub(&self, identity: &Value) -> Result<Value, Diagnostics> {
        let schema = AnyResource::identity_schema(self);
        let given = schema.given(Resource::type_name(self), identity)?;
        let of_key = |problem: Diagnostic| match schema.keys() {
            [key] => problem.at(Path::attribute(*key)),
            _ => problem,
        };
        let (id, region) = id_and_region_of_identity(self, &given.id).map_err(of_key)?;
        let mut state = stub(self, &id, region).map_err(of_key)?;
        if let Some(region) = given.region {
            if let Some(own) = region_of(&state) {
                identity::check_region(&region, &own)?;
            }
            set_region(&mut state, Some(Value::string(region)));
        }
        Ok(state)
    }

    fn generate(&self, provider: &ProviderConfig, state: &Value) -> Result<Value, Diagnostic> {
        let schema = Resource::schema(self);
        let mut config = generate::config(schema, state, provider.region.known().map(String::as_str));
        if let Some(model) = typed::<R::Model>(schema, state)? {
            Resource::generated(self, &model, &mut config);
        }
        Ok(Value::Map(config))
    }

    fn move_sources(&self) -> &'static [&'static str] {
        self.moves_from()
    }

    fn moved(&self, request: &MoveRequest) -> Result<Moved, Diagnostic> {
        let (mut state, private) = moved_to(self, request)?;
        if !request.is_ours(Resource::type_name(self))
            && let Value::Map(entries) = &mut state
        {
            Resource::moved(self, &request.state, entries);
            state = Resource::schema(self).conform(state);
        }
        Ok(Moved { state, private })
    }

    fn upgrade(&self, version: i64, mut state: serde_json::Value) -> Result<Value, Diagnostic> {
        let newest = Resource::schema(self).version;
        if !(0..=newest).contains(&version) {
            return Err(unknown_version(Resource::type_name(self), version, newest));
        }
        for version in version..newest {
            state = Resource::upgrade(self, version, state)?;
        }
        stored(self, &state)
    }
}

/// Plans a create, update or destroy.
fn plan_resource<R: Resource>(
    resource: &R,
    provider: &ProviderConfig,
    request: &PlanRequest,
) -> PlanResponse {
    let schema = Resource::schema(resource);
    let private = private::of_prior(&request.prior, &request.private);
    let mut response = PlanResponse { private, ..PlanResponse::default() };
    let prior = match typed::<R::Model>(schema, &request.prior) {
        Ok(prior) => prior,
        Err(diagnostic) => return PlanResponse { diags: diagnostic.into(), ..response },
    };
    if request.proposed.is_null() {
        if let Some(prior) = prior {
            resource.plan_destroy(&prior, &mut response.diags);
        }
        return response;
    }
    let raw = plan::plan_from_schema(schema, provider, &request.config, &request.prior, &request.proposed);
    let models =
        model(&request.config).and_then(|config: R::Model| Ok((config, model(&schema.block.meaning(&raw))?)));
    let (config, planned) = match models {
        Ok(models) => models,
        Err(diagnostic) => return PlanResponse { diags: diagnostic.into(), ..response },
    };
    let mut diags = Diagnostics::new();
    check_at_plan(schema, provider, request, &raw, &mut diags);
    let mut cx = PlanContext {
        config: &config,
        prior: prior.as_ref(),
        planned,
        provider,
        diags,
        schema,
        config_raw: &request.config,
        prior_raw: &request.prior,
        private: Private::parse(&request.private),
        raw,
        replace: Vec::new(),
    };
    Resource::plan(resource, &mut cx);
    // The resource may plan the Region.
    schema::check_regions(schema, &request.prior, &cx.raw, &mut cx.diags);
    let PlanContext { raw, replace, diags, private, .. } = cx;
    response.planned = raw;
    response.replace = replace;
    response.diags = diags;
    planned_as(resource, request, private.imported, response)
}

/// The request with the `tags` of the state, for an imported object whose configured `tags` differ from them only in
/// repeated default tags. If its plan changes nothing else, that difference is none; otherwise `tags` is planned as
/// configured, because after the apply the object no longer counts as imported.
fn with_tags_of_state(
    resource: &dyn AnyResource,
    provider: &ProviderConfig,
    request: &PlanRequest,
) -> Option<PlanRequest> {
    let has_tags = resource.schema().block.attribute(common::TAGS_ALL).is_some();
    if !has_tags
        || !Private::parse(&request.private).imported
        || !tags::differ_in_default_tags(provider, &request.config, &request.prior)
    {
        return None;
    }
    let mut same = request.clone();
    for value in [&mut same.config, &mut same.proposed] {
        if let Value::Map(entries) = value {
            entries.insert(common::TAGS.to_owned(), request.prior.get(common::TAGS).clone());
        }
    }
    Some(same)
}

/// The context of a read.
fn begin_read<'a>(
    resource: &dyn AnyResource,
    provider: &'a ProviderConfig,
    cancel: &'a CancellationToken,
    request: &ReadRequest,
) -> Result<Context<'a>, Diagnostic> {
    let timeout = resource.default_timeouts().update;
    let cx = Context::new(provider, cancel, region_of(&request.state), timeout)?.with_listed();
    let private = Private::parse(&request.private);
    Ok(cx.with_private(private.clone(), private).with_requested_tags(&request.state))
}

/// The response to a read that was not made.
fn unread(request: ReadRequest, diags: Diagnostics) -> ReadResponse {
    ReadResponse { state: request.state, private: request.private, diags }
}

/// The response to a read that returned this object; `None` for one that does not exist.
async fn end_read(
    resource: &dyn AnyResource,
    request: ReadRequest,
    cx: Context<'_>,
    result: Result<Option<Value>, Diagnostics>,
) -> ReadResponse {
    let (schema, type_name) = (resource.schema(), resource.type_name());
    let region = region_value(schema, &cx).await;
    let imported = cx.is_imported();
    let private = cx.private().bytes();
    let (_, diags) = cx.finish();
    let mut response = ReadResponse { state: request.state, private, diags };
    let finite = |observed: Value| finite(observed, type_name);
    match result.and_then(|observed| Ok(observed.map(finite).transpose()?)) {
        Ok(None) => response.state = Value::Null,
        Ok(Some(mut observed)) => {
            let identity = resource.identity_schema();
            if let Some(problem) =
                identity::other_object(type_name, identity.keys(), &response.state, &observed)
            {
                response.diags.push(problem);
                return response;
            }
            set_region(&mut observed, region);
            response.state = read::reconcile(&schema.block, &response.state, &observed);
            if imported {
                response.state = schema.block.imported(response.state);
            }
        }
        Err(errors) => response.diags.extend(errors),
    }
    response
}

/// The response to a plan, after the rules of the resource.
fn planned_as(
    resource: &dyn AnyResource,
    request: &PlanRequest,
    imported: bool,
    mut response: PlanResponse,
) -> PlanResponse {
    let schema = resource.schema();
    if imported && plan::are_directives(schema, &request.config, &request.prior, &response.planned) {
        response.planned = request.prior.clone();
    }
    response.replace.extend(plan::replacements(schema, &request.prior, &response.planned));
    response.replace.sort();
    response.replace.dedup();
    response.diags = schema.block.located(response.diags);
    if cfg!(debug_assertions) && !response.diags.has_errors() {
        let (prior, planned) = (&request.prior, &response.planned);
        let mut problems = conformance::plan_problems(&schema.block, prior, &request.config, planned);
        problems.extend(conformance::replace_problems(prior, planned, &response.replace));
        for problem in problems {
            response.diags.push(Diagnostic::bug(format!(
                "The plan for {} breaks a rule of Terraform: {problem}",
                resource.type_name()
            )));
        }
    }
    response
}

/// The state and the private data of an object that a `moved` block brings to this type, before the resource adds to it.
fn moved_to(resource: &dyn AnyResource, request: &MoveRequest) -> Result<(Value, Vec<u8>), Diagnostic> {
    let (schema, type_name) = (resource.schema(), resource.type_name());
    if request.is_ours(type_name) {
        let state = resource.upgrade(request.version, request.state.clone())?;
        return Ok((state, request.private.clone()));
    }
    let import = |id: &str| resource.import(id);
    let state = moved::state(schema, type_name, resource.move_sources(), request, import)?;
    Ok((state, Private::imported().bytes()))
}

/// A stored state that has the version of the present schema.
fn stored(resource: &dyn AnyResource, state: &serde_json::Value) -> Result<Value, Diagnostic> {
    let schema = resource.schema();
    let value = json::decode(state, schema.ty()).map_err(|error| {
        Diagnostic::error(
            format!("The stored state of {} cannot be read", resource.type_name()),
            format!("{error}. Was the state written by another provider, or changed by hand?"),
        )
    })?;
    Ok(schema.block.settled(schema.conform(value)))
}

/// Checks what no configuration alone shows: values that a mock might have made, the name of the Region,
/// and tags together with those of the provider.
fn check_at_plan(
    schema: &Schema,
    provider: &ProviderConfig,
    request: &PlanRequest,
    planned: &Value,
    diags: &mut Diagnostics,
) {
    schema::validate_at_plan(schema, &request.config, diags);
    check_region_name(provider, &request.config, diags);
    tags::check(schema, &request.config, planned, diags);
}

/// Refuses a Region that no call can be sent to. A create that fails for it could not be told from one that AWS has
/// carried out.
fn check_region_name(provider: &ProviderConfig, config: &Value, diags: &mut Diagnostics) {
    if let (Some(region), Ok(aws)) = (region_of(config), provider.aws())
        && let Err(error) = aws.check_region(&region)
    {
        diags.error_at(Path::attribute(common::REGION), "Invalid Region", error.to_string());
    }
}

/// A state that this version of the provider cannot have written, nor one before it.
fn unknown_version(type_name: &str, version: i64, newest: i64) -> Diagnostic {
    let fix = match version > newest {
        true => "A newer version of the provider wrote it: use that version or a later one.",
        false => "No version of the provider writes such a state: restore the state from a backup.",
    };
    Diagnostic::error(
        format!("The stored state of {type_name} cannot be read"),
        format!(
            "The state has the schema version {version}, and this provider reads versions 0 to {newest}. {fix}"
        ),
    )
}
