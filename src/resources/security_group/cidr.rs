//! Ranges of addresses in the spelling of EC2.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use crate::value::Value;

/// A range of IPv4 addresses in the spelling of EC2.
///
/// # Errors
/// What is wrong with it, to complete "each element of allowed_cidr_blocks …".
pub(super) fn v4(text: &str) -> Result<String, String> {
    let malformed = || {
        if text.parse::<Ipv4Addr>().is_ok() {
            format!("must be an IPv4 range, but is the address {text:?}: use \"{text}/32\"")
        } else if v6(text).is_ok() {
            format!(
                "must be an IPv4 range, but {text:?} is an IPv6 range: move it to `allowed_ipv6_cidr_blocks`"
            )
        } else {
            format!("must be an IPv4 range such as \"10.0.0.0/16\", but is {text:?}")
        }
    };
    let range: Ipv4Net = text.parse().map_err(|_| malformed())?;
    // `Ipv4Net` reads octets with leading zeros, which EC2 refuses.
    if text.split('/').next().is_none_or(|address| address.parse::<Ipv4Addr>().is_err()) {
        return Err(malformed());
    }
    without_host_bits(text, range == range.trunc(), range.trunc().to_string())
}

/// A range of IPv6 addresses in the spelling of EC2.
///
/// # Errors
/// What is wrong with it, to complete "each element of allowed_ipv6_cidr_blocks …".
pub(super) fn v6(text: &str) -> Result<String, String> {
    let malformed = || {
        if text.parse::<Ipv6Addr>().is_ok() {
            format!("must be an IPv6 range, but is the address {text:?}: use \"{text}/128\"")
        } else {
            format!("must be an IPv6 range such as \"2001:db8::/32\", but is {text:?}")
        }
    };
    let range: Ipv6Net = text.parse().map_err(|_| malformed())?;
    without_host_bits(text, range == range.trunc(), range.trunc().to_string())
}

/// EC2 clears the host bits, so that the rule differs from the configured one.
fn without_host_bits(text: &str, is_network: bool, network: String) -> Result<String, String> {
    if is_network {
        return Ok(network);
    }
    Err(format!(
        "must be a range without host bits, but is {text:?}: use {network:?} for the range, or the full prefix length for the \
         single address"
    ))
}

/// True for two sets of the same ranges in any spelling.
pub(super) fn same_v6(a: &Value, b: &Value) -> bool {
    let ranges = |value: &Value| {
        let texts = value.as_elements().unwrap_or_default().iter();
        let mut ranges: Option<Vec<String>> = texts.map(|text| v6(text.as_str()?).ok()).collect();
        if let Some(ranges) = &mut ranges {
            ranges.sort_unstable();
        }
        ranges
    };
    ranges(a).is_some_and(|a| Some(a) == ranges(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_has_one_spelling() {
        assert_eq!(v4("10.0.0.0/8").unwrap(), "10.0.0.0/8");
        assert_eq!(v4("0.0.0.0/0").unwrap(), "0.0.0.0/0");
        assert_eq!(v4("192.0.2.7/32").unwrap(), "192.0.2.7/32");
        assert_eq!(v6("2001:0DB8:0::/32").unwrap(), "2001:db8::/32");
        assert_eq!(v6("::/0").unwrap(), "::/0");
        for text in [
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/8",
            "10.0.0.0/+8",
            "300.0.0.0/8",
            "010.0.0.0/8",
            "",
            "/",
            "10.0.0.0/",
        ] {
            assert!(v4(text).is_err(), "{text}");
        }
        for text in ["::1", "2001:db8::/129", "10.0.0.0/8", "g::/16"] {
            assert!(v6(text).is_err(), "{text}");
        }
    }

    #[test]
    fn host_bits_are_rejected_with_the_range() {
        assert!(v4("10.1.2.3/16").unwrap_err().contains("use \"10.1.0.0/16\""));
        assert!(v6("2001:db8::1/64").unwrap_err().contains("use \"2001:db8::/64\""));
        assert!(v4("2001:db8::/64").unwrap_err().contains("allowed_ipv6_cidr_blocks"));
        assert!(v4("10.1.2.3").unwrap_err().contains("use \"10.1.2.3/32\""));
        assert!(v6("2001:db8::1").unwrap_err().contains("use \"2001:db8::1/128\""));
    }

    #[test]
    fn sets_of_the_same_ranges_are_equal() {
        let set = |texts: &[&str]| Value::set(texts.iter().map(|text| Value::from(*text)));
        assert!(same_v6(&set(&["2001:DB8::/32", "::/0"]), &set(&["0::/0", "2001:db8::/32"])));
        assert!(!same_v6(&set(&["2001:db8::/32"]), &set(&["2001:db9::/32"])));
        assert!(!same_v6(&set(&["junk"]), &set(&["junk2"])));
    }
}
