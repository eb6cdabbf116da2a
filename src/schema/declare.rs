//! `object!`: one declaration is the schema, the typed model and the documentation of an object.
//!
//! Left of `=` stands an ordinary field of a struct, right of it an ordinary expression that makes a
//! [`Rule`]. The Terraform type follows from the Rust type ([`Typed`]); the doc comment is the
//! description. A field whose type is another object, without [`Field`], is a group: its members
//! are members of the object around it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::{Attribute, Block, BlockNesting, Mode, Nested, NestedBlock, Nesting, Schema};
use crate::secret::Secret;
use crate::value::{ConvertError, Field, FromValue, IntoValue, Map, Number, Path, SetOf, Type, Value};

/// What a declaration says of a member besides its type and its description.
#[derive(Debug, Clone)]
pub enum Rule {
    /// The member is an attribute.
    Attribute(Box<Attribute>),
    /// The member is a nested block.
    Block(BlockRule),
}

/// The rule of a nested block.
#[derive(Debug, Clone, Copy, Default)]
pub struct BlockRule {
    max_items: u32,
    not_readable: Option<&'static str>,
}

impl BlockRule {
    /// At most this many blocks.
    #[must_use]
    pub fn max(mut self, max_items: u32) -> Self {
        self.max_items = max_items;
        self
    }

    /// Marks a block that a read does not find; see [`Attribute::not_readable`].
    #[must_use]
    pub fn not_readable(mut self, reason: &'static str) -> Self {
        self.not_readable = Some(reason);
        self
    }
}

impl From<Attribute> for Rule {
    fn from(attribute: Attribute) -> Self {
        Rule::Attribute(Box::new(attribute))
    }
}

impl From<BlockRule> for Rule {
    fn from(block: BlockRule) -> Self {
        Rule::Block(block)
    }
}

/// An attribute that the configuration must set.
pub fn required() -> Attribute {
    Attribute::undeclared(Mode::Required)
}

/// An attribute that the configuration may set.
pub fn optional() -> Attribute {
    Attribute::undeclared(Mode::Optional)
}

/// An attribute that the configuration may set and the provider sets otherwise.
pub fn optional_computed() -> Attribute {
    Attribute::undeclared(Mode::OptionalComputed)
}

/// An attribute that the provider sets.
pub fn computed() -> Attribute {
    Attribute::undeclared(Mode::Computed)
}

/// A nested block: any number of them for a `Vec` or a [`SetOf`], at most one for a bare object.
pub fn block() -> BlockRule {
    BlockRule::default()
}

/// The Terraform type of a Rust type.
pub trait Typed {
    /// The type of the value.
    fn ty() -> Type;

    /// How objects are grouped in the value, and what each of them holds; `None` for other values.
    fn nested() -> Option<(Nesting, Block)> {
        None
    }
}

macro_rules! typed {
    ($($rust:ty => $terraform:expr),* $(,)?) => {
        $(impl Typed for $rust {
            fn ty() -> Type {
                $terraform
            }
        })*
    };
}

typed!(
    String => Type::String,
    Secret => Type::String,
    bool => Type::Bool,
    i32 => Type::Number,
    i64 => Type::Number,
    f64 => Type::Number,
    Number => Type::Number,
);

impl<T: Typed> Typed for Field<T> {
    fn ty() -> Type {
        T::ty()
    }

    fn nested() -> Option<(Nesting, Block)> {
        T::nested()
    }
}

macro_rules! collection {
    ($rust:ty, $nesting:ident, $type:ident) => {
        impl<T: Typed> Typed for $rust {
            fn ty() -> Type {
                Type::$type(T::ty())
            }

            fn nested() -> Option<(Nesting, Block)> {
                T::nested().map(|(_, block)| (Nesting::$nesting, block))
            }
        }
    };
}

collection!(Vec<T>, List, list);
collection!(BTreeSet<T>, Set, set);
collection!(SetOf<T>, Set, set);
collection!(BTreeMap<String, T>, Map, map);

/// A struct that [`object!`](crate::object) declares: the checked form of an object.
pub trait Object: FromValue + IntoValue + Default + Clone + Send + Sync + 'static {
    /// Attributes and blocks, in the order of the declaration.
    fn block() -> Block;

    /// Where [`Object::schema`] keeps the schema.
    fn cell() -> &'static OnceLock<Schema>;

    /// The schema of an object that is read or configured, built once.
    fn schema() -> &'static Schema {
        Self::cell().get_or_init(|| Schema::new(Self::block()))
    }

    /// The schema of a managed resource, built once; see [`Schema::of_resource`].
    fn resource_schema() -> &'static Schema {
        Self::cell().get_or_init(|| Schema::of_resource(Self::block()))
    }
}

/// A field of an object: one attribute, one nested block, or a group of them.
pub trait Member: Sized {
    /// Adds the member to the block of its object.
    fn declare(block: &mut Block, name: &'static str, doc: &'static str, rule: Option<Rule>);

    /// Reads the member of an object that sits at `path`.
    ///
    /// # Errors
    /// A value that does not fit, at its path.
    fn read(object: &Value, name: &'static str, path: &Path) -> Result<Self, ConvertError>;

    /// Sets the member to what [`Member::read`] returns. An expression that reads all members of an object would be
    /// compiled with code for each of them that drops those before it.
    ///
    /// # Errors
    /// As [`Member::read`].
    fn set(&mut self, object: &Value, name: &'static str, path: &Path) -> Result<(), ConvertError> {
        *self = Self::read(object, name, path)?;
        Ok(())
    }

    /// Writes the member into its object.
    fn write(self, name: &'static str, object: &mut Map);
}

impl<T: Typed + FromValue + IntoValue> Member for Field<T> {
    fn declare(block: &mut Block, name: &'static str, doc: &'static str, rule: Option<Rule>) {
        let about = description(doc);
        match rule {
            Some(Rule::Attribute(attribute)) => {
                let mut attribute = *attribute;
                attribute.name = name;
                if !about.is_empty() {
                    attribute.description = about;
                }
                match T::nested() {
                    Some((nesting, inner)) => {
                        attribute.nested = Some(Nested { nesting, attributes: inner.attributes });
                    }
                    None => attribute.plain_type = T::ty(),
                }
                block.attributes.push(attribute);
            }
            Some(Rule::Block(rule)) => {
                let Some((nesting, mut inner)) = T::nested() else { return };
                if !about.is_empty() {
                    inner.description = about;
                }
                let nesting = match nesting {
                    Nesting::Single => BlockNesting::Single,
                    Nesting::List | Nesting::Map => BlockNesting::List,
                    Nesting::Set => BlockNesting::Set,
                };
                let nested = NestedBlock::new(name, nesting, inner);
                let max_items = nested.max_items.max(rule.max_items);
                let nested = NestedBlock { not_readable: rule.not_readable, ..nested.max(max_items) };
                block.blocks.push(nested);
            }
            None => {}
        }
    }

    fn read(object: &Value, name: &'static str, path: &Path) -> Result<Self, ConvertError> {
        Self::from_value(object.get(name), &path.then(name))
    }

    fn write(self, name: &'static str, object: &mut Map) {
        object.insert(name.to_owned(), self.into_value());
    }
}

/// The text of a doc comment: its lines joined by spaces, its paragraphs by empty lines.
pub fn description(doc: &'static str) -> Cow<'static, str> {
    if !doc.trim_end().contains('\n') {
        return Cow::Borrowed(doc.trim());
    }
    let mut text = String::with_capacity(doc.len());
    for line in doc.trim().lines().map(str::trim) {
        if line.is_empty() {
            text.push_str("\n\n");
        } else {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    Cow::Owned(text)
}

/// Declares an object: struct, conversions, schema and documentation at once. See
/// [`the module`](crate::schema) for the rules and `CONTRIBUTING.md` for an example.
#[macro_export]
macro_rules! object {
    (@rule) => { None };
    (@rule $rule:expr) => { Some($crate::schema::Rule::from($rule)) };
    (
        $(#[doc = $about:literal])* $vis:vis struct $name:ident {
            $($(#[doc = $doc:literal])* $field:ident : $ty:ty $(= $rule:expr)?),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq, Default)]
        #[allow(unreachable_pub, reason = "an object of one file has the same form")]
        $vis struct $name {
            $(
                $(#[doc = $doc])*
                #[allow(missing_docs, reason = "members with a shared rule have the description of the rule")]
                pub $field: $ty
            ),*
        }

        impl $crate::value::FromValue for $name {
            fn from_value(
                value: &$crate::value::Value,
                path: &$crate::value::Path,
            ) -> Result<Self, $crate::value::ConvertError> {
                if value.as_map().is_none() {
                    return Err($crate::value::ConvertError::new(path, "an object is required"));
                }
                let mut object = Self::default();
                $($crate::schema::Member::set(
                    &mut object.$field,
                    value,
                    const { $crate::value::field_name(stringify!($field)) },
                    path,
                )?;)*
                Ok(object)
            }
        }

        impl $crate::value::IntoValue for $name {
            fn into_value(self) -> $crate::value::Value {
                let mut object = $crate::value::Map::new();
                $crate::schema::Member::write(self, "", &mut object);
                $crate::value::Value::Map(object)
            }
        }

        /// As a group of the members of another object.
        impl $crate::schema::Member for $name {
            fn declare(
                block: &mut $crate::schema::Block,
                _name: &'static str,
                _doc: &'static str,
                _rule: Option<$crate::schema::Rule>,
            ) {
                $(<$ty as $crate::schema::Member>::declare(
                    block,
                    const { $crate::value::field_name(stringify!($field)) },
                    concat!($($doc, "\n"),*),
                    $crate::object!(@rule $($rule)?),
                );)*
            }

            fn read(
                object: &$crate::value::Value,
                _name: &'static str,
                path: &$crate::value::Path,
            ) -> Result<Self, $crate::value::ConvertError> {
                $crate::value::FromValue::from_value(object, path)
            }

            fn write(self, _name: &'static str, object: &mut $crate::value::Map) {
                $($crate::schema::Member::write(
                    self.$field,
                    const { $crate::value::field_name(stringify!($field)) },
                    object,
                );)*
            }
        }

        impl $crate::schema::Typed for $name {
            fn ty() -> $crate::value::Type {
                <Self as $crate::schema::Object>::block().ty()
            }

            fn nested() -> Option<($crate::schema::Nesting, $crate::schema::Block)> {
                Some(($crate::schema::Nesting::Single, <Self as $crate::schema::Object>::block()))
            }
        }

        impl $crate::schema::Object for $name {
            fn block() -> $crate::schema::Block {
                let about = $crate::schema::description(concat!($($about, "\n"),*));
                let mut block = $crate::schema::Block::new(about);
                <Self as $crate::schema::Member>::declare(&mut block, "", "", None);
                block
            }

            fn cell() -> &'static std::sync::OnceLock<$crate::schema::Schema> {
                static CELL: std::sync::OnceLock<$crate::schema::Schema> = std::sync::OnceLock::new();
                &CELL
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Check;

    object! {
        /// An inner object.
        struct Inner {
            /// Its name.
            name: Field<String> = required(),
            /// Its value.
            value: Field<String> = optional(),
        }
    }
    object! {
        /// Members of the object around it.
        struct Group {
            /// A type.
            r#type: Field<String> = optional().default("a"),
        }
    }
    object! {
        /// An outer object, described
        /// in two lines.
        ///
        /// And in a second paragraph.
        struct Outer {
            /// ID.
            id: Field<String> = computed(),
            /// Count.
            count: Field<i64> = optional_computed().check(Check::AtLeast(1)),
            /// IDs.
            ids: Field<BTreeSet<String>> = required(),
            /// Token.
            token: Field<Secret> = optional().sensitive(),
            /// Objects by name.
            by_name: Field<BTreeMap<String, Inner>> = optional(),
            group: Group,
            parameter: Field<SetOf<Inner>> = block().max(2),
            /// Another description.
            single: Field<Inner> = block(),
        }
    }

    fn outer() -> Value {
        Value::map([
            ("id", Value::from("a")),
            ("count", Value::Unknown),
            ("ids", Value::set([Value::from("y"), Value::from("x")])),
            ("token", Value::Null),
            ("by_name", Value::Null),
            ("type", Value::from("t")),
            ("parameter", Value::set([Value::map([("name", Value::from("n")), ("value", Value::Unknown)])])),
            ("single", Value::Null),
        ])
    }

    #[test]
    fn a_declaration_is_a_schema() {
        let block = Outer::block();
        assert_eq!(
            block.description,
            "An outer object, described in two lines.\n\nAnd in a second paragraph."
        );
        let names: Vec<_> = block.attributes.iter().map(|attribute| attribute.name).collect();
        assert_eq!(names, ["id", "count", "ids", "token", "by_name", "type"]);
        let attribute = |name| block.attribute(name).unwrap();
        assert_eq!(attribute("count").mode, Mode::OptionalComputed);
        assert_eq!(attribute("ids").ty(), Type::set(Type::String));
        assert_eq!(attribute("token").ty(), Type::String);
        assert_eq!(attribute("type").description, "A type.");
        assert_eq!(attribute("by_name").nested.as_ref().unwrap().nesting, Nesting::Map);
        let parameter = block.nested_block("parameter").unwrap();
        assert_eq!((parameter.nesting, parameter.max_items), (BlockNesting::Set, 2));
        assert_eq!(parameter.block.description, "An inner object.");
        let single = block.nested_block("single").unwrap();
        assert_eq!((single.nesting, single.max_items), (BlockNesting::Single, 1));
        assert_eq!(single.block.description, "Another description.");
    }

    #[test]
    fn a_model_keeps_null_unknown_and_known_apart() {
        let model = Outer::from_value(&outer(), &Path::root()).unwrap();
        assert_eq!(model.id, "a".into());
        assert!(model.count.is_unknown() && model.token.is_null());
        assert_eq!(model.parameter.known().unwrap().0[0].value, Field::Unknown);
        assert_eq!(model.group.r#type, "t".into());
        assert_eq!(model.into_value(), outer());
    }

    #[test]
    fn an_unknown_element_makes_the_collection_unknown() {
        let mut value = outer();
        if let Value::Map(entries) = &mut value {
            entries.insert("ids".into(), Value::set([Value::Unknown, Value::from("x")]));
        }
        assert_eq!(Outer::from_value(&value, &Path::root()).unwrap().ids, Field::Unknown);
    }

    #[test]
    fn errors_name_the_path() {
        let value = Value::map([("count", Value::from("x"))]);
        let error = Outer::from_value(&value, &Path::root()).unwrap_err();
        assert_eq!(error.to_string(), "count: a whole number is required");
        let value = Value::map([("parameter", Value::List(vec![Value::Null]))]);
        let error = Outer::from_value(&value, &Path::root()).unwrap_err();
        assert_eq!(error.to_string(), "parameter[0]: an object is required");
    }
}
