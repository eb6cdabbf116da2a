//! Laws of planning, reading and applying that hold for every resource, whatever
//! it is given.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};

use crate::diag::Diagnostics;
use crate::engine::state::{apply, read};
use crate::engine::{AnyResource, PlanRequest, PlanResponse, check_planned, conformance};
use crate::resources::RESOURCES;
use crate::schema::{self, BlockNesting, Mode, NestedBlock, common};
use crate::testing::core::{
    completed, completed_config, config, configured, given, plan, plan_imported, proposed_new, provider,
    respelled,
};
use crate::testing::test_resource::TestResource;
use crate::value::{Map, Path, Value, arbitrary};

/// Cases of each law for each resource; `PROPTEST_CASES` sets another number. They
/// are the same in every run, so that a failure has a cause in the code.
const CASES: u32 = 24;

/// Replacements that show only once a value is known. Core then refuses the second
/// plan, before anything is touched. A cache is better not planned for replacement on
/// suspicion: its data would be lost.
const LATE_REPLACEMENTS: &[(&str, &str)] = &[
    ("elasticache_replication_group", "engine"),
    ("elasticache_replication_group", "engine_version"),
    ("elasticache_replication_group", "node_group_configuration"),
    ("elasticache_serverless_cache", "engine"),
];

/// Attributes whose resource takes more for the same than the schema says: a version
/// that the running one satisfies is no change, nor is a prefix that the name begins with, nor a
/// number of replicas where every shard has a number of its own.
const SAME_TO_THE_RESOURCE: &[(&str, &str)] = &[
    ("elasticache_auth_token_secret", "name_prefix"),
    ("elasticache_connection_secret", "name_prefix"),
    ("elasticache_global_replication_group", "engine_version"),
    ("elasticache_log_group", "name_prefix"),
    ("elasticache_parameter_group", "name_prefix"),
    ("elasticache_replication_group", "engine_version"),
    ("elasticache_replication_group", "replicas_per_node_group"),
    ("elasticache_security_group", "name_prefix"),
    ("elasticache_snapshot", "name_prefix"),
    ("elasticache_subnet_group", "name_prefix"),
];

/// Keys that an update in place may change: an alarm set may come to watch another replication
/// group, and its alarms are then created and deleted one by one.
const MOVABLE: &[(&str, &str)] = &[("elasticache_alarm_set", "id")];

type Resource = &'static dyn AnyResource;

/// Checks a law for every registered resource, and for one that uses all there is.
fn for_all<S: Strategy>(inputs: impl Fn(Resource) -> S, law: impl Fn(Resource, S::Value) -> TestCaseResult)
where
    S::Value: Clone + PartialEq,
{
    let everything: Resource = &TestResource;
    let requested = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let resources = RESOURCES.iter().copied().map(|resource| (resource, requested.unwrap_or(CASES)));
    for (resource, cases) in resources.chain([(everything, requested.unwrap_or(3 * CASES))]) {
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let result =
            TestRunner::new_with_rng(config, rng).run(&inputs(resource), |input| law(resource, input));
        match result {
            Err(TestError::Fail(reason, input)) => {
                panic!("{}: {reason}\nwith {input:?}", resource.type_name())
            }
            result => assert_eq!(result, Ok(()), "{}", resource.type_name()),
        }
    }
}

/// A configuration that is wholly known, with a state that followed from it.
fn created(resource: Resource) -> impl Strategy<Value = (Value, Value)> {
    let schema = resource.schema();
    let config = config(&schema.block, false);
    let config = config.prop_filter("two blocks of one shard are refused", has_distinct_shards);
    let config = config.prop_map(without_serverless_cache).prop_map(with_one_way_of_counting);
    config.prop_flat_map(move |config| {
        let planned = plan(resource, &Value::Null, &config).planned;
        let (open, unnamed) = (planned.clone(), planned.clone());
        let state = completed(&planned, schema.ty())
            .prop_filter("elements of a set became one", move |state| as_many(&open, state))
            .prop_filter("AWS numbers each shard", has_distinct_shards)
            .prop_map(move |state| named_by_aws(&unnamed, schema.block.settled(state)));
        (Just(config), state)
    })
}

/// What follows from a serverless cache is known after the apply has asked AWS, and what AWS never returned would be drift.
fn without_serverless_cache(mut config: Value) -> Value {
    if let Value::Map(entries) = &mut config
        && let Some(name) = entries.get_mut("serverless_cache_name")
    {
        *name = Value::Null;
    }
    config
}

/// Validation refuses counts of nodes that contradict each other, and lists of replicas with another number of them.
/// Counts that agree have tests of their own.
fn with_one_way_of_counting(mut config: Value) -> Value {
    let has_blocks = !config.get("node_group_configuration").is_empty();
    let has_nodes = !config.get("num_cache_clusters").is_null();
    let Value::Map(entries) = &mut config else { return config };
    let (nodes, others) = ("num_cache_clusters", ["num_node_groups", "replicas_per_node_group"]);
    let omitted = others.into_iter().filter(|_| has_blocks || has_nodes);
    for name in omitted.chain(has_blocks.then_some(nodes)) {
        entries.entry(name.to_owned()).and_modify(|count| *count = Value::Null);
    }
    if let Some(Value::Set(blocks)) = entries.get("node_group_configuration") {
        let without_lists = |block: &Value| {
            let lists = ["replica_availability_zones", "replica_outpost_arns"];
            let entry = |(name, value): (&String, &Value)| {
                (name.clone(), if lists.contains(&&**name) { Value::Null } else { value.clone() })
            };
            Value::map(block.as_map().into_iter().flatten().map(entry))
        };
        let blocks = Value::set(blocks.iter().map(without_lists));
        entries.insert("node_group_configuration".to_owned(), blocks);
    }
    config
}

/// True unless two `node_group_configuration` blocks have one ID.
fn has_distinct_shards(config: &Value) -> bool {
    let blocks = config.get("node_group_configuration").as_elements().unwrap_or_default();
    let id = |block: &Value| block.get("node_group_id").as_str().map(str::to_owned);
    let ids: Vec<String> = blocks.iter().filter_map(id).filter(|id| !id.is_empty()).collect();
    ids.iter().collect::<BTreeSet<_>>().len() == ids.len()
}

/// Where the id is open until AWS chooses a name, it is that name as AWS keeps it.
fn named_by_aws(planned: &Value, mut state: Value) -> Value {
    let id = state.get("name").as_str().map(str::to_lowercase);
    if let (Value::Map(entries), Value::Unknown, Some(id)) = (&mut state, planned.get("id"), id) {
        entries.insert("id".to_owned(), Value::string(id));
    }
    // Every secret has a version; one without gets it by the next apply.
    if let Value::Map(entries) = &mut state
        && entries.get("version_id").is_some_and(Value::is_null)
    {
        entries.insert("version_id".to_owned(), Value::from("version"));
    }
    // What runs is the engine of the configuration; another is drift.
    if let Value::Map(entries) = &mut state
        && entries.contains_key("engine_actual")
    {
        entries.insert("engine_actual".to_owned(), Value::Null);
    }
    // AWS numbers each shard.
    if let Value::Map(entries) = &mut state
        && let Some(Value::Set(blocks)) = entries.get_mut("node_group_configuration")
    {
        for (number, block) in blocks.iter_mut().enumerate() {
            if let Value::Map(block) = block
                && block.get("node_group_id").is_some_and(Value::is_empty)
            {
                block.insert("node_group_id".to_owned(), Value::string(format!("900{number}")));
            }
        }
        blocks.sort();
    }
    // A layout of shards that fits the counts and blocks is AWS's; any other would be drift.
    let blocks = state.get("node_group_configuration").as_elements().unwrap_or_default();
    let count = |block: &Value| match block.get("replica_count") {
        Value::Number(replicas) => replicas.as_i64(),
        _ => None,
    };
    let replicas: Vec<i64> = blocks.iter().filter_map(count).collect();
    if let Value::Map(entries) = &mut state
        && entries.contains_key("node_groups")
    {
        entries.insert("node_groups".to_owned(), Value::Null);
        if let Some(most) = replicas.iter().max() {
            let nodes: i64 = replicas.iter().map(|replicas| replicas + 1).sum();
            entries.insert("num_cache_clusters".to_owned(), nodes.into());
            entries.insert("replicas_per_node_group".to_owned(), (*most).into());
        }
    }
    state
}

/// True when no two elements of a set turned out to be the same.
fn as_many(planned: &Value, state: &Value) -> bool {
    match (planned, state) {
        (Value::Set(planned), Value::Set(state)) => planned.len() == state.len(),
        (Value::List(planned), Value::List(state)) => planned.iter().zip(state).all(|(a, b)| as_many(a, b)),
        (Value::Map(planned), state) => planned.iter().all(|(name, value)| as_many(value, state.get(name))),
        _ => true,
    }
}

/// A state, or null for none.
fn state(resource: Resource) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 3 => created(resource).prop_map(|(_, state)| state)]
}

/// The plan, unless the resource refuses the configuration with good reason.
fn accepted(response: &PlanResponse) -> Result<bool, TestCaseError> {
    for diagnostic in response.diags.iter() {
        let defect = diagnostic.summary == "Provider defect";
        // A model that does not take what the schema allows.
        let unfit = diagnostic.summary.starts_with("Invalid ")
            && ["string", "bool", "number", "whole number", "finite number", "list", "map", "object"]
                .iter()
                .any(|kind| {
                    diagnostic.detail.contains(&format!(": a {kind}"))
                        || diagnostic.detail.contains(&format!(": an {kind}"))
                })
            && diagnostic.detail.ends_with(" is required.");
        prop_assert!(!defect && !unfit, "{}: {}", diagnostic.summary, diagnostic.detail);
    }
    Ok(!response.diags.has_errors())
}

/// The attributes and blocks in which two objects differ.
fn differences(before: &Value, after: &Value) -> Vec<String> {
    let Some(entries) = before.as_map() else {
        return vec![format!("{before:?} became {after:?}")];
    };
    let changed = entries.iter().filter(|(name, value)| after.get(name) != *value);
    changed.map(|(name, value)| format!("{name}: {value:?} became {:?}", after.get(name))).collect()
}

/// The paths of a replacement that core counts: those whose value changes.
fn effective(prior: &Value, response: &PlanResponse) -> Vec<Path> {
    let changes = |path: &&Path| {
        let name = path.first_attribute().unwrap_or_default();
        let planned = response.planned.get(name);
        !prior.is_null() && (planned != prior.get(name) || !planned.is_wholly_known())
    };
    response.replace.iter().filter(changes).cloned().collect()
}

#[test]
fn plans_obey_core_and_are_the_same_every_time() {
    for_all(
        |resource| (state(resource), config(&resource.schema().block, true)),
        |resource, (prior, config)| {
            let response = plan(resource, &prior, &config);
            prop_assert_eq!(&plan(resource, &prior, &config), &response);
            if accepted(&response)? {
                let block = &resource.schema().block;
                let problems = conformance::plan_problems(block, &prior, &config, &response.planned);
                prop_assert!(problems.is_empty(), "{problems:#?}");
            }
            Ok(())
        },
    );
}

/// An apply accepts every plan of a configuration that is wholly known.
#[test]
fn only_what_the_provider_determines_is_planned_as_unknown() {
    for_all(
        |resource| (state(resource), config(&resource.schema().block, false)),
        |resource, (prior, config)| {
            let response = plan(resource, &prior, &config);
            if accepted(&response)? {
                let checked = check_planned(&resource.schema().block, &config, &response.planned);
                prop_assert_eq!(checked, Ok(()));
            }
            Ok(())
        },
    );
}

#[test]
fn no_value_makes_a_plan_panic() {
    for_all(
        |resource| {
            let ty = resource.schema().ty();
            (arbitrary::value_of(ty), arbitrary::known_value_of(ty))
        },
        |resource, (config, prior)| {
            let proposed = proposed_new(&resource.schema().block, &prior, &config);
            resource.plan(&provider(), PlanRequest { config, prior, proposed, private: Vec::new() });
            Ok(())
        },
    );
}

#[test]
fn what_was_made_needs_no_change() {
    for_all(created, |resource, (config, state)| {
        let response = plan(resource, &state, &config);
        if accepted(&response)? {
            let changes = differences(&state, &response.planned);
            prop_assert!(changes.is_empty(), "{changes:#?}");
        }
        Ok(())
    });
}

#[test]
fn knowing_more_completes_the_plan() {
    for_all(
        |resource| {
            let block = &resource.schema().block;
            let configs = config(block, true)
                .prop_flat_map(|config| (Just(config.clone()), completed_config(block, &config)))
                .prop_filter("elements of a set became one", |(open, known)| as_many(open, known));
            (state(resource), configs)
        },
        |resource, (prior, (open, known))| {
            let (first, second) = (plan(resource, &prior, &open), plan(resource, &prior, &known));
            if accepted(&first)? && accepted(&second)? {
                let replaced = effective(&prior, &first);
                if replaced.is_empty() {
                    let block = &resource.schema().block;
                    let problems = conformance::completion_problems(block, &first.planned, &second.planned);
                    prop_assert!(problems.is_empty(), "{problems:#?}");
                }
                let listed = |path: &Path| {
                    let name = path.first_attribute().unwrap_or_default();
                    LATE_REPLACEMENTS.contains(&(resource.type_name(), name))
                };
                let mut more = effective(&prior, &second);
                more.retain(|path| !replaced.contains(path) && !listed(path));
                prop_assert!(more.is_empty(), "replaced after all because of {more:?}");
            }
            Ok(())
        },
    );
}

#[test]
fn a_change_is_planned() {
    for_all(
        |resource| {
            let attributes = &resource.schema().block.attributes;
            let change = (0..attributes.len())
                .prop_flat_map(move |index| (Just(index), configured(&attributes[index], false)));
            (created(resource), change)
        },
        |resource, ((mut config, state), (index, change))| {
            let block = &resource.schema().block;
            let attribute = &block.attributes[index];
            let settable = attribute.is_configurable() && !attribute.write_only && !change.is_null();
            // Empty leaves the choice to AWS, and objects may leave parts to it.
            let left_open =
                attribute.is_computed() && attribute.is_unset(&change) || attribute.nested.is_some();
            if !settable || left_open || attribute.same(state.get(attribute.name), &change) {
                return Ok(());
            }
            if let Value::Map(entries) = &mut config {
                entries.insert(attribute.name.to_owned(), change.clone());
            }
            // Validation refuses a count that contradicts the blocks; any other is for the plan to refuse.
            let has_blocks = !config.get("node_group_configuration").is_empty();
            if has_blocks && with_one_way_of_counting(config.clone()) != config {
                return Ok(());
            }
            let response = plan(resource, &state, &config);
            if accepted(&response)? {
                let planned = response.planned.get(attribute.name);
                let is_same = SAME_TO_THE_RESOURCE.contains(&(resource.type_name(), attribute.name));
                // What a global datastore decides of its members stays as it is, with a warning.
                let is_refused = response.diags.iter().any(|diagnostic| {
                    diagnostic.detail.contains("so no change is planned")
                        && diagnostic.detail.contains(&format!("`{}`", attribute.name))
                });
                let retained = planned == state.get(attribute.name) && (is_same || is_refused);
                prop_assert!(*planned == change || retained, "{} is planned as {planned:?}", attribute.name);
            }
            Ok(())
        },
    );
}

/// A configuration with a state that followed from it, and the same configuration with null and empty
/// exchanged at random wherever an argument is not given. Single blocks, such as `timeouts`, are
/// omitted: nothing finds them in AWS.
fn made_and_respelled(resource: Resource) -> impl Strategy<Value = (Value, Value, Value)> {
    let block = &resource.schema().block;
    let single =
        |name: &String| block.nested_block(name).is_some_and(|nested| nested.nesting == BlockNesting::Single);
    let without_single = move |object: Value| match object {
        Value::Map(entries) => Value::map(
            entries
                .into_iter()
                .map(|(name, value)| if single(&name) { (name, Value::Null) } else { (name, value) }),
        ),
        other => other,
    };
    created(resource).prop_flat_map(move |(config, state)| {
        let (config, state) = (without_single(config), without_single(state));
        (Just(config.clone()), Just(state), respelled(block, &config))
    })
}

/// Null, `""`, `[]` and `{}` are one where an argument is not given: an object that is imported needs
/// no change, whichever of them the configuration has.
#[test]
fn import_needs_no_change_whether_arguments_are_null_or_empty() {
    for_all(made_and_respelled, |resource, (first, state, config)| {
        if !accepted(&plan(resource, &state, &first))? || !as_many(&first, &config) {
            return Ok(());
        }
        let block = &resource.schema().block;
        let stub = resource.schema().conform(Value::Map(Map::new()));
        let imported = block.imported(read::reconcile(block, &stub, &state));
        let again = block.imported(read::reconcile(block, &imported, &state));
        let changes = differences(&imported, &again);
        prop_assert!(changes.is_empty(), "a second read finds {changes:#?}");
        let response = plan(resource, &imported, &config);
        if accepted(&response)? {
            let changes = differences(&imported, &response.planned);
            prop_assert!(changes.is_empty(), "{changes:#?}");
        }
        Ok(())
    });
}

/// The same from one apply to the next, as when a module comes to write `[]` for null. A secret is
/// the exception: a new object has null where there is none, and shows it when `""` is written.
#[test]
fn state_needs_no_change_whether_arguments_are_null_or_empty() {
    for_all(made_and_respelled, |resource, (first, state, mut config)| {
        if !accepted(&plan(resource, &state, &first))? || !as_many(&first, &config) {
            return Ok(());
        }
        if let Value::Map(entries) = &mut config {
            for secret in resource.schema().block.attributes.iter().filter(|attribute| attribute.sensitive) {
                entries.insert(secret.name.to_owned(), first.get(secret.name).clone());
            }
            let has_secret = |nested: &&NestedBlock| nested.block.attributes.iter().any(|it| it.sensitive);
            for nested in resource.schema().block.blocks.iter().filter(has_secret) {
                entries.insert(nested.name.to_owned(), first.get(nested.name).clone());
            }
        }
        let response = plan(resource, &state, &config);
        if accepted(&response)? {
            let changes = differences(&state, &response.planned);
            prop_assert!(changes.is_empty(), "{changes:#?}");
        }
        Ok(())
    });
}

/// Tags that repeat a default tag are one with those that do not: AWS returns one set of tags.
#[test]
fn import_needs_no_change_where_tags_repeat_default_tags() {
    for_all(created, |resource, (mut config, mut state)| {
        let block = &resource.schema().block;
        if block.attribute(common::TAGS_ALL).is_none() {
            return Ok(());
        }
        let (team, default) = ("team", Value::from("cache"));
        let with_tags = |object: &mut Value, names: &[&str], team_tag: Option<&Value>| {
            let Value::Map(entries) = object else { return };
            for name in names {
                let mut tags = entries.get(*name).and_then(Value::as_map).cloned().unwrap_or_default();
                tags.remove(team);
                tags.extend(team_tag.map(|value| (team.to_owned(), value.clone())));
                entries.insert((*name).to_owned(), Value::Map(tags));
            }
        };
        with_tags(&mut config, &[common::TAGS], None);
        with_tags(&mut state, &[common::TAGS], None);
        with_tags(&mut state, &[common::TAGS_ALL], Some(&default));
        if !differences(&state, &plan_imported(resource, &state, &config).planned).is_empty() {
            return Ok(());
        }
        with_tags(&mut config, &[common::TAGS], Some(&default));
        let response = plan_imported(resource, &state, &config);
        if accepted(&response)? {
            let changes = differences(&state, &response.planned);
            prop_assert!(changes.is_empty(), "{changes:#?}");
        }
        with_tags(&mut config, &[common::TAGS], Some(&Value::from("other")));
        let response = plan_imported(resource, &state, &config);
        if accepted(&response)? {
            prop_assert_eq!(response.planned.get(common::TAGS), config.get(common::TAGS));
        }
        Ok(())
    });
}

#[test]
fn what_the_provider_sets_cannot_be_given() {
    for resource in RESOURCES {
        let block = &resource.schema().block;
        for attribute in block.attributes.iter().filter(|attribute| !attribute.is_configurable()) {
            let config = resource.schema().conform(Value::map([(attribute.name, given(&attribute.ty()))]));
            let diags = resource.validate(&config);
            let message = diags.iter().any(|d| d.path == Some(Path::attribute(attribute.name)));
            assert!(message, "{}.{}", resource.type_name(), attribute.name);
        }
    }
}

#[test]
fn reading_what_nobody_changed_gives_the_state_back() {
    for_all(created, |resource, (_, state)| {
        let again = read::reconcile(&resource.schema().block, &state, &state);
        let changes = differences(&state, &again);
        prop_assert!(changes.is_empty(), "{changes:#?}");
        Ok(())
    });
}

#[test]
fn reading_twice_is_reading_once() {
    for_all(
        |resource| (created(resource), created(resource)),
        |resource, ((_, prior), (_, observed))| {
            let block = &resource.schema().block;
            let once = read::reconcile(block, &prior, &observed);
            prop_assert_eq!(read::reconcile(block, &once, &observed), once);
            Ok(())
        },
    );
}

/// Faults-met F13. What a generated configuration omits is what the plan fills in without it.
#[test]
fn generated_configuration_has_no_argument_that_repeats_a_default() {
    for_all(created, |resource, (_, state)| {
        let config = resource.generate(&provider(), &state);
        let config = config.map_err(|problem| TestCaseError::fail(problem.detail))?;
        prop_assert_eq!(&resource.schema().conform(config.clone()), &config);
        for attribute in &resource.schema().block.attributes {
            let (name, value) = (attribute.name, config.get(attribute.name));
            if attribute.mode == Mode::Required && attribute.nested.is_none() && !attribute.sensitive {
                prop_assert_eq!(value, state.get(name), "{}", name);
            }
            if value.is_null() {
                continue;
            }
            let is_provided = !attribute.is_configurable() || attribute.sensitive || attribute.write_only;
            prop_assert!(!is_provided && !attribute.is_unset(value), "{name} is {value:?}");
            let default = attribute.default.as_ref();
            prop_assert!(
                !default.is_some_and(|default| attribute.same(value, default)),
                "{name} = {value:?}"
            );
        }
        let mut diags = Diagnostics::new();
        schema::validate(resource.schema(), &config, &mut diags);
        let excluded = |summary: &str| summary == "Conflicting arguments" || summary.starts_with("Missing ");
        let refused: Vec<_> = diags.iter().filter(|it| excluded(&it.summary)).collect();
        prop_assert!(refused.is_empty(), "{refused:#?}");
        Ok(())
    });
}

/// What an import finds an object by stays as long as the object exists.
#[test]
fn identity_changes_only_with_the_object() {
    for_all(
        |resource| (created(resource), config(&resource.schema().block, true)),
        |resource, ((_, state), config)| {
            let response = plan(resource, &state, &config);
            if accepted(&response)? && effective(&state, &response).is_empty() {
                for name in resource.identity_schema().keys().iter().chain(&["region"]) {
                    let (before, after) = (state.get(name), response.planned.get(name));
                    let same =
                        before.as_str().zip(after.as_str()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b));
                    if same || !MOVABLE.contains(&(resource.type_name(), *name)) {
                        prop_assert_eq!(after, before, "{}", name);
                    }
                }
            }
            Ok(())
        },
    );
}

#[test]
fn results_keep_what_was_planned() {
    for_all(
        |resource| (state(resource), config(&resource.schema().block, true), created(resource)),
        |resource, (prior, config, (_, observed))| {
            let response = plan(resource, &prior, &config);
            if accepted(&response)? {
                let block = &resource.schema().block;
                let settled = apply::resolve_unknowns(block, &response.planned, &observed);
                let problems = conformance::apply_problems(block, &response.planned, &settled);
                prop_assert!(problems.is_empty(), "{problems:#?}");
            }
            Ok(())
        },
    );
}

/// An argument that says how the object is created or changed is no property of the object, so no read finds it.
/// The reasons are items of a list in the reference pages.
#[test]
fn directives_are_not_readable_and_reasons_are_list_items() {
    for resource in RESOURCES {
        for attribute in &resource.schema().block.attributes {
            let place = format!("{}.{}", resource.type_name(), attribute.name);
            assert!(!attribute.directive || attribute.not_readable.is_some(), "{place} is a directive");
            let fits =
                |reason: &str| reason.starts_with(|c: char| c.is_uppercase()) && !reason.ends_with('.');
            assert!(attribute.not_readable.is_none_or(fits), "{place}: {:?}", attribute.not_readable);
        }
    }
}
