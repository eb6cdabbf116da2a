//! Files of `terraform test` and `tofu test`.

use hcl_edit::expr::{Expression, Traversal};
use hcl_edit::structure::{Block, Structure};
use hcl_edit::visit::Visit;

use super::address::Reference;
use super::catalog::Catalog;
use super::changes::Changes;
use super::edits::Edits;
use super::finding::{Finding, Level};
use super::module::{AWS, ELASTICACHE, alias};
use super::needs::Unit;
use super::objects::Units;
use super::references::References;
use super::source::{Source, label, span};
use super::tree::Tree;

/// Blocks whose `target` is an object, in the tested module or in one that it calls.
const OVERRIDES: [&str; 2] = ["override_data", "override_resource"];

/// Rewrites what a file of tests names of a module.
pub(crate) fn rewrite<'u, 'a, 'c>(
    source: &Source,
    unit: &'u Unit<'a, 'c>,
    units: &Units<'u, 'a, 'c>,
    (catalog, tree): (&Catalog, &Tree),
    changes: &mut Changes,
) {
    let mut findings = Vec::new();
    let edits = changes.of(source);
    for block in source.body.blocks() {
        // A run may test another module than that of the folder.
        let other =
            block.body.get_blocks("module").next().and_then(|module| module.body.get_attribute("source"));
        let other = other.and_then(|it| it.value.as_str()).filter(|_| block.ident.as_str() == "run");
        let tested = match other {
            None => Some(unit),
            Some(path) => tree.resolve(&unit.module.folder, path).and_then(|folder| units.at(&folder)),
        };
        let Some(tested) = tested else { continue };
        visit(source, block, tested, units, edits, &mut findings);
        if !tested.elasticache.is_empty() {
            configure(source, block, catalog, edits, &mut findings);
        }
    }
    changes.findings.append(&mut findings);
}

fn visit<'u, 'a, 'c>(
    source: &Source,
    block: &Block,
    tested: &'u Unit<'a, 'c>,
    units: &Units<'u, 'a, 'c>,
    edits: &mut Edits,
    findings: &mut Vec<Finding>,
) {
    let is_override = OVERRIDES.contains(&block.ident.as_str());
    for structure in &block.body {
        match structure {
            Structure::Attribute(attribute) if is_override && attribute.key.as_str() == "target" => {
                if let Expression::Traversal(target) = &attribute.value {
                    rename(source, target, tested, units, edits);
                }
            }
            Structure::Block(inner) => visit(source, inner, tested, units, edits, findings),
            Structure::Attribute(attribute) => {
                References { source, unit: tested, own: None, edits, findings }.visit_attr(attribute);
            }
        }
    }
}

fn rename<'u, 'a, 'c>(
    source: &Source,
    target: &Traversal,
    tested: &'u Unit<'a, 'c>,
    units: &Units<'u, 'a, 'c>,
    edits: &mut Edits,
) {
    let Some(reference) = Reference::of(target) else { return };
    let owner = units.called(tested, &reference.calls);
    if let Some(twin) = owner.and_then(|owner| owner.selection.objects.get(&reference.address)) {
        edits.word(source, reference.type_span, &reference.address.type_name, &twin.type_name);
    }
}

/// Providers that a file of tests configures or replaces.
fn configure(
    source: &Source,
    block: &Block,
    catalog: &Catalog,
    edits: &mut Edits,
    findings: &mut Vec<Finding>,
) {
    let mut report = |text: &str| findings.push(source.finding(span(block).start, Level::Action, text));
    let is_of_aws = label(block, 0) == AWS;
    match block.ident.as_str() {
        "mock_provider" if is_of_aws && !has_mock(source, block) => {
            let names_twin = |inner: &Block| {
                let types = [&catalog.resources, &catalog.data_sources];
                types.iter().any(|types| types.contains_key(label(inner, 0)))
            };
            if block.body.blocks().any(names_twin) || block.body.has_attribute("source") {
                report(
                    "The mock of hashicorp/aws has values for types that are rewritten. Move them to that of this provider.",
                );
            }
            let newline = source.newline();
            let inner = alias(block).map(|alias| format!("{newline}  alias = \"{alias}\"{newline}"));
            let text = format!("mock_provider \"{ELASTICACHE}\" {{{}}}", inner.unwrap_or_default());
            edits.insert(source.line_end(span(block).end), format!("{newline}{newline}{text}"));
        }
        "provider" if is_of_aws => {
            report("Add a provider block for this provider beside that for hashicorp/aws.");
        }
        "run" if block.body.get_attribute("providers").is_some_and(|it| names_aws_only(&it.value)) => {
            report("The run passes configurations of hashicorp/aws. Pass those of this provider as well.");
        }
        _ => {}
    }
}

/// True when a file has a mock of this provider for that of hashicorp/aws.
fn has_mock(source: &Source, block: &Block) -> bool {
    let mut mocks = source.body.get_blocks("mock_provider");
    mocks.any(|mock| label(mock, 0) == ELASTICACHE && alias(mock) == alias(block))
}

fn names_aws_only(map: &Expression) -> bool {
    let locals: Vec<String> = map
        .as_object()
        .into_iter()
        .flat_map(|map| map.iter())
        .filter_map(|(key, _)| super::address::ProviderReference::of_key(key))
        .map(|reference| reference.local)
        .collect();
    locals.iter().any(|local| local == AWS) && !locals.iter().any(|local| local == ELASTICACHE)
}
