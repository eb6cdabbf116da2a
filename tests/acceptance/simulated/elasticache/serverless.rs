//! Serverless caches and their snapshots, as callers see them.

use super::*;

const ARN: &str = "arn:aws:elasticache:us-west-2:000000000000";

/// One field of a cache, by its path.
fn get(aws: &mut Aws, name: &str, path: &str) -> String {
    let answer = aws.ok("DescribeServerlessCaches", &format!("ServerlessCacheName={name}"));
    field(&answer, &format!("ServerlessCaches/member/{path}"))
}

/// Creates a cache and waits until it is available.
fn cache(aws: &mut Aws, name: &str, more: &str) {
    let engine = if more.contains("Engine=") { "" } else { " Engine=valkey" };
    aws.ok("CreateServerlessCache", &format!("ServerlessCacheName={name}{engine} {more}"));
    aws.wait(aws_durations(aws).create);
    assert_eq!(get(aws, name, "Status"), "available");
}

fn aws_durations(aws: &Aws) -> crate::simulator::elasticache::Durations {
    aws.sim.config().durations.clone()
}

fn modify(name: &str, more: &str) -> String {
    format!("ServerlessCacheName={name} {more}")
}

#[test]
fn a_cache_goes_through_its_statuses() {
    let mut aws = Aws::usual();
    aws.ok("CreateServerlessCache", "ServerlessCacheName=Cache Engine=valkey");
    // Reads do not find it at once.
    assert_eq!(
        aws.code("DescribeServerlessCaches", "ServerlessCacheName=cache"),
        "ServerlessCacheNotFoundFault"
    );
    aws.wait(2 * SECOND);
    assert_eq!(get(&mut aws, "CACHE", "Status"), "creating");
    assert_eq!(get(&mut aws, "cache", "Endpoint/Address"), "");
    assert_eq!(
        aws.code("ModifyServerlessCache", &modify("cache", "Description=New")),
        "InvalidServerlessCacheStateFault"
    );
    aws.wait(600 * SECOND);
    assert_eq!(get(&mut aws, "cache", "Status"), "available");
    let host = get(&mut aws, "cache", "Endpoint/Address");
    assert!(host.starts_with("cache-") && host.ends_with(".serverless.usw2.cache.amazonaws.com"), "{host}");
    assert_eq!(get(&mut aws, "cache", "ReaderEndpoint/Address"), host);
    assert_eq!(get(&mut aws, "cache", "Endpoint/Port"), "6379");
    assert_eq!(get(&mut aws, "cache", "ReaderEndpoint/Port"), "6380");
    // As recorded for a cache without arguments.
    for (path, value) in [
        ("Description", " "),
        ("MajorEngineVersion", "8"),
        ("FullEngineVersion", "8.1"),
        ("SnapshotRetentionLimit", "0"),
        ("DailySnapshotTime", "17:30"),
        ("CacheUsageLimits/DataStorage/Maximum", ""),
        ("UserGroupId", ""),
        ("KmsKeyId", ""),
        ("ARN", &format!("{ARN}:serverlesscache:cache")),
    ] {
        assert_eq!(get(&mut aws, "cache", path), value, "{path}");
    }
    aws.ok("DeleteServerlessCache", "ServerlessCacheName=cache");
    assert_eq!(get(&mut aws, "cache", "Status"), "deleting");
    aws.wait(300 * SECOND);
    assert_eq!(
        aws.code("DeleteServerlessCache", "ServerlessCacheName=cache"),
        "ServerlessCacheNotFoundFault"
    );
    let events = aws.ok("DescribeEvents", "SourceType=serverless-cache SourceIdentifier=cache Duration=120");
    assert_eq!(
        texts(&events, "Events/Event/Message"),
        ["Cache cache was deleted.", "Cache cache is created and ready to use."]
    );
}

#[test]
fn a_modification_has_one_field_and_takes_effect_at_its_end() {
    let mut aws = Aws::usual();
    cache(&mut aws, "a", "");
    let refusal =
        aws.refused("ModifyServerlessCache", &modify("a", "Description=New DailySnapshotTime=09:00"));
    assert_eq!(
        refusal,
        (
            "InvalidParameterCombination".to_owned(),
            "Serverless Cache modifications only support modifying one field per request.".to_owned()
        )
    );
    for nothing in ["", "DailySnapshotTime=17:30", "Engine=redis", "CacheUsageLimits.ECPUPerSecond.Maximum=0"]
    {
        let (code, message) = aws.refused("ModifyServerlessCache", &modify("a", nothing));
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("InvalidParameterCombination", "No modifications were requested"),
            "{nothing}"
        );
    }
    aws.ok("ModifyServerlessCache", &modify("a", "Description=New"));
    assert_eq!(
        (get(&mut aws, "a", "Status"), get(&mut aws, "a", "Description")),
        ("modifying".into(), " ".into())
    );
    assert_eq!(
        aws.code("DeleteServerlessCache", "ServerlessCacheName=a"),
        "InvalidServerlessCacheStateFault"
    );
    let arn = format!("ResourceName={ARN}:serverlesscache:a");
    assert_eq!(aws.code("ListTagsForResource", &arn), "InvalidServerlessCacheStateFault");
    aws.wait(20 * SECOND);
    assert_eq!(get(&mut aws, "a", "Description"), "New");
    aws.ok("ListTagsForResource", &arn);
}

#[test]
fn limits_that_are_omitted_stay_and_zero_removes_them() {
    let mut aws = Aws::instant();
    let storage = "CacheUsageLimits.DataStorage";
    cache(
        &mut aws,
        "a",
        &format!("{storage}.Maximum=10 {storage}.Unit=GB CacheUsageLimits.ECPUPerSecond.Maximum=5000"),
    );
    aws.ok("ModifyServerlessCache", &modify("a", &format!("{storage}.Minimum=5 {storage}.Unit=GB")));
    for (path, value) in
        [("DataStorage/Maximum", "10"), ("DataStorage/Minimum", "5"), ("ECPUPerSecond/Maximum", "5000")]
    {
        assert_eq!(get(&mut aws, "a", &format!("CacheUsageLimits/{path}")), value, "{path}");
    }
    let none = format!(
        "{storage}.Minimum=0 {storage}.Maximum=0 {storage}.Unit=GB CacheUsageLimits.ECPUPerSecond.Maximum=0"
    );
    aws.ok("ModifyServerlessCache", &modify("a", &none));
    assert_eq!(get(&mut aws, "a", "CacheUsageLimits/DataStorage/Maximum"), "");
    for wrong in [
        format!("{storage}.Maximum=5001 {storage}.Unit=GB"),
        format!("{storage}.Maximum=10"),
        format!("{storage}.Minimum=6 {storage}.Maximum=5 {storage}.Unit=GB"),
        "CacheUsageLimits.ECPUPerSecond.Maximum=999".to_owned(),
    ] {
        assert_eq!(
            aws.code("ModifyServerlessCache", &modify("a", &wrong)),
            "InvalidParameterValue",
            "{wrong}"
        );
    }
}

#[test]
fn engines_go_to_valkey_and_versions_go_up() {
    let mut aws = Aws::instant();
    cache(&mut aws, "a", "Engine=redis");
    aws.ok("ModifyServerlessCache", &modify("a", "Engine=valkey MajorEngineVersion=7"));
    assert_eq!(get(&mut aws, "a", "FullEngineVersion"), "7.2");
    aws.ok("ModifyServerlessCache", &modify("a", "Engine=redis MajorEngineVersion=7"));
    aws.ok("ModifyServerlessCache", &modify("a", "Engine=valkey MajorEngineVersion=8"));
    assert_eq!(
        aws.code("ModifyServerlessCache", &modify("a", "MajorEngineVersion=7")),
        "InvalidParameterCombination"
    );
    let (code, message) =
        aws.refused("ModifyServerlessCache", &modify("a", "Engine=redis MajorEngineVersion=7"));
    assert_eq!(code, "InvalidParameterValue");
    assert!(message.starts_with("This API supports only cross-engine upgrades to Valkey"), "{message}");
    aws.ok("ModifyServerlessCache", &modify("a", "MajorEngineVersion=9"));
    assert_eq!(get(&mut aws, "a", "MajorEngineVersion"), "9");
}

#[test]
fn a_user_group_in_use_stays() {
    let mut aws = Aws::instant();
    aws.ok("CreateUserGroup", "UserGroupId=people Engine=valkey");
    let memcached = "ServerlessCacheName=b Engine=memcached UserGroupId=people";
    assert_eq!(aws.code("CreateServerlessCache", memcached), "InvalidParameterCombination");
    assert_eq!(
        aws.code("CreateServerlessCache", "ServerlessCacheName=b Engine=valkey UserGroupId=nobody"),
        "UserGroupNotFound"
    );
    cache(&mut aws, "a", "UserGroupId=People");
    let groups = aws.ok("DescribeUserGroups", "UserGroupId=people");
    assert_eq!(field(&groups, "UserGroups/member/ServerlessCaches/member"), "a");
    assert_eq!(aws.code("DeleteUserGroup", "UserGroupId=people"), "InvalidUserGroupState");
    aws.ok("ModifyServerlessCache", &modify("a", "RemoveUserGroup=true"));
    assert_eq!(get(&mut aws, "a", "UserGroupId"), "");
    aws.ok("DeleteUserGroup", "UserGroupId=people");
}

#[test]
fn a_public_cache_needs_valkey_9_and_a_user_group() {
    let mut aws = Aws::instant();
    let create = |more: &str| format!("ServerlessCacheName=a Engine=valkey ConnectionType=public {more}");
    let group = "UserGroupId=default.iam-user-group";
    for wrong in
        [create("MajorEngineVersion=9"), create(group), create(&format!("{group} MajorEngineVersion=8"))]
    {
        assert_eq!(aws.code("CreateServerlessCache", &wrong), "InvalidParameterCombination", "{wrong}");
    }
    aws.ok("CreateServerlessCache", &create(&format!("{group} MajorEngineVersion=9")));
    let host = get(&mut aws, "a", "Endpoint/Address");
    assert!(host.contains(".public.serverless.usw2."), "{host}");
}

#[test]
fn a_snapshot_is_taken_copied_exported_and_restored() {
    let mut aws = Aws::usual();
    cache(&mut aws, "a", "");
    aws.ok("CreateServerlessCacheSnapshot", "ServerlessCacheSnapshotName=One ServerlessCacheName=a");
    assert_eq!(get(&mut aws, "a", "Status"), "modifying");
    let one = "ServerlessCacheSnapshotName=one";
    let status = |aws: &mut Aws, name: &str| {
        let found =
            aws.ok("DescribeServerlessCacheSnapshots", &format!("ServerlessCacheSnapshotName={name}"));
        field(&found, "ServerlessCacheSnapshots/ServerlessCacheSnapshot/Status")
    };
    assert_eq!(status(&mut aws, "one"), "creating");
    assert_eq!(aws.code("DeleteServerlessCacheSnapshot", one), "InvalidServerlessCacheSnapshotStateFault");
    aws.wait(120 * SECOND);
    assert_eq!(
        (status(&mut aws, "one"), get(&mut aws, "a", "Status")),
        ("available".into(), "available".into())
    );
    assert_eq!(
        aws.code("CreateServerlessCacheSnapshot", &format!("{one} ServerlessCacheName=a")),
        "ServerlessCacheSnapshotAlreadyExistsFault"
    );
    aws.ok(
        "CopyServerlessCacheSnapshot",
        "SourceServerlessCacheSnapshotName=one TargetServerlessCacheSnapshotName=two",
    );
    aws.ok("ExportServerlessCacheSnapshot", &format!("{one} S3BucketName=backups"));
    assert_eq!(status(&mut aws, "one"), "exporting");
    aws.wait(120 * SECOND);
    assert_eq!(aws.control().exported("one"), ["backups"]);
    assert_eq!(aws.control().serverless_snapshots(), ["one", "two"]);
    let restored = format!(
        "ServerlessCacheName=b Engine=valkey SnapshotArnsToRestore.SnapshotArn.1={ARN}:serverlesscachesnapshot:one"
    );
    aws.ok("CreateServerlessCache", &restored);
    let missing = restored.replace("snapshot:one", "snapshot:none").replace("=b ", "=c ");
    assert_eq!(aws.code("CreateServerlessCache", &missing), "ServerlessCacheSnapshotNotFoundFault");
    // A replication group is created from it as well, with its engine.
    aws.create("group", "ServerlessCacheSnapshotName=one NumCacheClusters=2 TransitEncryptionEnabled=true");
    aws.wait(600 * SECOND);
    assert_eq!(aws.get("group", "Engine"), "valkey");
    aws.ok("DeleteServerlessCacheSnapshot", one);
    aws.wait(20 * SECOND);
    assert_eq!(aws.control().serverless_snapshots(), ["two"]);
}

#[test]
fn a_final_snapshot_is_taken_by_the_deletion() {
    let mut aws = Aws::usual();
    cache(&mut aws, "a", "SnapshotRetentionLimit=1");
    assert!(aws.control().automatic_serverless_snapshot("a"));
    aws.ok("DeleteServerlessCache", "ServerlessCacheName=a FinalSnapshotName=last");
    aws.wait(600 * SECOND);
    let found = aws.ok("DescribeServerlessCacheSnapshots", "ServerlessCacheName=a SnapshotType=manual");
    assert_eq!(
        field(&found, "ServerlessCacheSnapshots/ServerlessCacheSnapshot/ServerlessCacheSnapshotName"),
        "last"
    );
    assert_eq!(aws.control().serverless_snapshots().len(), 2);
}

#[test]
fn listings_have_pages_of_fifty_and_tokens() {
    let mut aws = Aws::instant();
    for at in 0..51 {
        aws.ok("CreateServerlessCache", &format!("ServerlessCacheName=c{at:02} Engine=valkey"));
    }
    let names = |answer: &[Xml]| texts(answer, "ServerlessCaches/member/ServerlessCacheName").len();
    let first = aws.ok("DescribeServerlessCaches", "");
    let token = field(&first, "NextToken");
    assert_eq!((names(&first), token.as_str()), (50, "after:c49"));
    let second = aws.ok("DescribeServerlessCaches", &format!("NextToken={token}"));
    assert_eq!((names(&second), field(&second, "NextToken")), (1, String::new()));
    assert_eq!(aws.code("DescribeServerlessCaches", "MaxResults=51"), "InvalidParameterValue");
}

#[test]
fn tags_belong_to_caches_and_snapshots() {
    let mut aws = Aws::instant();
    cache(&mut aws, "a", "Tags.Tag.1.Key=team Tags.Tag.1.Value=x");
    aws.ok("CreateServerlessCacheSnapshot", "ServerlessCacheSnapshotName=s ServerlessCacheName=a");
    for object in ["serverlesscache:a", "serverlesscachesnapshot:s"] {
        let arn = format!("ResourceName={ARN}:{object}");
        aws.ok("AddTagsToResource", &format!("{arn} Tags.Tag.1.Key=one Tags.Tag.1.Value=1"));
        let tags = aws.ok("ListTagsForResource", &arn);
        assert!(field(&tags, "TagList/Tag/Key").contains("one"), "{object}");
    }
    let missing = format!("ResourceName={ARN}:serverlesscache:none");
    assert_eq!(aws.code("ListTagsForResource", &missing), "ServerlessCacheNotFoundFault");
}
