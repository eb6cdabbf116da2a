//! From the node types that AWS returns to the model of the data source.

use std::collections::BTreeSet;

use super::attributes::NodeTypesDataModel;
use crate::value::Field;

impl NodeTypesDataModel {
    /// The model of the replication group `id` with these node types.
    pub(super) fn flatten(self, id: &str, up: &[String], down: &[String]) -> Self {
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
