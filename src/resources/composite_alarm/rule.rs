//! The rule of a composite alarm.

use std::collections::BTreeSet;

use crate::resources::common::alarm::rules;
use crate::value::Value;

/// The names of the alarms in a rule, each once: an alarm is the argument of one or more functions, by name or by ARN.
pub(crate) fn children(rule: &str) -> BTreeSet<String> {
    let words = words(rule);
    let calls = words.windows(2).enumerate().filter(|(_, pair)| is_function(&pair[0]) && pair[1] == "(");
    let argument = |(i, _): (usize, &[String])| {
        let parts = words.iter().skip(i + 2).take_while(|word| *word != ")");
        let text = parts.map(String::as_str).collect::<Vec<_>>().join(" ");
        rules::name_of(text.trim_matches('"')).to_owned()
    };
    calls.map(argument).collect()
}

fn is_function(word: &str) -> bool {
    ["ALARM", "OK", "INSUFFICIENT_DATA"].contains(&word)
}

/// True for rules that differ in the white space between their parts.
pub(super) fn same_rule(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => words(a) == words(b),
        _ => false,
    }
}

/// The rule with one space between its parts.
pub(super) fn canonical_rule(rule: &str) -> String {
    words(rule).join(" ")
}

/// The parts of a rule: parentheses, quoted names with their white space, and other words.
fn words(rule: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in rule.chars() {
        let ends = !is_quoted && (c.is_whitespace() || c == '(' || c == ')');
        if ends {
            if !c.is_whitespace() {
                words.push(c.to_string());
            }
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            is_quoted ^= c == '"';
            word.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_equal_in_any_layout() {
        let same = |a: &str, b: &str| same_rule(&Value::from(a), &Value::from(b));
        assert!(same("ALARM(\"a\") OR\n  ALARM(b)\n", "ALARM( \"a\" ) OR ALARM(b)"));
        assert!(!same("ALARM(\"a  b\")", "ALARM(\"a b\")"));
        assert!(!same("ALARM(a) OR ALARM(b)", "ALARM(b) OR ALARM(a)"));
        assert!(!same("ALARM(ab)", "ALARM(a b)"));
    }

    #[test]
    fn alarms_of_a_rule_are_its_arguments() {
        let of = |rule: &str| children(rule).into_iter().collect::<Vec<_>>();
        assert_eq!(of("TRUE AND NOT FALSE"), [""; 0]);
        assert_eq!(
            of(
                "ALARM(\"OK(\") AND (OK(b c) OR INSUFFICIENT_DATA( arn:aws:cloudwatch:us-east-1:111122223333:alarm:d ))"
            ),
            ["OK(", "b c", "d"]
        );
    }

    #[test]
    fn alarm_of_several_functions_counts_once() {
        let rule = "ALARM(a) OR INSUFFICIENT_DATA(\"a\") OR \
                    NOT OK(arn:aws:cloudwatch:us-east-1:111122223333:alarm:a)";
        assert_eq!(children(rule).len(), 1);
    }
}
