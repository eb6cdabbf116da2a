//! Checks of a configuration against its schema.
//!
//! Unknown values pass every check: what is not known yet cannot be wrong yet. So does a
//! value that a mock provider may have made, see [`Reference`].

use std::sync::LazyLock;

use regex_lite::Regex;

use super::reference::{Reference, may_be_mocked};
use super::{Attribute, Block, BlockNesting, Nested, Nesting, Schema};
use crate::diag::Diagnostics;
use crate::value::{Number, Path, Step, Value};

/// One check of a known, non-null value of an attribute.
#[derive(Debug, Clone)]
pub enum Check {
    /// Characters of a string, at least and at most.
    Length(usize, usize),
    /// A number, at least and at most.
    Range(i64, i64),
    /// A number, at least.
    AtLeast(i64),
    /// A string of the form the pattern gives; the text completes "must be …".
    Pattern(&'static LazyLock<Regex>, &'static str),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// At most so many elements.
    MaxItems(usize),
    /// Holds for every element of a list, set or map.
    Each(Box<Check>),
    /// Any other rule; the error is a sentence with problem and fix.
    By(fn(&Value) -> Result<(), String>),
    /// The same for words that AWS reserves: no made-up value is one of them.
    Reserved(fn(&Value) -> Result<(), String>),
}

impl Check {
    /// True when the value, or each of its elements, is right.
    pub(super) fn is_satisfied_by(&self, value: &Value) -> bool {
        match (self, value) {
            (Check::Each(inner), Value::List(items) | Value::Set(items)) => {
                items.iter().all(|item| inner.is_satisfied_by(item))
            }
            (Check::Each(inner), Value::Map(entries)) => {
                entries.values().all(|item| inner.is_satisfied_by(item))
            }
            _ => self.problem(value, false).is_none(),
        }
    }

    /// What is wrong with the value: the end of a sentence that begins with the
    /// attribute's name, or a whole sentence. It quotes the value where `quoted` says so.
    /// `None` for a value that is right.
    pub(crate) fn problem(&self, value: &Value, quoted: bool) -> Option<String> {
        let but_is = |text: &str| if quoted { format!(", but is {text:?}") } else { String::new() };
        match (self, value) {
            (_, Value::Null | Value::Unknown) => None,
            (Check::Length(min, max), Value::String(text)) => {
                let length = text.chars().count();
                (length < *min || length > *max)
                    .then(|| format!("must have {min} to {max} characters, but has {length}"))
            }
            (Check::Range(min, max), Value::Number(number)) => (*number < Number::from(*min)
                || *number > Number::from(*max))
            .then(|| format!("must be between {min} and {max}, but is {number}")),
            (Check::AtLeast(min), Value::Number(number)) => {
                (*number < Number::from(*min)).then(|| format!("must be at least {min}, but is {number}"))
            }
            (Check::Pattern(pattern, form), Value::String(text)) => {
                (!pattern.is_match(text)).then(|| format!("must be {form}{}", but_is(text)))
            }
            (Check::OneOf(allowed), Value::String(text)) => (!allowed.contains(&text.as_str())).then(|| {
                let allowed: Vec<String> = allowed.iter().map(|a| format!("{a:?}")).collect();
                format!("must be one of {}{}", allowed.join(", "), but_is(text))
            }),
            (Check::MaxItems(max), Value::List(items) | Value::Set(items)) => (items.len() > *max)
                .then(|| format!("must have at most {max} elements, but has {}", items.len())),
            (Check::By(rule) | Check::Reserved(rule), known) => rule(known).err(),
            _ => None,
        }
    }
}

/// A pattern written in this crate, for use in a [`LazyLock`]. The tests over every
/// schema compile each one.
pub fn pattern(text: &'static str) -> Regex {
    #[expect(clippy::expect_used, reason = "the pattern is a constant that a test compiles")]
    Regex::new(text).expect("a valid pattern")
}

/// When a configuration is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// By `terraform validate`, and before every plan. A mock provider asks for it too.
    Validate,
    /// By a plan, for what [`Phase::Validate`] let pass.
    Plan,
}

/// Checks a configuration: the attributes' own checks, nulls inside collections,
/// conflicts, requirements, and the number of nested blocks.
pub fn validate(schema: &Schema, config: &Value, diags: &mut Diagnostics) {
    validate_block(&schema.block, config, &Path::root(), Phase::Validate, diags);
}

/// Checks the values that [`validate`] let pass because a mock of this provider may have
/// made them. Terraform plans mocked resources itself, so a value that comes here is real.
pub fn validate_at_plan(schema: &Schema, config: &Value, diags: &mut Diagnostics) {
    validate_block(&schema.block, config, &Path::root(), Phase::Plan, diags);
}

fn validate_block(block: &Block, object: &Value, path: &Path, phase: Phase, diags: &mut Diagnostics) {
    if object.as_map().is_none() {
        return;
    }
    let block_given = |name: &str| block_is_given(block, object, name);
    validate_attributes(&block.attributes, object, path, &block_given, phase, diags);
    for nested in &block.blocks {
        let at = path.then(nested.name);
        let value = object.get(nested.name);
        if let Some(items) = value.as_elements() {
            let count = items.len();
            if nested.max_items > 0 && count > nested.max_items as usize && phase == Phase::Validate {
                diags.error_at(
                    at.clone(),
                    format!("Too many {} blocks", nested.name),
                    format!(
                        "At most {} {} blocks are allowed, but the configuration has {count}. Remove the others.",
                        nested.max_items, nested.name
                    ),
                );
            }
            for (i, item) in items.iter().enumerate() {
                if nested.nesting != BlockNesting::Set {
                    validate_block(&nested.block, item, &at.index(i), phase, diags);
                    continue;
                }
                // Elements of a set cannot be addressed. A path into the set would
                // show the first block, so with several blocks errors point at the whole.
                let mut inner = Diagnostics::new();
                validate_block(&nested.block, item, &at, phase, &mut inner);
                for diagnostic in inner {
                    diags.push(if count > 1 { diagnostic.at(at.clone()) } else { diagnostic });
                }
            }
        } else {
            validate_block(&nested.block, value, &at, phase, diags);
        }
    }
}

/// True when the nested block `name` stands in the object; attributes answer for themselves.
fn block_is_given(block: &Block, object: &Value, name: &str) -> bool {
    block.nested_block(name).is_some() && !object.get(name).is_empty()
}

fn validate_attributes(
    attributes: &[Attribute],
    object: &Value,
    path: &Path,
    block_given: &dyn Fn(&str) -> bool,
    phase: Phase,
    diags: &mut Diagnostics,
) {
    let find = |name: &str| attributes.iter().find(|attribute| attribute.name == name);
    for (i, attribute) in attributes.iter().enumerate() {
        let earlier = &attributes[..i];
        let value = object.get(attribute.name);
        let left_unset = attribute.is_configurable() && value.is_empty() && attribute.is_unset(value);
        if value.is_null() || left_unset {
            continue;
        }
        let at = path.then(attribute.name);
        if !attribute.is_configurable() {
            if !value.is_unknown() && phase == Phase::Validate {
                let name = full_name(&at);
                diags.error_at(
                    at,
                    format!("{name} is read-only"),
                    format!("The provider sets `{name}`, and a configuration cannot. Remove it."),
                );
            }
            continue;
        }
        let name = full_name(&at);
        let text = format!("`{name}`");
        for check in &attribute.checks {
            let quoted = attribute.is_quotable();
            let subject = Subject { name: &name, text: &text, quoted, reference: attribute.reference, phase };
            run_check(check, subject, value, &at, diags);
        }
        if let Some(nested) = &attribute.nested {
            validate_nested(nested, value, &at, phase, diags);
        }
        if phase == Phase::Plan {
            continue;
        }
        if let Some(instead) = attribute.deprecated {
            diags.warning_at(at.clone(), format!("{} is deprecated", attribute.name), instead);
        }
        reject_null_elements(value, &name, &at, diags);
        for other in attribute.conflicts {
            let given = match find(other) {
                // An unknown may turn out null, as through a module's variable.
                Some(found) => !found.is_unset(object.get(other)) && !object.get(other).is_unknown(),
                None => block_given(other),
            };
            // A pair that each name the other is one mistake, told at the first of the two.
            let message = earlier.iter().any(|e| e.name == *other && e.conflicts.contains(&attribute.name));
            if given && !message && !value.is_unknown() {
                diags.error_at(
                    at.clone(),
                    "Conflicting arguments",
                    format!("`{}` and `{other}` cannot be set together. Remove one of them.", attribute.name),
                );
            }
        }
        for other in attribute.requires {
            let missing = match find(other) {
                Some(found) => found.is_unset(object.get(other)),
                None => !block_given(other),
            };
            if missing && !value.is_unknown() {
                diags.error_at(
                    at.clone(),
                    format!("Missing {other}"),
                    format!("`{0}` requires `{other}`. Set `{other}`, or remove `{0}`.", attribute.name),
                );
            }
        }
    }
}

fn validate_nested(nested: &Nested, value: &Value, path: &Path, phase: Phase, diags: &mut Diagnostics) {
    let object = |item: &Value, at: &Path, diags: &mut Diagnostics| {
        if item.as_map().is_some() {
            validate_attributes(&nested.attributes, item, at, &|_| false, phase, diags);
        }
    };
    // Terraform finds the line of an element of an attribute, but nothing inside it.
    let element = |item: &Value, at: &Path, diags: &mut Diagnostics| {
        let mut inner = Diagnostics::new();
        object(item, at, &mut inner);
        for diagnostic in inner {
            diags.push(diagnostic.at(at.clone()));
        }
    };
    match (nested.nesting, value) {
        (Nesting::Single, single) => {
            let mut inner = Diagnostics::new();
            object(single, path, &mut inner);
            diags.extend(inner.in_object_at(path));
        }
        (Nesting::List, Value::List(items)) => {
            for (i, item) in items.iter().enumerate() {
                element(item, &path.index(i), diags);
            }
        }
        (Nesting::Set, Value::Set(items)) => items.iter().for_each(|item| element(item, path, diags)),
        (Nesting::Map, Value::Map(entries)) => {
            for (key, item) in entries {
                element(item, &path.key(key), diags);
            }
        }
        _ => {}
    }
}

/// What a sentence about a wrong value is about.
#[derive(Clone, Copy)]
struct Subject<'a> {
    /// The attribute's name.
    name: &'a str,
    /// The subject of the sentence: the attribute, or an element of it.
    text: &'a str,
    /// Whether the value may be quoted.
    quoted: bool,
    reference: Option<Reference>,
    phase: Phase,
}

impl Subject<'_> {
    /// True when the value is to be checked in this phase.
    fn is_due(&self, check: &Check, value: &Value) -> bool {
        // Choices and reserved words are written out.
        let mocked = !matches!(check, Check::OneOf(_) | Check::Reserved(_)) && may_be_mocked(value);
        match (self.reference.filter(|_| mocked), self.phase) {
            (None, phase) => phase == Phase::Validate,
            (Some(Reference::Own), phase) => phase == Phase::Plan,
            (Some(Reference::Foreign), _) => false,
        }
    }
}

fn run_check(check: &Check, subject: Subject<'_>, value: &Value, at: &Path, diags: &mut Diagnostics) {
    if let Check::Each(inner) = check {
        let text = format!("each element of `{}`", subject.name);
        let subject = Subject { text: &text, ..subject };
        let mut run = |item: &Value, at: &Path| run_check(inner, subject, item, at, diags);
        match value {
            Value::List(items) => items.iter().enumerate().for_each(|(i, item)| run(item, &at.index(i))),
            Value::Set(items) => items.iter().for_each(|item| run(item, at)),
            Value::Map(entries) => entries.iter().for_each(|(key, item)| run(item, &at.key(key))),
            _ => {}
        }
    } else if subject.is_due(check, value)
        && let Some(problem) = check.problem(value, subject.quoted)
    {
        diags.error_at(at.clone(), format!("Invalid {}", subject.name), sentence(subject.text, &problem));
    }
}

/// The name with those of the blocks around it, such as `timeouts.delete`. Terraform
/// cannot point inside an element of an attribute, so keys are named: `metrics["a"].period`.
pub(super) fn full_name(path: &Path) -> String {
    let mut name = String::new();
    for step in path.steps() {
        match step {
            Step::Attribute(attribute) if name.is_empty() => name.push_str(attribute),
            Step::Attribute(attribute) => name.extend([".", attribute]),
            Step::Key(key) => name.push_str(&format!("[{key:?}]")),
            Step::Index(_) => {}
        }
    }
    name
}

/// "must be …" completed to a sentence about its subject; whole sentences stay.
pub(crate) fn sentence(subject: &str, problem: &str) -> String {
    if problem.starts_with("must ") {
        format!("{subject} {}.", problem.trim_end_matches('.'))
    } else {
        problem.to_owned()
    }
}

/// No argument of ours means anything with a null inside a list or set; AWS would
/// be sent an empty string.
fn reject_null_elements(value: &Value, name: &str, at: &Path, diags: &mut Diagnostics) {
    if let Some(items) = value.as_elements()
        && items.iter().any(Value::is_null)
    {
        diags.error_at(
            at.clone(),
            format!("Null value in {name}"),
            format!("`{name}` must not contain null elements. Remove them, for example with `compact()`."),
        );
    }
}
