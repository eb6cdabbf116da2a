//! Tags: the provider's default tags, the resource's own, and those of others.

use crate::diag::Diagnostics;
use crate::engine::ProviderConfig;
use crate::schema::{Schema, common, sentence};
use crate::value::{Field, FromValue, Map, Path, Value};

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use crate::aws::{TagChanges, Tags};

/// The planned `tags_all`: default tags without ignored keys, overridden by the resource's own. Unknown as long as one of
/// them is. [`read_back`] omits the same tags, otherwise each plan would add them again. A default tag with a prefix
/// that AWS reserves stays, for [`check`] to refuse it.
pub(in crate::engine) fn planned_all(provider: &ProviderConfig, own: &Value, prior_all: &Value) -> Value {
    let Some(defaults) = provider.default_tags.known() else {
        return Value::Unknown;
    };
    let defaults = defaults.iter().filter(|(key, _)| !provider.ignore_tags.names(key));
    let mut all: BTreeMap<String, Value> =
        defaults.map(|(key, value)| (key.clone(), Value::string(value))).collect();
    match own {
        Value::Unknown => return Value::Unknown,
        Value::Map(own) => {
            if own.values().any(Value::is_unknown) {
                return Value::Unknown;
            }
            all.extend(own.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())));
        }
        _ => {}
    }
    let planned = Value::Map(all);
    // Both empty: keep whichever form, null or {}, the state has.
    if planned.is_empty() && prior_all.is_empty() && !prior_all.is_null() {
        prior_all.clone()
    } else {
        planned
    }
}

/// True if the configured `tags` differ from those of the state only in keys that repeat a default tag, so that the object
/// keeps the same tags. An import cannot tell such a key from a default tag, because AWS returns one set of tags.
pub(in crate::engine) fn differ_in_default_tags(
    provider: &ProviderConfig,
    config: &Value,
    prior: &Value,
) -> bool {
    let (configured, prior_own) = (config.get(common::TAGS), prior.get(common::TAGS));
    let (Some(new), Some(old), Some(defaults)) =
        (configured.as_map(), prior_own.as_map(), provider.default_tags.known())
    else {
        return false;
    };
    let prior_all = prior.get(common::TAGS_ALL);
    if new == old
        || !configured.is_wholly_known()
        || planned_all(provider, configured, prior_all) != *prior_all
    {
        return false;
    }
    let is_repeated = |key: &String, value: &Value| defaults.get(key).map(String::as_str) == value.as_str();
    let only_in = |these: &Map, those: &Map| {
        let mut given =
            these.iter().filter(|(key, value)| !value.is_null() && those.get(*key) != Some(*value));
        given.all(|(key, value)| is_repeated(key, value))
    };
    only_in(new, old) && only_in(old, new)
}

/// Checks the tags of the object together with the provider's `default_tags`: AWS counts
/// them all. Those of the object alone are checked by validation.
pub(in crate::engine) fn check(schema: &Schema, config: &Value, planned: &Value, diags: &mut Diagnostics) {
    let (own, all) = (config.get(common::TAGS), planned.get(common::TAGS_ALL));
    let Some(attribute) = schema.block.attribute(common::TAGS).filter(|_| own != all) else { return };
    if let Some(problem) =
        attribute.checks.iter().find_map(|check| check.problem(all, attribute.is_quotable()))
    {
        let problem = sentence("`tags_all`", &problem);
        diags.error_at(
            Path::attribute(common::TAGS),
            "Invalid tags_all",
            format!(
                "{problem} The tags of an object are those of its `tags` and of the provider's `default_tags` \
                 together. Shorten one of the two."
            ),
        );
    }
}

/// Of the tags that AWS returns, those that are not ignored, nor AWS's own.
pub fn visible(provider: &ProviderConfig, mut observed: Tags) -> Tags {
    observed.retain(|key, _| !provider.ignore_tags.covers(key));
    observed
}

/// `tags` and `tags_all` of a state, from the tags that AWS returns. A tag counts as the
/// resource's own when it was before, or when it is not (or differs from) a default tag.
pub fn read_back(
    provider: &ProviderConfig,
    prior_own: &Field<Tags>,
    observed: Tags,
) -> (Field<Tags>, Field<Tags>) {
    let none = Tags::new();
    let defaults = provider.default_tags.known().unwrap_or(&none);
    let before = prior_own.known().unwrap_or(&none);
    let mut own: Tags = observed
        .iter()
        .filter(|(key, _)| !provider.ignore_tags.covers(key))
        .filter(|(key, value)| before.contains_key(*key) || defaults.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // An ignored key the configuration sets all the same is neither drift nor ours to compare.
    own.extend(
        before
            .iter()
            .filter(|(key, _)| provider.ignore_tags.covers(key))
            .map(|(k, v)| (k.clone(), v.clone())),
    );
    let mut all = visible(provider, observed);
    all.extend(
        own.iter().filter(|(key, _)| provider.ignore_tags.covers(key)).map(|(k, v)| (k.clone(), v.clone())),
    );
    let own = if own.is_empty() { Field::Null } else { Field::Known(own) };
    (own, Field::Known(all))
}

/// The provider for a read of `state`. While `default_tags` is unknown, as in a plan that also creates what they refer
/// to, those of the last apply stand for them: the tags in `tags_all` that are not the resource's own. Otherwise
/// [`read_back`] would take all default tags for the resource's own, and the plan would remove them.
pub(in crate::engine) fn provider_for_read<'a>(
    provider: &'a ProviderConfig,
    state: &Value,
) -> Cow<'a, ProviderConfig> {
    if provider.default_tags.known().is_some() {
        return Cow::Borrowed(provider);
    }
    let of = |name: &str| Field::<Tags>::from_value(state.get(name), &Path::root()).ok();
    let tags = |name: &str| of(name).and_then(Field::into_known).unwrap_or_default();
    let (own, mut defaults) = (tags(common::TAGS), tags(common::TAGS_ALL));
    defaults.retain(|key, _| !own.contains_key(key));
    let mut provider = provider.clone();
    provider.default_tags = Field::Known(defaults);
    Cow::Owned(provider)
}

/// The changes from `prior` to `planned`, both a `tags_all`. Ignored keys are not touched.
pub fn changes(provider: &ProviderConfig, prior: &Field<Tags>, planned: &Field<Tags>) -> TagChanges {
    let none = Tags::new();
    let (old, new) = (prior.known().unwrap_or(&none), planned.known().unwrap_or(&none));
    let ours = |key: &String| !provider.ignore_tags.covers(key);
    let differs = |(key, value): &(&String, &String)| old.get(*key) != Some(*value);
    TagChanges {
        remove: old.keys().filter(|key| !new.contains_key(*key) && ours(key)).cloned().collect(),
        set: new
            .iter()
            .filter(|(key, _)| ours(key))
            .filter(differs)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::contract::provider::IgnoreTags;
    use crate::value::IntoValue;
    use proptest::strategy::Strategy;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn provider(defaults: &[(&str, &str)], ignored: &[&str]) -> ProviderConfig {
        let mut provider = ProviderConfig::new(Err(crate::diag::Diagnostic::error("no", "AWS")));
        provider.default_tags = Field::Known(tags(defaults));
        provider.ignore_tags =
            IgnoreTags { keys: ignored.iter().map(|k| (*k).to_owned()).collect(), ..IgnoreTags::default() };
        provider
    }

    #[test]
    fn own_tags_win_over_default_tags() {
        let own = Value::map([("a", Value::from("own")), ("b", Value::from("own"))]);
        let all = planned_all(&provider(&[("a", "default"), ("c", "default")], &[]), &own, &Value::Null);
        let expected = tags(&[("a", "own"), ("b", "own"), ("c", "default")]);
        assert_eq!(all, expected.into_value());
    }

    #[test]
    fn ignored_default_tags_are_not_planned() {
        let provider = provider(&[("a", "default"), ("b", "default")], &["a", "own"]);
        let own = Value::map([("own", Value::from("1"))]);
        let all = planned_all(&provider, &own, &Value::Null);
        assert_eq!(all, tags(&[("b", "default"), ("own", "1")]).into_value());
    }

    /// Tags with few keys, so that own, default, ignored and foreign ones often have the same.
    fn any_tags() -> impl Strategy<Value = Tags> {
        proptest::collection::btree_map("k[ab]?|l", "[12]", 0..4)
    }

    /// Ignored keys and prefixes of keys.
    fn any_ignored() -> impl Strategy<Value = IgnoreTags> {
        let keys = || proptest::collection::btree_set("k[ab]?|l", 0..3);
        (keys(), keys()).prop_map(|(keys, key_prefixes)| IgnoreTags { keys, key_prefixes })
    }

    /// The tags of an object after an apply that changes them from `prior` to `planned`.
    fn applied(provider: &ProviderConfig, mut existing: Tags, prior: &Field<Tags>, planned: &Tags) -> Tags {
        let changes = changes(provider, prior, &Field::Known(planned.clone()));
        existing.retain(|key, _| !changes.remove.contains(key));
        existing.extend(changes.set);
        existing
    }

    /// `tags_all` of a plan for these own tags.
    fn planned(provider: &ProviderConfig, own: &Tags, prior_all: &Field<Tags>) -> Tags {
        let all = planned_all(provider, &own.clone().into_value(), &prior_all.clone().into_value());
        Tags::from_value(&all, &Path::root()).unwrap()
    }

    proptest::proptest! {
        /// `foreign` are tags of the object that something else has set.
        #[test]
        fn the_plan_after_an_apply_and_a_read_is_empty(
            defaults in any_tags(),
            ignored in any_ignored(),
            first in any_tags(),
            second in any_tags(),
            foreign in any_tags(),
        ) {
            let mut provider = provider(&[], &[]);
            provider.default_tags = Field::Known(defaults);
            provider.ignore_tags = ignored;
            // A create sends every planned tag; what is not ignored and not planned would be drift.
            let created = planned(&provider, &first, &Field::Null);
            let mut existing = foreign;
            existing.retain(|key, _| provider.ignore_tags.covers(key));
            existing.extend(created.clone());
            let (mut own, mut all) = (first, created);
            for desired in [second, Tags::new(), Tags::new()] {
                let (read_own, read_all) = read_back(&provider, &Field::Known(own.clone()), existing.clone());
                proptest::prop_assert_eq!(read_own.known().cloned().unwrap_or_default(), own.clone());
                proptest::prop_assert_eq!(read_all.known(), Some(&all));
                proptest::prop_assert_eq!(&planned(&provider, &own, &read_all), &all);
                let next = planned(&provider, &desired, &read_all);
                existing = applied(&provider, existing, &read_all, &next);
                (own, all) = (desired, next);
            }
        }
    }

    /// A state with these `tags` and `tags_all`.
    fn state(own: &Tags, all: &Tags) -> Value {
        Value::map([(common::TAGS, own.clone().into_value()), (common::TAGS_ALL, all.clone().into_value())])
    }

    proptest::proptest! {
        /// AWS returns the same tags whether `tags` repeats a default tag or not.
        #[test]
        fn the_plan_after_an_import_is_empty(
            defaults in any_tags(),
            ignored in any_ignored(),
            mut own in any_tags(),
            repeated in proptest::collection::vec("k[ab]?|l", 0..3),
        ) {
            let mut provider = provider(&[], &[]);
            provider.ignore_tags = ignored;
            own.extend(repeated.into_iter().filter_map(|key| Some((key.clone(), defaults.get(&key)?.clone()))));
            own.retain(|key, _| !provider.ignore_tags.covers(key));
            provider.default_tags = Field::Known(defaults);
            let existing = planned(&provider, &own, &Field::Null);
            let (imported, all) = read_back(&provider, &Field::Null, existing);
            let imported = imported.into_known().unwrap_or_default();
            let prior = state(&imported, all.known().unwrap());
            let config = Value::map([(common::TAGS, own.clone().into_value())]);
            proptest::prop_assert!(imported == own || differ_in_default_tags(&provider, &config, &prior));
        }

        /// What is not planned would have changed no tag of the object.
        #[test]
        fn a_difference_that_is_not_planned_changes_no_tag(
            defaults in any_tags(),
            ignored in any_ignored(),
            imported in any_tags(),
            own in any_tags(),
        ) {
            let mut provider = provider(&[], &[]);
            provider.default_tags = Field::Known(defaults.clone());
            provider.ignore_tags = ignored;
            let all = planned(&provider, &imported, &Field::Null);
            let config = Value::map([(common::TAGS, own.clone().into_value())]);
            if differ_in_default_tags(&provider, &config, &state(&imported, &all)) {
                let next = Field::Known(planned(&provider, &own, &Field::Known(all.clone())));
                proptest::prop_assert!(changes(&provider, &Field::Known(all), &next).is_empty());
                let without = |mut tags: Tags| {
                    tags.retain(|key, value| defaults.get(key) != Some(value));
                    tags
                };
                proptest::prop_assert_eq!(without(own), without(imported));
            }
        }
    }

    #[test]
    fn a_null_tag_is_no_difference() {
        let provider = provider(&[("team", "x")], &[]);
        let prior = state(&tags(&[("a", "1")]), &tags(&[("a", "1"), ("team", "x")]));
        let own = |team: Value| Value::map([("tags", Value::map([("a", Value::from("1")), ("team", team)]))]);
        assert!(differ_in_default_tags(&provider, &own(Value::from("x")), &prior));
        assert!(differ_in_default_tags(&provider, &own(Value::Null), &prior));
        assert!(!differ_in_default_tags(&provider, &own(Value::from("y")), &prior));
        assert!(!differ_in_default_tags(&provider, &own(Value::Unknown), &prior));
        let without = Value::map([("tags", Value::Map(Map::new()))]);
        assert!(!differ_in_default_tags(&provider, &without, &prior), "the own tag is removed");
    }

    proptest::proptest! {
        /// Whatever has changed in AWS since the apply.
        #[test]
        fn a_read_with_unknown_default_tags_is_that_with_those_of_the_last_apply(
            defaults in any_tags(),
            ignored in any_ignored(),
            own in any_tags(),
            observed in any_tags(),
        ) {
            let mut provider = provider(&[], &[]);
            provider.default_tags = Field::Known(defaults);
            provider.ignore_tags = ignored;
            let all = planned(&provider, &own, &Field::Null);
            let state = state(&own, &all);
            let own = Field::Known(own);
            let known = provider_for_read(&provider, &state).into_owned();
            proptest::prop_assert_eq!(&known.default_tags, &provider.default_tags);
            let expected = read_back(&provider, &own, observed.clone());
            provider.default_tags = Field::Unknown;
            let unknown = provider_for_read(&provider, &state).into_owned();
            proptest::prop_assert_eq!(read_back(&unknown, &own, observed), expected);
            let unchanged = read_back(&unknown, &own, all.clone());
            proptest::prop_assert_eq!(unchanged.0.into_known().unwrap_or_default(), own.into_known().unwrap());
            proptest::prop_assert_eq!(unchanged.1, Field::Known(all));
        }
    }

    /// An import has no tags in the state, so that all tags of the object are its own.
    #[test]
    fn an_import_with_unknown_default_tags_reads_all_tags_as_own() {
        let mut provider = provider(&[], &[]);
        provider.default_tags = Field::Unknown;
        let provider = provider_for_read(&provider, &Value::map([(common::TAGS_ALL, Value::Null)]));
        let observed = tags(&[("team", "x")]);
        let (own, all) = read_back(&provider, &Field::Null, observed.clone());
        assert_eq!((own, all), (Field::Known(observed.clone()), Field::Known(observed)));
    }

    #[test]
    fn an_unknown_tag_makes_all_unknown() {
        let own = Value::map([("a", Value::Unknown)]);
        assert_eq!(planned_all(&provider(&[], &[]), &own, &Value::Null), Value::Unknown);
    }

    #[test]
    fn default_tags_are_not_the_resources_own() {
        let provider = provider(&[("team", "x"), ("env", "dev")], &["managed-elsewhere"]);
        let observed = tags(&[
            ("team", "x"),
            ("env", "prod"),
            ("own", "1"),
            ("aws:cloudformation:stack-name", "s"),
            ("managed-elsewhere", "y"),
        ]);
        let (own, all) = read_back(&provider, &Field::Null, observed);
        assert_eq!(own, Field::Known(tags(&[("env", "prod"), ("own", "1")])));
        assert_eq!(all, Field::Known(tags(&[("team", "x"), ("env", "prod"), ("own", "1")])));
    }

    #[test]
    fn a_tag_given_twice_stays_the_resources_own() {
        let provider = provider(&[("team", "x")], &[]);
        let (own, _) = read_back(&provider, &Field::Known(tags(&[("team", "x")])), tags(&[("team", "x")]));
        assert_eq!(own, Field::Known(tags(&[("team", "x")])));
    }

    /// J6.
    #[test]
    fn tags_count_together_with_default_tags() {
        use crate::object;
        use crate::schema::Object;
        object! {
            /// An object with tags.
            struct Tagged {
                tags: Field<Tags> = common::tags(),
                tags_all: Field<Tags> = common::tags_all(),
            }
        }
        let schema = Tagged::schema();
        let problem = |own: usize, defaults: &[(&str, &str)]| {
            let own = Value::map((0..own).map(|i| (format!("own-{i}"), Value::from("1"))));
            let all = planned_all(&provider(defaults, &[]), &own, &Value::Null);
            let mut diags = Diagnostics::new();
            check(schema, &Value::map([("tags", own)]), &Value::map([("tags_all", all)]), &mut diags);
            crate::testing::aws::problems(&diags).join("\n")
        };
        let names: Vec<String> = (0..10).map(|i| format!("default-{i}")).collect();
        let ten: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
        assert_eq!(problem(40, &ten), "");
        let said = problem(45, &ten);
        assert!(
            said.starts_with("tags: Invalid tags_all: `tags_all` must have at most 50 tags, but has 55."),
            "{said}"
        );
        assert!(said.contains("default_tags"), "{said}");
        assert!(problem(1, &[("aws:a", "b")]).contains("prefix aws:"));
        assert!(problem(1, &[(&"k".repeat(129), "b")]).contains("1 to 128 characters"));
    }

    #[test]
    fn changes_leave_ignored_keys_alone() {
        let provider = provider(&[], &["ignored"]);
        let old = Field::Known(tags(&[("a", "1"), ("b", "1"), ("c", "1"), ("ignored", "1")]));
        let new = Field::Known(tags(&[("a", "1"), ("b", "2"), ("d", "1")]));
        let changes = changes(&provider, &old, &new);
        assert_eq!(changes.remove.into_iter().collect::<Vec<_>>(), ["c"]);
        assert_eq!(changes.set, tags(&[("b", "2"), ("d", "1")]));
    }
}
