//! Attributes.

use super::{Check, Equivalence};
use crate::value::{Type, Value};

/// Who sets an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The configuration must.
    Required,
    /// The configuration may; otherwise it is null.
    Optional,
    /// The configuration may; otherwise the provider does.
    OptionalComputed,
    /// The provider does.
    Computed,
}

/// How attributes are grouped in a nested attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

/// The attributes of a nested attribute.
#[derive(Debug, Clone)]
pub struct Nested {
    /// How they are grouped.
    pub nesting: Nesting,
    /// Attributes of each object.
    pub attributes: Vec<Attribute>,
}

/// When a change of the attribute means a new object.
#[derive(Debug, Clone, Copy)]
pub enum Replace {
    /// Never: it is changed in place.
    Never,
    /// Whenever it changes.
    Always,
    /// When it changes and the function, given prior and planned value, says so.
    If(fn(&Value, &Value) -> bool),
}

/// When a computed value that the configuration leaves open is planned as
/// unknown on an update. On a create it always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recompute {
    /// Never: the prior value stays.
    Never,
    /// When anything changes.
    OnAnyChange,
    /// When one of these top-level attributes changes.
    When(&'static [&'static str]),
}

/// One attribute of an object.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// The type of its value. For a nested attribute, see [`Attribute::ty`].
    pub(super) plain_type: Type,
    /// Set when the attribute's objects have attributes with schemas of their own.
    pub nested: Option<Nested>,
    /// Meaning, unit, and what AWS makes of it; Markdown.
    pub description: &'static str,
    /// Who sets it.
    pub mode: Mode,
    /// Hidden in Terraform's output.
    pub sensitive: bool,
    /// Never kept in state or plan.
    pub write_only: bool,
    /// What to use instead, when deprecated.
    pub deprecated: Option<&'static str>,
    /// The value when the configuration gives none.
    pub default: Option<Value>,
    /// Checks of a known value.
    pub checks: Vec<Check>,
    /// Attributes that must not be given together with it.
    pub conflicts: &'static [&'static str],
    /// Attributes that must be given with it.
    pub requires: &'static [&'static str],
    /// When a change replaces the object.
    pub replace: Replace,
    /// When its computed value is open again.
    pub recompute: Recompute,
    /// Which spellings mean the same.
    pub equivalence: Equivalence,
    /// An empty value (`""`, `[]`, `{}`) means "not set", as modules send it:
    /// it is kept in state as it is, is not checked, and is never told apart
    /// from null.
    pub empty_is_unset: bool,
}

impl Attribute {
    fn new(name: &'static str, ty: Type, mode: Mode, description: &'static str) -> Self {
        Self {
            name,
            plain_type: ty,
            nested: None,
            description,
            mode,
            sensitive: false,
            write_only: false,
            deprecated: None,
            default: None,
            checks: Vec::new(),
            conflicts: &[],
            requires: &[],
            replace: Replace::Never,
            recompute: Recompute::Never,
            equivalence: Equivalence::Exact,
            empty_is_unset: false,
        }
    }

    /// An attribute the configuration must set.
    pub fn required(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::Required, description)
    }

    /// An attribute the configuration may set.
    pub fn optional(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::Optional, description)
    }

    /// An attribute the configuration may set and the provider sets otherwise.
    pub fn optional_computed(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::OptionalComputed, description)
    }

    /// An attribute the provider sets.
    pub fn computed(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self::new(name, ty, Mode::Computed, description)
    }

    /// Gives the attribute's objects attributes of their own; the plain type is ignored.
    #[must_use]
    pub fn nested(mut self, nesting: Nesting, attributes: Vec<Attribute>) -> Self {
        self.nested = Some(Nested { nesting, attributes });
        self
    }

    /// Hides the value in Terraform's output.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Keeps the value out of state and plan (Terraform 1.11 and later). Implies sensitive.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self.sensitive = true;
        self
    }

    /// Marks it deprecated, with what to use instead.
    #[must_use]
    pub fn deprecated(mut self, instead: &'static str) -> Self {
        self.deprecated = Some(instead);
        self
    }

    /// The value when the configuration gives none. Makes an optional attribute
    /// computed as well: core allows a planned value that is not in the
    /// configuration only then (plan rule 7).
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self.mode = Mode::OptionalComputed;
        self
    }

    /// Adds a check of the known value.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// Names attributes that must not be given together with this one.
    #[must_use]
    pub fn conflicts(mut self, with: &'static [&'static str]) -> Self {
        self.conflicts = with;
        self
    }

    /// Names attributes that must be given with this one.
    #[must_use]
    pub fn requires(mut self, others: &'static [&'static str]) -> Self {
        self.requires = others;
        self
    }

    /// A change means a new object.
    #[must_use]
    pub fn replace(mut self) -> Self {
        self.replace = Replace::Always;
        self
    }

    /// A change means a new object when `rule(prior, planned)` says so.
    #[must_use]
    pub fn replace_if(mut self, rule: fn(&Value, &Value) -> bool) -> Self {
        self.replace = Replace::If(rule);
        self
    }

    /// The computed value is open again when anything changes.
    #[must_use]
    pub fn recomputed(mut self) -> Self {
        self.recompute = Recompute::OnAnyChange;
        self
    }

    /// The computed value is open again when one of these attributes changes.
    #[must_use]
    pub fn recomputed_when(mut self, changed: &'static [&'static str]) -> Self {
        self.recompute = Recompute::When(changed);
        self
    }

    /// Spellings that mean the same and make no difference.
    #[must_use]
    pub fn same_if(mut self, equivalence: Equivalence) -> Self {
        self.equivalence = equivalence;
        self
    }

    /// Takes an empty value as "not set".
    #[must_use]
    pub fn empty_is_unset(mut self) -> Self {
        self.empty_is_unset = true;
        self
    }

    /// The type of the value.
    pub fn ty(&self) -> Type {
        let Some(nested) = &self.nested else {
            return self.plain_type.clone();
        };
        let object = Type::object(nested.attributes.iter().map(|a| (a.name, a.ty())));
        match nested.nesting {
            Nesting::Single => object,
            Nesting::List => Type::list(object),
            Nesting::Set => Type::set(object),
            Nesting::Map => Type::map(object),
        }
    }

    /// True when the provider may set it.
    pub fn is_computed(&self) -> bool {
        matches!(self.mode, Mode::Computed | Mode::OptionalComputed)
    }

    /// True when the configuration may set it.
    pub fn is_configurable(&self) -> bool {
        self.mode != Mode::Computed
    }

    /// True when the value counts as not given: null, or empty where that means the
    /// same. For a collection it always does: AWS knows no difference between none
    /// and an empty one, nor does it between no entry of a map and a null one. A single
    /// object is given even as `{}`, which asks for it with all its defaults.
    pub fn is_unset(&self, value: &Value) -> bool {
        let single = self.nested.as_ref().is_some_and(|nested| nested.nesting == Nesting::Single);
        match value {
            Value::Null => true,
            Value::Map(_) if single => false,
            Value::List(_) | Value::Set(_) => value.is_empty(),
            Value::Map(entries) => entries.values().all(Value::is_null),
            other => self.empty_is_unset && other.is_empty(),
        }
    }

    /// True when the two values mean the same for this attribute.
    pub fn same(&self, a: &Value, b: &Value) -> bool {
        a == b
            || (self.is_unset(a) && self.is_unset(b))
            || self.equivalence.holds(a, b)
            || equal_but_for_nulls(a, b)
    }
}

/// True for maps that differ in null entries only.
fn equal_but_for_nulls(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_map(), b.as_map()) else { return false };
    let given = |(_, value): &(&String, &Value)| !value.is_null();
    a.iter().filter(given).eq(b.iter().filter(given))
}
