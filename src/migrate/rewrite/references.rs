//! References to objects that are rewritten, in any expression.

use hcl_edit::expr::{BinaryOp, BinaryOperator, Expression, Traversal, TraversalOperator};
use hcl_edit::structure::Attribute;
use hcl_edit::template::ForTemplateExpr;
use hcl_edit::visit::{Visit, visit_attr, visit_expr, visit_for_template_expr};
use hcl_edit::{Decorated, Ident};

use super::address::{Address, Kind, Reference};
use super::catalog::{Shape, Twin};
use super::differences;
use super::edits::Edits;
use super::finding::{Finding, Level};
use super::legacy;
use super::needs::Unit;
use super::source::{Source, span};

/// Rewrites the references of a file.
pub(crate) struct References<'s, 'u> {
    /// The file.
    pub source: &'s Source,
    /// The module that the file is part of.
    pub unit: &'s Unit<'u, 'u>,
    /// The object of the block that is looked at, for `self`.
    pub own: Option<(&'s Address, &'s Twin)>,
    /// Where changes go.
    pub edits: &'s mut Edits,
    /// Where findings go.
    pub findings: &'s mut Vec<Finding>,
}

/// Lists whose elements may be references in quotes, as configurations of Terraform 0.11 have them.
const OF_REFERENCES: [&str; 2] = ["depends_on", "replace_triggered_by"];

/// Functions whose result is one of their arguments, or has the elements of them.
const CHOOSE: [&str; 7] = ["coalesce", "coalescelist", "compact", "concat", "distinct", "sort", "try"];

impl Visit for References<'_, '_> {
    // The visitor of hcl-edit does not look at the collection of a `%{for}`.
    fn visit_for_template_expr(&mut self, node: &ForTemplateExpr) {
        self.visit_expr(&node.collection_expr);
        visit_for_template_expr(self, node);
    }

    fn visit_attr(&mut self, node: &Attribute) {
        match node.key.as_str() {
            "for_each" => self.for_each(&node.value),
            "ignore_changes" => return self.ignore_changes(node),
            name if OF_REFERENCES.contains(&name) => self.quoted(&node.value),
            _ => {}
        }
        visit_attr(self, node);
    }

    fn visit_expr(&mut self, node: &Expression) {
        match node {
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::BinaryOp(operation) => self.comparison(operation),
            _ => {}
        }
        visit_expr(self, node);
    }
}

impl<'s> References<'s, '_> {
    /// What an object of the module becomes.
    fn chosen(&self, address: &Address) -> Option<&'s Twin> {
        self.unit.selection.objects.get(address).copied()
    }

    fn traversal(&mut self, traversal: &Traversal) {
        if let Some(reference) = Reference::local(traversal)
            && let Some(twin) = self.chosen(&reference.address)
        {
            let Reference { address, type_span, rest, .. } = reference;
            self.edits.word(self.source, type_span, &address.type_name, &twin.type_name);
            self.attribute(&address, twin, rest);
        } else if let (Expression::Variable(root), Some((address, twin))) = (&traversal.expr, self.own)
            && root.as_str() == "self"
        {
            self.attribute(address, twin, &traversal.operators);
        }
    }

    /// The attribute that an expression reads of an object.
    fn attribute(&mut self, address: &Address, twin: &Twin, rest: &[Decorated<TraversalOperator>]) {
        let rest = after_indexes(rest);
        let Some((ident, after)) = attribute_name(rest) else { return };
        let name = ident.as_str();
        if self.layout(address, rest) {
            return;
        }
        let today = legacy::name_of_today(&address.type_name, name).unwrap_or(name);
        self.edits.word(self.source, span(ident), name, today);
        let Some(member) = twin.members.get(today) else { return self.no_attribute(twin, name, ident) };
        if address.kind == Kind::Managed {
            self.note_omitted(address, twin, today, ident);
        }
        self.nested(twin, &member.shape, span(ident).end, after);
    }

    /// The attributes of nested objects, which follow what ends at `end`.
    fn nested(&mut self, twin: &Twin, shape: &Shape, end: usize, rest: &[Decorated<TraversalOperator>]) {
        let (members, rest) = match (shape, rest.split_first()) {
            (Shape::Value, _) | (_, None) => return,
            (Shape::One(members), Some((first, after))) if is_index(first) => {
                // hashicorp/aws has a list of one.
                self.edits.replace(span(first), "");
                (members, after)
            }
            (Shape::Many(members), Some((first, _))) if is_name(first) => {
                // hashicorp/aws has an object.
                self.edits.insert(end, "[0]");
                (members, rest)
            }
            (Shape::One(members) | Shape::Many(members), Some(_)) => (members, after_indexes(rest)),
            (Shape::Keyed(members), Some((_, after))) => (members, after),
        };
        let Some((ident, after)) = attribute_name(rest) else { return };
        match members.get(ident.as_str()) {
            Some(member) => self.nested(twin, &member.shape, span(ident).end, after),
            None => self.no_attribute(twin, ident.as_str(), ident),
        }
    }

    /// An attribute of the block that hashicorp/aws had before its version 5.
    fn layout(&mut self, address: &Address, rest: &[Decorated<TraversalOperator>]) -> bool {
        let Some((ident, after)) = attribute_name(rest) else { return false };
        let Some((index, after)) = after.split_first() else { return false };
        let Some((inner, _)) = attribute_name(after) else { return false };
        if !legacy::is_of_layout(&address.type_name, ident.as_str(), inner.as_str()) || !is_index(index) {
            return false;
        }
        self.edits.replace(span(ident).start..span(inner).start, "");
        true
    }

    fn no_attribute(&mut self, twin: &Twin, name: &str, ident: &Decorated<Ident>) {
        let text = format!(
            "`{}` has no attribute `{name}`. Find what takes its place on the page of the type.",
            twin.type_name
        );
        self.report(span(ident).start, Level::Action, text);
    }

    fn note_omitted(&mut self, address: &Address, twin: &Twin, name: &str, ident: &Decorated<Ident>) {
        let Some((theirs, ours)) = differences::when_omitted(&twin.type_name, name) else { return };
        let mut declared = self.unit.module.objects.get(address).into_iter().flatten();
        if declared.any(|it| it.block.body.get_attribute(name).is_some_and(|it| is_literal(&it.value))) {
            return;
        }
        let text = format!(
            "`{name}` is `{ours}` when the configuration omits it; with hashicorp/aws it is `{theirs}`. Check what this \
             expression does with it."
        );
        self.report(span(ident).start, Level::Note, text);
    }

    /// `for_each` accepts sets and maps.
    fn for_each(&mut self, value: &Expression) {
        let Some(name) = self.list_of(value) else { return };
        let place = span(value);
        self.edits.insert(place.start, "toset(");
        self.edits.insert(place.end, ")");
        let text = format!(
            "`{name}` is a list here, sorted, and a set with hashicorp/aws. `toset` makes it what `for_each` accepts."
        );
        self.report(place.start, Level::Note, text);
    }

    /// The attribute that makes an expression a list here and a set with hashicorp/aws: the expression itself, or what it
    /// chooses.
    fn list_of<'t>(&self, value: &'t Expression) -> Option<&'t str> {
        match value {
            Expression::Traversal(traversal) => {
                let (twin, name) = self.last_attribute(traversal)?;
                differences::is_list_here(&twin.type_name, name).then_some(name)
            }
            Expression::Parenthesis(inner) => self.list_of(inner.inner()),
            Expression::Conditional(choice) => {
                self.list_of(&choice.true_expr).or_else(|| self.list_of(&choice.false_expr))
            }
            Expression::FuncCall(call) if CHOOSE.contains(&call.name.name.as_str()) => {
                call.args.iter().find_map(|arg| self.list_of(arg))
            }
            _ => None,
        }
    }

    /// A text is never equal to a boolean.
    fn comparison(&mut self, operation: &BinaryOp) {
        if !matches!(operation.operator.value(), BinaryOperator::Eq | BinaryOperator::NotEq) {
            return;
        }
        let sides = [&operation.lhs_expr, &operation.rhs_expr];
        for (value, text) in [(sides[0], sides[1]), (sides[1], sides[0])] {
            let (Expression::Traversal(traversal), Some(word @ ("true" | "false"))) = (value, text.as_str())
            else {
                continue;
            };
            let Some((twin, name)) = self.last_attribute(traversal) else { continue };
            if differences::is_boolean_here(&twin.type_name, name) {
                let place = span(text);
                self.edits.replace(place.clone(), word);
                let message = format!(
                    "`{name}` is a boolean here and a text with hashicorp/aws, so it is compared with `{word}` without quotes."
                );
                self.report(place.start, Level::Note, message);
            }
        }
    }

    /// What an expression names, when that is an attribute of an object and no more.
    fn last_attribute<'t>(&self, traversal: &'t Traversal) -> Option<(&'s Twin, &'t str)> {
        let reference = Reference::local(traversal)?;
        let twin = self.chosen(&reference.address)?;
        let (ident, after) = attribute_name(after_indexes(reference.rest))?;
        after.is_empty().then_some((twin, ident.as_str()))
    }

    /// The attributes whose changes a resource ignores.
    fn ignore_changes(&mut self, node: &Attribute) {
        let (Some((address, twin)), Some(list)) = (self.own, node.value.as_array()) else { return };
        for item in list {
            let (name, place) = match item {
                Expression::Variable(ident) => (ident.as_str(), span(ident)),
                Expression::Traversal(traversal) => match &traversal.expr {
                    Expression::Variable(ident) => (ident.as_str(), span(ident)),
                    _ => continue,
                },
                Expression::String(text) => {
                    let name = text.split(['.', '[']).next().unwrap_or_default();
                    let start = span(text).start + 1;
                    (name, start..start + name.len())
                }
                _ => continue,
            };
            let blocks = || self.unit.module.objects.get(address).into_iter().flatten();
            let new = if blocks().any(|it| legacy::has_layout(&address.type_name, it.block))
                && let Some(arguments) = legacy::arguments_of_layout(name)
            {
                arguments
            } else {
                legacy::name_of_today(&address.type_name, name).unwrap_or(name).to_owned()
            };
            let is_known = new.split(", ").all(|name| twin.members.contains_key(name));
            self.edits.word(self.source, place.clone(), name, &new);
            if !is_known {
                let text =
                    format!("`{}` has no argument `{name}` to ignore. Remove it here.", twin.type_name);
                self.report(place.start, Level::Action, text);
            }
        }
    }

    /// References in quotes.
    fn quoted(&mut self, value: &Expression) {
        for item in value.as_array().into_iter().flatten() {
            let Expression::String(text) = item else { continue };
            let (kind, address) = match text.strip_prefix("data.") {
                Some(rest) => (Kind::Data, rest),
                None => (Kind::Managed, text.as_str()),
            };
            let Some((type_name, rest)) = address.split_once('.') else { continue };
            let name = rest.split(['.', '[']).next().unwrap_or_default();
            let found = Address { kind, type_name: type_name.to_owned(), name: name.to_owned() };
            if let Some(twin) = self.chosen(&found) {
                let start = span(text).start + 1 + text.len() - address.len();
                self.edits.word(self.source, start..start + type_name.len(), type_name, &twin.type_name);
            }
        }
    }

    fn report(&mut self, at: usize, level: Level, text: String) {
        self.findings.push(self.source.finding(at, level, text));
    }
}

fn is_index(operator: &TraversalOperator) -> bool {
    matches!(operator, TraversalOperator::Index(_) | TraversalOperator::LegacyIndex(_))
}

fn is_name(operator: &TraversalOperator) -> bool {
    matches!(operator, TraversalOperator::GetAttr(_))
}

/// Operators after those that choose among objects.
fn after_indexes(operators: &[Decorated<TraversalOperator>]) -> &[Decorated<TraversalOperator>] {
    let first = operators.iter().position(|it| is_name(it));
    &operators[first.unwrap_or(operators.len())..]
}

fn attribute_name(
    operators: &[Decorated<TraversalOperator>],
) -> Option<(&Decorated<Ident>, &[Decorated<TraversalOperator>])> {
    let (first, after) = operators.split_first()?;
    let TraversalOperator::GetAttr(ident) = first.value() else { return None };
    Some((ident, after))
}

fn is_literal(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Bool(_) | Expression::Number(_) | Expression::String(_) | Expression::Array(_)
    )
}
