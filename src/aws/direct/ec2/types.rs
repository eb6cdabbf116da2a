//! What requests and responses are made of.

use crate::aws::direct::{Read, items, number, read_all, text};
use aws_smithy_xml::decode::{ScopedDecoder, XmlDecodeError};

/// Ingress or egress of one port, or of everything, from or to some ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// `tcp`, or `-1` for all protocols.
    pub protocol: &'static str,
    /// The port; `None` for all.
    pub port: Option<i32>,
    /// The other side.
    pub ranges: Vec<Range>,
}

/// The other side of a permission, with the description of the rule that it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Range {
    /// A range of IPv4 addresses.
    V4 { cidr: String, description: Option<String> },
    /// A range of IPv6 addresses.
    V6 { cidr: String, description: Option<String> },
    /// A prefix list.
    PrefixList { id: String, description: Option<String> },
    /// The members of a security group; `account` is its owner when that is another account.
    Group { id: String, account: Option<String>, description: Option<String> },
}

/// A rule with what it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleUpdate {
    /// ID of the rule, `sgr-…`.
    pub rule_id: String,
    /// Its TCP port.
    pub port: i32,
    /// Its source and description.
    pub range: Range,
}

/// Declares structures of responses: each field with the type of its value and the name of its
/// element in the API model.
macro_rules! responses {
    ($($(#[$doc:meta])* $visibility:vis struct $name:ident {
        $($(#[$field_doc:meta])* $field:ident: $kind:tt $type:ty = $element:literal,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        $visibility struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl Read for $name {
            #[allow(unused_variables)]
            fn member(&mut self, name: &str, value: &mut ScopedDecoder<'_, '_>) -> Result<(), XmlDecodeError> {
                match name {
                    $($element => self.$field = responses!(@read $kind, value),)*
                    _ => {}
                }
                Ok(())
            }
        }
    )*};
    (@read text, $value:ident) => { text($value)? };
    (@read number, $value:ident) => { number($value)? };
    (@read list, $value:ident) => { items($value)? };
    (@read structure, $value:ident) => { Some(read_all($value)?) };
}

responses! {
    /// A security group.
    pub struct SecurityGroup {
        /// ID, `sg-…`.
        group_id: text Option<String> = "groupId",
        /// Name.
        group_name: text Option<String> = "groupName",
        /// Description.
        description: text Option<String> = "groupDescription",
        /// ID of the VPC.
        vpc_id: text Option<String> = "vpcId",
        /// Account of the group.
        owner_id: text Option<String> = "ownerId",
        /// ARN.
        arn: text Option<String> = "securityGroupArn",
        /// Tags.
        tags: list Vec<Tag> = "tagSet",
        /// Ingress, of which only the protocols are read.
        ingress: list Vec<GroupPermission> = "ipPermissions",
        /// Egress, of which only the protocols are read.
        egress: list Vec<GroupPermission> = "ipPermissionsEgress",
    }

    /// A permission of a group, of which only the protocol is read.
    pub struct GroupPermission {
        /// `tcp`, or `-1` for all protocols.
        protocol: text Option<String> = "ipProtocol",
    }

    /// A tag.
    pub struct Tag {
        /// Key.
        key: text Option<String> = "key",
        /// Value.
        value: text Option<String> = "value",
    }

    /// A rule of a security group.
    pub struct SecurityGroupRule {
        /// ID, `sgr-…`.
        rule_id: text Option<String> = "securityGroupRuleId",
        /// Whether it lets out.
        is_egress: number Option<bool> = "isEgress",
        /// `tcp`, or `-1` for all protocols.
        protocol: text Option<String> = "ipProtocol",
        /// First port.
        from_port: number Option<i32> = "fromPort",
        /// Last port.
        to_port: number Option<i32> = "toPort",
        /// Range of IPv4 addresses.
        cidr_ipv4: text Option<String> = "cidrIpv4",
        /// Range of IPv6 addresses.
        cidr_ipv6: text Option<String> = "cidrIpv6",
        /// ID of a prefix list.
        prefix_list_id: text Option<String> = "prefixListId",
        /// A security group.
        referenced_group: structure Option<ReferencedGroup> = "referencedGroupInfo",
        /// Description.
        description: text Option<String> = "description",
    }

    /// The security group that a rule refers to.
    pub struct ReferencedGroup {
        /// ID, `sg-…`.
        group_id: text Option<String> = "groupId",
        /// Account of the group.
        user_id: text Option<String> = "userId",
    }

    /// A network interface.
    pub struct NetworkInterface {
        /// ID, `eni-…`.
        id: text Option<String> = "networkInterfaceId",
        /// Description, which names what it belongs to.
        description: text Option<String> = "description",
        /// Status, such as `in-use`.
        status: text Option<String> = "status",
    }

    /// Response of `CreateSecurityGroup`.
    pub(super) struct Created {
        group_id: text Option<String> = "groupId",
    }

    /// Response of `DescribeSecurityGroups`.
    pub(super) struct Groups {
        groups: list Vec<SecurityGroup> = "securityGroupInfo",
        next_token: text Option<String> = "nextToken",
    }

    /// Response of `DescribeSecurityGroupRules`.
    pub(super) struct Rules {
        rules: list Vec<SecurityGroupRule> = "securityGroupRuleSet",
        next_token: text Option<String> = "nextToken",
    }

    /// Response of `DescribeNetworkInterfaces`.
    pub(super) struct Interfaces {
        interfaces: list Vec<NetworkInterface> = "networkInterfaceSet",
    }

    /// Response of which nothing is needed.
    pub(super) struct Done {}
}
