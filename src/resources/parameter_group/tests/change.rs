//! Changes of parameters and tags.

use super::{Cache, ParameterGroup, borrowed, cache, group, many, names, pairs};
use crate::engine::ApplyResponse;
use crate::resources::parameter_group::attributes::Parameters;
use crate::resources::parameter_group::changes::Changes;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::Value;

/// Creates a parameter group with `before` and changes it to `after`. Returns the result and the calls of the change,
/// each with operation and names.
async fn change(
    aws: &FakeAws,
    before: &[(&str, &str)],
    after: &[(&str, &str)],
) -> (ApplyResponse, Vec<(String, Vec<String>)>) {
    let created = aws.create(&ParameterGroup, group("cache", before)).await;
    assert!(!created.diags.has_errors(), "{:?}", created.diags);
    aws.calls();
    let changed = aws.update(&ParameterGroup, &created.state, group("cache", after)).await;
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
fn changes_hold_only_differences() {
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
    let (changed, created) =
        change(&aws, &[("a", "1"), ("b", "1"), ("c", "1")], &[("B", "1"), ("c", "2"), ("d", "1")]).await;
    assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
    assert_eq!(created, calls(&[(RESET, &["a"]), (MODIFY, &["c", "d"])]));
    assert_eq!(aws.read(&ParameterGroup, &changed.state).await.state, changed.state);
}

#[tokio::test]
async fn batches_hold_twenty_in_name_order_both_ways() {
    let (values, none) = (many(45, "1"), Vec::new());
    let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    for (before, after, operation) in [(&none, &values, MODIFY), (&values, &none, RESET)] {
        let aws = FakeAws::new(cache(|_| None));
        let (changed, created) = change(&aws, &borrowed(before), &borrowed(after)).await;
        assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
        let expected = [(operation, &names[..20]), (operation, &names[20..40]), (operation, &names[40..])];
        assert_eq!(created, calls(&expected));
    }
}

#[tokio::test(start_paused = true)]
async fn update_retries_while_changes_are_pending() {
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
        let (changed, created) = change(&aws, before, after).await;
        assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
        assert_eq!(created, vec![(busy.to_owned(), vec!["b".to_owned()]); 4]);
    }
}

#[tokio::test]
async fn failed_update_keeps_the_prior_state() {
    let aws = FakeAws::new(cache(|call| {
        (pairs(call) == [("b".to_owned(), "x".to_owned())])
            .then(|| call.error("InvalidParameterValue", "Value: x is not valid for Parameter: b"))
    }));
    let created = aws.create(&ParameterGroup, group("cache", &[("a", "1")])).await;
    let failed = aws.update(&ParameterGroup, &created.state, group("cache", &[("b", "x")])).await;
    assert_eq!(failed.state, created.state);
    let expected = "parameter: Failed to set the parameters of parameter group \"cache\": ElastiCache \
                    ModifyCacheParameterGroup: InvalidParameterValue: Value: x is not valid for Parameter: b (HTTP 400, \
                    request id r-1).";
    assert_eq!(problems(&failed.diags), [expected]);
    // The next read returns the result of the reset, which came first.
    let read = aws.read(&ParameterGroup, &failed.state).await;
    assert_eq!(read.state.get("parameter"), &Value::set([]));
}

#[tokio::test]
async fn update_of_tags_alone_sends_no_parameters() {
    let tagged = |tags| {
        config(
            &ParameterGroup,
            [("name", "cache".into()), ("family", "redis7".into()), ("tags", text_map(tags))],
        )
    };
    let aws = FakeAws::new(cache(|_| None));
    let created = aws.create(&ParameterGroup, tagged([("a", "1"), ("b", "1")])).await;
    aws.calls();
    aws.update(&ParameterGroup, &created.state, tagged([("b", "2"), ("c", "1")])).await;
    let calls = aws.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].list("TagKeys.member."), ["a"]);
    assert_eq!(calls[1].list("Tags.Tag.*.Key"), ["b", "c"]);
}

#[tokio::test]
async fn refused_cluster_enabled_is_explained() {
    let aws = FakeAws::new(cache(|call| {
        (call.operation == MODIFY)
            .then(|| call.error("InvalidParameterValue", "The parameter cluster-enabled cannot be modified."))
    }));
    let created = aws.create(&ParameterGroup, group("cache", &[("cluster-enabled", "yes")])).await;
    let expected = "parameter: Failed to set the parameters of parameter group \"cache\": ElastiCache \
                    ModifyCacheParameterGroup: InvalidParameterValue: The parameter cluster-enabled cannot be modified \
                    (HTTP 400, request id r-1). AWS accepts cluster-enabled on a new parameter group only. Create \
                    another parameter group with it, set `parameter_group_name` of the replication group to it, and set \
                    `cluster_mode` to change the mode of an existing replication group.";
    assert_eq!(problems(&created.diags), [expected]);
}

/// Answers of an AWS that does not reset `reserved-memory`.
fn refuses_reset(code: &'static str, message: &'static str) -> impl FnMut(&Call) -> Answer + Send + 'static {
    let mut aws = Cache::default();
    move |call| {
        if call.operation == RESET && names(call).contains(&"reserved-memory".to_owned()) {
            return call.error(code, message);
        }
        // Only one of the two is in effect.
        if call.operation == MODIFY && names(call).contains(&"reserved-memory-percent".to_owned()) {
            aws.parameters.remove("reserved-memory");
        }
        aws.answer(call)
    }
}

#[tokio::test]
async fn reset_of_reserved_memory_goes_by_the_percentage() {
    for (code, message) in [
        ("InvalidParameterValue", "Parameter reserved-memory doesn't exist"),
        ("InternalFailure", "An internal error has occurred."),
    ] {
        let aws = FakeAws::new(refuses_reset(code, message));
        let before = [("reserved-memory", "0"), ("tcp-keepalive", "360"), ("timeout", "50")];
        let (changed, created) = change(&aws, &before, &[("tcp-keepalive", "360")]).await;
        assert!(problems(&changed.diags).is_empty(), "{:?}", changed.diags);
        let expected = [
            (RESET, &["timeout"] as &[&str]),
            (RESET, &["reserved-memory"]),
            (MODIFY, &["reserved-memory-percent"]),
            (RESET, &["reserved-memory-percent"]),
        ];
        assert_eq!(created, calls(&expected));
        assert_eq!(aws.read(&ParameterGroup, &changed.state).await.state, changed.state);
    }
}

#[tokio::test]
async fn reset_of_reserved_memory_is_omitted_if_the_percentage_is_set() {
    let aws = FakeAws::new(refuses_reset("InvalidParameterValue", "Parameter reserved-memory doesn't exist"));
    let (changed, created) =
        change(&aws, &[("reserved-memory", "0")], &[("reserved-memory-percent", "25")]).await;
    assert_eq!(created, calls(&[(MODIFY, &["reserved-memory-percent"])]));
    assert_eq!(aws.read(&ParameterGroup, &changed.state).await.state, changed.state);
}

#[tokio::test]
async fn other_errors_of_reserved_memory_are_reported() {
    let aws = FakeAws::new(refuses_reset("InvalidParameterValue", "Something else."));
    let (changed, created) = change(&aws, &[("reserved-memory", "0")], &[]).await;
    assert_eq!(created.len(), 1);
    assert!(changed.diags.has_errors());
}

#[tokio::test]
async fn reserved_memory_of_old_families_is_retained_with_a_warning() {
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
    let aws = FakeAws::new(refuses_reset("InvalidParameterValue", "Parameter reserved-memory doesn't exist"));
    let created = aws.create(&ParameterGroup, of(&[("reserved-memory", "10")])).await;
    let changed = aws.update(&ParameterGroup, &created.state, of(&[])).await;
    let expected = "Parameter group \"cache\" keeps reserved-memory: AWS cannot reset it in this \
                    family, which has no reserved-memory-percent. Keep its `parameter` block, with the value \"0\" for no \
                    reserved memory.";
    assert_eq!(problems(&changed.diags), [expected]);
    assert!(!changed.diags.has_errors());
}
