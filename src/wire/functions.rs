//! Functions on the wire.

use std::collections::BTreeMap;

use super::convert::{decode, encode, said};
use crate::diag::Diagnostic;
use crate::engine::{Function, FunctionError, Parameter};
use crate::redact::names;
use crate::schema::remember_texts;
use crate::value::{Type, Value};
use crate::wire::proto::tfplugin6 as pb;

/// What Terraform has to know of the functions.
pub(super) fn declare(functions: &[&dyn Function]) -> BTreeMap<String, pb::Function> {
    functions.iter().map(|function| (function.name().to_owned(), declaration(*function))).collect()
}

fn declaration(function: &dyn Function) -> pb::Function {
    pb::Function {
        parameters: function.parameters().iter().map(parameter).collect(),
        variadic_parameter: function.variadic().as_ref().map(parameter),
        r#return: Some(pb::function::Return { r#type: type_bytes(&function.returns()) }),
        summary: function.summary().to_owned(),
        description: function.description().to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        deprecation_message: String::new(),
    }
}

fn parameter(parameter: &Parameter) -> pb::function::Parameter {
    pb::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: type_bytes(&parameter.ty),
        allow_null_value: parameter.nullable,
        // Terraform then never calls with what is not known yet.
        allow_unknown_values: false,
        description: parameter.description.to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
    }
}

fn type_bytes(ty: &Type) -> Vec<u8> {
    ty.to_json().to_string().into_bytes()
}

/// Calls a function. What it does not like about its arguments is in the reply.
pub(super) fn call(
    functions: &[&dyn Function],
    request: &pb::call_function::Request,
) -> Result<pb::call_function::Response, Diagnostic> {
    let function = functions.iter().find(|function| function.name() == request.name).ok_or_else(|| {
        let lacks = match names::type_name(&request.name) {
            Some(name) => format!("has no function {name:?}."),
            None => "has no function of that name.".to_owned(),
        };
        Diagnostic::error("Unknown function", format!("This version of the provider {lacks}"))
    })?;
    let result = arguments(*function, request)?.and_then(|arguments| function.call(&arguments));
    Ok(match result {
        Ok(value) => {
            pb::call_function::Response { result: Some(encode(&value, &function.returns())?), error: None }
        }
        Err(error) => pb::call_function::Response { result: None, error: Some(function_error(&error)) },
    })
}

/// The arguments, each read as its parameter's type.
fn arguments(
    function: &dyn Function,
    request: &pb::call_function::Request,
) -> Result<Result<Vec<Value>, FunctionError>, Diagnostic> {
    let (parameters, variadic) = (function.parameters(), function.variadic());
    let given = request.arguments.len();
    if given < parameters.len() || (given > parameters.len() && variadic.is_none()) {
        let text = format!("{} takes {} arguments, but got {given}.", function.name(), parameters.len());
        return Ok(Err(FunctionError::new(text)));
    }
    let mut values = Vec::with_capacity(given);
    for (i, argument) in request.arguments.iter().enumerate() {
        let Some(parameter) = parameters.get(i).or(variadic.as_ref()) else { continue };
        let value = decode(Some(argument), &parameter.ty)?;
        // A function knows nothing of sensitivity: any text may be a token, or hold one.
        remember_texts(&value);
        if !value.is_wholly_known() {
            return Ok(Err(FunctionError::at(i, format!("{} must be known.", parameter.name))));
        }
        if value.is_null() && !parameter.nullable {
            return Ok(Err(FunctionError::at(i, format!("{} must not be null.", parameter.name))));
        }
        values.push(value);
    }
    Ok(Ok(values))
}

fn function_error(error: &FunctionError) -> pb::FunctionError {
    let function_argument = error.argument.and_then(|argument| i64::try_from(argument).ok());
    // Terraform appends a full stop.
    pb::FunctionError { text: said(error.text.trim_end_matches('.')), function_argument }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    /// `repeat(text, times...)`: once, or as often as the sum of `times`.
    struct Repeat;

    impl Function for Repeat {
        fn name(&self) -> &'static str {
            "repeat"
        }
        fn summary(&self) -> &'static str {
            "Repeats a text"
        }
        fn description(&self) -> &'static str {
            "Repeats a text."
        }
        fn parameters(&self) -> Vec<Parameter> {
            vec![Parameter::new("text", Type::String, "The text.")]
        }
        fn variadic(&self) -> Option<Parameter> {
            Some(Parameter::new("times", Type::Number, "How often.").nullable())
        }
        fn returns(&self) -> Type {
            Type::String
        }
        fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
            let text = arguments[0].as_str().unwrap_or_default();
            let mut times = 0;
            for (i, argument) in arguments.iter().enumerate().skip(1) {
                match argument {
                    Value::Number(number) if *number == Number::from(2_i64) => times += 2,
                    Value::Null => times += 1,
                    _ => return Err(FunctionError::at(i, "must be 2 or null.")),
                }
            }
            Ok(Value::string(text.repeat(times)))
        }
    }

    fn run(arguments: &[(Value, Type)]) -> pb::call_function::Response {
        let arguments = arguments.iter().map(|(value, ty)| encode(value, ty).unwrap()).collect();
        call(&[&Repeat], &pb::call_function::Request { name: "repeat".into(), arguments }).unwrap()
    }

    fn text(text: &str) -> (Value, Type) {
        (Value::from(text), Type::String)
    }

    fn number(number: i64) -> (Value, Type) {
        (Value::from(number), Type::Number)
    }

    #[test]
    fn arguments_are_read_by_type_and_more_go_to_the_variadic_parameter() {
        let answer = run(&[text("ab"), number(2), (Value::Null, Type::Number)]);
        assert_eq!(answer.error, None);
        assert_eq!(decode(answer.result.as_ref(), &Type::String).unwrap(), Value::from("ababab"));
    }

    #[test]
    fn errors_name_their_argument() {
        let wrong = run(&[text("ab"), number(2), number(3)]).error.unwrap();
        assert_eq!(wrong.function_argument, Some(2));
        let unknown = run(&[text("ab"), (Value::Unknown, Type::Number)]).error.unwrap();
        assert_eq!((unknown.function_argument, unknown.text.as_str()), (Some(1), "times must be known"));
        let null = run(&[(Value::Null, Type::String)]).error.unwrap();
        assert_eq!((null.function_argument, null.text.as_str()), (Some(0), "text must not be null"));
        assert_eq!(run(&[]).error.unwrap().function_argument, None);
    }

    #[test]
    fn a_function_that_is_not_there_is_an_error() {
        let request = pb::call_function::Request { name: "rot13".into(), arguments: Vec::new() };
        assert!(call(&[&Repeat], &request).unwrap_err().detail.contains("rot13"));
    }

    #[test]
    fn a_declaration_has_types_and_a_return() {
        let declared = declare(&[&Repeat]).remove("repeat").unwrap();
        assert_eq!(declared.parameters[0].r#type, br#""string""#);
        assert_eq!(declared.variadic_parameter.unwrap().r#type, br#""number""#);
        assert_eq!(declared.r#return.unwrap().r#type, br#""string""#);
    }
}
