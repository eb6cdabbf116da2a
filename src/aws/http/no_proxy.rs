//! Hosts that are reached without a proxy, by the rules of Go's `httpproxy` package,
//! which decides for Terraform itself and for every other provider.

use std::net::IpAddr;

/// Entries of `NO_PROXY`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::aws) struct NoProxy {
    everything: bool,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    /// Addresses that have the first so many bits of this one.
    Network(IpAddr, u8),
    /// One address, at one port if that is given.
    Address(IpAddr, Option<String>),
    /// A domain with a dot at its beginning, at one port if that is given.
    Domain {
        suffix: String,
        port: Option<String>,
        /// Whether the domain itself counts too, not only what is below it.
        itself: bool,
    },
}

impl NoProxy {
    /// Reads a list separated by commas. Entries without meaning are skipped, as in Go.
    pub(in crate::aws) fn parse(list: &str) -> Self {
        let mut parsed = Self::default();
        for entry in list.split(',').map(|entry| entry.trim().to_lowercase()) {
            if entry == "*" {
                parsed.everything = true;
            } else if let Some(entry) = Entry::parse(&entry) {
                parsed.entries.push(entry);
            }
        }
        parsed
    }

    /// Whether requests to this host, without brackets, and port go directly.
    pub(in crate::aws) fn covers(&self, host: &str, port: u16) -> bool {
        let host = host.trim_end_matches('.').to_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        if self.everything || is_local(&host, address) {
            return true;
        }
        let port = port.to_string();
        self.entries.iter().any(|entry| entry.covers(&host, address, &port))
    }
}

/// This machine, and the link-local addresses of the metadata services of instances and
/// containers, which no proxy reaches for us.
fn is_local(host: &str, address: Option<IpAddr>) -> bool {
    host == "localhost"
        || address.is_some_and(|address| match address {
            IpAddr::V4(v4) => v4.is_loopback() || v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_loopback() || v6.to_string() == "fd00:ec2::254",
        })
}

impl Entry {
    fn parse(entry: &str) -> Option<Self> {
        if let Some((network, bits)) = entry.split_once('/')
            && let (Ok(address), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u8>())
            && bits <= width(address)
        {
            return Some(Self::Network(address, bits));
        }
        let (host, port) = host_and_port(entry);
        if let Ok(address) = host.parse() {
            return Some(Self::Address(address, port));
        }
        let domain = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host);
        match domain {
            "" => None,
            below if below.starts_with('.') => {
                Some(Self::Domain { suffix: below.to_owned(), port, itself: false })
            }
            name => Some(Self::Domain { suffix: format!(".{name}"), port, itself: true }),
        }
    }

    fn covers(&self, host: &str, address: Option<IpAddr>, port: &str) -> bool {
        let at_port = |expected: &Option<String>| expected.as_deref().is_none_or(|expected| expected == port);
        match self {
            Self::Network(network, bits) => {
                address.is_some_and(|address| in_network(address, *network, *bits))
            }
            Self::Address(expected, at) => address == Some(*expected) && at_port(at),
            Self::Domain { suffix, port, itself } => {
                (host.ends_with(suffix) || (*itself && *host == suffix[1..])) && at_port(port)
            }
        }
    }
}

/// `host:port` and `[host]:port`; everything else is a host.
fn host_and_port(entry: &str) -> (&str, Option<String>) {
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) if host.starts_with('[') && host.ends_with(']') => {
            (&host[1..host.len() - 1], port)
        }
        Some((host, port)) if !host.contains(':') => (host, port),
        _ => return (entry, None),
    };
    (host, Some(port.to_owned()).filter(|port| !port.is_empty()))
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn in_network(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let number = |address: IpAddr| match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    };
    let rest = u32::from(width(network) - bits);
    let prefix = |address| number(address).checked_shr(rest).unwrap_or_default();
    address.is_ipv4() == network.is_ipv4() && prefix(address) == prefix(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the documentation of Go's `httpproxy.Config.NoProxy`, and more.
    #[test]
    fn hosts_are_matched_as_go_matches_them() {
        for (list, host, port, direct) in [
            ("aws.emulator.test", "aws.emulator.test", 4566, true),
            ("aws.emulator.test:4566", "aws.emulator.test", 4566, true),
            ("aws.emulator.test:4566", "aws.emulator.test", 80, false),
            ("*.emulator.test", "aws.emulator.test", 80, true),
            ("*.emulator.test", "emulator.test", 80, false),
            (".emulator.test", "aws.emulator.test", 80, true),
            (".emulator.test", "emulator.test", 80, false),
            ("*.emulator.test:4566", "aws.emulator.test", 4566, true),
            ("*.emulator.test:4566", "aws.emulator.test", 4567, false),
            ("emulator.test", "aws.emulator.test", 80, true),
            ("emulator.test", "myemulator.test", 80, false),
            ("EMULATOR.test", "Aws.Emulator.TEST", 80, true),
            ("*emulator.test", "aws.emulator.test", 80, false),
            ("a.test , b.test", "b.test", 80, true),
            ("*", "example.com", 443, true),
            ("", "example.com", 443, false),
            (",, ,:80", "example.com", 80, false),
            ("10.0.0.0/8", "10.20.30.40", 443, true),
            ("10.0.0.0/8", "11.20.30.40", 443, false),
            ("10.0.0.0/8", "ten.test", 443, false),
            ("0.0.0.0/0", "8.8.8.8", 443, true),
            ("0.0.0.0/0", "2001:db8::1", 443, false),
            ("10.1.2.3", "10.1.2.3", 443, true),
            ("10.1.2.3:443", "10.1.2.3", 443, true),
            ("10.1.2.3:443", "10.1.2.3", 80, false),
            ("2001:db8::/32", "2001:db8::1", 443, true),
            ("2001:db8::1", "2001:db8:0::1", 443, true),
            ("[2001:db8::1]:8443", "2001:db8::1", 8443, true),
            ("[2001:db8::1]:8443", "2001:db8::1", 443, false),
            ("10.0.0.0/99", "10.0.0.1", 443, false),
        ] {
            assert_eq!(NoProxy::parse(list).covers(host, port), direct, "{list:?} {host}:{port}");
        }
    }

    #[test]
    fn this_machine_and_metadata_services_never_have_a_proxy() {
        let nothing = NoProxy::default();
        for host in [
            "localhost",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "169.254.169.254",
            "169.254.170.2",
            "fd00:ec2::254",
        ] {
            assert!(nothing.covers(host, 80), "{host}");
        }
        assert!(!nothing.covers("10.0.0.1", 80) && !nothing.covers("localhost.test", 80));
    }
}
