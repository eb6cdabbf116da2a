//! Which configurations of either provider each module needs after the rewrite.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hcl_edit::structure::Block;

use super::address::{Address, Configuration, Kind};
use super::mentions::Mentions;
use super::module::{AWS, Call, Declared, ELASTICACHE, Module, Target, alias};
use super::select::{Selection, provider};
use super::source::{Source, label};

/// Blocks that belong to a provider by the type in their first label.
const OF_PROVIDER: [&str; 5] = ["action", "data", "ephemeral", "list", "resource"];

/// A module with what is rewritten of it.
#[derive(Debug)]
pub(crate) struct Unit<'a, 'c> {
    /// The module.
    pub module: Module<'a>,
    /// Its objects that become objects of this provider.
    pub selection: Selection<'c>,
    /// Configurations of this provider that it needs.
    pub elasticache: BTreeSet<Configuration>,
    /// Configurations of hashicorp/aws that it still needs.
    pub aws: BTreeSet<Configuration>,
}

impl<'a, 'c> Unit<'a, 'c> {
    /// Before modules that it calls are looked at.
    pub(crate) fn new(module: Module<'a>, selection: Selection<'c>) -> Self {
        let mut unit = Self { module, selection, elasticache: BTreeSet::new(), aws: BTreeSet::new() };
        for address in unit.selection.objects.keys() {
            let declared = unit.module.objects.get(address).into_iter().flatten();
            unit.elasticache.insert(declared.filter_map(provider).next().and_then(|it| it.configuration));
        }
        unit.aws = unit.remaining();
        unit
    }

    /// The configurations of hashicorp/aws that the module itself still uses.
    fn remaining(&self) -> BTreeSet<Configuration> {
        let mut needed = BTreeSet::new();
        for source in &self.module.sources {
            let functions = Mentions::in_body(&source.body).function_providers;
            if functions.contains(AWS) {
                needed.insert(None);
            }
            for block in source.body.blocks() {
                match block.ident.as_str() {
                    "removed" if names_aws(block) => drop(needed.insert(None)),
                    "terraform" if block.body.get_blocks("provider_meta").any(|it| label(it, 0) == AWS) => {
                        needed.insert(None);
                    }
                    "check" => {
                        needed.extend(block.body.blocks().filter_map(|it| self.remaining_of(source, it)));
                    }
                    _ => needed.extend(self.remaining_of(source, block)),
                }
            }
        }
        needed
    }

    /// The configuration of hashicorp/aws that an object uses which is not rewritten.
    fn remaining_of(&self, source: &Source, block: &Block) -> Option<Configuration> {
        let kind = block.ident.as_str();
        if !OF_PROVIDER.contains(&kind) {
            return None;
        }
        let type_name = label(block, 0);
        let configured = provider(&Declared { source, block });
        let local = configured.as_ref().map_or(type_name.split('_').next(), |it| Some(it.local.as_str()));
        if local != Some(AWS) {
            return None;
        }
        let kind = match kind {
            "resource" => Some(Kind::Managed),
            "data" => Some(Kind::Data),
            _ => None,
        };
        let name = label(block, 1).to_owned();
        let address = kind.map(|kind| Address { kind, type_name: type_name.to_owned(), name });
        let is_rewritten = address.is_some_and(|address| self.selection.objects.contains_key(&address));
        (!is_rewritten).then(|| configured.and_then(|it| it.configuration))
    }

    /// True when the module still requires hashicorp/aws.
    pub(crate) fn keeps_aws(&self) -> bool {
        let is_replaced =
            |block: &Block| self.elasticache.contains(&alias(block)) && !self.aws.contains(&alias(block));
        let mut blocks = self.module.providers.iter().map(|it| it.block).filter(|it| label(it, 0) == AWS);
        !self.aws.is_empty() || self.elasticache.is_empty() || blocks.any(|block| !is_replaced(block))
    }

    /// True when the module itself has a `provider` block for a configuration.
    pub(crate) fn is_own(&self, configuration: &Configuration) -> bool {
        [AWS, ELASTICACHE].iter().any(|local| self.module.configures(local, configuration))
    }
}

/// True for a `removed` block of an object of hashicorp/aws.
fn names_aws(block: &Block) -> bool {
    Mentions::in_body(&block.body).objects.iter().any(|address| address.type_name.starts_with("aws_"))
}

/// Carries what called modules need to the modules that call them.
pub(crate) fn resolve(units: &mut [Unit<'_, '_>]) {
    let places: BTreeMap<PathBuf, usize> =
        units.iter().enumerate().map(|(index, unit)| (unit.module.folder.clone(), index)).collect();
    let inner = |call: &Call<'_>| match &call.target {
        Target::Local(folder) => places.get(folder).copied(),
        Target::Outside(_) | Target::Remote(_) | Target::Unknown => None,
    };
    let of_elasticache = |units: &[Unit<'_, '_>], call: &Call<'_>| {
        let inner = inner(call).map(|inner| &units[inner]);
        inner.map(|inner| needed_by(call, inner, &inner.elasticache)).unwrap_or_default()
    };
    spread(units, &of_elasticache, |unit| &mut unit.elasticache);
    let of_aws = |units: &[Unit<'_, '_>], call: &Call<'_>| match inner(call).map(|inner| &units[inner]) {
        Some(inner) if inner.keeps_aws() => {
            let mut needed = needed_by(call, inner, &inner.aws);
            needed.extend(passed(call));
            needed
        }
        Some(_) => BTreeSet::new(),
        None => needed_elsewhere(call),
    };
    spread(units, &of_aws, |unit| &mut unit.aws);
}

/// Adds to each module what its calls need, until nothing is new. Modules that share a file need the same.
fn spread<'a, 'c>(
    units: &mut [Unit<'a, 'c>],
    needed: &dyn Fn(&[Unit<'a, 'c>], &Call<'a>) -> BTreeSet<Configuration>,
    field: for<'u> fn(&'u mut Unit<'a, 'c>) -> &'u mut BTreeSet<Configuration>,
) {
    let sharing = sharing(units);
    loop {
        let mut found: Vec<BTreeSet<Configuration>> = units
            .iter()
            .map(|unit| unit.module.calls.iter().flat_map(|call| needed(units, call)).collect())
            .collect();
        for (unit, found) in units.iter_mut().zip(&mut found) {
            found.extend(field(unit).iter().cloned());
        }
        for group in &sharing {
            let all: BTreeSet<Configuration> = group.iter().flat_map(|index| found[*index].clone()).collect();
            for index in group {
                found[*index].clone_from(&all);
            }
        }
        let mut is_new = false;
        for (unit, found) in units.iter_mut().zip(found) {
            is_new |= *field(unit) != found;
            *field(unit) = found;
        }
        if !is_new {
            break;
        }
    }
}

/// The modules that have each file of several modules.
fn sharing(units: &[Unit<'_, '_>]) -> Vec<Vec<usize>> {
    let mut by_file: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        for source in &unit.module.sources {
            by_file.entry(&source.path).or_default().push(index);
        }
    }
    by_file.into_values().filter(|modules| modules.len() > 1).collect()
}

/// The configurations of the calling module that become those which the called one needs.
fn needed_by(
    call: &Call<'_>,
    inner: &Unit<'_, '_>,
    needs: &BTreeSet<Configuration>,
) -> BTreeSet<Configuration> {
    let entry = |configuration: &Configuration| {
        let mut passed = call.providers.iter().flatten();
        passed.find(|it| it.inner.local == AWS && it.inner.configuration == *configuration)
    };
    let foreign = needs.iter().filter(|configuration| !inner.is_own(configuration));
    let outer = foreign.filter_map(|configuration| match entry(configuration) {
        Some(passed) => Some(passed.outer.configuration.clone()),
        // A module inherits the default configuration that is not passed to it.
        None => configuration.is_none().then_some(None),
    });
    outer.collect()
}

/// The configurations of hashicorp/aws that a call passes on.
fn passed(call: &Call<'_>) -> impl Iterator<Item = Configuration> {
    let passed = call.providers.iter().flatten().filter(|it| it.outer.local == AWS);
    passed.map(|it| it.outer.configuration.clone())
}

/// What a module may need that cannot be looked into.
fn needed_elsewhere(call: &Call<'_>) -> BTreeSet<Configuration> {
    let mut needed: BTreeSet<Configuration> = passed(call).collect();
    let may_use_aws = match &call.target {
        Target::Remote(source) => registry_provider(source).is_none_or(|provider| provider == AWS),
        Target::Local(_) | Target::Outside(_) | Target::Unknown => true,
    };
    if may_use_aws && needed.is_empty() {
        needed.insert(None);
    }
    needed
}

/// The provider that a module of a registry is for, the last part of `namespace/name/provider`.
fn registry_provider(source: &str) -> Option<&str> {
    let address = source.split("//").next().unwrap_or_default();
    let parts: Vec<&str> = address.split('/').collect();
    let is_plain =
        |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    match parts.as_slice() {
        [_, _, provider] | [_, _, _, provider] if parts.iter().rev().take(3).all(is_plain) => Some(provider),
        _ => None,
    }
}
