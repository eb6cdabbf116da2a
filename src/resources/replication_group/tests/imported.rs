//! The first plan after an import.

use super::{ReplicationGroup, Shown, none, wanted};
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

/// F8.
#[tokio::test(start_paused = true)]
async fn a_configuration_without_user_groups_is_warned_of_those_that_it_removes() {
    let mut shown = Shown::two();
    shown.group.push_str("<UserGroupIds><member>people</member></UserGroupIds>");
    let aws = FakeAws::new(move |call| shown.answer(call));
    let imported = aws.import(&ReplicationGroup, "cache").await;
    none(&imported.diags);
    assert_eq!(imported.state.get("user_group_ids"), &Value::set([Value::from("people")]));

    let removed = aws.plan_read(&ReplicationGroup, &imported, &wanted([]));
    assert_eq!(removed.planned.get("user_group_ids"), &Value::set([]));
    assert_eq!(
        problems(&removed.diags),
        [
            "user_group_ids: The replication group loses its user groups: The configuration omits user_group_ids, so \
          \"people\" will be removed from replication group \"cache\": its clients no longer log in as users, and without a \
          token anyone who reaches the cache can use it. To keep them, set user_group_ids = [\"people\"]."
        ]
    );

    // What the configuration asks for in so many words is no surprise.
    let kept = [("user_group_ids", Value::set([Value::from("people")]))];
    let kept = aws.plan_read(&ReplicationGroup, &imported, &wanted(kept));
    none(&kept.diags);
    assert_eq!(kept.planned, imported.state);
    for given in [
        [("user_group_ids", Value::set([]))],
        [("auth_token", "abcDEF0123456789!&#$^<>-".into())],
        [("auth_token", Value::Unknown)],
    ] {
        let plan = aws.plan_read(&ReplicationGroup, &imported, &wanted(given));
        let told = problems(&plan.diags);
        assert!(!told.iter().any(|it| it.contains("loses its user groups")), "{told:?}");
    }
}
