//! Attributes.

use std::borrow::Cow;

use super::{Check, Equivalence, Reference, RegionRule};
use crate::value::{Map, Type, Value};

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

/// When a change of the attribute forces a new resource.
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
    pub description: Cow<'static, str>,
    /// Who sets it.
    pub mode: Mode,
    /// Hidden in Terraform's output.
    pub sensitive: bool,
    /// Never kept in state or plan.
    pub write_only: bool,
    /// A user may place a secret here by mistake, as in a host that is a whole URL. No
    /// message quotes a value that its checks reject, or any value when it has no check.
    pub may_hold_secret: bool,
    /// What to use instead, when deprecated.
    pub deprecated: Option<&'static str>,
    /// One element is accepted in place of a list of one; see [`Attribute::accepts_one`].
    pub one_or_many: bool,
    /// Accepted without effect, and absent from the reference pages: an argument that
    /// only configurations written for another provider have.
    pub ignored: bool,
    /// See [`Attribute::never_chosen`].
    pub never_chosen: bool,
    /// The value when the configuration gives none.
    pub default: Option<Value>,
    /// Checks of a known value.
    pub checks: Vec<Check>,
    /// Whose objects it refers to: values that a mock provider may have made are no errors.
    pub reference: Option<Reference>,
    /// What its ARNs name is in the object's own Region.
    pub in_region: Option<RegionRule>,
    /// Attributes that cannot be set together with it.
    pub conflicts: &'static [&'static str],
    /// Attributes that must be given with it.
    pub requires: &'static [&'static str],
    /// When a change replaces the object.
    pub replace: Replace,
    /// When its computed value is open again.
    pub recompute: Recompute,
    /// Which spellings mean the same.
    pub equivalence: Equivalence,
    /// Set where an empty value (`""`, `[]`, `{}`) is a value like any other. Everywhere else it
    /// means "not set", as modules send it: it is not checked and never differs from null.
    pub empty_is_value: bool,
    /// Set for an object that is copied from another resource: its parts stay exactly as given.
    pub verbatim: bool,
    /// Set for an argument that says how the object is created or changed, and nothing of the
    /// object: AWS does not return it, and by itself it changes nothing.
    pub directive: bool,
    /// See [`Attribute::not_readable`].
    pub not_readable: Option<&'static str>,
}

impl Attribute {
    fn new(name: &'static str, ty: Type, mode: Mode, description: &'static str) -> Self {
        Self {
            name,
            plain_type: ty,
            nested: None,
            description: Cow::Borrowed(description),
            mode,
            sensitive: false,
            write_only: false,
            may_hold_secret: false,
            deprecated: None,
            one_or_many: false,
            ignored: false,
            never_chosen: false,
            default: None,
            checks: Vec::new(),
            reference: None,
            in_region: None,
            conflicts: &[],
            requires: &[],
            replace: Replace::Never,
            recompute: Recompute::Never,
            equivalence: Equivalence::Exact,
            empty_is_value: false,
            verbatim: false,
            directive: false,
            not_readable: None,
        }
    }

    /// An attribute without name, type and description, which its declaration gives it.
    pub(super) fn undeclared(mode: Mode) -> Self {
        Self::new("", Type::Dynamic, mode, "")
    }

    /// The description, for an attribute that many objects share.
    #[must_use]
    pub fn describe(mut self, description: &'static str) -> Self {
        self.description = Cow::Borrowed(description);
        self
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

    /// Keeps a wrong value out of messages: it may be a secret in the wrong place.
    #[must_use]
    pub fn may_hold_secret(mut self) -> Self {
        self.may_hold_secret = true;
        self
    }

    /// Marks it deprecated, with what to use instead.
    #[must_use]
    pub fn deprecated(mut self, instead: &'static str) -> Self {
        self.deprecated = Some(instead);
        self
    }

    /// Accepts one text in place of a list of one, as an argument of hashicorp/aws that is a
    /// text there. For Terraform the argument has any type; everywhere else in the provider
    /// it is a list. For write-only arguments alone: a value that is stored has one type.
    #[must_use]
    pub fn accepts_one(mut self) -> Self {
        self.one_or_many = true;
        self
    }

    /// Accepts the argument without effect.
    #[must_use]
    pub fn ignored(mut self) -> Self {
        self.ignored = true;
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

    /// Marks the value as one that another object usually gives.
    #[must_use]
    pub fn reference(mut self, to: Reference) -> Self {
        self.reference = Some(to);
        self
    }

    /// Refuses ARNs of another Region than the object's.
    #[must_use]
    pub fn in_region(mut self, rule: RegionRule) -> Self {
        self.in_region = Some(rule);
        self
    }

    /// Names attributes that cannot be set together with this one.
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

    /// A change forces a new resource.
    #[must_use]
    pub fn replace(mut self) -> Self {
        self.replace = Replace::Always;
        self
    }

    /// A change forces a new resource when `rule(prior, planned)` says so.
    #[must_use]
    pub fn forces_replacement_if(mut self, rule: fn(&Value, &Value) -> bool) -> Self {
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
    pub fn equivalent_if(mut self, equivalence: Equivalence) -> Self {
        self.equivalence = equivalence;
        self
    }

    /// Takes an empty value as one that differs from null, because AWS or the resource
    /// distinguishes the two.
    #[must_use]
    pub fn empty_is_value(mut self) -> Self {
        self.empty_is_value = true;
        self
    }

    /// Marks an argument for which AWS never chooses a value: what it returns where none was given
    /// is not managed by this configuration.
    #[must_use]
    pub fn never_chosen(mut self) -> Self {
        self.never_chosen = true;
        self
    }

    /// Marks an argument that says how the object is created or changed. After an import it is
    /// no change by itself.
    #[must_use]
    pub fn directive(mut self) -> Self {
        self.directive = true;
        self
    }

    /// Marks an attribute that a read does not find, with the reason: a sentence without full stop. After an
    /// import it is null or its default, until an apply writes the configured value to the state.
    #[must_use]
    pub fn not_readable(mut self, reason: &'static str) -> Self {
        self.not_readable = Some(reason);
        self
    }

    /// Keeps the parts of a nested object exactly as given.
    #[must_use]
    pub fn verbatim(mut self) -> Self {
        self.verbatim = true;
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

    /// The type that Terraform receives.
    pub fn wire_type(&self) -> Type {
        if self.one_or_many { Type::Dynamic } else { self.ty() }
    }

    /// True for a value that may not be shown: that of a sensitive attribute, and one that
    /// may be a secret in the wrong place.
    pub(super) fn conceals(&self, value: &Value) -> bool {
        let has_right_form =
            || !self.checks.is_empty() && self.checks.iter().all(|check| check.is_satisfied_by(value));
        self.sensitive || (self.may_hold_secret && !has_right_form())
    }

    /// True when messages may quote the value.
    pub(crate) fn is_quotable(&self) -> bool {
        !(self.sensitive || self.may_hold_secret)
    }

    /// True when the provider may set it.
    pub fn is_computed(&self) -> bool {
        matches!(self.mode, Mode::Computed | Mode::OptionalComputed)
    }

    /// True when the configuration may set it.
    pub fn is_configurable(&self) -> bool {
        self.mode != Mode::Computed
    }

    /// The value that says "not set" and is not null: `""`, `[]` or `{}`. `None` where there is
    /// none: for numbers and booleans, where empty is a value, and for a single object, which is
    /// given even as `{}` and asks for all its defaults.
    pub fn absent(&self) -> Option<Value> {
        let optional = matches!(self.mode, Mode::Optional | Mode::OptionalComputed);
        if !optional || self.empty_is_value || self.write_only {
            return None;
        }
        match self.ty() {
            Type::String => Some(Value::string("")),
            Type::List(_) => Some(Value::List(Vec::new())),
            Type::Set(_) => Some(Value::Set(Vec::new())),
            Type::Map(_) => Some(Value::Map(Map::new())),
            _ => None,
        }
    }

    /// True when the value counts as not given: null, or empty where that means the same. AWS
    /// makes no difference between no collection and an empty one, nor between no entry of a map
    /// and a null one.
    pub fn is_unset(&self, value: &Value) -> bool {
        let single = self.nested.as_ref().is_some_and(|nested| nested.nesting == Nesting::Single);
        if value.is_null() {
            return true;
        }
        if self.empty_is_value || self.mode == Mode::Required {
            return false;
        }
        match value {
            Value::Map(_) if single => false,
            Value::Map(entries) => entries.values().all(Value::is_null),
            Value::String(_) => self.is_configurable() && value.is_empty(),
            other => other.is_empty(),
        }
    }

    /// What the value means: the default where it counts as not given.
    pub fn meaning<'a>(&'a self, value: &'a Value) -> &'a Value {
        match &self.default {
            Some(default) if self.is_unset(value) => default,
            _ => value,
        }
    }

    /// True when the two values mean the same for this attribute.
    pub fn same(&self, a: &Value, b: &Value) -> bool {
        let (a, b) = (self.meaning(a), self.meaning(b));
        a == b
            || (self.is_unset(a) && self.is_unset(b))
            || self.equivalence.is_satisfied_by(a, b)
            || equal_but_for_nulls(a, b)
    }

    /// The value that a read reports for the first time, as after an import: the default where
    /// AWS returns none.
    #[must_use]
    pub fn first_read(&self, value: Value) -> Value {
        match &self.default {
            Some(default) if value.is_null() => self.settled(default.clone()),
            _ => self.settled(value),
        }
    }

    /// The value as a state holds it: an argument that is not given is `""`, `[]` or `{}` rather
    /// than null, so that a configuration with either has nothing to change. Core shows null to
    /// empty as a change, whatever the provider plans. A sensitive argument stays null, so that
    /// the plan of a new object shows no secret where there is none; see [`Attribute::imported`].
    #[must_use]
    pub fn settled(&self, value: Value) -> Value {
        if !value.is_null() {
            return match &self.nested {
                Some(nested) if !self.verbatim => nested.settled(value),
                _ => value,
            };
        }
        self.absent().filter(|_| !self.sensitive).unwrap_or(value)
    }

    /// The value as the state of an import holds it: as [`Attribute::settled`], and empty for a
    /// sensitive argument too.
    #[must_use]
    pub fn imported(&self, value: Value) -> Value {
        match value {
            Value::Null => self.absent().unwrap_or(Value::Null),
            given => given,
        }
    }

    /// Makes the empty value the default of an optional argument that may be empty, and null that
    /// of a sensitive one; see [`Attribute::settled`].
    pub(super) fn with_absent_default(mut self) -> Self {
        if let Some(nested) = self.nested.take() {
            let attributes = match self.verbatim {
                true => nested.attributes,
                false => nested.attributes.into_iter().map(Self::with_absent_default).collect(),
            };
            self.nested = Some(Nested { attributes, ..nested });
        }
        match self.absent() {
            Some(_) if self.mode == Mode::Optional && self.sensitive => self.default(Value::Null),
            Some(absent) if self.mode == Mode::Optional => self.default(absent),
            _ => self,
        }
    }
}

impl Nested {
    fn settled(&self, value: Value) -> Value {
        let object = |value: Value| match value {
            Value::Map(entries) => {
                let attribute = |name: &str| self.attributes.iter().find(|it| it.name == name);
                Value::map(entries.into_iter().map(|(name, value)| {
                    let value = match attribute(&name) {
                        Some(attribute) => attribute.settled(value),
                        None => value,
                    };
                    (name, value)
                }))
            }
            other => other,
        };
        match (self.nesting, value) {
            (Nesting::Single, value) => object(value),
            (Nesting::List, Value::List(items)) => Value::List(items.into_iter().map(object).collect()),
            (Nesting::Set, Value::Set(items)) => Value::set(items.into_iter().map(object)),
            (Nesting::Map, Value::Map(entries)) => {
                Value::Map(entries.into_iter().map(|(key, value)| (key, object(value))).collect())
            }
            (_, other) => other,
        }
    }
}

/// True for maps that differ in null entries only.
fn equal_but_for_nulls(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_map(), b.as_map()) else { return false };
    let given = |(_, value): &(&String, &Value)| !value.is_null();
    a.iter().filter(given).eq(b.iter().filter(given))
}
