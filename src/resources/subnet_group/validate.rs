//! Rules for the arguments of a subnet group.

use std::collections::BTreeSet;

use crate::diag::Diagnostics;
use crate::value::{Field, Path, Value};

/// The longest name (API reference of CreateCacheSubnetGroup).
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
