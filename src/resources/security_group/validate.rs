//! Rules for the arguments of a security group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex_lite::Regex;

use super::cidr;
use super::rules::{RuleSource, SELF};
use crate::diag::Diagnostics;
use crate::schema::pattern;
use crate::value::{Field, Path, Value};

/// API reference of CreateSecurityGroup: the characters of names and descriptions.
pub(super) static PLAIN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*$"));

/// What [`PLAIN`] allows, in words.
pub(super) const PLAIN_FORM: &str = "letters, digits, spaces and the characters ._-:/()#,@[]+=&;{}!$*";

/// The longest name and description, from the same page.
pub(super) const LONGEST: usize = 255;

/// Amazon VPC quotas, "Inbound or outbound rules per security group".
const RULES_QUOTA: usize = 60;

/// API reference of CreateSecurityGroup. The default security group of each VPC belongs to AWS.
pub(super) fn not_reserved(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else { return Ok(()) };
    if name.to_ascii_lowercase().starts_with("sg-") {
        return Err(format!("must not begin with sg-, which AWS reserves for IDs, but is {name:?}"));
    }
    if name.eq_ignore_ascii_case("default") {
        return Err("must not be \"default\", which AWS reserves for the default security group of a VPC; use another name"
            .to_owned());
    }
    Ok(())
}

/// A security group has at least one port.
pub(super) fn at_least_one_port(value: &Value) -> Result<(), String> {
    if value.is_empty() { Err("must have at least one port, but is empty".to_owned()) } else { Ok(()) }
}

/// A range of IPv4 addresses.
pub(super) fn v4(range: &Value) -> Result<(), String> {
    range.as_str().map_or(Ok(()), |text| cidr::v4(text).map(drop))
}

/// A range of IPv6 addresses.
pub(super) fn v6(range: &Value) -> Result<(), String> {
    range.as_str().map_or(Ok(()), |text| cidr::v6(text).map(drop))
}

/// Warns of more rules than the default quota allows. Each combination of port and source is one rule.
pub(super) fn check_quota(sources: usize, ports: &Field<BTreeSet<i32>>, diags: &mut Diagnostics) {
    let rules = sources * ports.known().map_or(1, BTreeSet::len);
    if rules > RULES_QUOTA {
        diags.warning_at(
            Path::attribute("ports"),
            "Rules exceed the default quota",
            format!(
                "The security group has {rules} inbound rules, one for each port and source, and AWS allows {RULES_QUOTA} by \
                 default. Use wider ranges or a prefix list, or ignore this warning if the account has a higher quota."
            ),
        );
    }
}

/// Rejects descriptions of sources that have no rule, and two descriptions of one source.
pub(super) fn check_descriptions(
    descriptions: &Field<BTreeMap<String, String>>,
    sources: &BTreeMap<RuleSource, String>,
    allow_self: bool,
    diags: &mut Diagnostics,
) {
    for key in descriptions.known().into_iter().flat_map(BTreeMap::keys) {
        let of_self = key == SELF && allow_self;
        if !of_self && !sources.keys().any(|source| source.is_named(key)) {
            diags.error_at(
                Path::attribute("rule_descriptions").key(key),
                "Description without a rule",
                format!(
                    "`rule_descriptions` describes {key:?}, which is in none of `allowed_security_group_ids`, \
                     `allowed_cidr_blocks`, `allowed_ipv6_cidr_blocks` and `allowed_prefix_list_ids`. Add it to one of \
                     them, or remove the description."
                ),
            );
        }
    }
    for source in sources.keys() {
        let of_source = |(key, _): &(&String, &String)| source.is_named(key);
        let mut named = descriptions.known().into_iter().flatten().filter(of_source);
        let Some((first, text)) = named.next() else { continue };
        if let Some((other, _)) = named.find(|(_, other)| *other != text) {
            diags.error_at(
                Path::attribute("rule_descriptions").key(other),
                "Two descriptions of one source",
                format!(
                    "`rule_descriptions` describes {first:?} and {other:?}, which are one source in two spellings, with \
                     different texts, and each rule has one description. Remove one of them."
                ),
            );
        }
    }
}
