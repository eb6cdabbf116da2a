//! The data source.

use serde_json::json;

use super::parts::{AWAY, DATASTORE, ID, applied, pair};
use crate::support::terraform::only;

const DATA: &str = "data.elasticache_global_replication_group.it";

fn data(arguments: &str) -> String {
    format!(
        r#"data "elasticache_global_replication_group" "it" {{
  {arguments}
}}
"#
    )
}

#[test]
fn data_source_shows_the_datastore_from_either_region() {
    let fixture = applied(&pair(r#"tags = { team = "cache" }"#));
    let managed = fixture.terraform.state(DATASTORE);
    for region in ["eu-west-1", AWAY] {
        let reader =
            fixture.workspace(&data(&format!("global_replication_group_id = {ID:?}\nregion = {region:?}")));
        reader.apply();
        let state = reader.state(DATA);
        for attribute in [
            "arn",
            "status",
            "engine",
            "engine_version_actual",
            "cache_node_type",
            "members",
            "cluster_enabled",
            "automatic_failover_enabled",
            "primary_replication_group_id",
            "primary_region",
        ] {
            assert_eq!(state[attribute], managed[attribute], "{attribute} in {region}");
        }
        assert_eq!(state["tags"], json!({ "team": "cache" }));
        reader.assert_unchanged();
    }
}

#[test]
fn datastore_that_does_not_exist_is_an_error() {
    let fixture = applied(&pair(""));
    let reader = fixture.workspace(&data(r#"global_replication_group_id = "gxeiz-other""#));
    let diagnostics = reader.plan_fails();
    let message = only(&diagnostics);
    assert!(message.to_string().contains("gxeiz-other"), "{message}");
}
