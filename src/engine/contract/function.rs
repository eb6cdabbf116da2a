//! What a provider function is.

use crate::value::{Type, Value};

/// One parameter of a [`Function`].
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, for messages and docs.
    pub name: &'static str,
    /// The type that Terraform converts the argument to.
    pub ty: Type,
    /// One sentence or more, in Markdown.
    pub description: &'static str,
    /// Whether null may be given.
    pub nullable: bool,
}

impl Parameter {
    /// A parameter that null is an error for.
    pub fn new(name: &'static str, ty: Type, description: &'static str) -> Self {
        Self { name, ty, description, nullable: false }
    }

    /// The same, with null allowed.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// A sentence that names problem and fix. It holds no secret.
    pub text: String,
    /// The argument at fault, counted from 0; those of the variadic parameter go on
    /// counting.
    pub argument: Option<usize>,
}

impl FunctionError {
    /// An error of the whole call.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// An error of one argument.
    pub fn at(argument: usize, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(argument) }
    }
}

/// One function, `provider::elasticache::name(…)`.
///
/// Pure: the same arguments give the same result, without network, clock or provider
/// configuration. Terraform remembers results and fails a run in which they differ.
pub trait Function: Send + Sync {
    /// The name.
    fn name(&self) -> &'static str;

    /// One line without a full stop.
    fn summary(&self) -> &'static str;

    /// Sentences in Markdown.
    fn description(&self) -> &'static str;

    /// The parameters, in order.
    fn parameters(&self) -> Vec<Parameter>;

    /// The parameter that takes all further arguments.
    fn variadic(&self) -> Option<Parameter> {
        None
    }

    /// Type of the result.
    fn returns(&self) -> Type;

    /// Calls it, with as many arguments as there are parameters and more where there is
    /// a variadic one, each of its parameter's type and known.
    ///
    /// # Errors
    /// What is wrong with which argument.
    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError>;
}
