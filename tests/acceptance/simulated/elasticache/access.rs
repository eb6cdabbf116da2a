//! Tokens, TLS, users and user groups.

use super::*;

const ONE: &str = "the-first-token-1";
const TWO: &str = "the-second-token-2";
const THREE: &str = "the-third-token-3";

fn some(tokens: &[Option<&str>]) -> Vec<Option<String>> {
    tokens.iter().map(|token| token.map(str::to_owned)).collect()
}

fn token(value: &str, strategy: &str) -> String {
    format!("AuthToken={value} AuthTokenUpdateStrategy={strategy}")
}

#[test]
fn two_tokens_are_good_after_a_rotation() {
    let mut aws = Aws::instant();
    aws.group("a", &format!("TransitEncryptionEnabled=true AuthToken={ONE}"));
    assert_eq!(aws.get("a", "AuthTokenEnabled"), "true");
    assert!(aws.modify_refused("a", &token(TWO, "SET")).1.contains("ROTATE"));
    aws.modify("a", &token(TWO, "ROTATE"));
    assert_eq!(aws.control().valid_tokens("a"), some(&[Some(ONE), Some(TWO)]));
    aws.modify("a", &format!("AuthToken={THREE}"));
    assert_eq!(aws.control().valid_tokens("a"), some(&[Some(TWO), Some(THREE)]));
    aws.modify("a", &token(THREE, "SET"));
    assert_eq!(aws.control().valid_tokens("a"), some(&[Some(THREE)]));
}

#[test]
fn a_first_token_by_rotation_leaves_the_door_open() {
    let mut aws = Aws::instant();
    aws.group("a", "TransitEncryptionEnabled=true");
    aws.group("b", "TransitEncryptionEnabled=true");
    aws.modify("a", &token(ONE, "ROTATE"));
    assert_eq!(aws.control().valid_tokens("a"), some(&[None, Some(ONE)]));
    aws.modify("b", &token(ONE, "SET"));
    assert_eq!(aws.control().valid_tokens("b"), some(&[Some(ONE)]));
}

#[test]
fn tokens_need_tls_and_a_strategy_that_fits() {
    let mut aws = Aws::instant();
    aws.group("plain", "");
    aws.group("a", &format!("TransitEncryptionEnabled=true AuthToken={ONE}"));
    assert_eq!(aws.modify_refused("plain", &token(ONE, "SET")).0, "InvalidParameterValue");
    assert_eq!(
        aws.modify_refused("a", "AuthTokenUpdateStrategy=DELETE").1,
        "Auth token update strategy delete is not supported currently"
    );
    assert_eq!(aws.modify_refused("a", "AuthTokenUpdateStrategy=SET").0, "InvalidParameterCombination");
    let preferred = aws.modify_refused("a", "TransitEncryptionMode=preferred").1;
    assert_eq!(preferred, "Transit encryption preferred is not supported with redis access control.");
}

#[test]
fn a_token_shows_as_being_rotated() {
    let mut aws = Aws::usual();
    aws.group("a", &format!("TransitEncryptionEnabled=true AuthToken={ONE}"));
    aws.ok(
        "ModifyReplicationGroup",
        &format!("ReplicationGroupId=a ApplyImmediately=true {}", token(TWO, "ROTATE")),
    );
    assert_eq!(aws.get("a", "PendingModifiedValues/AuthTokenStatus"), "ROTATING");
    assert_eq!(aws.control().valid_tokens("a"), some(&[Some(ONE)]));
    aws.wait(300 * SECOND);
    assert_eq!(aws.get("a", "PendingModifiedValues/AuthTokenStatus"), "");
}

#[test]
fn tls_is_switched_on_and_off_by_preferred() {
    let mut aws = Aws::instant();
    aws.group("a", "");
    aws.group("old", "EngineVersion=6.2");
    aws.modify("a", "TransitEncryptionEnabled=true TransitEncryptionMode=preferred");
    assert_eq!(aws.get("a", "TransitEncryptionMode"), "preferred");
    aws.modify("a", "TransitEncryptionMode=required");
    assert_eq!(aws.modify_refused("a", "TransitEncryptionEnabled=false").0, "InvalidParameterCombination");
    aws.modify("a", "TransitEncryptionEnabled=true TransitEncryptionMode=preferred");
    aws.modify("a", "TransitEncryptionEnabled=false");
    assert_eq!(aws.get("a", "TransitEncryptionEnabled"), "false");
    assert_eq!(aws.get("a", "TransitEncryptionMode"), "");
    let old = aws.modify_refused("old", "TransitEncryptionEnabled=true TransitEncryptionMode=preferred").1;
    assert!(old.starts_with("Transit encryption mode is not supported for engine version 6.2.6."), "{old}");
}

fn user_group(aws: &mut Aws, id: &str) {
    aws.ok("CreateUserGroup", &format!("UserGroupId={id} Engine=redis UserIds.member.1=default"));
}

#[test]
fn tokens_and_user_groups_exclude_each_other() {
    let mut aws = Aws::instant();
    user_group(&mut aws, "people");
    user_group(&mut aws, "others");
    aws.group("a", &format!("TransitEncryptionEnabled=true AuthToken={ONE}"));
    let add = "UserGroupIdsToAdd.member.1=people";
    assert_eq!(
        aws.modify_refused("a", add).1,
        "User group can't be associated with auth token enabled. Pass AuthStrategy delete to proceed."
    );
    aws.modify("a", &format!("{add} AuthTokenUpdateStrategy=DELETE"));
    assert_eq!(aws.get("a", "UserGroupIds/member"), "people");
    assert_eq!(aws.get("a", "AuthTokenEnabled"), "false");
    assert_eq!(aws.code("DeleteUserGroup", "UserGroupId=people"), "InvalidUserGroupState");
    assert_eq!(aws.modify_refused("a", &token(ONE, "SET")).0, "InvalidParameterCombination");
    assert_eq!(aws.modify_refused("a", "UserGroupIdsToAdd.member.1=others").0, "InvalidParameterCombination");
    aws.modify("a", "UserGroupIdsToAdd.member.1=others UserGroupIdsToRemove.member.1=people");
    assert_eq!(aws.get("a", "UserGroupIds/member"), "others");
    let ids = format!("UserGroupIdsToRemove.member.1=others {}", token(ONE, "SET"));
    assert_eq!(
        aws.modify_refused("a", &ids).1,
        "Auth tokens can't be enabled with a user group already associated. Pass RemoveUserGroups to proceed."
    );
    aws.modify("a", &format!("RemoveUserGroups=true {}", token(ONE, "SET")));
    assert_eq!(aws.control().valid_tokens("a"), some(&[Some(ONE)]));
    aws.ok("DeleteUserGroup", "UserGroupId=people");
    aws.group("plain", "");
    assert_eq!(aws.modify_refused("plain", add).0, "UserGroupNotFound");
    assert_eq!(
        aws.modify_refused("plain", "UserGroupIdsToAdd.member.1=others").0,
        "InvalidParameterCombination"
    );
}

const PASSWORD: &str = "Passwords.member.1=long-enough-password";

#[test]
fn users_live_and_are_checked() {
    let mut aws = Aws::usual();
    let common = "Engine=REDIS AccessString=on_~app::*_+@read";
    let answer = aws.ok("CreateUser", &format!("UserId=Ann UserName=ann {common} {PASSWORD}"));
    assert_eq!(field(&answer, "UserId"), "ann");
    assert_eq!(field(&answer, "Engine"), "redis");
    assert_eq!(field(&answer, "AccessString"), "on ~app::* -@all +@read");
    let arn = "ResourceName=arn:aws:elasticache:us-west-2:000000000000:user:ann";
    let tagging = aws.refused("ListTagsForResource", arn);
    assert_eq!(tagging, ("UserNotFound".to_owned(), "User ann is not available for tagging.".to_owned()));
    let modify = "UserId=ann AccessString=on_~*_+@all";
    assert_eq!(
        aws.refused("ModifyUser", modify).1,
        "User ann has status creating. Only active users can be modified."
    );
    aws.wait(20 * SECOND);
    aws.ok("ModifyUser", modify);
    assert_eq!(aws.code("DeleteUser", "UserId=ann"), "InvalidUserState");
    aws.wait(20 * SECOND);
    let observed = aws.ok("DescribeUsers", "UserId=ANN");
    assert_eq!(field(&observed, "Users/member/Authentication/PasswordCount"), "1");
    assert_eq!(field(&observed, "Users/member/Status"), "active");
    for (code, more) in [
        ("UserAlreadyExists", format!("UserId=ann UserName=ann {common} {PASSWORD}")),
        ("InvalidParameterValue", format!("UserId=bob UserName=bob {common} Passwords.member.1=short")),
        ("InvalidParameterValue", format!("UserId=bob UserName=robert {common} AuthenticationMode.Type=iam")),
        (
            "InvalidParameterCombination",
            format!("UserId=bob UserName=bob {common} {PASSWORD} NoPasswordRequired=true"),
        ),
        ("InvalidParameterCombination", format!("UserId=bob UserName=bob {common}")),
        ("InvalidParameterValue", format!("UserId=b--b UserName=bob {common} {PASSWORD}")),
        ("InvalidParameterValue", format!("UserId=bob UserName=bob Engine=x AccessString=on {PASSWORD}")),
    ] {
        assert_eq!(aws.code("CreateUser", &more), code, "{more}");
    }
    assert_eq!(aws.code("DeleteUser", "UserId=default"), "InvalidParameterValue");
    aws.ok("DeleteUser", "UserId=ann");
    aws.wait(20 * SECOND);
    assert_eq!(aws.code("DescribeUsers", "UserId=ann"), "UserNotFound");
}

#[test]
fn user_groups_have_a_default_user_and_settle_after_changes() {
    let mut aws = Aws::usual();
    for (id, name) in [("own", "default"), ("ann", "ann"), ("ann2", "ann")] {
        aws.ok("CreateUser", &format!("UserId={id} UserName={name} Engine=redis AccessString=on {PASSWORD}"));
    }
    aws.wait(20 * SECOND);
    let group = "UserGroupId=People Engine=redis";
    assert_eq!(
        aws.refused("CreateUserGroup", &format!("{group} UserIds.member.1=ann")).1,
        "User group needs to contain a user with the user name default."
    );
    let twice = "UserIds.member.1=default UserIds.member.2=ann UserIds.member.3=ann2";
    assert_eq!(aws.code("CreateUserGroup", &format!("{group} {twice}")), "DuplicateUserName");
    assert_eq!(aws.code("CreateUserGroup", &format!("{group} UserIds.member.1=none")), "UserNotFound");
    aws.ok("CreateUserGroup", &format!("{group} UserIds.member.1=own"));
    aws.wait(20 * SECOND);
    let add = "UserGroupId=people UserIdsToAdd.member.1=ann";
    let answer = aws.ok("ModifyUserGroup", add);
    assert_eq!(field(&answer, "Status"), "modifying");
    assert_eq!(field(&answer, "PendingChanges/UserIdsToAdd/member"), "ann");
    assert_eq!(
        aws.refused("ModifyUserGroup", "UserGroupId=people UserIdsToAdd.member.1=ann2").1,
        "User group people has status modifying. Only active user groups can be modified."
    );
    assert_eq!(aws.code("ModifyUser", "UserId=ann AccessString=off"), "InvalidUserState");
    aws.wait(20 * SECOND);
    let not = aws.refused("ModifyUserGroup", "UserGroupId=people UserIdsToRemove.member.1=ann2");
    assert!(not.1.contains("is not a member of user group"), "{not:?}");
    assert_eq!(
        aws.code("ModifyUserGroup", "UserGroupId=people UserIdsToRemove.member.1=own"),
        "DefaultUserRequired"
    );
    assert_eq!(aws.code("DeleteUser", "UserId=own"), "DefaultUserAssociatedToUserGroup");
    aws.ok("DeleteUser", "UserId=ann");
    aws.wait(20 * SECOND);
    let observed = aws.ok("DescribeUserGroups", "UserGroupId=people");
    assert_eq!(field(&observed, "UserGroups/member/UserIds/member"), "own");
    assert_eq!(field(&observed, "UserGroups/member/Status"), "active");
    aws.ok("DeleteUserGroup", "UserGroupId=people");
    aws.wait(20 * SECOND);
    assert_eq!(aws.code("DescribeUserGroups", "UserGroupId=people"), "UserGroupNotFound");
    aws.ok("CreateUserGroup", "UserGroupId=empty Engine=valkey");
}
