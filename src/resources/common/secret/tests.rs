//! Tests of version IDs and key comparison. The resources test the life cycle.

use super::VersionSeed;
use super::validate::same_key;
use crate::value::Value;

#[test]
fn version_id_depends_on_name_purpose_and_previous_version() {
    let rotation = VersionSeed::new(["token", "1"]);
    let first = rotation.version_after("app/redis", None, 0);
    assert_eq!(first, rotation.version_after("app/redis", None, 0));
    let others = [
        rotation.version_after("app/other", None, 0),
        rotation.version_after("app/redis", Some(&first), 0),
        rotation.version_after("app/redis", None, 1),
        VersionSeed::new(["token", "2"]).version_after("app/redis", None, 0),
        VersionSeed::new(["token1", ""]).version_after("app/redis", None, 0),
        VersionSeed::new(["toke", "n1"]).version_after("app/redis", None, 0),
    ];
    for (i, other) in others.iter().enumerate() {
        assert_ne!(*other, first);
        assert!(!others[..i].contains(other), "{i}");
    }
}

#[test]
fn version_id_is_a_uuid() {
    let id = VersionSeed::new(["token"]).version_after("app/redis", None, 0);
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert!(id.chars().all(|c| c == '-' || c.is_ascii_hexdigit()), "{id}");
    assert!(id[14..].starts_with('8') && "89ab".contains(&id[19..20]), "{id}");
}

#[test]
fn key_id_equals_its_arn_and_omitted_key_the_default_alias() {
    let same = |a: &str, b: &str| same_key(&Value::from(a), &Value::from(b));
    let arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd";
    assert!(same(arn, "1234abcd") && same("1234abcd", arn));
    assert!(same("arn:aws:kms:eu-west-1:123456789012:alias/app", "alias/app"));
    assert!(same("", "alias/aws/secretsmanager"));
    assert!(!same(arn, "abcd") && !same(arn, "") && !same("alias/app", "alias/a"));
}
