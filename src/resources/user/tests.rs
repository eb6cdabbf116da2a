//! The user against scripted responses of AWS.

use std::time::Duration;

use tokio::time::Instant;

use super::User;
use super::attributes::UserModel;
use crate::schema::Object as _;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems};
use crate::value::Value;

const FIRST: &str = "the-first-password-1";
const SECOND: &str = "the-second-password-2";

fn answer(call: &Call) -> Answer {
    let user = "<UserId>app</UserId><UserName>app</UserName><Status>active</Status><Engine>valkey</Engine>\
                <MinimumEngineVersion>6.0</MinimumEngineVersion><AccessString>on ~* +@all</AccessString>\
                <Authentication><Type>password</Type><PasswordCount>1</PasswordCount></Authentication>\
                <ARN>arn:aws:elasticache:us-east-1:111122223333:user:app</ARN>";
    match call.operation.as_str() {
        "DescribeUsers" => call.xml(&format!("<Users><member>{user}</member></Users>")),
        "ListTagsForResource" => call.xml("<TagList/>"),
        _ => call.xml(user),
    }
}

fn user<const N: usize>(login: [(&str, Value); N]) -> Value {
    let mut config = config(
        &User,
        [
            ("user_id", "app".into()),
            ("user_name", "app".into()),
            ("engine", "valkey".into()),
            ("access_string", "on ~* +@all".into()),
        ],
    );
    if let Value::Map(entries) = &mut config {
        entries.extend(login.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    config
}

fn passwords(texts: &[&str]) -> Value {
    Value::set(texts.iter().map(|text| Value::from(*text)))
}

/// Fault K6: both follow from the configuration.
#[tokio::test]
async fn update_plans_password_count_and_minimum_version() {
    let aws = FakeAws::new(answer);
    let created = aws.create(&User, user([("passwords", passwords(&[FIRST]))])).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    let plan = |login: Value| {
        let planned = aws.plan(&User, &created.state, &login).planned;
        (planned.get("password_count").clone(), planned.get("minimum_engine_version").clone())
    };
    let version = || Value::from("6.0");
    assert_eq!(plan(user([("passwords", passwords(&[SECOND]))])), (Value::from(1), version()));
    assert_eq!(plan(user([("passwords", passwords(&[FIRST, SECOND]))])), (Value::from(2), version()));
    let by_write_only = [
        ("passwords_wo", Value::List(vec![FIRST.into(), SECOND.into()])),
        ("passwords_wo_version", Value::from(1)),
    ];
    assert_eq!(plan(user(by_write_only)), (Value::from(2), version()));
    let secret = [
        (
            "password_secret_arn",
            Value::from("arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf"),
        ),
        ("password_secret_version_id", "v1".into()),
    ];
    assert_eq!(plan(user(secret)), (Value::from(1), version()));
    let iam = UserModel::resource_schema().block.nested_block("authentication_mode").unwrap();
    let iam = iam.block.conform(Value::map([("type", "iam".into())]));
    assert_eq!(
        plan(user([("authentication_mode", Value::List(vec![iam]))])),
        (Value::from(0), Value::Unknown)
    );
    assert_eq!(plan(user([("passwords", Value::Unknown)])), (Value::Unknown, version()));
}

#[test]
fn exactly_one_argument_sets_the_authentication() {
    use crate::engine::AnyResource;
    let secret = (
        "password_secret_arn",
        Value::from("arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf"),
    );
    let version = ("password_secret_version_id", Value::from("v1"));
    let errors = |config: &Value| problems(&User.validate(config)).join("\n");
    assert_eq!(errors(&user([secret.clone(), version.clone()])), "");
    assert_eq!(
        errors(&user([
            ("password_secret_arn", Value::Unknown),
            ("password_secret_version_id", Value::Unknown)
        ])),
        ""
    );
    assert!(
        errors(&user([secret.clone()]))
            .contains("`password_secret_arn` requires `password_secret_version_id`")
    );
    let both = user([secret.clone(), version.clone(), ("passwords", passwords(&[FIRST]))]);
    assert!(errors(&both).contains("cannot be set together"));
    assert!(
        errors(&user([secret, version, ("no_password_required", true.into())]))
            .contains("`no_password_required = true` and")
    );
}

/// An AWS that refuses this many times to delete the user `app`, the user named `default` of the user group `people`
/// with this status and these members.
fn default_of(mut refusals: u32, status: &'static str, members: &'static str) -> FakeAws {
    let mut is_deleted = false;
    FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteUser" if refusals > 0 => {
            refusals -= 1;
            call.error("DefaultUserAssociatedToUserGroup", "It is the default user of a user group.")
        }
        "DeleteUser" => {
            is_deleted = true;
            call.xml("")
        }
        "DescribeUsers" if is_deleted => call.error("UserNotFoundFault", "It is gone."),
        "DescribeUsers" => call.xml(
            "<Users><member><UserId>app</UserId><UserName>default</UserName><Status>active</Status>\
             <UserGroupIds><member>people</member></UserGroupIds>\
             <ARN>arn:aws:elasticache:us-east-1:111122223333:user:app</ARN></member></Users>",
        ),
        "DescribeUserGroups" => call.xml(&format!(
            "<UserGroups><member><UserGroupId>people</UserGroupId><Status>{status}</Status>\
             <UserIds>{members}</UserIds>\
             <ARN>arn:aws:elasticache:us-east-1:111122223333:usergroup:people</ARN></member></UserGroups>"
        )),
        _ => answer(call),
    })
}

/// Fault H7: only a change of the configuration can release the user.
#[tokio::test(start_paused = true)]
async fn delete_of_the_default_user_of_a_user_group_fails_at_once() {
    let aws = default_of(u32::MAX, "active", "<member>app</member>");
    let started = Instant::now();
    let retained = aws.delete(&User, &user([])).await;
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(!retained.state.is_null());
    let errors = problems(&retained.diags).join("\n");
    assert!(
        errors.contains("is the default user of people") && errors.contains("disabled_default_user = true"),
        "{errors}"
    );
    assert_eq!(aws.operations().iter().filter(|name| *name == "DeleteUser").count(), 1);
}

/// Fault H7: a user group that is being changed, by this run or another client, or that has another default user,
/// releases the user.
#[tokio::test(start_paused = true)]
async fn delete_waits_while_the_user_group_is_changed() {
    let itself = "<member>app</member>";
    for (status, members) in
        [("modifying", itself), ("deleting", itself), ("active", "<member>other</member>")]
    {
        let aws = default_of(3, status, members);
        let deleted = aws.delete(&User, &user([])).await;
        assert_eq!(problems(&deleted.diags), [""; 0], "{status} {members}");
        assert!(deleted.state.is_null());
    }
    let aws = default_of(3, "active", itself);
    let turn = aws.provider.locks.lock("user group people in us-east-1").await;
    let deleted = aws.delete(&User, &user([])).await;
    drop(turn);
    assert_eq!(problems(&deleted.diags), [""; 0]);
}
