//! Node types that were listed, as a typed model.

use std::collections::BTreeSet;

use crate::model;
use crate::value::Field;

model! {
    /// The data source `elasticache_node_types`.
    pub struct NodeTypesDataModel {
        /// Id, as AWS keeps it.
        id: Field<String>,
        /// Id, as it was asked for.
        replication_group_id: Field<String>,
        /// Larger types.
        scale_up: Field<Vec<String>>,
        /// Smaller types.
        scale_down: Field<Vec<String>>,
        /// Both.
        node_types: Field<Vec<String>>,
        /// Region.
        region: Field<String>,
    }
}

impl NodeTypesDataModel {
    /// The model of the group `id` with these types.
    pub(super) fn with_live(self, id: &str, up: &[String], down: &[String]) -> Self {
        let (up, down): (BTreeSet<_>, BTreeSet<_>) =
            (up.iter().cloned().collect(), down.iter().cloned().collect());
        let both = up.union(&down).cloned().collect();
        Self {
            id: id.into(),
            scale_up: Field::Known(up.into_iter().collect()),
            scale_down: Field::Known(down.into_iter().collect()),
            node_types: Field::Known(both),
            ..self
        }
    }
}
