//! Parameter group families: which one the engine of a group needs.

use super::attributes::ReplicationGroupModel;
use crate::resources::common::engine_version::{Version, family};

/// The family that engine and version of a model need, when both are known.
pub(super) fn of_model(model: &ReplicationGroupModel) -> Option<String> {
    family(model.engine.text()?, Version::parse(model.engine_version.text()?)?)
}

/// Whether two models need parameter groups of different families, as far as both are known.
pub(super) fn differs(one: &ReplicationGroupModel, other: &ReplicationGroupModel) -> bool {
    matches!((of_model(one), of_model(other)), (Some(one), Some(other)) if one != other)
}
