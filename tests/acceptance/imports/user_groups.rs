//! Faults-met F8: an import takes no user group away without a warning.

use serde_json::json;

use super::importing;
use crate::steer::{THIS, group, instant, people};
use crate::support::terraform::only;

#[test]
fn an_import_into_a_configuration_without_user_groups_is_warned_of_their_removal() {
    let alone = group("num_cache_clusters = 1\ntransit_encryption_enabled = true");
    let users =
        group("num_cache_clusters = 1\ntransit_encryption_enabled = true\nuser_group_ids = [\"people\"]");
    let world = instant(&users);
    people(&world.aws);
    world.terraform.apply();

    let kept = importing(&world, &users, [(THIS, "cache")]).plan();
    assert_eq!(kept.actions_on(THIS), ["no-op"], "{}", kept.show(THIS));
    assert_eq!(kept.diagnostics, []);
    let removed = importing(&world, &alone, [(THIS, "cache")]).plan();
    assert_eq!(removed.actions_on(THIS), ["update"]);
    assert_eq!(*removed.after(THIS, "user_group_ids"), json!([]));
    let told = only(&removed.diagnostics);
    assert_eq!(told.summary, "Replication group loses its user groups");
    assert_eq!(told.severity, "warning");
    assert!(told.detail.contains("set user_group_ids = [\"people\"]"), "{told}");
}
