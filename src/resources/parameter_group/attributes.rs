//! Attributes of `elasticache_parameter_group`.

use std::collections::BTreeMap;

use super::rules;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::forms;
use crate::schema::{
    Check, Equivalence, Reference, block, common, computed, optional, optional_computed, required,
};
use crate::value::{Field, SetOf};

object! {
    /// Manages an ElastiCache parameter group: a named set of engine parameters that one or more caches use. A new
    /// parameter group has the default values of its family; `parameter` blocks override them.
    pub struct ParameterGroupModel {
        /// Name of the parameter group, in lower case.
        id: Field<String> = computed(),
        /// Name of the parameter group: 1 to 255 letters, digits and single hyphens, beginning with a letter and not
        /// ending with a hyphen (see
        /// [CreateCacheParameterGroup](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html)).
        /// Case is ignored: AWS stores the name in lower case. Either this or `name_prefix` is required; if omitted, the
        /// name is `name_prefix` with a unique suffix. Changing this forces a new resource.
        name: Field<String> = optional_computed()
            .check(Check::By(rules::name))
            .empty_is_value()
            .reference(Reference::Own)
            .conflicts(&["name_prefix"])
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Beginning of the name, to which the provider appends a unique suffix. If omitted, `name` is required. With
        /// `lifecycle { create_before_destroy = true }` a parameter group in use can be replaced, as for a new `family`:
        /// the new parameter group is created, the caches change to it, and the old one is deleted. While the change of a
        /// cache waits for its maintenance window, the cache keeps the old parameter group: the plan warns, deleting it
        /// is an error that names the cache and its window, and an apply after the window deletes it. Changing this to a
        /// prefix that the name does not have forces a new resource.
        name_prefix: Field<String> = optional()
            .check(Check::By(rules::name_prefix))
            .equivalent_if(Equivalence::IgnoreCase)
            .not_readable("AWS returns the name, not its prefix"),
        /// Family of the parameter group, which is for an engine and a major version: `valkey8`, `valkey7`, `redis7`,
        /// `redis6.x`, `redis5.0`, `memcached1.6` and so on. Changing this forces a new resource.
        family: Field<String> = required().check(Check::By(rules::family)).replace(),
        /// Description of the parameter group. Changing this forces a new resource.
        description: Field<String> = optional()
            .check(Check::By(forms::not_empty))
            .check(Check::By(forms::not_blank))
            .empty_is_value()
            .default("Managed by Terraform")
            .replace(),
        parameter: Field<SetOf<ParameterModel>> = block(),
        /// ARN of the parameter group.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// A parameter whose value differs from the default of the family. Removing the block resets the parameter to the
    /// default. Changes of `activerehashing`, `databases` and `maxclients` take effect when a node is rebooted; the plan
    /// warns of them. AWS accepts `cluster-enabled` on a new parameter group only: changing it forces a new resource.
    pub struct ParameterModel {
        /// Name of the parameter. Case is ignored: AWS stores the name in lower case.
        name: Field<String> = required().check(Check::By(forms::not_empty)).equivalent_if(Equivalence::IgnoreCase),
        /// Value of the parameter, such as `allkeys-lru` or `20`.
        value: Field<String> = required(),
    }
}

/// Values by parameter name in lower case, as AWS stores names.
pub(super) type Parameters = BTreeMap<String, String>;

impl ParameterGroupModel {
    /// The name as AWS stores it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }

    /// The parameters whose name and value are known.
    pub(super) fn parameters(&self) -> Parameters {
        let blocks = self.parameter.known().map(|set| set.0.as_slice()).unwrap_or_default();
        blocks
            .iter()
            .filter_map(|block| Some((block.name.known()?.to_lowercase(), block.value.known()?.clone())))
            .collect()
    }
}
