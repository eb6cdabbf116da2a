//! Schemas as data: what an object may hold, what each attribute means, and the
//! rules by which it is checked and planned.
//!
//! Descriptions are written once, here, in Markdown for the reader of the docs.

mod attribute;
mod block;
pub mod common;
mod equivalence;
mod validate;

pub use attribute::{Attribute, Mode, Nested, Nesting, Recompute, Replace};
pub use block::{Block, BlockNesting, NestedBlock};
pub use equivalence::Equivalence;
pub use validate::{Check, pattern, validate};

use std::sync::OnceLock;

use crate::value::{Map, Type, Value};

/// The schema of one resource, data source or provider configuration.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Version of the state's form; a change of form raises it and adds an upgrade.
    pub version: i64,
    /// What the object holds.
    pub block: Block,
    /// The type of the block: every call needs it.
    ty: OnceLock<Type>,
}

impl Schema {
    /// A schema of version 0.
    pub fn new(block: Block) -> Self {
        Self { version: 0, block, ty: OnceLock::new() }
    }

    /// The type of the whole object.
    pub fn ty(&self) -> &Type {
        self.ty.get_or_init(|| self.block.ty())
    }

    /// The object with every attribute null and every block absent.
    pub fn empty_object(&self) -> Map {
        self.block.empty_object()
    }

    /// `value` with exactly the attributes and blocks of the schema: missing ones
    /// null or empty, others dropped.
    pub fn conform(&self, value: Value) -> Value {
        self.block.conform(value)
    }
}
