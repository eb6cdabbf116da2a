//! Faults-met F8: an import takes no user group away without a warning.

use serde_json::json;

use super::importing;
use crate::aws_control::{instant, people};
use crate::hcl::{GROUP, small_group};
use crate::support::terraform::only;

#[test]
fn an_import_into_a_configuration_without_user_groups_is_warned_of_their_removal() {
    let alone = small_group("num_cache_clusters = 1\ntransit_encryption_enabled = true");
    let users = small_group(
        r#"num_cache_clusters = 1
transit_encryption_enabled = true
user_group_ids = ["people"]"#,
    );
    let fixture = instant(&users);
    people(&fixture.aws);
    fixture.terraform.apply();

    let retained = importing(&fixture, &users, [(GROUP, "cache")]).plan();
    assert_eq!(retained.actions_on(GROUP), ["no-op"], "{}", retained.show(GROUP));
    assert_eq!(retained.diagnostics, []);
    let removed = importing(&fixture, &alone, [(GROUP, "cache")]).plan();
    assert_eq!(removed.actions_on(GROUP), ["update"]);
    assert_eq!(*removed.after(GROUP, "user_group_ids"), json!([]));
    let message = only(&removed.diagnostics);
    assert_eq!(message.summary, "Replication group loses its user groups");
    assert_eq!(message.severity, "warning");
    assert!(message.detail.contains(r#"set `user_group_ids = ["people"]`"#), "{message}");
}
