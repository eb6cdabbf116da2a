//! The forms of identifiers that several resources refer to.
//!
//! Each accepts all that AWS documents, and values that a mock of another provider generates: see
//! [`Reference::Foreign`].

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::schema::{Attribute, Check, Reference, pattern, region::KMS};
use crate::value::Value;

/// IDs of EC2: a prefix and 8 or 17 hexadecimal digits. The digits are not counted, so that readable placeholders
/// pass.
static SECURITY_GROUP: LazyLock<Regex> = LazyLock::new(|| pattern(r"^sg-[0-9A-Za-z-]+$"));
static PEERED_SECURITY_GROUP: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([0-9]{12}/)?sg-[0-9A-Za-z-]+$"));
static SUBNET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^subnet-[0-9A-Za-z-]+$"));
static VPC: LazyLock<Regex> = LazyLock::new(|| pattern(r"^vpc-[0-9A-Za-z-]+$"));
static PREFIX_LIST: LazyLock<Regex> = LazyLock::new(|| pattern(r"^pl-[0-9A-Za-z-]+$"));

/// API reference of KMS, "KeyId": key ID, key ARN, alias name, or alias ARN.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:(key/[0-9A-Za-z-]+|alias/[0-9A-Za-z/_-]+)",
        r"|alias/[0-9A-Za-z/_-]+|mrk-[0-9a-f]{32}|[0-9a-fA-F-]+)$",
    ))
});

static TOPIC: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:sns:[a-z0-9-]+:[0-9]{12}:[0-9A-Za-z_.-]{1,256}$"));
static OBJECT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:s3:::[^/,\s]+/[^,]+$"));
static OUTPOST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:outposts:[a-z0-9-]+:[0-9]{12}:outpost/\S+$"));

/// The value is not an empty string.
pub(in crate::resources) fn not_empty(value: &Value) -> Result<(), String> {
    if value.is_empty() { Err("must not be empty".to_owned()) } else { Ok(()) }
}

/// A text has more than spaces. ElastiCache says of what it requires, such as descriptions: "must be provided and must
/// not be blank".
pub(in crate::resources) fn not_blank(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !text.is_empty() && text.trim().is_empty() => {
            Err("must not consist of spaces only".to_owned())
        }
        _ => Ok(()),
    }
}

/// IDs of security groups.
pub(in crate::resources) fn security_groups(set: Attribute) -> Attribute {
    foreign(set, each(&SECURITY_GROUP, "the ID of a security group, such as \"sg-0a1b2c3d4e5f60001\""))
}

/// IDs of security groups, with or without their account ID in front.
pub(in crate::resources) fn peered_security_groups(set: Attribute) -> Attribute {
    foreign(
        set,
        each(
            &PEERED_SECURITY_GROUP,
            "the ID of a security group, such as \"sg-0a1b2c3d4e5f60001\", with or without \"<account>/\" in front",
        ),
    )
}

/// IDs of subnets.
pub(in crate::resources) fn subnets(set: Attribute) -> Attribute {
    foreign(set, each(&SUBNET, "the ID of a subnet, such as \"subnet-0a1b2c3d4e5f60001\""))
}

/// IDs of prefix lists.
pub(in crate::resources) fn prefix_lists(set: Attribute) -> Attribute {
    foreign(set, each(&PREFIX_LIST, "the ID of a prefix list, such as \"pl-0a1b2c3d4e5f60001\""))
}

/// The ID of a VPC.
pub(in crate::resources) fn vpc(text: Attribute) -> Attribute {
    foreign(text, Check::Pattern(&VPC, "the ID of a VPC, such as \"vpc-0a1b2c3d4e5f60001\""))
}

/// A KMS key of the object's Region.
pub(crate) fn kms_key(text: Attribute) -> Attribute {
    foreign(text, Check::Pattern(&KEY, "the ID, ARN or alias (\"alias/name\") of a KMS key")).in_region(KMS)
}

/// The ARN of an SNS topic.
pub(in crate::resources) fn topic(text: Attribute) -> Attribute {
    foreign(text, Check::Pattern(&TOPIC, "the ARN of an SNS topic"))
}

/// ARNs of objects in S3.
pub(in crate::resources) fn objects(set: Attribute) -> Attribute {
    foreign(
        set,
        each(
            &OBJECT,
            "the ARN of an object in S3 without a comma, such as \"arn:aws:s3:::bucket/snapshot.rdb\"",
        ),
    )
}

/// The ARN of an Outpost.
pub(in crate::resources) fn outpost(text: Attribute) -> Attribute {
    foreign(text, Check::Pattern(&OUTPOST, "the ARN of an Outpost"))
}

/// ARNs of Outposts.
pub(in crate::resources) fn outposts(list: Attribute) -> Attribute {
    foreign(list, each(&OUTPOST, "the ARN of an Outpost"))
}

/// The Region of an Availability Zone if it is not `region`; `None` also for text that is no Availability Zone. The name
/// of a Local Zone or Wavelength Zone begins with its Region as well.
pub(in crate::resources) fn zone_of_another_region<'a>(zone: &'a str, region: &str) -> Option<&'a str> {
    static ZONE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^([a-z]{2,}(-[a-z]+)+-[0-9]+)(-[a-z0-9-]+-[0-9]+)?[a-z]$"));
    let other = ZONE.captures(zone)?.get(1)?.as_str();
    (other != region).then_some(other)
}

fn each(form: &'static LazyLock<Regex>, words: &'static str) -> Check {
    Check::Each(Box::new(Check::Pattern(form, words)))
}

fn foreign(attribute: Attribute, check: Check) -> Attribute {
    attribute.check(check).reference(Reference::Foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kms_key_accepts_ids_arns_and_aliases() {
        for key in [
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "mrk-1234abcd12ab34cd56ef1234567890ab",
            "alias/aws/elasticache",
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/app_data",
        ] {
            assert!(KEY.is_match(key), "{key}");
        }
        for wrong in [
            "not a key",
            "my_key",
            "alias/",
            "arn:aws:kms:eu-west-1:111122223333:grant/1",
            "arn:aws:sns:x:1:y",
        ] {
            assert!(!KEY.is_match(wrong), "{wrong}");
        }
    }

    #[test]
    fn ids_require_the_prefix_of_their_type() {
        assert!(SECURITY_GROUP.is_match("sg-0a1b2c3d") && !SECURITY_GROUP.is_match("my-sg"));
        assert!(PEERED_SECURITY_GROUP.is_match("111122223333/sg-0a1b2c3d"));
        assert!(!PEERED_SECURITY_GROUP.is_match("1/sg-0a1b2c3d") && !SECURITY_GROUP.is_match("sg-"));
        assert!(SUBNET.is_match("subnet-0a1b2c3d4e5f60001") && !SUBNET.is_match("subnet_1"));
        assert!(VPC.is_match("vpc-0a1b2c3d") && PREFIX_LIST.is_match("pl-02cd2c6b"));
    }

    #[test]
    fn arns_require_their_service() {
        assert!(TOPIC.is_match("arn:aws-cn:sns:cn-north-1:111122223333:ops.fifo"));
        assert!(!TOPIC.is_match("arn:aws:sqs:eu-west-1:111122223333:ops"));
        assert!(OBJECT.is_match("arn:aws:s3:::backup/2026/a-0001.rdb"));
        assert!(!OBJECT.is_match("arn:aws:s3:::backup/a,b.rdb") && !OBJECT.is_match("arn:aws:s3:::backup"));
        assert!(OUTPOST.is_match("arn:aws:outposts:eu-west-1:111122223333:outpost/op-0123456789abcdef0"));
    }

    #[test]
    fn availability_zone_begins_with_its_region() {
        for zone in ["eu-west-1a", "us-west-2-lax-1a", "us-gov-west-1b", "us-east-1-wl1-bos-wlz-1"] {
            let region =
                zone.split('-').take(if zone.starts_with("us-gov") { 4 } else { 3 }).collect::<Vec<_>>();
            let region = region.join("-");
            let region = region.trim_end_matches(|c: char| c.is_ascii_lowercase());
            assert_eq!(zone_of_another_region(zone, region), None, "{zone} {region}");
        }
        assert_eq!(zone_of_another_region("us-east-1a", "eu-west-1"), Some("us-east-1"));
        assert_eq!(zone_of_another_region("us-west-2-lax-1a", "eu-west-1"), Some("us-west-2"));
        for other in ["ab12cd34", "use1-az1", ""] {
            assert_eq!(zone_of_another_region(other, "eu-west-1"), None, "{other}");
        }
    }
}
