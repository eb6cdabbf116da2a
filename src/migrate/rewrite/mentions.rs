//! The objects that a part of a configuration names.

use std::collections::BTreeSet;

use hcl_edit::expr::{Expression, FuncCall, Traversal};
use hcl_edit::structure::Body;
use hcl_edit::template::ForTemplateExpr;
use hcl_edit::visit::{Visit, visit_for_template_expr, visit_func_call, visit_traversal};

use super::address::{Address, Reference};

/// What a part of a configuration names.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// Objects of the same module.
    pub objects: BTreeSet<Address>,
    /// Providers whose functions are called.
    pub function_providers: BTreeSet<String>,
}

impl Mentions {
    /// Of a body, with the blocks in it.
    pub(crate) fn in_body(body: &Body) -> Self {
        let mut mentions = Self::default();
        mentions.visit_body(body);
        mentions
    }
}

impl Visit for Mentions {
    // The visitor of hcl-edit does not look at the collection of a `%{for}`.
    fn visit_for_template_expr(&mut self, node: &ForTemplateExpr) {
        self.visit_expr(&node.collection_expr);
        visit_for_template_expr(self, node);
    }

    fn visit_traversal(&mut self, node: &Traversal) {
        self.objects.extend(Reference::local(node).map(|reference| reference.address));
        visit_traversal(self, node);
    }

    fn visit_func_call(&mut self, node: &FuncCall) {
        if let [provider, name] = node.name.namespace.as_slice()
            && provider.as_str() == "provider"
        {
            self.function_providers.insert(name.as_str().to_owned());
        }
        visit_func_call(self, node);
    }
}

/// The texts at the beginning of strings and templates of an expression.
pub(crate) fn beginnings(expression: &Expression) -> Vec<String> {
    #[derive(Default)]
    struct Beginnings(Vec<String>);

    impl Visit for Beginnings {
        fn visit_string(&mut self, node: &hcl_edit::Decorated<String>) {
            self.0.push(node.as_str().to_owned());
        }

        fn visit_string_template(&mut self, node: &hcl_edit::template::StringTemplate) {
            let first = node.iter().next().and_then(|element| element.as_literal());
            self.0.extend(first.map(|literal| literal.value().clone()));
            hcl_edit::visit::visit_string_template(self, node);
        }
    }

    let mut beginnings = Beginnings::default();
    beginnings.visit_expr(expression);
    beginnings.0
}
