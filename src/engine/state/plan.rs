//! Planning.
//!
//! Core hands over the configuration, the prior state and its own proposal (which
//! puts prior values where the configuration is silent). From these and the schema
//! follow, in this order: defaults, spellings that mean the same, computed values
//! that are open again, the resource's own adjustments, and replacements.

use std::collections::BTreeSet;

use super::{set_matching, tags};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Private, ProviderConfig};
use crate::schema::{
    Attribute, Block, BlockNesting, Mode, Nested, NestedBlock, Nesting, Recompute, Replace, Schema, common,
};
use crate::value::{FromValue, IntoValue, Map, Path, Value};

/// What a resource sees of a plan, and what it may change of it.
#[derive(Debug)]
pub struct PlanContext<'a, M> {
    /// The configuration; may hold unknowns.
    pub config: &'a M,
    /// The prior state; `None` on create.
    pub prior: Option<&'a M>,
    /// The plan so far.
    pub planned: M,
    /// The provider configuration.
    pub provider: &'a ProviderConfig,
    /// Errors and warnings for the user.
    pub diags: Diagnostics,
    pub(in crate::engine) schema: &'static Schema,
    pub(in crate::engine) config_raw: &'a Value,
    pub(in crate::engine) prior_raw: &'a Value,
    pub(in crate::engine) private: Private,
    pub(in crate::engine) raw: Value,
    pub(in crate::engine) replace: Vec<Path>,
}

impl<M: FromValue> PlanContext<'_, M> {
    /// True when there is no prior object.
    pub fn is_create(&self) -> bool {
        self.prior.is_none()
    }

    /// True for an object that no apply has changed since its import, so that what the
    /// configuration omits was never given. The object that replaces it is not imported.
    pub fn is_imported(&self) -> bool {
        self.private.imported && self.prior.is_some()
    }

    /// True when the plan replaces the object, as far as is decided, or is the second one of a replacement:
    /// without a prior state, and with the private data of the object that is replaced.
    pub fn is_replaced(&self) -> bool {
        !self.replacements().is_empty() || (self.prior.is_none() && self.private != Private::default())
    }

    /// What the last read or apply noted under this name; see
    /// [`Context::note`](crate::engine::Context::note). Without a prior state, the note is about the object
    /// that is replaced.
    pub fn note(&self, name: &str) -> &[String] {
        self.private.notes.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// True when the planned value of the attribute or block differs from the prior
    /// one in meaning. On create, when it is given at all.
    pub fn changed(&self, name: &str) -> bool {
        changed(&self.schema.block, name, self.prior_raw.get(name), self.raw.get(name))
    }

    /// True when the plan so far differs from the prior state in anything.
    pub fn is_any_change(&self) -> bool {
        self.raw != *self.prior_raw
    }

    /// The arguments and blocks whose planned value differs from the prior one in meaning.
    /// What is only computed follows from these.
    pub fn changes(&self) -> Vec<&'static str> {
        let block = &self.schema.block;
        let given = block.attributes.iter().filter(|a| a.mode != Mode::Computed).map(|a| a.name);
        given.chain(block.blocks.iter().map(|b| b.name)).filter(|name| self.changed(name)).collect()
    }

    /// The planned value, of which parts may be known and others not.
    pub fn planned_value(&self, name: &str) -> &Value {
        self.raw.get(name)
    }

    /// True when the planned value is not known yet.
    pub fn is_unknown(&self, name: &str) -> bool {
        self.raw.get(name).is_unknown()
    }

    /// The prior and the planned value of an attribute; null for a sensitive one.
    pub fn values(&self, name: &str) -> (&Value, &Value) {
        match self.schema.block.attribute(name) {
            Some(attribute) if !attribute.sensitive => (self.prior_raw.get(name), self.raw.get(name)),
            _ => (&Value::Null, &Value::Null),
        }
    }

    /// Plans this value. What the configuration gives, or may yet give, stays as it
    /// is, unless this is the prior value: core takes nothing else (plan rule 8).
    pub fn set(&mut self, name: &str, value: impl IntoValue) {
        let value = value.into_value();
        let prior = self.prior_raw.get(name);
        let as_before = value == *prior && !prior.is_null();
        if !self.config_raw.get(name).is_null() && !as_before {
            return;
        }
        self.insert(name, value);
    }

    /// Plans the configured value, if it is known, also where the schema takes the prior one for equivalent.
    pub fn set_configured(&mut self, name: &str) {
        let value = self.config_raw.get(name).clone();
        if !value.is_null() && !value.is_unknown() {
            self.insert(name, value);
        }
    }

    /// Plans these blocks of a set, whatever the configuration has, unless it is not known
    /// yet which blocks there are. Core leaves the elements of a set to the provider: it cannot
    /// tell which element continues which.
    pub fn set_blocks(&mut self, name: &str, value: impl IntoValue) {
        let value = value.into_value();
        if !self.config_raw.get(name).is_unknown() {
            self.insert(name, value);
        }
    }

    fn insert(&mut self, name: &str, value: Value) {
        // Most plans change nothing, and then the model is what it was.
        if *self.raw.get(name) == value {
            return;
        }
        if let Value::Map(entries) = &mut self.raw {
            entries.insert(name.to_owned(), value);
        }
        self.refresh();
    }

    /// Plans that the value will be known after apply; not for what the
    /// configuration gives.
    pub fn set_unknown(&mut self, name: &str) {
        self.set(name, Unknown);
    }

    /// Plans that every computed value will be known after apply that the configuration
    /// does not give, but for these and for what never changes: that would mean a new object.
    pub fn reopen(&mut self, except: &[&str]) {
        let open = |a: &&Attribute| {
            let changes = matches!(a.replace, Replace::Never) && a.default.is_none();
            a.is_computed() && changes && !except.contains(&a.name)
        };
        let schema = self.schema;
        for attribute in schema.block.attributes.iter().filter(open) {
            self.set_unknown(attribute.name);
        }
    }

    /// Plans the prior values of these attributes, whatever the configuration says, and with them those
    /// of every computed value that follows from nothing else that changes. For objects whose owner
    /// is another one; call it before any other adjustment. What has no prior value stays as it is.
    pub fn keep(&mut self, names: &[&str]) {
        let (block, config, prior) = (&self.schema.block, self.config_raw, self.prior_raw);
        if let Value::Map(entries) = &mut self.raw {
            for name in names.iter().filter(|name| !prior.get(name).is_null()) {
                entries.insert((*name).to_owned(), prior.get(name).clone());
            }
            let follows = |a: &&Attribute| !matches!(a.recompute, Recompute::Never) && a.default.is_none();
            for attribute in block.attributes.iter().filter(follows) {
                let name = attribute.name;
                if config.get(name).is_null() && entries.get(name).is_some_and(Value::is_unknown) {
                    entries.insert(name.to_owned(), prior.get(name).clone());
                }
            }
            reopen_computed(block, config, prior, entries);
        }
        self.refresh();
    }

    /// Plans the prior values of computed attributes that the schema opened: what they follow from does
    /// not take effect yet. What has no prior value stays open.
    pub fn restore(&mut self, names: &[&str]) {
        let prior = self.prior_raw;
        let mut any = false;
        if let Value::Map(entries) = &mut self.raw {
            for name in names.iter().filter(|name| !prior.get(name).is_null()) {
                if entries.get(*name).is_some_and(Value::is_unknown) && self.config_raw.get(name).is_null() {
                    entries.insert((*name).to_owned(), prior.get(name).clone());
                    any = true;
                }
            }
        }
        if any {
            self.refresh();
        }
    }

    /// True when the configuration gives the attribute, be its value known or not.
    pub fn is_configured(&self, name: &str) -> bool {
        !self.config_raw.get(name).is_null()
    }

    /// Plans a new object because of this attribute or block.
    pub fn replace(&mut self, name: &str) {
        self.replace.push(Path::attribute(name));
    }

    /// Attributes that mean a new object, as far as is decided: those the resource
    /// has named, and those whose schema says so.
    pub fn replacements(&self) -> Vec<Path> {
        let mut paths = self.replace.clone();
        paths.extend(replacements(self.schema, self.prior_raw, &self.raw));
        paths
    }

    fn refresh(&mut self) {
        match M::from_value(&self.schema.block.meaning(&self.raw), &Path::root()) {
            Ok(planned) => self.planned = planned,
            Err(error) => {
                self.diags.push(Diagnostic::bug(format!("A plan was set that does not fit: {error}")));
            }
        }
    }
}

/// A value that is not known yet.
struct Unknown;

impl IntoValue for Unknown {
    fn into_value(self) -> Value {
        Value::Unknown
    }
}

/// True when `prior` and `planned` of that attribute or block differ in meaning.
pub(in crate::engine) fn changed(block: &Block, name: &str, prior: &Value, planned: &Value) -> bool {
    match block.attribute(name) {
        Some(attribute) => !attribute.same(prior, planned),
        None => prior != planned && !(prior.is_empty() && planned.is_empty()),
    }
}

/// The plan that follows from the schema alone, before the resource's adjustments.
pub(in crate::engine) fn plan_from_schema(
    schema: &Schema,
    provider: &ProviderConfig,
    config: &Value,
    prior: &Value,
    proposed: &Value,
) -> Value {
    let mut planned = plan_block(&schema.block, config, prior, proposed);
    if let Value::Map(entries) = &mut planned {
        plan_common(schema, provider, config, prior, entries);
        if !prior.is_null() {
            reopen_computed(&schema.block, config, prior, entries);
        }
    }
    planned
}

/// True when a plan differs from the prior state in nothing but directives, so that there is nothing
/// to do. Core accepts the prior value in place of a configured one where neither is null.
pub(in crate::engine) fn are_directives(
    schema: &Schema,
    config: &Value,
    prior: &Value,
    planned: &Value,
) -> bool {
    let (Some(prior), Some(planned)) = (prior.as_map(), planned.as_map()) else { return false };
    let idle = |name: &str, before: &Value| {
        let given = config.get(name);
        let attribute = schema.block.attribute(name).filter(|attribute| attribute.directive);
        attribute.is_some() && !before.is_null() && !given.is_null() && given.is_wholly_known()
    };
    prior.iter().all(|(name, before)| planned.get(name) == Some(before) || idle(name, before))
}

/// Paths whose change forces a new resource.
pub(in crate::engine) fn replacements(schema: &Schema, prior: &Value, planned: &Value) -> Vec<Path> {
    if prior.is_null() || planned.is_null() || prior == planned {
        return Vec::new();
    }
    let must = |attribute: &&Attribute| {
        let (old, new) = (prior.get(attribute.name), planned.get(attribute.name));
        !attribute.same(old, new)
            && match attribute.replace {
                Replace::Never => false,
                Replace::Always => true,
                Replace::If(rule) => rule(old, new),
            }
    };
    schema.block.attributes.iter().filter(must).map(|attribute| Path::attribute(attribute.name)).collect()
}

fn plan_block(block: &Block, config: &Value, prior: &Value, proposed: &Value) -> Value {
    let mut planned = Map::new();
    for attribute in &block.attributes {
        let name = attribute.name;
        let value = plan_attribute(attribute, config.get(name), prior, proposed.get(name));
        planned.insert(name.to_owned(), value);
    }
    for nested in &block.blocks {
        let name = nested.name;
        let (config, prior, proposed) = (config.get(name), prior.get(name), proposed.get(name));
        let none = Value::Null;
        let value = match (nested.nesting, config) {
            (_, Value::Unknown) => Value::Unknown,
            (BlockNesting::Single, Value::Null) => Value::Null,
            (BlockNesting::Single, _) => plan_inner(&nested.block, config, prior, proposed),
            (BlockNesting::List, _) => {
                let at = |value: &Value, i: usize| {
                    value.as_elements().and_then(|items| items.get(i)).cloned().unwrap_or(Value::Null)
                };
                let items = config.as_elements().unwrap_or_default().iter().enumerate();
                Value::List(
                    items
                        .map(|(i, item)| plan_inner(&nested.block, item, &at(prior, i), &at(proposed, i)))
                        .collect(),
                )
            }
            (BlockNesting::Set, _) => {
                let items = config.as_elements().unwrap_or_default();
                let counterparts =
                    counterparts_of(items, prior, &nested.block.attributes, &nested.block.blocks);
                set_of(items.iter().zip(counterparts).map(|(item, counterpart)| {
                    let prior = counterpart.unwrap_or(&none);
                    (plan_block(&nested.block, item, prior, prior), item)
                }))
            }
        };
        planned.insert(name.to_owned(), value);
    }
    Value::Map(planned)
}

/// Plans a block inside another, with its computed values whose causes, in the same
/// block, change.
fn plan_inner(block: &Block, config: &Value, prior: &Value, proposed: &Value) -> Value {
    let mut planned = plan_block(block, config, prior, proposed);
    if let (Value::Map(entries), Value::Map(_)) = (&mut planned, prior) {
        reopen_computed(block, config, prior, entries);
    }
    planned
}

fn plan_attribute(attribute: &Attribute, config: &Value, prior: &Value, proposed: &Value) -> Value {
    if attribute.write_only {
        return Value::Null;
    }
    if config.is_null() {
        return match (&attribute.default, attribute.is_computed()) {
            (Some(default), _) => keep_spelling(attribute, prior.get(attribute.name), default),
            (None, true) if prior.is_null() => Value::Unknown,
            (None, true) => proposed.clone(),
            (None, false) => Value::Null,
        };
    }
    let prior = prior.get(attribute.name);
    match &attribute.nested {
        Some(nested) => keep_spelling(attribute, prior, &plan_nested(nested, config, prior)),
        None => keep_spelling(attribute, prior, config),
    }
}

/// Plans the objects of a nested attribute, as blocks are planned.
fn plan_nested(nested: &Nested, config: &Value, prior: &Value) -> Value {
    let item = |config: &Value, prior: &Value| {
        if config.as_map().is_none() {
            return config.clone();
        }
        Value::map(nested.attributes.iter().map(|attribute| {
            let name = attribute.name;
            (name, plan_attribute(attribute, config.get(name), prior, prior.get(name)))
        }))
    };
    match (nested.nesting, config) {
        (Nesting::Single, config) => item(config, prior),
        (Nesting::List, Value::List(items)) => {
            let old = prior.as_elements().unwrap_or_default();
            let pairs = items.iter().enumerate();
            Value::List(pairs.map(|(i, config)| item(config, old.get(i).unwrap_or(&Value::Null))).collect())
        }
        (Nesting::Map, Value::Map(entries)) => {
            Value::map(entries.iter().map(|(key, config)| (key, item(config, prior.get(key)))))
        }
        (Nesting::Set, Value::Set(items)) => {
            let counterparts = counterparts_of(items, prior, &nested.attributes, &[]);
            let pairs = items.iter().zip(counterparts);
            set_of(
                pairs
                    .map(|(config, counterpart)| (item(config, counterpart.unwrap_or(&Value::Null)), config)),
            )
        }
        (_, config) => config.clone(),
    }
}

/// A set of planned elements, each with the configured one. Where a default makes two of them
/// equal, the second is planned exactly as configured: core counts the elements. Elements with unknown values are not
/// equal, even if all they have is.
fn set_of<'a>(planned: impl Iterator<Item = (Value, &'a Value)>) -> Value {
    let mut visited = BTreeSet::new();
    Value::set(planned.map(|(planned, config)| {
        let is_repeated = planned.is_wholly_known() && visited.contains(&planned);
        let element = if is_repeated { config.clone() } else { planned };
        visited.insert(element.clone());
        element
    }))
}

/// The prior value when it means the same, otherwise the desired one. Core takes the
/// prior value for "no change" where prior and configured value are not null.
fn keep_spelling(attribute: &Attribute, prior: &Value, desired: &Value) -> Value {
    // `""` leaves the value to AWS, and the state already has what AWS chose.
    let left_to_aws = attribute.mode == Mode::OptionalComputed
        && attribute.default.is_none()
        && !desired.is_null()
        && attribute.is_unset(desired)
        && !prior.is_null();
    let same = !prior.is_null() && desired.is_wholly_known() && attribute.same(prior, desired);
    if left_to_aws || same { prior.clone() } else { desired.clone() }
}

/// For each configured element of a set the prior element it continues: the one it
/// differs from in computed values it leaves open at most, or else in spelling.
fn counterparts_of<'a>(
    config: &[Value],
    prior: &'a Value,
    attributes: &[Attribute],
    blocks: &[NestedBlock],
) -> Vec<Option<&'a Value>> {
    let fits = |new: &Value, old: &Value, same: &dyn Fn(&Attribute, &Value, &Value) -> bool| {
        attributes.iter().all(|attribute| {
            let (new, old) = (new.get(attribute.name), old.get(attribute.name));
            let new = attribute.default.as_ref().filter(|_| new.is_null()).unwrap_or(new);
            (new.is_null() && attribute.is_computed()) || same(attribute, old, new)
        }) && blocks.iter().all(|nested| new.get(nested.name) == old.get(nested.name))
    };
    let exact = |new: &Value, old: &Value| fits(new, old, &|_, old, new| old == new);
    let loose = |new: &Value, old: &Value| fits(new, old, &Attribute::same);
    set_matching::pair(config, prior.as_elements().unwrap_or_default(), &exact, &loose)
}

/// Plans what every resource has: `tags_all` and `region`.
fn plan_common(schema: &Schema, provider: &ProviderConfig, config: &Value, prior: &Value, planned: &mut Map) {
    if schema.block.attribute(common::TAGS_ALL).is_some() {
        let own = planned.get(common::TAGS).unwrap_or(&Value::Null);
        let all = tags::planned_all(provider, own, prior.get(common::TAGS_ALL));
        planned.insert(common::TAGS_ALL.to_owned(), all);
    }
    // An object keeps the region it is in; a new one goes where the provider is.
    if schema.block.attribute(common::REGION).is_some()
        && config.get(common::REGION).is_null()
        && prior.get(common::REGION).is_null()
    {
        let region = provider.region.known().map_or(Value::Unknown, Value::string);
        planned.insert(common::REGION.to_owned(), region);
    }
}

/// Opens computed values again whose causes change.
fn reopen_computed(block: &Block, config: &Value, prior: &Value, planned: &mut Map) {
    // A reopened value may itself be a cause; the chain is as long as there are
    // attributes at most.
    for _ in 0..block.attributes.len() {
        let any = planned.iter().any(|(name, value)| prior.get(name) != value);
        let open: Vec<&'static str> = block
            .attributes
            .iter()
            .filter(|a| a.is_computed() && a.default.is_none() && config.get(a.name).is_null())
            .filter(|a| planned.get(a.name).is_some_and(|value| !value.is_unknown()))
            .filter(|a| match a.recompute {
                Recompute::Never => false,
                Recompute::OnAnyChange => any,
                Recompute::When(causes) => causes.iter().any(|cause| {
                    let new = planned.get(*cause).unwrap_or(&Value::Null);
                    changed(block, cause, prior.get(cause), new)
                }),
            })
            .map(|a| a.name)
            .collect();
        if open.is_empty() {
            return;
        }
        for name in open {
            planned.insert(name.to_owned(), Value::Unknown);
        }
    }
}
