//! A module: what the files of one folder declare.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Attribute, Block};

use super::address::{Address, Configuration, Kind, ProviderReference};
use super::source::{Source, label};
use super::tree::Tree;

/// Name of the other provider in a module, unless the module says otherwise.
pub(crate) const AWS: &str = "aws";

/// Name of this provider in a module.
pub(crate) const ELASTICACHE: &str = "elasticache";

/// A block of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declared<'a> {
    /// The file.
    pub source: &'a Source,
    /// The block.
    pub block: &'a Block,
}

/// An entry of `required_providers`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requirement<'a> {
    /// The file.
    pub source: &'a Source,
    /// The entry, by the name that the provider has in the module.
    pub entry: &'a Attribute,
}

/// Where a call takes its module from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A folder of the tree.
    Local(PathBuf),
    /// A folder outside of it, or one that does not exist.
    Outside(String),
    /// A registry, a repository, or an archive.
    Remote(String),
    /// Not a text.
    Unknown,
}

/// The call of a module.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its block.
    pub declared: Declared<'a>,
    /// What it calls.
    pub target: Target,
    /// The entries of its `providers`, where it has that argument.
    pub providers: Option<Vec<Passed<'a>>>,
}

/// A provider configuration that a call passes on.
#[derive(Debug)]
pub(crate) struct Passed<'a> {
    /// The configuration as the called module names it.
    pub inner: ProviderReference,
    /// The configuration as the calling module names it.
    pub outer: ProviderReference,
    /// Its key.
    pub key: &'a ObjectKey,
    /// Its value.
    pub value: &'a Expression,
}

/// What the files of one folder declare.
#[derive(Debug)]
pub(crate) struct Module<'a> {
    /// The folder.
    pub folder: PathBuf,
    /// Its files.
    pub sources: Vec<&'a Source>,
    /// Resources and data sources. An override file, or a second file for OpenTofu, declares one again.
    pub objects: BTreeMap<Address, Vec<Declared<'a>>>,
    /// `provider` blocks.
    pub providers: Vec<Declared<'a>>,
    /// `terraform` blocks.
    pub settings: Vec<Declared<'a>>,
    /// `required_providers` entries.
    pub requirements: Vec<Requirement<'a>>,
    /// Calls of modules.
    pub calls: Vec<Call<'a>>,
}

impl<'a> Module<'a> {
    /// Looks through the files of a folder.
    pub(crate) fn of(folder: &Path, sources: Vec<&'a Source>, tree: &Tree) -> Self {
        let mut module = Self {
            folder: folder.to_owned(),
            sources: sources.clone(),
            objects: BTreeMap::new(),
            providers: Vec::new(),
            settings: Vec::new(),
            requirements: Vec::new(),
            calls: Vec::new(),
        };
        for source in sources {
            for block in source.body.blocks() {
                module.add(Declared { source, block }, tree);
            }
        }
        module
    }

    fn add(&mut self, declared: Declared<'a>, tree: &Tree) {
        let Declared { source, block } = declared;
        match block.ident.as_str() {
            "resource" => self.add_object(Kind::Managed, declared),
            "data" => self.add_object(Kind::Data, declared),
            "check" => {
                for block in block.body.get_blocks("data") {
                    self.add_object(Kind::Data, Declared { source, block });
                }
            }
            "provider" => self.providers.push(declared),
            "module" => self.calls.push(Call::of(declared, &self.folder, tree)),
            "terraform" => {
                self.settings.push(declared);
                let entries =
                    block.body.get_blocks("required_providers").flat_map(|block| block.body.attributes());
                self.requirements.extend(entries.map(|entry| Requirement { source, entry }));
            }
            _ => {}
        }
    }

    fn add_object(&mut self, kind: Kind, declared: Declared<'a>) {
        let (type_name, name) = (label(declared.block, 0).to_owned(), label(declared.block, 1).to_owned());
        self.objects.entry(Address { kind, type_name, name }).or_default().push(declared);
    }

    /// The requirement of the provider with this name.
    pub(crate) fn requirement(&self, local: &str) -> Option<&Requirement<'a>> {
        self.requirements.iter().find(|requirement| requirement.entry.key.as_str() == local)
    }

    /// True when the module has a `provider` block of this name and alias.
    pub(crate) fn configures(&self, local: &str, configuration: &Configuration) -> bool {
        self.providers.iter().any(|it| label(it.block, 0) == local && alias(it.block) == *configuration)
    }
}

impl Requirement<'_> {
    /// The source address that the entry gives. The short form has none.
    pub(crate) fn source_address(&self) -> Option<&str> {
        self.member("source").and_then(Expression::as_str)
    }

    /// The aliases that the module expects from its caller.
    pub(crate) fn aliases(&self) -> Vec<String> {
        let aliases = self.member("configuration_aliases").and_then(Expression::as_array);
        let references = aliases.into_iter().flatten().filter_map(ProviderReference::of);
        references.filter_map(|reference| reference.configuration).collect()
    }

    fn member(&self, name: &str) -> Option<&Expression> {
        let mut members = self.entry.value.as_object()?.iter();
        members.find(|(key, _)| key_text(key) == Some(name)).map(|(_, value)| value.expr())
    }
}

/// The text of a key that is a word, in quotes or not.
pub(crate) fn key_text(key: &ObjectKey) -> Option<&str> {
    match key {
        ObjectKey::Ident(ident) => Some(ident.as_str()),
        ObjectKey::Expression(expression) => expression.as_str(),
    }
}

/// The alias of a `provider` block.
pub(crate) fn alias(block: &Block) -> Configuration {
    block.body.get_attribute("alias").and_then(|alias| alias.value.as_str()).map(str::to_owned)
}

impl<'a> Call<'a> {
    fn of(declared: Declared<'a>, folder: &Path, tree: &Tree) -> Self {
        let body = &declared.block.body;
        let target = match body.get_attribute("source").and_then(|source| source.value.as_str()) {
            None => Target::Unknown,
            Some(source) if source.starts_with("./") || source.starts_with("../") => {
                tree.resolve(folder, source).map_or(Target::Outside(source.to_owned()), Target::Local)
            }
            Some(source) => Target::Remote(source.to_owned()),
        };
        let map = body.get_attribute("providers").and_then(|map| map.value.as_object());
        let passed = |(key, value): (&'a ObjectKey, &'a hcl_edit::expr::ObjectValue)| {
            let value = value.expr();
            let (inner, outer) = (ProviderReference::of_key(key)?, ProviderReference::of(value)?);
            Some(Passed { inner, outer, key, value })
        };
        let providers = map.map(|map| map.iter().filter_map(passed).collect());
        Self { name: label(declared.block, 0), declared, target, providers }
    }
}
