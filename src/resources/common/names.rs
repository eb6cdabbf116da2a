//! Names that are given, and names that are made unique behind a prefix.

use crate::diag::Diagnostics;
use crate::engine::{Context, PlanContext};
use crate::value::{Field, FromValue, Path};

/// How many characters [`Context::unique_suffix`] has.
pub(in crate::resources) const SUFFIX: usize = 26;

/// An error when neither `name` nor `name_prefix` is given. `what` begins the
/// sentence, as in `A parameter group`.
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
            format!("{what} needs name, or name_prefix for a name that is made unique."),
        );
    }
}

/// The prefix of a name that nothing is configured for, as in hashicorp/aws.
const USUAL_PREFIX: &str = "terraform-";

/// The planned name; made now where it is left to the prefix.
pub(in crate::resources) fn chosen(cx: &Context<'_>, name: &Field<String>, prefix: &Field<String>) -> String {
    match name.text() {
        Some(name) => name.to_owned(),
        None => format!("{}{}", prefix.text().unwrap_or(USUAL_PREFIX), cx.unique_suffix()),
    }
}

/// Plans `name_prefix` of an existing object of this name. A prefix only makes the name: as long as
/// the name begins with the configured one, or none is configured, nothing changes, also after an
/// import, which cannot tell where the prefix ends. Any other prefix requires replacement.
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

/// Whether an object of this name fits the configured prefix. A prefix that is not
/// known yet may turn out another one, and core accepts no replacement that the plan did
/// not announce.
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
    fn an_unknown_prefix_may_not_be_the_one() {
        assert!(keeps("cache-1", &Field::from("cache-")) && keeps("cache-1", &Field::Null));
        assert!(!keeps("cache-1", &Field::from("redis-")) && !keeps("cache-1", &Field::Unknown));
    }
}
