//! Changes of parameters and tags.

use super::{Cache, ParameterGroup, borrowed, cache, group, many, names, pairs};
use crate::engine::ApplyResponse;
use crate::resources::parameter_group::changes::Changes;
use crate::resources::parameter_group::model::Parameters;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::Value;

/// Creates a group with `before` and changes it to `after`; the result and the
/// calls of the change, each as operation and names.
async fn change(
    aws: &FakeAws,
    before: &[(&str, &str)],
    after: &[(&str, &str)],
) -> (ApplyResponse, Vec<(String, Vec<String>)>) {
    let made = aws.create(&ParameterGroup, group("cache", before)).await;
    assert!(!made.diags.has_errors(), "{:?}", made.diags);
    aws.calls();
    let changed = aws.update(&ParameterGroup, &made.state, group("cache", after)).await;
    let calls = aws.calls().iter().map(|call| (call.operation.clone(), names(call))).collect();
    (changed, calls)
}

fn calls(expected: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let call = |(operation, names): &(&str, &[&str])| {
        ((*operation).to_owned(), names.iter().map(|name| (*name).to_owned()).collect())
    };
    expected.iter().map(call).collect()
}

const RESET: &str = "ResetCacheParameterGroup";
const MODIFY: &str = "ModifyCacheParameterGroup";

#[test]
fn only_differences_are_changes() {
    let parameters = |pairs: &[(&str, &str)]| -> Parameters {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let between = |a: &[(&str, &str)], b: &[(&str, &str)]| Changes::between(&parameters(a), &parameters(b));
    assert_eq!(between(&[], &[]), Changes::default());
    assert_eq!(between(&[("a", "1")], &[("a", "1")]), Changes::default());
    let mixed = between(&[("a", "1"), ("b", "1"), ("c", "1")], &[("b", "1"), ("c", "2"), ("d", "1")]);
    assert_eq!(mixed.reset.into_iter().collect::<Vec<_>>(), ["a"]);
    assert_eq!(mixed.set, parameters(&[("c", "2"), ("d", "1")]));
}

#[tokio::test]
async fn removed_parameters_are_reset_before_others_are_set() {
    let aws = FakeAws::new(cache(|_| None));
    let (changed, made) =
        change(&aws, &[("a", "1"), ("b", "1"), ("c", "1")], &[("B", "1"), ("c", "2"), ("d", "1")]).await;
    assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
    assert_eq!(made, calls(&[(RESET, &["a"]), (MODIFY, &["c", "d"])]));
    assert_eq!(aws.read(&ParameterGroup, &changed.state).await.state, changed.state);
}

#[tokio::test]
async fn batches_hold_twenty_in_name_order_both_ways() {
    let (values, none) = (many(45, "1"), Vec::new());
    let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    for (before, after, operation) in [(&none, &values, MODIFY), (&values, &none, RESET)] {
        let aws = FakeAws::new(cache(|_| None));
        let (changed, made) = change(&aws, &borrowed(before), &borrowed(after)).await;
        assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
        let expected = [(operation, &names[..20]), (operation, &names[20..40]), (operation, &names[40..])];
        assert_eq!(made, calls(&expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_group_with_pending_changes_is_waited_for() {
    for busy in [RESET, MODIFY] {
        let mut refusals = 3;
        let aws = FakeAws::new(cache(move |call| {
            let first = call.operation == busy && !names(call).contains(&"a".to_owned()) && refusals > 0;
            first.then(|| {
                refusals -= 1;
                call.error(
                    "InvalidCacheParameterGroupState",
                    "The parameter group cache has pending changes.",
                )
            })
        }));
        // Of the first change only "a" is set, which is never refused.
        let before: &[_] = if busy == RESET { &[("b", "1"), ("a", "1")] } else { &[("a", "1")] };
        let after: &[_] = if busy == RESET { &[("a", "1")] } else { &[("a", "1"), ("b", "1")] };
        let (changed, made) = change(&aws, before, after).await;
        assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
        assert_eq!(made, vec![(busy.to_owned(), vec!["b".to_owned()]); 4]);
    }
}

#[tokio::test]
async fn a_failed_change_leaves_the_prior_state() {
    let aws = FakeAws::new(cache(|call| {
        (pairs(call) == [("b".to_owned(), "x".to_owned())])
            .then(|| call.error("InvalidParameterValue", "Value: x is not valid for Parameter: b"))
    }));
    let made = aws.create(&ParameterGroup, group("cache", &[("a", "1")])).await;
    let failed = aws.update(&ParameterGroup, &made.state, group("cache", &[("b", "x")])).await;
    assert_eq!(failed.state, made.state);
    let expected = "parameter: Failed to set the parameters of parameter group \"cache\": ElastiCache \
                    ModifyCacheParameterGroup: InvalidParameterValue: Value: x is not valid for Parameter: b (HTTP 400, \
                    request id r-1).";
    assert_eq!(problems(&failed.diags), [expected]);
    // The reset that came before is what the next read shows.
    let read = aws.read(&ParameterGroup, &failed.state).await;
    assert_eq!(read.state.get("parameter"), &Value::set([]));
}

#[tokio::test]
async fn a_change_of_tags_alone_leaves_the_parameters() {
    let tagged = |tags| {
        config(
            &ParameterGroup,
            [("name", "cache".into()), ("family", "redis7".into()), ("tags", text_map(tags))],
        )
    };
    let aws = FakeAws::new(cache(|_| None));
    let made = aws.create(&ParameterGroup, tagged([("a", "1"), ("b", "1")])).await;
    aws.calls();
    aws.update(&ParameterGroup, &made.state, tagged([("b", "2"), ("c", "1")])).await;
    let calls = aws.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].list("TagKeys.member."), ["a"]);
    assert_eq!(calls[1].list("Tags.Tag.*.Key"), ["b", "c"]);
}

#[tokio::test]
async fn cluster_enabled_is_explained_when_aws_refuses_it() {
    let aws = FakeAws::new(cache(|call| {
        (call.operation == MODIFY)
            .then(|| call.error("InvalidParameterValue", "The parameter cluster-enabled cannot be modified."))
    }));
    let made = aws.create(&ParameterGroup, group("cache", &[("cluster-enabled", "yes")])).await;
    let expected = "parameter: Failed to set the parameters of parameter group \"cache\": ElastiCache \
                    ModifyCacheParameterGroup: InvalidParameterValue: The parameter cluster-enabled cannot be modified \
                    (HTTP 400, request id r-1). AWS takes cluster-enabled on a new group only. Make another group with \
                    it and name that in the replication group, with cluster_mode to change the mode of one that exists.";
    assert_eq!(problems(&made.diags), [expected]);
}

/// AWS that will not reset `reserved-memory`.
fn stubborn(code: &'static str, message: &'static str) -> impl FnMut(&Call) -> Answer + Send + 'static {
    let mut aws = Cache::default();
    move |call| {
        if call.operation == RESET && names(call).contains(&"reserved-memory".to_owned()) {
            return call.error(code, message);
        }
        // Only one of the two counts.
        if call.operation == MODIFY && names(call).contains(&"reserved-memory-percent".to_owned()) {
            aws.parameters.remove("reserved-memory");
        }
        aws.answer(call)
    }
}

#[tokio::test]
async fn reserved_memory_is_switched_over_to_the_percentage_and_that_reset() {
    for (code, message) in [
        ("InvalidParameterValue", "Parameter reserved-memory doesn't exist"),
        ("InternalFailure", "An internal error has occurred."),
    ] {
        let aws = FakeAws::new(stubborn(code, message));
        let before = [("reserved-memory", "0"), ("tcp-keepalive", "360"), ("timeout", "50")];
        let (changed, made) = change(&aws, &before, &[("tcp-keepalive", "360")]).await;
        assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
        let expected = [
            (RESET, &["timeout"] as &[&str]),
            (RESET, &["reserved-memory"]),
            (MODIFY, &["reserved-memory-percent"]),
            (RESET, &["reserved-memory-percent"]),
        ];
        assert_eq!(made, calls(&expected));
        assert_eq!(aws.read(&ParameterGroup, &changed.state).await.state, changed.state);
    }
}

#[tokio::test]
async fn reserved_memory_gives_way_to_a_percentage_that_is_set() {
    let aws = FakeAws::new(stubborn("InvalidParameterValue", "Parameter reserved-memory doesn't exist"));
    let (changed, made) =
        change(&aws, &[("reserved-memory", "0")], &[("reserved-memory-percent", "25")]).await;
    assert_eq!(made, calls(&[(MODIFY, &["reserved-memory-percent"])]));
    assert_eq!(aws.read(&ParameterGroup, &changed.state).await.state, changed.state);
}

#[tokio::test]
async fn other_refusals_to_reset_reserved_memory_are_told() {
    let aws = FakeAws::new(stubborn("InvalidParameterValue", "Something else."));
    let (changed, made) = change(&aws, &[("reserved-memory", "0")], &[]).await;
    assert_eq!(made.len(), 1);
    assert!(changed.diags.has_errors());
}

#[tokio::test]
async fn reserved_memory_of_old_families_stays_with_a_warning() {
    let of = |parameters: &[(&str, &str)]| {
        config(
            &ParameterGroup,
            [
                ("name", "cache".into()),
                ("family", "redis2.8".into()),
                ("parameter", super::blocks(parameters)),
            ],
        )
    };
    let aws = FakeAws::new(stubborn("InvalidParameterValue", "Parameter reserved-memory doesn't exist"));
    let made = aws.create(&ParameterGroup, of(&[("reserved-memory", "10")])).await;
    let changed = aws.update(&ParameterGroup, &made.state, of(&[])).await;
    let expected = "Parameter reserved-memory of parameter group \"cache\" keeps its value: AWS cannot reset it in this \
                    family, which has no reserved-memory-percent. Keep its parameter block, with the value \"0\" for no \
                    reserved memory.";
    assert_eq!(problems(&changed.diags), [expected]);
    assert!(!changed.diags.has_errors());
}
