//! What core does around a provider, and values to feed both, for tests.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{
    AnyAction, AnyListResource, AnyResource, ListEvent, ListRequest, PlanRequest, PlanResponse, Private,
    ProviderConfig,
};
use crate::schema::{Attribute, Block, BlockNesting, Check, Mode, NestedBlock, Nesting};
use crate::value::{Field, Map, Type, Value};

/// A provider that cannot call AWS, in a known region and with a default tag.
pub(crate) fn provider() -> ProviderConfig {
    let mut provider = ProviderConfig::new(Err(Diagnostic::error("No AWS", "This is a test.")));
    provider.region = Field::Known("eu-west-1".to_owned());
    provider.default_tags = Field::Known([("team".to_owned(), "cache".to_owned())].into());
    provider
}

/// Checks names of types: sorted, none twice, and this provider's.
pub(crate) fn assert_names(names: impl IntoIterator<Item = &'static str>) {
    let names: Vec<_> = names.into_iter().collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
    assert!(names.iter().all(|name| name.starts_with("elasticache_")));
}

/// The plan for this configuration and prior state, with core's own proposal.
pub(crate) fn plan(resource: &dyn AnyResource, prior: &Value, config: &Value) -> PlanResponse {
    plan_with(&provider(), resource, prior, config)
}

/// As [`plan`], with this provider.
pub(crate) fn plan_with(
    provider: &ProviderConfig,
    resource: &dyn AnyResource,
    prior: &Value,
    config: &Value,
) -> PlanResponse {
    let proposed = proposed_new(&resource.schema().block, prior, config);
    let (config, prior) = (config.clone(), prior.clone());
    resource.plan(provider, PlanRequest { config, prior, proposed, private: Vec::new() })
}

/// As [`plan`], for an object that no apply has changed since its import.
pub(crate) fn plan_imported(resource: &dyn AnyResource, prior: &Value, config: &Value) -> PlanResponse {
    let proposed = proposed_new(&resource.schema().block, prior, config);
    let (config, prior, private) = (config.clone(), prior.clone(), Private::imported().bytes());
    resource.plan(&provider(), PlanRequest { config, prior, proposed, private })
}

/// The events of a listing; all of it when `limit` is 0.
pub(crate) async fn listed(
    source: &dyn AnyListResource,
    provider: &ProviderConfig,
    config: Value,
    include_resource: bool,
    limit: i64,
) -> Vec<ListEvent> {
    let (events, mut found) = mpsc::channel(1);
    let cancel = CancellationToken::new();
    let listing = source.list(provider, &cancel, ListRequest { config, include_resource, limit }, events);
    let receiving = async {
        let mut all = Vec::new();
        while let Some(event) = found.recv().await {
            all.push(event);
        }
        all
    };
    tokio::join!(listing, receiving).1
}

/// The messages of an action, and its diagnostics.
pub(crate) async fn invoked(
    action: &dyn AnyAction,
    provider: &ProviderConfig,
    cancel: &CancellationToken,
    config: Value,
) -> (Vec<String>, Diagnostics) {
    let (messages, mut reported) = mpsc::unbounded_channel();
    let diags = action.invoke(provider, cancel, config, messages).await;
    let mut all = Vec::new();
    while let Some(message) = reported.recv().await {
        all.push(message);
    }
    (all, diags)
}

/// Some value of this type that is not null.
pub(crate) fn given(ty: &Type) -> Value {
    match ty {
        Type::Bool => true.into(),
        Type::Number => 1.into(),
        Type::String | Type::Dynamic => "given".into(),
        Type::List(_) | Type::Tuple(_) => Value::List(Vec::new()),
        Type::Set(_) => Value::set([]),
        Type::Map(_) | Type::Object(_) => Value::Map(Map::new()),
    }
}

/// Core's proposal (`ProposedNew`): what is configured, and the prior value of what
/// is computed and not configured. On create that is null.
pub(crate) fn proposed_new(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.as_map().is_none() {
        return config.clone();
    }
    let mut proposed = propose_attributes(&block.attributes, prior, config);
    for nested in &block.blocks {
        let (prior, config) = (prior.get(nested.name), config.get(nested.name));
        let value = match (nested.nesting, config) {
            (BlockNesting::Single, config) => proposed_new(&nested.block, prior, config),
            (BlockNesting::List, Value::List(items)) => {
                let propose = |(i, item)| proposed_new(&nested.block, at(prior, i), item);
                Value::List(items.iter().enumerate().map(propose).collect())
            }
            (BlockNesting::Set, Value::Set(items)) => {
                let mut old: Vec<&Value> = prior.as_elements().unwrap_or_default().iter().collect();
                Value::set(items.iter().map(|item| {
                    let twin = old.iter().position(|old| may_be_prior(&nested.block, old, item));
                    let prior = twin.map_or(&Value::Null, |twin| old.remove(twin));
                    proposed_new(&nested.block, prior, item)
                }))
            }
            (_, config) => config.clone(),
        };
        proposed.insert(nested.name.to_owned(), value);
    }
    Value::Map(proposed)
}

fn propose_attributes(attributes: &[Attribute], prior: &Value, config: &Value) -> Map {
    let propose = |attribute: &Attribute| {
        let (prior, config) = (prior.get(attribute.name), config.get(attribute.name));
        match &attribute.nested {
            _ if config.is_null() && attribute.is_computed() => prior.clone(),
            Some(nested) => propose_nested(nested.nesting, &nested.attributes, prior, config),
            None => config.clone(),
        }
    };
    attributes.iter().map(|attribute| (attribute.name.to_owned(), propose(attribute))).collect()
}

fn propose_nested(nesting: Nesting, attributes: &[Attribute], prior: &Value, config: &Value) -> Value {
    let item = |prior: &Value, config: &Value| match config {
        Value::Map(_) => Value::Map(propose_attributes(attributes, prior, config)),
        other => other.clone(),
    };
    match (nesting, config) {
        (Nesting::Single, config) => item(prior, config),
        (Nesting::List, Value::List(items)) => {
            Value::List(items.iter().enumerate().map(|(i, config)| item(at(prior, i), config)).collect())
        }
        (Nesting::Map, Value::Map(entries)) => {
            let propose = |(key, config): (&String, &Value)| (key.clone(), item(prior.get(key), config));
            Value::Map(entries.iter().map(propose).collect())
        }
        (Nesting::Set, Value::Set(items)) => {
            let block = Block::new("").attributes(attributes.to_vec());
            let mut old: Vec<&Value> = prior.as_elements().unwrap_or_default().iter().collect();
            Value::set(items.iter().map(|config| {
                let twin = old.iter().position(|old| may_be_prior(&block, old, config));
                item(twin.map_or(&Value::Null, |twin| old.remove(twin)), config)
            }))
        }
        (_, config) => config.clone(),
    }
}

/// True when a prior element of a set differs from a configured one in computed
/// values that are not configured, and in nothing else.
fn may_be_prior(block: &Block, prior: &Value, config: &Value) -> bool {
    let attribute_fits = |attribute: &Attribute| {
        let (old, new) = (prior.get(attribute.name), config.get(attribute.name));
        old == new || (attribute.is_computed() && new.is_null())
    };
    let block_fits = |nested: &NestedBlock| prior.get(nested.name) == config.get(nested.name);
    block.attributes.iter().all(attribute_fits) && block.blocks.iter().all(block_fits)
}

fn at(list: &Value, index: usize) -> &Value {
    list.as_elements().and_then(|items| items.get(index)).unwrap_or(&Value::Null)
}

/// Configurations of the block: required attributes given, others given or not,
/// and with `unknown` anything not known yet. They need not pass validation.
pub(crate) fn config(block: &Block, unknown: bool) -> BoxedStrategy<Value> {
    let attributes = block.attributes.iter().map(|a| named(a.name, configured(a, unknown)));
    let blocks = block.blocks.iter().map(|b| named(b.name, configured_blocks(b, unknown)));
    attributes.chain(blocks).collect::<Vec<_>>().prop_map(Value::map).boxed()
}

/// Values an attribute may have in a configuration.
pub(crate) fn configured(attribute: &Attribute, unknown: bool) -> BoxedStrategy<Value> {
    let given = match (&attribute.nested, attribute.mode) {
        (_, Mode::Computed) => return Just(Value::Null).boxed(),
        (Some(nested), _) => {
            let item = nested.attributes.iter().map(|a| named(a.name, configured(a, unknown)));
            let item = item.collect::<Vec<_>>().prop_map(Value::map).boxed();
            match nested.nesting {
                Nesting::Single => item,
                Nesting::List => vec(item, 0..3).prop_map(Value::List).boxed(),
                Nesting::Set => vec(item, 0..3).prop_map(Value::set).boxed(),
                Nesting::Map => vec((key(), item), 0..3).prop_map(Value::map).boxed(),
            }
        }
        _ => known(&attribute.ty(), &attribute.checks, unknown),
    };
    let null = if attribute.mode == Mode::Required { 0 } else { 4 };
    prop_oneof![6 => given, null => Just(Value::Null), u32::from(unknown) => Just(Value::Unknown)].boxed()
}

fn configured_blocks(nested: &NestedBlock, unknown: bool) -> BoxedStrategy<Value> {
    let item = config(&nested.block, unknown);
    let most = if nested.max_items == 0 { 3 } else { nested.max_items.min(3) as usize };
    let given = match nested.nesting {
        BlockNesting::Single => prop_oneof![Just(Value::Null), item].boxed(),
        BlockNesting::List => vec(item, 0..=most).prop_map(Value::List).boxed(),
        BlockNesting::Set => vec(item, 0..=most).prop_map(Value::set).boxed(),
    };
    prop_oneof![8 => given, u32::from(unknown) => Just(Value::Unknown)].boxed()
}

/// Values of that type, few enough to meet again, and never null themselves.
fn known(ty: &Type, checks: &[Check], unknown: bool) -> BoxedStrategy<Value> {
    let each = |checks: &[Check]| -> Vec<Check> {
        let inner =
            |check: &Check| if let Check::Each(inner) = check { Some((**inner).clone()) } else { None };
        checks.iter().filter_map(inner).collect()
    };
    let part = |ty: &Type, checks: &[Check]| -> BoxedStrategy<Value> {
        prop_oneof![8 => known(ty, checks, unknown), u32::from(unknown) => Just(Value::Unknown)].boxed()
    };
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => {
            let (low, high) = bounds(checks);
            (low..=high).prop_map(Value::from).boxed()
        }
        Type::String => select(words(checks)).prop_map(Value::from).boxed(),
        Type::List(element) => vec(part(element, &each(checks)), 0..3).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(part(element, &each(checks)), 0..3).prop_map(Value::set).boxed(),
        Type::Map(element) => vec((key(), part(element, &each(checks))), 0..3).prop_map(Value::map).boxed(),
        Type::Tuple(types) => {
            types.iter().map(|ty| part(ty, &[])).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Object(attributes) => {
            let nullable = |ty| prop_oneof![3 => part(ty, &[]), 1 => Just(Value::Null)].boxed();
            let named = attributes.iter().map(|(name, ty)| (Just(name.clone()), nullable(ty)));
            named.collect::<Vec<_>>().prop_map(Value::map).boxed()
        }
        Type::Dynamic => known(&Type::String, &[], false)
            .prop_map(|text| Value::Typed(Box::new(Type::String), Box::new(text)))
            .boxed(),
    }
}

fn named(name: &'static str, value: BoxedStrategy<Value>) -> (Just<&'static str>, BoxedStrategy<Value>) {
    (Just(name), value)
}

fn key() -> impl Strategy<Value = &'static str> + Clone {
    select(&["a", "b", "team"][..])
}

fn words(checks: &[Check]) -> Vec<&'static str> {
    let allowed =
        checks.iter().find_map(|check| if let Check::OneOf(words) = check { Some(*words) } else { None });
    allowed.unwrap_or(&["", "a", "A", "b", "7.1", "10"]).to_vec()
}

fn bounds(checks: &[Check]) -> (i64, i64) {
    let range = checks.iter().find_map(|check| match check {
        Check::Range(low, high) => Some((*low, *high)),
        Check::AtLeast(low) => Some((*low, low.saturating_add(3))),
        _ => None,
    });
    range.map_or((0, 3), |(low, high)| (low, high.min(low.saturating_add(3))))
}

/// The configuration once everything in it is known.
pub(crate) fn completed_config(block: &Block, config: &Value) -> BoxedStrategy<Value> {
    let Value::Map(entries) = config else {
        return Just(config.clone()).boxed();
    };
    let attributes = block.attributes.iter().map(|attribute| {
        let value = match entries.get(attribute.name) {
            Some(Value::Unknown) => configured(attribute, false),
            // Nulls in lists and sets are refused before any plan.
            value => fill(value.unwrap_or(&Value::Null), &attribute.ty(), 0),
        };
        named(attribute.name, value)
    });
    let blocks = block.blocks.iter().map(|nested| {
        let all = |items: &[Value]| -> Vec<_> {
            items.iter().map(|item| completed_config(&nested.block, item)).collect()
        };
        let value = match entries.get(nested.name) {
            Some(Value::Unknown) => configured_blocks(nested, false),
            Some(Value::List(items)) => all(items).prop_map(Value::List).boxed(),
            Some(Value::Set(items)) => all(items).prop_map(Value::set).boxed(),
            single => completed_config(&nested.block, single.unwrap_or(&Value::Null)),
        };
        named(nested.name, value)
    });
    attributes.chain(blocks).collect::<Vec<_>>().prop_map(Value::map).boxed()
}

/// The value with any known value of its type in place of each unknown: a state
/// that may follow from a plan.
pub(crate) fn completed(value: &Value, ty: &Type) -> BoxedStrategy<Value> {
    fill(value, ty, 1)
}

fn fill(value: &Value, ty: &Type, null: u32) -> BoxedStrategy<Value> {
    if value.is_wholly_known() {
        return Just(value.clone()).boxed();
    }
    match (value, ty) {
        (Value::List(items), Type::List(ty)) => {
            items.iter().map(|item| fill(item, ty, null)).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        (Value::Set(items), Type::Set(ty)) => {
            items.iter().map(|item| fill(item, ty, null)).collect::<Vec<_>>().prop_map(Value::set).boxed()
        }
        (Value::Map(entries), ty) => entries
            .iter()
            .map(|(name, value)| {
                let part = match ty {
                    Type::Map(element) => element,
                    Type::Object(attributes) => &attributes[name],
                    other => other,
                };
                (Just(name.clone()), fill(value, part, null))
            })
            .collect::<Vec<_>>()
            .prop_map(Value::map)
            .boxed(),
        // A collection is more often there than not; AWS leaves texts out at times.
        (_, ty @ (Type::Bool | Type::Number | Type::String)) => {
            prop_oneof![5 => known(ty, &[], false), null => Just(Value::Null)].boxed()
        }
        (_, ty) => known(ty, &[], false),
    }
}

/// The configuration with every argument that is not given written as null or as the empty value,
/// also inside blocks and nested attributes: as modules write what they leave unset. Inside a set of
/// blocks, an argument that AWS fills in stays null: elements of a set have no identity, so core
/// lets no provider plan another value than a configured one.
pub(crate) fn respelled(block: &Block, config: &Value) -> BoxedStrategy<Value> {
    respelled_block(block, config, false)
}

fn respelled_block(block: &Block, config: &Value, in_set: bool) -> BoxedStrategy<Value> {
    let Value::Map(entries) = config else {
        return Just(config.clone()).boxed();
    };
    let given = |name: &str| entries.get(name).unwrap_or(&Value::Null);
    let open = |it: &Attribute| in_set && it.mode == Mode::OptionalComputed && it.default.is_none();
    let attributes = block.attributes.iter().map(|it| {
        let value = given(it.name);
        let respelled = if open(it) { Just(value.clone()).boxed() } else { respelled_attribute(it, value) };
        named(it.name, respelled)
    });
    let blocks = block.blocks.iter().map(|nested| {
        let set = nested.nesting == BlockNesting::Set;
        let all = |items: &[Value]| {
            items.iter().map(|item| respelled_block(&nested.block, item, set)).collect::<Vec<_>>()
        };
        let value = match given(nested.name) {
            Value::List(items) => all(items).prop_map(Value::List).boxed(),
            Value::Set(items) => all(items).prop_map(Value::set).boxed(),
            single => Just(single.clone()).boxed(),
        };
        named(nested.name, value)
    });
    attributes.chain(blocks).collect::<Vec<_>>().prop_map(Value::map).boxed()
}

fn respelled_attribute(attribute: &Attribute, value: &Value) -> BoxedStrategy<Value> {
    if value.is_empty() && attribute.is_unset(value) {
        let empty = attribute.absent().unwrap_or(Value::Null);
        return prop_oneof![Just(Value::Null), Just(empty)].boxed();
    }
    let Some(nested) = attribute.nested.as_ref().filter(|_| !attribute.verbatim) else {
        return Just(value.clone()).boxed();
    };
    let object = |item: &Value| match item {
        Value::Map(parts) => {
            let part = |it: &Attribute| {
                named(it.name, respelled_attribute(it, parts.get(it.name).unwrap_or(&Value::Null)))
            };
            nested.attributes.iter().map(part).collect::<Vec<_>>().prop_map(Value::map).boxed()
        }
        other => Just(other.clone()).boxed(),
    };
    match (nested.nesting, value) {
        (Nesting::List, Value::List(items)) => {
            items.iter().map(object).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        (Nesting::Set, Value::Set(items)) => {
            items.iter().map(object).collect::<Vec<_>>().prop_map(Value::set).boxed()
        }
        (Nesting::Map, Value::Map(items)) => {
            let entry = |(key, item): (&String, &Value)| (Just(key.clone()), object(item));
            items.iter().map(entry).collect::<Vec<_>>().prop_map(Value::map).boxed()
        }
        (_, single) => object(single),
    }
}
