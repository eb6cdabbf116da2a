//! Objects and provider configurations as expressions name them.

use std::ops::Range;

use hcl_edit::expr::{Expression, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::{Decorated, Ident};

use super::source::span;

/// How a module has an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// As a resource.
    Managed,
    /// As a data source.
    Data,
}

/// The address of an object within its module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    /// Whether it is a resource or a data source.
    pub kind: Kind,
    /// Its type.
    pub type_name: String,
    /// Its name.
    pub name: String,
}

impl Address {
    /// The address as an expression writes it.
    pub(crate) fn text(&self) -> String {
        let prefix = if self.kind == Kind::Data { "data." } else { "" };
        format!("{prefix}{}.{}", self.type_name, self.name)
    }
}

/// A place in an expression that names an object.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    /// The calls of modules before it, as in `module.cache.aws_x.y`.
    pub calls: Vec<&'a str>,
    /// The object, in the module that the calls lead to.
    pub address: Address,
    /// Where its type is.
    pub type_span: Range<usize>,
    /// What follows its name.
    pub rest: &'a [Decorated<TraversalOperator>],
}

impl<'a> Reference<'a> {
    /// An object of the same module.
    pub(crate) fn local(traversal: &'a Traversal) -> Option<Self> {
        Self::of(traversal).filter(|reference| reference.calls.is_empty())
    }

    /// An object of the same module, or of one that it calls. An output of a module looks the same.
    pub(crate) fn of(traversal: &'a Traversal) -> Option<Self> {
        let Expression::Variable(root) = &traversal.expr else { return None };
        let mut word = root;
        let mut rest = traversal.operators.as_slice();
        let mut calls = Vec::new();
        while word.as_str() == "module" {
            calls.push(name(&mut rest)?.as_str());
            while matches!(rest.first()?.value(), TraversalOperator::Index(_)) {
                rest = &rest[1..];
            }
            word = name(&mut rest)?;
        }
        let kind = if word.as_str() == "data" { Kind::Data } else { Kind::Managed };
        if kind == Kind::Data {
            word = name(&mut rest)?;
        }
        let object = name(&mut rest)?;
        let address = Address { kind, type_name: word.as_str().to_owned(), name: object.as_str().to_owned() };
        Some(Self { calls, address, type_span: span(word), rest })
    }
}

/// Takes `.name` from the beginning of operators.
fn name<'a>(rest: &mut &'a [Decorated<TraversalOperator>]) -> Option<&'a Decorated<Ident>> {
    let (first, after) = rest.split_first()?;
    let TraversalOperator::GetAttr(ident) = first.value() else { return None };
    *rest = after;
    Some(ident)
}

/// Which configuration of a provider: the default one, or one with an alias.
pub(crate) type Configuration = Option<String>;

/// A provider configuration as `provider` arguments and `providers` maps name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProviderReference {
    /// Name of the provider in its module.
    pub local: String,
    /// Which of its configurations.
    pub configuration: Configuration,
    /// Where the name of the provider is.
    pub span: Range<usize>,
}

impl ProviderReference {
    /// Reads `aws`, `aws.alias`, and the form in quotes that old configurations have.
    pub(crate) fn of(expression: &Expression) -> Option<Self> {
        match expression {
            Expression::Variable(ident) => Some(Self::default_of(ident)),
            Expression::String(text) => {
                let (local, alias) = match text.split_once('.') {
                    Some((local, alias)) => (local, Some(alias.to_owned())),
                    None => (text.as_str(), None),
                };
                let start = span(text).start + 1;
                let span = start..start + local.len();
                Some(Self { local: local.to_owned(), configuration: alias, span })
            }
            Expression::Traversal(traversal) => {
                let Expression::Variable(ident) = &traversal.expr else { return None };
                let alias = name(&mut traversal.operators.as_slice())?;
                let configuration = Some(alias.as_str().to_owned());
                Some(Self { configuration, ..Self::default_of(ident) })
            }
            _ => None,
        }
    }

    /// The same as the key of a `providers` map.
    pub(crate) fn of_key(key: &ObjectKey) -> Option<Self> {
        match key {
            ObjectKey::Ident(ident) => Some(Self::default_of(ident)),
            ObjectKey::Expression(expression) => Self::of(expression),
        }
    }

    fn default_of(ident: &Decorated<Ident>) -> Self {
        Self { local: ident.as_str().to_owned(), configuration: None, span: span(ident) }
    }
}
