//! Which objects of a module become objects of this provider.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::structure::{Body, Structure};

use super::address::{Address, Kind, ProviderReference};
use super::arguments::{self, parts};
use super::catalog::{Catalog, Twin};
use super::finding::{Finding, Level};
use super::mentions::{Mentions, beginnings};
use super::module::{AWS, Declared, ELASTICACHE, Module};
use super::source::span;

const ALARM: &str = "aws_cloudwatch_metric_alarm";
const LOG_GROUP: &str = "aws_cloudwatch_log_group";

/// Namespace of the metrics of caches.
const NAMESPACE: &str = "AWS/ElastiCache";

/// Beginning of the names that log groups of caches usually have.
const LOGS: &str = "/aws/elasticache/";

/// Types that several resources of hashicorp/aws make up together, so that no block takes the place of
/// another, and what this provider has for them.
const JOINED: [(&str, &str); 2] = [
    ("aws_secretsmanager_secret_version", "elasticache_connection_secret"),
    ("aws_ssm_parameter", "elasticache_ssm_url"),
];

/// The objects of a module that become objects of this provider.
#[derive(Debug, Default)]
pub(crate) struct Selection<'c> {
    /// What each becomes, by its address under hashicorp/aws.
    pub objects: BTreeMap<Address, &'c Twin>,
    /// Why others stay.
    pub findings: Vec<Finding>,
}

impl<'c> Selection<'c> {
    /// Chooses among the objects of a module.
    pub(crate) fn of(module: &Module<'_>, catalog: &'c Catalog) -> Self {
        let mut selection = Self::default();
        if !selection.may_rewrite(module, catalog) {
            return selection;
        }
        let delivered = delivered(module);
        for (address, declared) in &module.objects {
            let Some(twin) = twin(catalog, address) else {
                selection.explain_lack(address, declared);
                continue;
            };
            match address.type_name.as_str() {
                ALARM if !selection.is_alarm_of_cache(address, declared) => {}
                LOG_GROUP if !delivered.contains(address) && !is_log_of_cache(declared) => {}
                _ if !is_of_aws(module, declared) => selection.explain_other_name(module, address, declared),
                _ => selection.choose(module, address, declared, twin),
            }
        }
        selection.explain_joined(module);
        selection
    }

    /// False when a name that providers have in the module stands for another provider.
    fn may_rewrite(&mut self, module: &Module<'_>, catalog: &Catalog) -> bool {
        let requires = |local: &str, is_expected: &dyn Fn(&str) -> bool| {
            let requirement = module.requirement(local);
            requirement.filter(|it| it.source_address().is_some_and(|source| !is_expected(source))).copied()
        };
        let is_ours =
            |source: &str| source == catalog.source || source.ends_with(&format!("/{}", catalog.source));
        if let Some(other) = requires(ELASTICACHE, &is_ours) {
            let has_twin = module.objects.keys().any(|address| twin(catalog, address).is_some());
            let text = format!(
                "The name `{ELASTICACHE}` stands for another provider in this module, so the module is not rewritten. Give \
                 that provider another name."
            );
            let finding = other.source.finding(span(other.entry).start, Level::Action, text);
            self.findings.extend(has_twin.then_some(finding));
            return false;
        }
        requires(AWS, &is_hashicorp).is_none()
    }

    fn choose(&mut self, module: &Module<'_>, address: &Address, declared: &[Declared<'_>], twin: &'c Twin) {
        let mut reasons = Vec::new();
        for Declared { source, block } in declared {
            for missing in arguments::missing(&address.type_name, &twin.members, &block.body) {
                let text = format!(
                    "{} stays with hashicorp/aws: {} has no argument or block `{}`. Remove it to have the object rewritten.",
                    quoted(address),
                    in_code(&twin.type_name),
                    missing.name
                );
                reasons.push(source.finding(missing.place.start, Level::Action, text));
            }
        }
        let becomes = Address { type_name: twin.type_name.clone(), ..address.clone() };
        if module.objects.contains_key(&becomes) {
            let text = format!(
                "{} stays with hashicorp/aws: the module already has {}. Rename one of the two.",
                quoted(address),
                quoted(&becomes)
            );
            reasons.extend(first(declared, Level::Action, text));
        }
        if reasons.is_empty() {
            self.objects.insert(address.clone(), twin);
        }
        self.findings.append(&mut reasons);
    }

    /// An alarm is a cache's when all its metrics are in the namespace of caches.
    fn is_alarm_of_cache(&mut self, address: &Address, declared: &[Declared<'_>]) -> bool {
        let mut found = Vec::new();
        for Declared { block, .. } in declared {
            namespaces(&block.body, &mut found);
        }
        if found.iter().any(Option::is_none) && mentions_cache(declared) {
            let text = format!(
                "{} stays with hashicorp/aws: its `namespace` is an expression, so the metric may be another service's. If it \
                 is a cache's, write \"{NAMESPACE}\" to have the alarm rewritten.",
                quoted(address)
            );
            self.findings.extend(first(declared, Level::Note, text));
        }
        !found.is_empty() && found.iter().all(|namespace| namespace.as_deref() == Some(NAMESPACE))
    }

    fn explain_lack(&mut self, address: &Address, declared: &[Declared<'_>]) {
        if address.type_name.starts_with("aws_elasticache_") {
            let what = if address.kind == Kind::Data { "data source" } else { "resource" };
            let text = format!(
                "{} stays with hashicorp/aws: this provider has no {what} that it could become.",
                quoted(address)
            );
            self.findings.extend(first(declared, Level::Note, text));
        }
    }

    fn explain_other_name(&mut self, module: &Module<'_>, address: &Address, declared: &[Declared<'_>]) {
        let local = declared.iter().find_map(provider).map(|provider| provider.local).unwrap_or_default();
        let source = module.requirement(&local).and_then(|it| it.source_address().map(str::to_owned));
        if source.is_some_and(|source| is_hashicorp(&source)) {
            let text = format!(
                "{} stays with hashicorp/aws: the module calls that provider {}. Call it `{AWS}`, with an alias where needed, \
                 to have the object rewritten.",
                quoted(address),
                in_code(&local)
            );
            self.findings.extend(first(declared, Level::Action, text));
        }
    }

    /// A connection URL or secret of a cache that is rewritten.
    fn explain_joined(&mut self, module: &Module<'_>) {
        for (address, declared) in &module.objects {
            let joined =
                JOINED.iter().find(|(ty, _)| *ty == address.type_name && address.kind == Kind::Managed);
            let Some((_, ours)) = joined else { continue };
            let names_chosen = |declared: &Declared<'_>| {
                let named = Mentions::in_body(&declared.block.body).objects;
                named.iter().any(|it| it.type_name.contains("_group") && self.objects.contains_key(it))
            };
            if declared.iter().any(names_chosen) {
                let text = format!(
                    "{} stays with hashicorp/aws. {} keeps such a value current when the endpoint, TLS or the token changes; it \
                     has arguments of its own, so declare it by hand if you want it.",
                    quoted(address),
                    in_code(ours)
                );
                self.findings.extend(first(declared, Level::Note, text));
            }
        }
    }
}

/// What an object becomes: for caches by their type, for objects of other services where they are
/// known to be a cache's.
fn twin<'c>(catalog: &'c Catalog, address: &Address) -> Option<&'c Twin> {
    let types = if address.kind == Kind::Data { &catalog.data_sources } else { &catalog.resources };
    types
        .get(&address.type_name)
        .and_then(|pairs| pairs.first())
        .filter(|_| is_considered(&address.type_name))
}

/// True for a type that is a cache's, or whose objects show whether they are.
pub(crate) fn is_considered(type_name: &str) -> bool {
    type_name.starts_with("aws_elasticache_") || [ALARM, LOG_GROUP].contains(&type_name)
}

fn is_hashicorp(source: &str) -> bool {
    source == "hashicorp/aws" || source.ends_with("/hashicorp/aws")
}

/// The provider that an object names.
pub(crate) fn provider(declared: &Declared<'_>) -> Option<ProviderReference> {
    declared.block.body.get_attribute("provider").and_then(|provider| ProviderReference::of(&provider.value))
}

fn is_of_aws(module: &Module<'_>, declared: &[Declared<'_>]) -> bool {
    let local = declared.iter().find_map(provider).map_or(AWS.to_owned(), |provider| provider.local);
    local == AWS && module.requirement(AWS).and_then(|it| it.source_address()).is_none_or(is_hashicorp)
}

/// The values of `namespace` anywhere in a body; nothing for one that is an expression.
fn namespaces(body: &Body, found: &mut Vec<Option<String>>) {
    for structure in body {
        match structure {
            Structure::Attribute(attribute) if attribute.key.as_str() == "namespace" => {
                found.push(attribute.value.as_str().map(str::to_owned));
            }
            Structure::Attribute(_) => {}
            Structure::Block(block) => {
                parts(block).1.into_iter().for_each(|body| namespaces(body, found));
            }
        }
    }
}

fn mentions_cache(declared: &[Declared<'_>]) -> bool {
    let mut mentions = declared.iter().flat_map(|it| Mentions::in_body(&it.block.body).objects);
    mentions.any(|address| address.type_name.starts_with("aws_elasticache_"))
}

/// The log groups that replication groups of the module deliver to.
fn delivered(module: &Module<'_>) -> BTreeSet<Address> {
    let groups =
        module.objects.iter().filter(|(address, _)| address.type_name == "aws_elasticache_replication_group");
    let blocks = groups.flat_map(|(_, declared)| declared).flat_map(|it| it.block.body.blocks());
    let deliveries = blocks.filter(|block| parts(block).0 == "log_delivery_configuration");
    deliveries.flat_map(|block| Mentions::in_body(&block.body).objects).collect()
}

fn is_log_of_cache(declared: &[Declared<'_>]) -> bool {
    let names = ["name", "name_prefix"];
    let mut names = declared.iter().flat_map(|it| names.map(|name| it.block.body.get_attribute(name)));
    names.any(|name| name.is_some_and(|name| beginnings(&name.value).iter().any(|it| it.starts_with(LOGS))))
}

fn first(declared: &[Declared<'_>], level: Level, text: String) -> Option<Finding> {
    declared.first().map(|it| it.source.finding(span(it.block).start, level, text))
}

fn quoted(address: &Address) -> String {
    in_code(&address.text())
}

fn in_code(text: &str) -> String {
    format!("`{text}`")
}
