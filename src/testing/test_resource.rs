//! A resource that uses every feature of the engine, for tests.

use std::sync::OnceLock;

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, Identity, PlanContext, Resource, TimeoutsModel};
use crate::schema::{
    Attribute, Block, BlockNesting, Check, Equivalence, NestedBlock, Nesting, Object, Schema, common,
};
use crate::value::{ConvertError, FromValue, IntoValue, Path, Type, Value};

/// The object as it is, without a typed form.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Raw(pub(crate) Value);

impl FromValue for Raw {
    fn from_value(value: &Value, _path: &Path) -> Result<Self, ConvertError> {
        Ok(Self(value.clone()))
    }
}

impl IntoValue for Raw {
    fn into_value(self) -> Value {
        self.0
    }
}

impl Object for Raw {
    fn block() -> Block {
        build()
    }

    fn cell() -> &'static OnceLock<Schema> {
        static CELL: OnceLock<Schema> = OnceLock::new();
        &CELL
    }
}

/// The resource.
pub(crate) struct TestResource;

fn build() -> Block {
    use Attribute as A;
    let list = || Type::list(Type::String);
    let routes = |name, nesting| {
        let weight = A::optional("weight", Type::Number, "A weight.");
        let route = vec![
            A::required("host", Type::String, "A host."),
            // In a set a default may make two elements one, which core refuses.
            if nesting == Nesting::Set { weight } else { weight.default(1) },
            A::optional_computed("port", Type::Number, "A port."),
        ];
        A::optional(name, Type::Dynamic, "Routes.").nested(nesting, route)
    };
    let rule = || {
        Block::new("A rule.").attributes([
            A::required("key", Type::String, "A key.").equivalent_if(Equivalence::IgnoreCase),
            A::optional("value", Type::String, "A value."),
            A::optional("kind", Type::String, "A kind.").default("plain"),
            A::optional_computed("slots", list(), "Slots."),
            A::computed("index", Type::Number, "An index."),
        ])
    };
    let step = Block::new("A step.")
        .attributes([
            A::optional("name", Type::String, "A name."),
            A::computed("at", Type::String, "A time."),
        ])
        .block(NestedBlock::new("rule", BlockNesting::Set, rule()));
    Block::new("Everything.")
        .attributes([
            A::computed("id", Type::String, "An id."),
            A::required("name", Type::String, "A name.").equivalent_if(Equivalence::IgnoreCase).replace(),
            A::optional("description", Type::String, "A description.").default("Managed"),
            A::optional_computed("engine", Type::String, "An engine.")
                .check(Check::OneOf(&["redis", "valkey"]))
                .forces_replacement_if(|old, new| {
                    *old == Value::from("valkey") && *new != Value::from("valkey")
                }),
            A::optional_computed("version", Type::String, "A version.").recomputed_when(&["engine"]),
            A::computed("actual", Type::String, "The real version.").recomputed_when(&["version"]),
            A::computed("revision", Type::Number, "Number of changes.").recomputed(),
            A::optional("nodes", Type::Number, "A number."),
            A::optional_computed("window", Type::String, "A window.").equivalent_if(Equivalence::IgnoreCase),
            A::optional("zones", list(), "Zones."),
            A::required("subnets", Type::set(Type::String), "Subnets."),
            A::optional("parameters", Type::map(Type::String), "Parameters."),
            A::computed("members", list(), "Members.").recomputed_when(&["nodes", "rule"]),
            A::optional("secret", Type::String, "A secret.").sensitive(),
            A::optional("token", Type::String, "A token.").write_only(),
            routes("one", Nesting::Single),
            routes("routes", Nesting::List),
            routes("by_name", Nesting::Map),
            routes("any_of", Nesting::Set),
            A::optional_computed(common::REGION, Type::String, "A Region.")
                .check(Check::Length(1, 64))
                .empty_is_value()
                .replace(),
        ])
        .attributes([
            common::check_as_tags(A::optional(common::TAGS, Type::map(Type::String), "Tags.")),
            A::computed(common::TAGS_ALL, Type::map(Type::String), "All tags."),
        ])
        .block(NestedBlock::new("rule", BlockNesting::Set, rule()))
        .block(NestedBlock::new("step", BlockNesting::List, step.clone()))
        .block(NestedBlock::new("once", BlockNesting::Single, step))
        .block(NestedBlock::new(common::TIMEOUTS, BlockNesting::Single, TimeoutsModel::block()))
}

impl Resource for TestResource {
    type Model = Raw;

    fn type_name(&self) -> &'static str {
        "elasticache_everything"
    }

    fn plan(&self, cx: &mut PlanContext<'_, Raw>) {
        if let Some(name) = cx.planned.0.get("name").as_str() {
            let id = name.to_lowercase();
            cx.set("id", id);
        }
    }

    async fn create(&self, _: &Context<'_>, _: Raw, planned: Raw) -> Result<Raw, Diagnostics> {
        Ok(planned)
    }

    /// An object named `gone` does not exist; one named `broken` cannot be read.
    async fn read(&self, _: &Context<'_>, state: Raw) -> Result<Option<Raw>, Diagnostics> {
        match state.0.get("name").as_str() {
            Some("gone") => Ok(None),
            Some("broken") => Err(Diagnostic::error("Failed to read", "AWS refuses it.").into()),
            _ => Ok(Some(state)),
        }
    }

    async fn update(&self, _: &Context<'_>, _: Raw, _: Raw, planned: Raw) -> Result<Raw, Diagnostics> {
        Ok(planned)
    }

    async fn delete(&self, _: &Context<'_>, _: Raw) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_everything"]
    }

    fn import(&self, id: &str) -> Result<Raw, Diagnostic> {
        Ok(Raw(Value::map([("name", id)].map(|(name, id)| (name, Value::from(id))))))
    }
}
