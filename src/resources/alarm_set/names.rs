//! Templates of names, descriptions and dimensions.

/// The default template of alarm names.
pub(super) const DEFAULT: &str = "{member}-{alarm}";

/// The default template of the name of a composite alarm.
pub(super) const COMPOSITE: &str = "{id}-alarms";

/// What the ID of the set of a serverless cache begins with, so that a replication group of the same name has another ID. It
/// is a part of the ARN of the cache.
pub(super) const SERVERLESS_ID: &str = "serverlesscache:";

/// The placeholders of templates.
const PLACEHOLDERS: [&str; 4] = ["id", "member", "metric", "alarm"];

/// The values of the placeholders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    /// ID of the replication group.
    pub id: &'a str,
    /// Node, or replication group for an alarm with scope `group`.
    pub member: &'a str,
    /// Name of the metric.
    pub metric: &'a str,
    /// Key of the alarm.
    pub alarm: &'a str,
}

impl<'a> Names<'a> {
    /// The template with the values of its placeholders, in one pass: a placeholder in a value is kept, and so is a brace
    /// that begins no placeholder.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len() + self.member.len());
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            text.push_str(before);
            let found = PLACEHOLDERS.iter().find_map(|name| {
                let after = from[1..].strip_prefix(name)?.strip_prefix('}')?;
                Some((self.value(name), after))
            });
            let (value, after) = found.unwrap_or(("{", &from[1..]));
            text.push_str(value);
            rest = after;
        }
        text + rest
    }

    fn value(&self, placeholder: &str) -> &'a str {
        match placeholder {
            "id" => self.id,
            "member" => self.member,
            "metric" => self.metric,
            _ => self.alarm,
        }
    }
}

/// The rule that the template of a name violates, completing "must …".
pub(super) fn problem(template: &str) -> Option<String> {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((name, behind)) if PLACEHOLDERS.contains(&name) => rest = behind,
            Some((name, _)) => return Some(no_placeholder(name)),
            None => return Some("must close each opening brace".to_owned()),
        }
    }
    // The rule of a composite alarm has names in double quotes, which cannot be escaped.
    template.contains('"').then(|| "must not have a double quote".to_owned())
}

/// The same for any other text, such as a description, which may have braces and quotes of its own: JSON is common. Only one
/// word in braces is refused, because it is a misspelled placeholder.
pub(super) fn text_problem(template: &str) -> Option<String> {
    let is_word =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let words = template.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).filter(is_word);
    words.into_iter().find(|name| !PLACEHOLDERS.contains(name)).map(no_placeholder)
}

fn no_placeholder(name: &str) -> String {
    format!("must use only the placeholders {{id}}, {{member}}, {{metric}} and {{alarm}}, but has {{{name}}}")
}

/// The key of the alarm with this name by the template.
pub(super) fn key_of(template: &str, id: &str, member: &str, metric: &str, name: &str) -> Option<String> {
    // A character that no name has marks the key.
    let marked = Names { id, member, metric, alarm: "\0" }.fill(template);
    let Some((before, after)) = marked.split_once('\0') else {
        return (marked == name).then(|| metric.to_owned());
    };
    let after = after.split('\0').next().unwrap_or_default();
    let key = name.strip_prefix(before)?;
    let key = if after.is_empty() { key } else { &key[..key.find(after)?] };
    let again = Names { id, member, metric, alarm: key }.fill(template);
    (again == name && !key.is_empty()).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names<'_> = Names { id: "main", member: "main-001", metric: "CPUUtilization", alarm: "cpu" };

    #[test]
    fn placeholders_are_replaced_once() {
        assert_eq!(NAMES.fill(DEFAULT), "main-001-cpu");
        assert_eq!(
            NAMES.fill("prod/{id}/{member}/{metric}/{alarm}!"),
            "prod/main/main-001/CPUUtilization/cpu!"
        );
        assert_eq!(NAMES.fill("plain"), "plain");
        assert_eq!(NAMES.fill("{"), "{");
        assert_eq!(Names { id: "{alarm}", ..NAMES }.fill("{id}"), "{alarm}");
    }

    #[test]
    fn invalid_templates_are_rejected() {
        assert_eq!(problem("{id}-{alarm}"), None);
        assert_eq!(
            problem("{name}").unwrap(),
            "must use only the placeholders {id}, {member}, {metric} and {alarm}, but has {name}"
        );
        assert_eq!(problem("{id").unwrap(), "must close each opening brace");
        assert_eq!(problem("a\"b").unwrap(), "must not have a double quote");
    }

    #[test]
    fn a_description_may_have_braces_and_quotes() {
        for text in [
            "{id}: {metric}",
            r#"{"team": "cache", "runbook": "https://example.com/{id}"}"#,
            r#"say "hi""#,
            "{",
            "}{",
            "{}",
            "a {b c}",
        ] {
            assert_eq!(text_problem(text), None, "{text}");
        }
        assert!(text_problem("{node}").is_some_and(|problem| problem.ends_with("has {node}")));
        assert!(text_problem(r#"{"of": "{node}"}"#).is_some());
    }

    #[test]
    fn key_is_derived_from_a_name() {
        let key = |template, name| key_of(template, "main", "main-001", "CPUUtilization", name);
        assert_eq!(key(DEFAULT, "main-001-cpu"), Some("cpu".to_owned()));
        assert_eq!(key(DEFAULT, "main-002-cpu"), None);
        assert_eq!(key(DEFAULT, "main-001-"), None);
        assert_eq!(key("{member}-{metric}", "main-001-CPUUtilization"), Some("CPUUtilization".to_owned()));
        assert_eq!(key("{member}-{metric}", "main-001-Other"), None);
        assert_eq!(key("{alarm} of {member}", "x y of main-001"), Some("x y".to_owned()));
        assert_eq!(key("{alarm}{alarm}", "aa"), None, "the end of the key is ambiguous");
    }
}
