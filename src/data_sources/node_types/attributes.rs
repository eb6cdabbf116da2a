//! Attributes of the data source `elasticache_node_types`.

use crate::object;
use crate::resources::replication_group::id_checks;
use crate::schema::{Attribute, Reference, common, computed, required};
use crate::value::Field;

object! {
    /// The node types to which a replication group can scale in place, as AWS returns them for its engine, version and
    /// Region. See
    /// [ListAllowedNodeTypeModifications](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ListAllowedNodeTypeModifications.html).
    pub struct NodeTypesDataModel {
        /// ID of the replication group. Case is ignored.
        replication_group_id: Field<String> = id_checks()
            .into_iter()
            .fold(required(), Attribute::check)
            .reference(Reference::Own),
        /// ID of the replication group, in lower case.
        id: Field<String> = computed(),
        /// Node types larger than the current one, sorted by name.
        scale_up: Field<Vec<String>> = computed(),
        /// Node types smaller than the current one, sorted by name.
        scale_down: Field<Vec<String>> = computed(),
        /// All of them, sorted by name. The current node type is not included.
        node_types: Field<Vec<String>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}
