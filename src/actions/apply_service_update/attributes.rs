//! Arguments of the action `elasticache_apply_service_update`.

use crate::actions::service_update::UpdateModel;
use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Applies a service update to a replication group or a cluster, and waits until it is complete.
    ///
    /// AWS updates one node of each shard at a time, which takes 15 to 30 minutes per node. An update that is complete is
    /// no error, and one in progress is waited for. The resource `elasticache_service_update` does the same in OpenTofu and
    /// in Terraform before 1.14.
    pub struct ApplyServiceUpdateModel {
        of: UpdateModel,
        region: Field<String> = common::region_of_action(),
        /// How long to wait until the update is complete, as a duration such as `90m`. Defaults to `180m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
