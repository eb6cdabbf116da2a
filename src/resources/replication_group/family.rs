//! Parameter group families: which one the engine of a group needs.

use super::attributes::ReplicationGroupModel;
use crate::resources::common::engine_version::{Version, family};

/// The family that engine and version of a model need, when both are known.
pub(super) fn of_model(model: &ReplicationGroupModel) -> Option<String> {
    family(model.engine.text()?, Version::parse(model.engine_version.text()?)?)
}
