//! Names from the configuration, and unique names that begin with a prefix.

use crate::diag::Diagnostics;
use crate::engine::{Context, PlanContext};
use crate::value::{Field, FromValue, Path};

/// How many characters [`Context::unique_suffix`] has.
pub(in crate::resources) const SUFFIX: usize = 26;

/// An error if neither `name` nor `name_prefix` is set. `what` begins the sentence, as in `A parameter group`.
pub(in crate::resources) fn required(
    what: &str,
    name: &Field<String>,
    prefix: &Field<String>,
    diags: &mut Diagnostics,
) {
    if name.is_null() && prefix.text().is_none() && !prefix.is_unknown() {
        diags.error_at(
            Path::attribute("name"),
            "Missing name",
            format!("{what} requires a name. Set `name`, or `name_prefix` for a name with a unique suffix."),
        );
    }
}

/// The prefix if neither is set, as in hashicorp/aws.
const USUAL_PREFIX: &str = "terraform-";

/// The planned name; generated now if only the prefix is set.
pub(in crate::resources) fn chosen(cx: &Context<'_>, name: &Field<String>, prefix: &Field<String>) -> String {
    match name.text() {
        Some(name) => name.to_owned(),
        None => format!("{}{}", prefix.text().unwrap_or(USUAL_PREFIX), cx.unique_suffix()),
    }
}

/// Plans `name_prefix` of an existing object of this name. The prefix is used at create only: if the name begins with
/// the configured prefix, or none is configured, nothing changes. So an import needs no prefix, which AWS does not
/// return. Any other prefix requires replacement.
pub(in crate::resources) fn plan_prefix<M: FromValue>(
    cx: &mut PlanContext<'_, M>,
    name: &str,
    configured: &Field<String>,
    prior: &Field<String>,
) {
    if keeps(name, configured) {
        cx.set("name_prefix", prior.clone());
    } else if cx.changed("name_prefix") {
        cx.replace("name_prefix");
    }
}

/// Plans `id`, the name in lower case as AWS stores it. It is unknown while the name of a new object is.
pub(in crate::resources) fn plan_lower_id<M: FromValue>(cx: &mut PlanContext<'_, M>, name: &Field<String>) {
    match name {
        Field::Known(name) => cx.set("id", name.to_lowercase()),
        Field::Null | Field::Unknown if cx.is_create() => cx.set_unknown("id"),
        Field::Null | Field::Unknown => {}
    }
}

/// As [`plan_prefix`], for an object whose name AWS stores in lower case.
pub(in crate::resources) fn plan_lower_prefix<M: FromValue>(
    cx: &mut PlanContext<'_, M>,
    name: &str,
    configured: &Field<String>,
    prior: &Field<String>,
) {
    let lower = match configured {
        Field::Known(prefix) => Field::Known(prefix.to_lowercase()),
        other => other.clone(),
    };
    plan_prefix(cx, name, &lower, prior);
}

/// Whether the name begins with the configured prefix. An unknown prefix may become another one, and Terraform core
/// rejects a replacement that was not planned.
fn keeps(name: &str, prefix: &Field<String>) -> bool {
    match prefix {
        Field::Known(prefix) => name.starts_with(prefix.as_str()),
        Field::Null => true,
        Field::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_prefix_requires_replacement() {
        assert!(keeps("cache-1", &Field::from("cache-")) && keeps("cache-1", &Field::Null));
        assert!(!keeps("cache-1", &Field::from("redis-")) && !keeps("cache-1", &Field::Unknown));
    }
}
