//! Rules of every diagnostic: its path exists in the schema, the arguments that it names exist, and it quotes no
//! secret.

use std::collections::BTreeSet;

use terraform_provider_elasticache::diag::{Diagnostic, Diagnostics};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Block, Check};
use terraform_provider_elasticache::value::{Path, Step, Type};

use super::words::SECRET;

/// Words of Terraform and of AWS between backticks that look like arguments.
const WORDS: &[&str] =
    &["id", "lifecycle", "moved", "replace_triggered_by", "null", "true", "false", "jsonencode"];

/// Where the diagnostics break a rule.
pub fn problems(block: &Block, diags: &Diagnostics) -> Vec<String> {
    let names = names(block);
    diags.iter().flat_map(|diagnostic| problems_of(block, &names, diagnostic)).collect()
}

fn problems_of(block: &Block, names: &BTreeSet<String>, diagnostic: &Diagnostic) -> Vec<String> {
    let mut found = Vec::new();
    let Diagnostic { summary, detail, path, .. } = diagnostic;
    let text = format!("{summary}: {detail}");
    if summary == "Provider defect" {
        found.push(format!("a defect: {detail}"));
    }
    if text.contains(SECRET) {
        found.push(format!("a secret is quoted: {text}"));
    }
    if let Some(path) = path
        && !exists(block, path)
    {
        found.push(format!("the path {path} does not exist: {text}"));
    }
    for word in quoted(&text) {
        if !is_reference(word)
            && word.split('.').any(|part| !names.contains(part) && !is_of_mentioned(part, &text))
        {
            found.push(format!("`{word}` does not exist: {text}"));
        }
    }
    found
}

/// An expression such as `elasticache_user.this.arn`, whose type and attribute exist; those of other providers may.
fn is_reference(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    match parts.as_slice() {
        [ty, "this" | "example", name] if ty.starts_with("elasticache_") => {
            mentioned(ty).any(|block| block.contains(*name))
        }
        [ty, _, _] => ty.starts_with("aws_"),
        _ => false,
    }
}

/// The names in the schema of a resource or data source.
fn mentioned(ty: &str) -> impl Iterator<Item = BTreeSet<String>> {
    let resources =
        REGISTRY.resources.iter().filter(move |it| it.type_name() == ty).map(|it| &it.schema().block);
    let data =
        REGISTRY.data_sources.iter().filter(move |it| it.type_name() == ty).map(|it| &it.schema().block);
    resources.chain(data).map(|block| {
        let mut names = BTreeSet::new();
        collect(block, &mut names);
        names
    })
}

/// An attribute of another type that the text names.
fn is_of_mentioned(name: &str, text: &str) -> bool {
    let types = text.split('`').filter(|word| word.starts_with("elasticache_"));
    types.flat_map(mentioned).any(|names| names.contains(name))
}

/// What stands between backticks and has the form of an argument.
fn quoted(text: &str) -> Vec<&str> {
    let parts = text.split('`').skip(1).step_by(2);
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.')
    };
    parts.filter(is_name).collect()
}

/// The names of a schema at every depth, its words, and the types of the provider.
fn names(block: &Block) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    all.extend(REGISTRY.resources.iter().map(|it| it.type_name().to_owned()));
    all.extend(REGISTRY.data_sources.iter().map(|it| it.type_name().to_owned()));
    collect(block, &mut all);
    all
}

fn collect(block: &Block, all: &mut BTreeSet<String>) {
    block.attributes.iter().for_each(|attribute| collect_attribute(attribute, all));
    for nested in &block.blocks {
        all.insert(nested.name.to_owned());
        collect(&nested.block, all);
    }
}

fn collect_attribute(attribute: &Attribute, all: &mut BTreeSet<String>) {
    all.insert(attribute.name.to_owned());
    attribute.checks.iter().for_each(|check| collect_words(check, all));
    collect_type(&attribute.ty(), all);
    let nested = attribute.nested.iter().flat_map(|nested| &nested.attributes);
    nested.for_each(|inner| collect_attribute(inner, all));
}

fn collect_words(check: &Check, all: &mut BTreeSet<String>) {
    match check {
        Check::OneOf(words) => all.extend(words.iter().map(|word| (*word).to_owned())),
        Check::Each(inner) => collect_words(inner, all),
        _ => {}
    }
}

fn collect_type(ty: &Type, all: &mut BTreeSet<String>) {
    match ty {
        Type::List(inner) | Type::Set(inner) | Type::Map(inner) => collect_type(inner, all),
        Type::Object(members) => {
            for (name, inner) in members {
                all.insert(name.clone());
                collect_type(inner, all);
            }
        }
        _ => {}
    }
}

/// Whether a path leads to a place of the schema.
fn exists(block: &Block, path: &Path) -> bool {
    let Some((Step::Attribute(name), rest)) = path.steps().split_first() else {
        return path.steps().is_empty();
    };
    if let Some(attribute) = block.attribute(name) {
        return is_within(&attribute.ty(), rest);
    }
    let Some(nested) = block.nested_block(name) else { return false };
    is_within(&nested.ty(), rest)
}

fn is_within(ty: &Type, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    match (ty, step) {
        (Type::Object(members), Step::Attribute(name) | Step::Key(name)) => {
            members.get(name).is_some_and(|ty| is_within(ty, rest))
        }
        (Type::List(ty) | Type::Set(ty), Step::Index(_)) | (Type::Map(ty), Step::Key(_)) => {
            is_within(ty, rest)
        }
        // Elements of sets have no address: Terraform shows the block.
        (Type::Set(ty), _) => is_within(ty, steps),
        (Type::Tuple(types), Step::Index(at)) => types.get(*at).is_some_and(|ty| is_within(ty, rest)),
        (Type::Dynamic, _) => true,
        _ => false,
    }
}
