//! What a resource is.

use std::time::Duration;

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext};
use crate::object;
use crate::schema::{Attribute, Check, Object, Schema, common, optional};
use crate::value::{Field, Map};

object! {
    /// How long to wait for AWS.
    pub struct TimeoutsModel {
        create: Field<String> = wait(),
        update: Field<String> = wait(),
        delete: Field<String> = wait(),
        /// Accepted for configurations written for hashicorp/aws. It has no effect: a read never waits.
        read: Field<String> = duration(),
    }
}

fn wait() -> Attribute {
    duration().describe("How long to wait, as a duration such as `40m` or `1h30m`.")
}

fn duration() -> Attribute {
    optional().check(Check::By(common::check_duration))
}

/// How long each operation may wait when the configuration does not say.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Of create.
    pub create: Duration,
    /// Of update.
    pub update: Duration,
    /// Of delete.
    pub delete: Duration,
}

impl Timeouts {
    /// What a question to AWS may take, its retries included.
    pub(in crate::engine) const READ: Duration = Duration::from_secs(120);

    /// So many minutes for create, update and delete.
    pub const fn minutes(create: u64, update: u64, delete: u64) -> Self {
        Self {
            create: Duration::from_secs(create * 60),
            update: Duration::from_secs(update * 60),
            delete: Duration::from_secs(delete * 60),
        }
    }
}

/// One type of managed resource.
///
/// Implementations are stateless unit structs. What a method returns is what AWS
/// returned, as complete as it can be; the engine reconciles it with the plan and the
/// prior state, so no implementation has to care for null against empty, for
/// spelling, or for `tags_all`.
pub trait Resource: Send + Sync + 'static {
    /// The typed form of the object.
    type Model: Object;

    /// The type name, `elasticache_…`.
    fn type_name(&self) -> &'static str;

    /// The schema; built once.
    fn schema(&self) -> &'static Schema {
        Self::Model::resource_schema()
    }

    /// Default timeouts, overridden by the `timeouts` block.
    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(10, 10, 10)
    }

    /// Checks what the schema cannot say. Unknown values must pass.
    fn validate(&self, config: &Self::Model, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Adjusts the plan the engine made from the schema. Pure: no clock, no
    /// network, no randomness. Not called for a destroy.
    fn plan(&self, cx: &mut PlanContext<'_, Self::Model>) {
        let _ = cx;
    }

    /// Warnings or errors about a planned destroy.
    fn plan_destroy(&self, prior: &Self::Model, diags: &mut Diagnostics) {
        let _ = (prior, diags);
    }

    /// What would make the deletion of an existing object fail. Asked when a destroy or a
    /// replacement is planned, so that the plan fails and not the apply, after everything that
    /// depends on the object is deleted. Only reads, and never waits; what cannot be found out
    /// is no reason to refuse.
    fn before_removal(
        &self,
        cx: &Context<'_>,
        state: &Self::Model,
    ) -> impl Future<Output = Diagnostics> + Send {
        let _ = (cx, state);
        async { Diagnostics::new() }
    }

    /// Makes the object. As soon as AWS has accepted it, call [`Context::save`];
    /// wait afterwards. `config` alone carries write-only values.
    fn create(
        &self,
        cx: &Context<'_>,
        config: Self::Model,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Reads the object; `None` only when AWS returns that it does not exist (a typed
    /// not-found fault, or a status of deleting). Never waits. Attributes AWS does
    /// not tell are returned as they are in `state`.
    fn read(
        &self,
        cx: &Context<'_>,
        state: Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes the object from `prior` to `planned`. After a step that AWS has
    /// accepted and that a later read could not show, call [`Context::save`].
    fn update(
        &self,
        cx: &Context<'_>,
        config: Self::Model,
        prior: Self::Model,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Deletes the object. That it is gone already is success.
    fn delete(
        &self,
        cx: &Context<'_>,
        state: Self::Model,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// The stub of a state for `terraform import` of this id; a read follows.
    ///
    /// # Errors
    /// A diagnostic that says what the id must look like.
    fn import(&self, id: &str) -> Result<Self::Model, Diagnostic>;

    /// The attributes that identify an object, together with its account and Region.
    fn identity(&self) -> Identity {
        Identity::of(&["id"])
    }

    /// The ARNs by which an object can be imported, besides its ID.
    fn arns(&self) -> Option<ArnForm> {
        None
    }

    /// Resource types of hashicorp/aws whose objects these are, with the same ID: a `moved`
    /// block may turn one into the other.
    fn moves_from(&self) -> &'static [&'static str] {
        &[]
    }

    /// Completes the state of an object that a `moved` block brings from hashicorp/aws, before it
    /// is read: `state` has the arguments that bear the same names in `old`.
    fn moved(&self, old: &serde_json::Value, state: &mut Map) {
        let _ = (old, state);
    }

    /// Completes the configuration that Terraform generates for an existing object: removes
    /// arguments that say the same as others. What is a default is removed already.
    fn generated(&self, state: &Self::Model, config: &mut Map) {
        let _ = (state, config);
    }

    /// Brings the JSON of a state of an older schema version to the next version.
    fn upgrade(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostic> {
        let _ = version;
        Ok(state)
    }
}
