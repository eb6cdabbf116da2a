//! Arguments of the action `elasticache_stop_service_update`.

use crate::actions::service_update::UpdateModel;
use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Stops a service update that AWS is applying to a replication group or a cluster, and waits until it is stopped.
    ///
    /// Nodes that are updated already stay updated, and AWS completes the node that it is working on. An update that is not
    /// in progress is no error. With `elasticache_service_update` in the configuration, the next plan applies the update
    /// again; remove the resource first.
    pub struct StopServiceUpdateModel {
        of: UpdateModel,
        region: Field<String> = common::region_of_action(),
        /// How long to wait until the update is stopped, as a duration such as `30m`. Defaults to `60m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
