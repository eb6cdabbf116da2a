//! Schemas as data: what an object may hold, what each attribute means, and the
//! rules by which it is checked and planned.
//!
//! Descriptions are written once, here, in Markdown for the reader of the docs.

mod attribute;
mod block;
pub mod common;
mod declare;
mod documentation;
mod equivalence;
mod located;
mod reference;
pub mod region;
mod secrets;
mod validate;

pub use attribute::{Attribute, Mode, Nested, Nesting, Recompute, Replace};
pub use block::{Block, BlockNesting, NestedBlock};
pub use declare::{
    BlockRule, Member, Object, Rule, Typed, block, computed, description, optional, optional_computed,
    required,
};
pub use equivalence::Equivalence;
pub use reference::Reference;
pub(crate) use reference::may_be_mocked;
pub use region::{RegionRule, check_regions};
pub use secrets::remember_texts;
pub(crate) use validate::sentence;
pub use validate::{Check, pattern, validate, validate_at_plan};

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
    wire_type: OnceLock<Type>,
}

impl Schema {
    /// A schema of version 0.
    pub fn new(block: Block) -> Self {
        Self { version: 0, block, ty: OnceLock::new(), wire_type: OnceLock::new() }
    }

    /// The schema of a managed resource: null and empty are one for every optional argument, see
    /// [`Attribute::settled`].
    pub fn of_resource(block: Block) -> Self {
        Self::new(block.with_absent_defaults())
    }

    /// The type of the whole object.
    pub fn ty(&self) -> &Type {
        self.ty.get_or_init(|| self.block.ty())
    }

    /// The type of the whole object as Terraform sends it; see [`Block::listed`].
    pub fn wire_type(&self) -> &Type {
        self.wire_type.get_or_init(|| self.block.wire_type())
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
