//! The first plan after an import.

use super::{FakeGroup, ReplicationGroup, configured, none};
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

/// F8.
#[tokio::test(start_paused = true)]
async fn warns_about_user_groups_that_the_configuration_removes() {
    let mut observed = FakeGroup::two();
    observed.group.push_str("<UserGroupIds><member>people</member></UserGroupIds>");
    let aws = FakeAws::new(move |call| observed.answer(call));
    let imported = aws.import(&ReplicationGroup, "cache").await;
    none(&imported.diags);
    assert_eq!(imported.state.get("user_group_ids"), &Value::set([Value::from("people")]));

    let removed = aws.plan_read(&ReplicationGroup, &imported, &configured([]));
    assert_eq!(removed.planned.get("user_group_ids"), &Value::set([]));
    assert_eq!(
        problems(&removed.diags),
        ["user_group_ids: Replication group loses its user groups: The configuration omits \
             `user_group_ids`, so \"people\" will be removed from replication group \"cache\": its clients \
             no longer log in as users, and without a token anyone who reaches the cache can use it. To keep \
             them, set `user_group_ids = [\"people\"]`."]
    );

    // What the configuration asks for in so many words is no surprise.
    let retained = [("user_group_ids", Value::set([Value::from("people")]))];
    let retained = aws.plan_read(&ReplicationGroup, &imported, &configured(retained));
    none(&retained.diags);
    assert_eq!(retained.planned, imported.state);
    for given in [
        [("user_group_ids", Value::set([]))],
        [("auth_token", "abcDEF0123456789!&#$^<>-".into())],
        [("auth_token", Value::Unknown)],
    ] {
        let plan = aws.plan_read(&ReplicationGroup, &imported, &configured(given));
        let messages = problems(&plan.diags);
        assert!(!messages.iter().any(|it| it.contains("loses its user groups")), "{messages:?}");
    }
}
