//! Functions, which know nothing of sensitivity: no error of one quotes a text that it was given.

use terraform_provider_elasticache::engine::Function;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::value::{Type, Value, msgpack};

use super::marks::{Index, Mark};
use super::world::World;

/// Texts that are, or hold, a secret, in the places of a URL where one may stand.
fn texts(mark: &Mark) -> Vec<String> {
    let secret = &mark.text;
    [
        "{}",
        "rediss://:{}@cache.example.com:6379",
        "rediss://{}",
        "{}@cache.example.com",
        "redis://host:{}/{}?{}={}",
    ]
    .map(|pattern| pattern.replace("{}", secret))
    .into_iter()
    .collect()
}

/// The arguments of a call in which this text is the one at `position`.
fn arguments(function: &dyn Function, position: usize, text: &str) -> Vec<Vec<u8>> {
    let parameters = function.parameters();
    let value = |at: usize, ty: &Type| match ty {
        Type::Number => Value::from(6379),
        Type::Dynamic => {
            let names = ["username", "auth_token", "host", "database", "unknown"];
            let name = if at == position { names[text.len() % names.len()] } else { "username" };
            let object = Value::map([(name, Value::from(text))]);
            Value::Typed(Box::new(Type::object([(name, Type::String)])), Box::new(object))
        }
        _ if at == position => Value::from(text),
        _ => Value::from("cache.example.com"),
    };
    let given = parameters.iter().enumerate();
    given.map(|(at, parameter)| msgpack::encode(&value(at, &parameter.ty), &parameter.ty).unwrap()).collect()
}

#[test]
fn no_function_quotes_a_text_that_may_be_a_secret() {
    let mark = Mark::of("an argument of a function");
    let index = Index::of(std::slice::from_ref(&mark));
    let mut world = World::new(&[], "secret-key-of-a-test", "token-of-a-test");
    let mut refused = 0;
    for function in REGISTRY.functions {
        for position in 0..function.parameters().len() {
            for text in texts(&mark) {
                let succeeded = world.call(function.name(), arguments(*function, position, &text));
                let said = world.take();
                refused += usize::from(!succeeded);
                let context = format!("{} with {text} at {position}", function.name());
                let found = index.search(format!("{}{}", said.diagnostics, said.log).as_bytes());
                assert!(found.is_empty(), "{context}: {found:?} in {}{}", said.diagnostics, said.log);
            }
        }
    }
    assert!(refused >= REGISTRY.functions.len(), "{refused} calls refused");
}
