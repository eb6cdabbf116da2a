//! Blocks.

use super::Attribute;
use crate::diag::Diagnostics;
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
    /// Fewest allowed.
    pub min_items: u32,
    /// Most allowed; 0 for no limit.
    pub max_items: u32,
}

impl NestedBlock {
    /// A block of any number.
    pub fn new(name: &'static str, nesting: BlockNesting, block: Block) -> Self {
        Self { name, nesting, block, min_items: 0, max_items: u32::from(nesting == BlockNesting::Single) }
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
    pub description: &'static str,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its nested blocks.
    pub blocks: Vec<NestedBlock>,
}

impl Block {
    /// A block with this description.
    pub fn new(description: &'static str) -> Self {
        Self { description, ..Self::default() }
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
                format!("{} needs Terraform 1.11", attribute.name),
                format!(
                    "{} is a write-only argument, which this client does not support. Use Terraform 1.11 or OpenTofu \
                     1.11, or later.",
                    attribute.name
                ),
            );
        }
        diags
    }

    /// `value` with exactly the attributes and blocks of this block, also inside
    /// nested blocks.
    pub fn conform(&self, value: Value) -> Value {
        let Value::Map(mut entries) = value else {
            return value;
        };
        let mut object = self.empty_object();
        for attribute in &self.attributes {
            if let Some(value) = entries.remove(attribute.name) {
                object.insert(attribute.name.to_owned(), value);
            }
        }
        for nested in &self.blocks {
            let value = match entries.remove(nested.name) {
                None | Some(Value::Null) => continue,
                Some(Value::List(items)) => {
                    Value::List(items.into_iter().map(|item| nested.block.conform(item)).collect())
                }
                Some(Value::Set(items)) => {
                    Value::set(items.into_iter().map(|item| nested.block.conform(item)))
                }
                Some(single) => nested.block.conform(single),
            };
            object.insert(nested.name.to_owned(), value);
        }
        Value::Map(object)
    }
}
