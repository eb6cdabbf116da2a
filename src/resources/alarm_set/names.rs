//! Templates of names, descriptions and dimensions.

/// Template of an alarm's name when none is given.
pub(super) const DEFAULT: &str = "{member}-{alarm}";

/// What is said of the template of names.
pub(super) const DEFAULT_DESCRIPTION: &str = "Template of the alarms' names, with the placeholders `{id}` (of the group), `{member}` (the node, or the group \
     where the alarm is on the group), `{metric}` and `{alarm}` (the key in `metrics`). Names are unique in account and \
     region, so `{alarm}`, and `{member}` or `{id}`, must be there.";

/// Template of the composite alarm's name when none is given.
pub(super) const COMPOSITE: &str = "{id}-alarms";

/// What templates may hold.
const PLACEHOLDERS: [&str; 4] = ["id", "member", "metric", "alarm"];

/// What stands in the place of the placeholders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    /// Id of the group.
    pub id: &'a str,
    /// Name of the node, or id of the group for an alarm on the group.
    pub member: &'a str,
    /// Name of the metric.
    pub metric: &'a str,
    /// Key of the alarm.
    pub alarm: &'a str,
}

impl<'a> Names<'a> {
    /// The template with its placeholders filled in, in one pass: what is filled in is
    /// not looked at again. A brace that is no placeholder stays.
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

/// What is wrong with a template, completing "must …".
pub(super) fn problem(template: &str) -> Option<String> {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((name, behind)) if PLACEHOLDERS.contains(&name) => rest = behind,
            Some((name, _)) => {
                return Some(format!(
                    "must use {{id}}, {{member}}, {{metric}} and {{alarm}} as placeholders, but has {{{name}}}"
                ));
            }
            None => return Some("must close each brace it opens".to_owned()),
        }
    }
    // A composite alarm's rule has names between double quotes, and no way to escape one.
    template.contains('"').then(|| "must not have a double quote".to_owned())
}

/// The key of the alarm that has this name by the template, if one has.
pub(super) fn key_of(template: &str, id: &str, member: &str, metric: &str, name: &str) -> Option<String> {
    // A key is wherever {alarm} is; a character that no name has stands for it.
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
    fn templates_are_filled_once() {
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
    fn wrong_templates_are_told() {
        assert_eq!(problem("{id}-{alarm}"), None);
        assert_eq!(
            problem("{name}").unwrap(),
            "must use {id}, {member}, {metric} and {alarm} as placeholders, but has {name}"
        );
        assert_eq!(problem("{id").unwrap(), "must close each brace it opens");
        assert_eq!(problem("a\"b").unwrap(), "must not have a double quote");
    }

    #[test]
    fn keys_are_found_in_names() {
        let key = |template, name| key_of(template, "main", "main-001", "CPUUtilization", name);
        assert_eq!(key(DEFAULT, "main-001-cpu"), Some("cpu".to_owned()));
        assert_eq!(key(DEFAULT, "main-002-cpu"), None);
        assert_eq!(key(DEFAULT, "main-001-"), None);
        assert_eq!(key("{member}-{metric}", "main-001-CPUUtilization"), Some("CPUUtilization".to_owned()));
        assert_eq!(key("{member}-{metric}", "main-001-Other"), None);
        assert_eq!(key("{alarm} of {member}", "x y of main-001"), Some("x y".to_owned()));
        assert_eq!(key("{alarm}{alarm}", "aa"), None, "where a key ends cannot be told");
    }
}
