//! Blocks.

use std::borrow::Cow;

use super::Attribute;
use crate::diag::{Diagnostic, Diagnostics};
use crate::value::{Map, Path, Type, Value};

/// How often a nested block may stand, and what it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockNesting {
    /// At most one: an object or null.
    Single,
    /// Any number in order: a list.
    List,
    /// Any number: a set.
    Set,
}

/// A block inside a block.
#[derive(Debug, Clone)]
pub struct NestedBlock {
    /// Its type name.
    pub name: &'static str,
    /// What it becomes.
    pub nesting: BlockNesting,
    /// What it holds.
    pub block: Block,
    /// Most allowed; 0 for no limit.
    pub max_items: u32,
    /// See [`Attribute::not_readable`].
    pub not_readable: Option<&'static str>,
}

impl NestedBlock {
    /// A block of any number.
    pub fn new(name: &'static str, nesting: BlockNesting, block: Block) -> Self {
        let max_items = u32::from(nesting == BlockNesting::Single);
        Self { name, nesting, block, max_items, not_readable: None }
    }

    /// At most so many.
    #[must_use]
    pub fn max(mut self, max_items: u32) -> Self {
        self.max_items = max_items;
        self
    }

    /// The type of the value the blocks become.
    pub fn ty(&self) -> Type {
        let object = self.block.ty();
        match self.nesting {
            BlockNesting::Single => object,
            BlockNesting::List => Type::list(object),
            BlockNesting::Set => Type::set(object),
        }
    }

    /// The value when there is none: null for single, otherwise empty.
    pub fn absent(&self) -> Value {
        match self.nesting {
            BlockNesting::Single => Value::Null,
            BlockNesting::List => Value::List(Vec::new()),
            BlockNesting::Set => Value::Set(Vec::new()),
        }
    }
}

/// Attributes and nested blocks of an object.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// What the object is; Markdown.
    pub description: Cow<'static, str>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its nested blocks.
    pub blocks: Vec<NestedBlock>,
}

impl Block {
    /// A block with this description.
    pub fn new(description: impl Into<Cow<'static, str>>) -> Self {
        Self { description: description.into(), ..Self::default() }
    }

    /// Adds attributes.
    #[must_use]
    pub fn attributes(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        self.attributes.extend(attributes);
        self
    }

    /// Adds a nested block.
    #[must_use]
    pub fn block(mut self, block: NestedBlock) -> Self {
        self.blocks.push(block);
        self
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The nested block of that name.
    pub fn nested_block(&self, name: &str) -> Option<&NestedBlock> {
        self.blocks.iter().find(|block| block.name == name)
    }

    /// The type of the object.
    pub fn ty(&self) -> Type {
        Type::object(
            self.attributes
                .iter()
                .map(|attribute| (attribute.name, attribute.ty()))
                .chain(self.blocks.iter().map(|block| (block.name, block.ty()))),
        )
    }

    /// The type of the object for Terraform; nested blocks have no attributes that accept one
    /// in place of many.
    pub(super) fn wire_type(&self) -> Type {
        Type::object(
            self.attributes
                .iter()
                .map(|attribute| (attribute.name, attribute.wire_type()))
                .chain(self.blocks.iter().map(|block| (block.name, block.ty()))),
        )
    }

    /// The object with a list wherever one element was given in place of it.
    ///
    /// # Errors
    /// A value that is neither, at its path.
    pub fn listed(&self, object: Value) -> Result<Value, Diagnostic> {
        let Value::Map(mut entries) = object else { return Ok(object) };
        for attribute in self.attributes.iter().filter(|attribute| attribute.one_or_many) {
            let Some(Value::Typed(_, given)) = entries.get(attribute.name) else { continue };
            let is_text = |item: &Value| matches!(item, Value::String(_) | Value::Unknown | Value::Null);
            let list = match &**given {
                Value::Null | Value::Unknown => (**given).clone(),
                Value::String(_) => Value::List(vec![(**given).clone()]),
                Value::List(items) | Value::Set(items) if items.iter().all(is_text) => {
                    Value::List(items.clone())
                }
                _ => {
                    let name = attribute.name;
                    let detail =
                        format!("{name} must be a list of texts, as in {name} = [var.value], or one text.");
                    return Err(
                        Diagnostic::error(format!("Invalid {name}"), detail).at(Path::attribute(name))
                    );
                }
            };
            entries.insert(attribute.name.to_owned(), list);
        }
        Ok(Value::Map(entries))
    }

    /// The object with every attribute null and every block absent.
    pub fn empty_object(&self) -> Map {
        self.attributes
            .iter()
            .map(|attribute| (attribute.name.to_owned(), Value::Null))
            .chain(self.blocks.iter().map(|block| (block.name.to_owned(), block.absent())))
            .collect()
    }

    /// An error for each write-only attribute that is given: for clients too old to
    /// keep it out of the state.
    pub fn reject_write_only(&self, config: &Value) -> Diagnostics {
        let mut diags = Diagnostics::new();
        let given = |a: &&Attribute| a.write_only && !config.get(a.name).is_null();
        for attribute in self.attributes.iter().filter(given) {
            diags.error_at(
                Path::attribute(attribute.name),
                format!("{} needs Terraform or OpenTofu 1.11", attribute.name),
                format!(
                    "{} is a write-only argument, which this client does not support. Use Terraform 1.11 or later, or \
                     OpenTofu 1.11 or later.",
                    attribute.name
                ),
            );
        }
        diags
    }

    /// See [`Attribute::settled`]. A single block, such as `timeouts`, is given as a whole, and no
    /// import finds one.
    #[must_use]
    pub(super) fn with_absent_defaults(mut self) -> Self {
        self.attributes = self.attributes.into_iter().map(Attribute::with_absent_default).collect();
        for nested in self.blocks.iter_mut().filter(|nested| nested.nesting != BlockNesting::Single) {
            nested.block = std::mem::take(&mut nested.block).with_absent_defaults();
        }
        self
    }

    /// The object with every argument as [`Attribute::imported`] has it.
    #[must_use]
    pub fn imported(&self, object: Value) -> Value {
        let Value::Map(mut entries) = object else { return object };
        for attribute in &self.attributes {
            if let Some(value) = entries.get_mut(attribute.name) {
                *value = attribute.imported(std::mem::take(value));
            }
        }
        for nested in self.blocks.iter().filter(|nested| nested.nesting == BlockNesting::List) {
            if let Some(Value::List(items)) = entries.get_mut(nested.name) {
                let all = std::mem::take(items).into_iter();
                *items = all.map(|item| nested.block.imported(item)).collect();
            }
        }
        Value::Map(entries)
    }

    /// The object with every argument as [`Attribute::settled`] has it.
    #[must_use]
    pub fn settled(&self, object: Value) -> Value {
        let Value::Map(mut entries) = object else { return object };
        for attribute in &self.attributes {
            if let Some(value) = entries.get_mut(attribute.name) {
                *value = attribute.settled(std::mem::take(value));
            }
        }
        for nested in self.blocks.iter().filter(|nested| nested.nesting != BlockNesting::Single) {
            let Some(value) = entries.get_mut(nested.name) else { continue };
            *value = match std::mem::take(value) {
                Value::List(items) => {
                    Value::List(items.into_iter().map(|item| nested.block.settled(item)).collect())
                }
                Value::Set(items) => Value::set(items.into_iter().map(|item| nested.block.settled(item))),
                other => other,
            };
        }
        Value::Map(entries)
    }

    /// The object as a resource reads it: with the default of every argument that is empty and
    /// thereby left to its default.
    pub fn meaning<'a>(&self, object: &'a Value) -> Cow<'a, Value> {
        let Value::Map(entries) = object else { return Cow::Borrowed(object) };
        let mut meant = Cow::Borrowed(object);
        for attribute in &self.attributes {
            let Some(value) = entries.get(attribute.name).filter(|value| value.is_empty()) else { continue };
            let meaning = attribute.meaning(value);
            if !value.is_null()
                && meaning != value
                && let Value::Map(entries) = meant.to_mut()
            {
                entries.insert(attribute.name.to_owned(), meaning.clone());
            }
        }
        meant
    }

    /// `value` with exactly the attributes and blocks of this block, also inside
    /// nested blocks.
    pub fn conform(&self, value: Value) -> Value {
        let Value::Map(mut entries) = value else {
            return value;
        };
        // What was decoded by the type of this block is complete, and most states are.
        if !self.is_complete(&entries) {
            let mut object = self.empty_object();
            for (name, value) in &mut object {
                *value = entries.remove(name).unwrap_or_default();
            }
            entries = object;
        }
        for nested in &self.blocks {
            let Some(value) = entries.get_mut(nested.name) else { continue };
            *value = match std::mem::take(value) {
                Value::Null => nested.absent(),
                Value::List(items) => {
                    Value::List(items.into_iter().map(|item| nested.block.conform(item)).collect())
                }
                Value::Set(items) => Value::set(items.into_iter().map(|item| nested.block.conform(item))),
                single => nested.block.conform(single),
            };
        }
        Value::Map(entries)
    }

    /// True if the object has every attribute and block, and nothing else.
    fn is_complete(&self, object: &Map) -> bool {
        let names = self.attributes.iter().map(|attribute| attribute.name);
        let mut names = names.chain(self.blocks.iter().map(|nested| nested.name));
        object.len() == self.attributes.len() + self.blocks.len()
            && names.all(|name| object.contains_key(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_a_list_of_one() {
        let passwords = Attribute::optional("passwords", Type::list(Type::String), "").accepts_one();
        let block = Block::new("").attributes([passwords.write_only()]);
        assert_eq!(block.wire_type(), Type::object([("passwords", Type::Dynamic)]));
        assert_eq!(block.ty(), Type::object([("passwords", Type::list(Type::String))]));
        let given =
            |ty: Type, value: Value| Value::map([("passwords", Value::Typed(Box::new(ty), Box::new(value)))]);
        let many = || Value::List(vec!["a".into(), Value::Unknown]);
        let tuple = Type::Tuple(vec![Type::String, Type::String]);
        for (given, list) in [
            (given(Type::String, "a".into()), Value::List(vec!["a".into()])),
            (given(Type::list(Type::String), many()), many()),
            (given(tuple, many()), many()),
            (given(Type::set(Type::String), Value::set(["a".into()])), Value::List(vec!["a".into()])),
            (given(Type::String, Value::Unknown), Value::Unknown),
            (Value::map([("passwords", Value::Null)]), Value::Null),
            (Value::map([("passwords", Value::Unknown)]), Value::Unknown),
        ] {
            assert_eq!(block.listed(given).unwrap().get("passwords"), &list);
        }
        for wrong in
            [given(Type::Bool, true.into()), given(Type::list(Type::Number), Value::List(vec![1.into()]))]
        {
            let error = block.listed(wrong).unwrap_err();
            assert!(error.detail.contains("as in passwords = [var.value], or one text"), "{error:?}");
        }
    }
}
