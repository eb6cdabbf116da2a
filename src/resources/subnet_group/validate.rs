//! Rules for the arguments of a subnet group.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::diag::Diagnostics;
use crate::schema::pattern;
use crate::value::{Field, Path, Value};

/// API reference of CreateCacheSubnetGroup: at most 255 letters, digits and hyphens. The service accepts dots and
/// underscores as well, and requires a letter at the beginning.
pub(super) static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z][A-Za-z0-9._-]*$"));

/// What [`NAME`] allows, in words.
pub(super) const NAME_FORM: &str = "a letter followed by letters, digits, hyphens, dots and underscores";

/// The longest name, in the same document.
pub(super) const LONGEST_NAME: usize = 255;

/// "Quotas for ElastiCache": subnets per subnet group.
const SUBNETS: usize = 20;

/// AWS reserves the name `default`.
pub(super) fn not_default(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if name.eq_ignore_ascii_case("default") => {
            Err("must not be \"default\", which AWS reserves; use another name".to_owned())
        }
        _ => Ok(()),
    }
}

/// A subnet group has at least one subnet.
pub(super) fn not_empty(value: &Value) -> Result<(), String> {
    if value.is_empty() { Err("must have at least one subnet, but is empty".to_owned()) } else { Ok(()) }
}

/// Warns of more subnets than the default quota allows.
pub(super) fn check_quota(subnet_ids: &Field<BTreeSet<String>>, diags: &mut Diagnostics) {
    let count = subnet_ids.known().map_or(0, BTreeSet::len);
    if count > SUBNETS {
        diags.warning_at(
            Path::attribute("subnet_ids"),
            "Subnets exceed the default quota",
            format!(
                "`subnet_ids` has {count} elements, and AWS allows {SUBNETS} subnets in a subnet group by default. Remove \
                 subnets, or ignore this warning if the account has a higher quota."
            ),
        );
    }
}
