//! The user against a canned AWS.

use std::time::Duration;

use tokio::time::Instant;

use super::User;
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

/// K6: both follow from what the configuration says.
#[tokio::test]
async fn the_number_of_passwords_and_the_lowest_version_stay_known() {
    let aws = FakeAws::new(answer);
    let made = aws.create(&User, user([("passwords", passwords(&[FIRST]))])).await;
    assert_eq!(problems(&made.diags), [""; 0]);
    let plan = |login: Value| {
        let planned = aws.plan(&User, &made.state, &login).planned;
        (planned.get("password_count").clone(), planned.get("minimum_engine_version").clone())
    };
    let version = || Value::from("6.0");
    assert_eq!(plan(user([("passwords", passwords(&[SECOND]))])), (Value::from(1), version()));
    assert_eq!(plan(user([("passwords", passwords(&[FIRST, SECOND]))])), (Value::from(2), version()));
    let write_only = [
        ("passwords_wo", Value::List(vec![FIRST.into(), SECOND.into()])),
        ("passwords_wo_version", Value::from(1)),
    ];
    assert_eq!(plan(user(write_only)), (Value::from(2), version()));
    let secret = [
        (
            "password_secret_arn",
            Value::from("arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf"),
        ),
        ("password_secret_version_id", "v1".into()),
    ];
    assert_eq!(plan(user(secret)), (Value::from(1), version()));
    let iam = super::schema::schema().block.nested_block("authentication_mode").unwrap();
    let iam = iam.block.conform(Value::map([("type", "iam".into())]));
    assert_eq!(
        plan(user([("authentication_mode", Value::List(vec![iam]))])),
        (Value::from(0), Value::Unknown)
    );
    assert_eq!(plan(user([("passwords", Value::Unknown)])), (Value::Unknown, version()));
}

#[test]
fn a_password_is_given_in_one_way() {
    use crate::engine::AnyResource;
    let secret = (
        "password_secret_arn",
        Value::from("arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf"),
    );
    let version = ("password_secret_version_id", Value::from("v1"));
    let said = |config: &Value| problems(&User.validate(config)).join("\n");
    assert_eq!(said(&user([secret.clone(), version.clone()])), "");
    assert_eq!(
        said(&user([
            ("password_secret_arn", Value::Unknown),
            ("password_secret_version_id", Value::Unknown)
        ])),
        ""
    );
    assert!(said(&user([secret.clone()])).contains("password_secret_arn needs password_secret_version_id"));
    let both = user([secret.clone(), version.clone(), ("passwords", passwords(&[FIRST]))]);
    assert!(said(&both).contains("cannot be given together"));
    assert!(
        said(&user([secret, version, ("no_password_required", true.into())]))
            .contains("no_password_required = true and")
    );
}

/// An AWS that refuses so many times to delete the user `app`, the user named `default` of the group
/// `people`, which has this status and these members.
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

/// H7: a user group that keeps its default user keeps it until somebody gives it another.
#[tokio::test(start_paused = true)]
async fn the_default_user_of_a_group_is_told_of_at_once() {
    let aws = default_of(u32::MAX, "active", "<member>app</member>");
    let started = Instant::now();
    let kept = aws.delete(&User, &user([])).await;
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(!kept.state.is_null());
    let said = problems(&kept.diags).join("\n");
    assert!(
        said.contains("this is the one of people") && said.contains("disabled_default_user = true"),
        "{said}"
    );
    assert_eq!(aws.operations().iter().filter(|name| *name == "DeleteUser").count(), 1);
}

/// H7: a group that is changed, by this run or another client, or that has another default user
/// already, lets the user go by itself.
#[tokio::test(start_paused = true)]
async fn the_default_user_of_a_group_that_is_changed_is_waited_for() {
    let itself = "<member>app</member>";
    for (status, members) in
        [("modifying", itself), ("deleting", itself), ("active", "<member>other</member>")]
    {
        let aws = default_of(3, status, members);
        let gone = aws.delete(&User, &user([])).await;
        assert_eq!(problems(&gone.diags), [""; 0], "{status} {members}");
        assert!(gone.state.is_null());
    }
    let aws = default_of(3, "active", itself);
    let turn = aws.provider.turns.take("user group people in us-east-1").await;
    let gone = aws.delete(&User, &user([])).await;
    drop(turn);
    assert_eq!(problems(&gone.diags), [""; 0]);
}
