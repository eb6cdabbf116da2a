//! What the parts of the simulator agree on.

use std::collections::BTreeMap;

/// Simulated time in milliseconds since the simulator started.
pub type Millis = u64;

/// Where a call is made: AWS keeps objects per account and region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Account id of twelve digits.
    pub account: String,
    /// Region name.
    pub region: String,
}

/// A refusal, as AWS words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// Error code on the wire, such as `ReplicationGroupNotFoundFault`.
    pub code: String,
    /// Message.
    pub message: String,
    /// HTTP status.
    pub status: u16,
}

impl ServiceError {
    /// A fault of status 400.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status: 400 }
    }
}

/// A piece of an XML answer. Written with escaping by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Xml {
    /// Text.
    Text(String),
    /// An element and what is in it.
    Element(String, Vec<Xml>),
}

impl Xml {
    /// An element with children.
    pub fn element(name: &str, children: Vec<Xml>) -> Self {
        Xml::Element(name.to_owned(), children)
    }

    /// An element with text.
    #[allow(clippy::needless_pass_by_value)]
    pub fn text(name: &str, text: impl ToString) -> Self {
        Xml::Element(name.to_owned(), vec![Xml::Text(text.to_string())])
    }
}

/// Parameters of a query request, flattened as on the wire: `SubnetIds.SubnetIdentifier.1`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(pub BTreeMap<String, String>);

impl Params {
    /// One value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The values of a list in order, whatever the name of its members: `prefix.<member>.<n>`.
    pub fn list(&self, prefix: &str) -> Vec<String> {
        self.numbered(prefix).into_iter().filter_map(|p| p.get("").map(str::to_owned)).collect()
    }

    /// The structures of a list in order; each as parameters without the prefix. A plain
    /// value stands under the empty name.
    pub fn numbered(&self, prefix: &str) -> Vec<Params> {
        let mut found: BTreeMap<u32, Params> = BTreeMap::new();
        for (key, value) in &self.0 {
            let Some(rest) = key.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')) else {
                continue;
            };
            let mut parts = rest.splitn(3, '.');
            let first = parts.next().unwrap_or_default();
            // `prefix.member.N.rest` or `prefix.N.rest`
            let (number, rest) = match first.parse::<u32>() {
                Ok(number) => (number, rest.split_once('.').map_or("", |(_, rest)| rest)),
                Err(_) => match parts.next().and_then(|n| n.parse::<u32>().ok()) {
                    Some(number) => (number, parts.next().unwrap_or_default()),
                    None => continue,
                },
            };
            found.entry(number).or_default().0.insert(rest.to_owned(), value.clone());
        }
        found.into_values().collect()
    }
}

/// A network interface that a service keeps in a VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// What it is for, as EC2 shows it.
    pub description: String,
    /// Zone it is in.
    pub zone: String,
    /// Security groups it is in.
    pub security_groups: Vec<String>,
}

/// A service that speaks the query protocol with XML answers.
pub trait QueryService: Send {
    /// Carries one action out at this time and gives what stands inside `<ActionResult>`.
    fn call(
        &mut self,
        place: &Place,
        action: &str,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError>;

    /// Every object that can carry tags at this place, by ARN, with its tags: what the Resource
    /// Groups Tagging API finds.
    fn tagged(&mut self, place: &Place, now: Millis) -> Vec<(String, BTreeMap<String, String>)> {
        let _ = (place, now);
        Vec::new()
    }

    /// The network interfaces that it has at this place; EC2 deletes no security group that one
    /// is in.
    fn interfaces(&mut self, place: &Place, now: Millis) -> Vec<Interface> {
        let _ = (place, now);
        Vec::new()
    }
}
