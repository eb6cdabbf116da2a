//! What this provider offers in the place of types of hashicorp/aws.

use std::collections::BTreeMap;

/// Types of hashicorp/aws with the types that they become, and what a provider block may hold.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// Source address of this provider, without a registry host.
    pub source: String,
    /// Version constraint to require it with.
    pub version: String,
    /// Resources by their type in hashicorp/aws. A type may become one of several.
    pub resources: BTreeMap<String, Vec<Twin>>,
    /// Data sources by their type in hashicorp/aws.
    pub data_sources: BTreeMap<String, Vec<Twin>>,
    /// Arguments and blocks of the provider block.
    pub provider: Members,
}

/// The type of this provider for an object that hashicorp/aws has as well.
#[derive(Debug, Clone, Default)]
pub(crate) struct Twin {
    /// The type.
    pub type_name: String,
    /// Its attributes and blocks.
    pub members: Members,
}

/// Attributes and blocks by name.
pub(crate) type Members = BTreeMap<String, Member>;

/// An attribute or block.
#[derive(Debug, Clone, Default)]
pub(crate) struct Member {
    /// Whether a configuration may set it.
    pub is_argument: bool,
    /// What it holds.
    pub shape: Shape,
}

/// What an attribute or block holds.
#[derive(Debug, Clone, Default)]
pub(crate) enum Shape {
    /// A value without attributes of its own.
    #[default]
    Value,
    /// One object.
    One(Members),
    /// A list or set of objects.
    Many(Members),
    /// Objects by key.
    Keyed(Members),
}

impl Shape {
    /// The attributes of its object or objects.
    pub(crate) fn members(&self) -> Option<&Members> {
        match self {
            Self::Value => None,
            Self::One(members) | Self::Many(members) | Self::Keyed(members) => Some(members),
        }
    }
}
