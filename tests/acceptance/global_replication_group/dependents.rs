//! What uses a secondary: its URL has the reader endpoint, and its alarms watch the lag behind the primary (issue 19).

use serde_json::json;

use super::parts::{AWAY, PRIMARY, SECONDARY, applied, pair};

#[test]
fn url_and_alarms_of_a_secondary_are_those_of_a_copy() {
    let of = |name: &str, group: &str| {
        format!(
            r#"
resource "elasticache_ssm_url" "{name}" {{
  name              = "/app/{name}"
  replication_group = {group}
}}
resource "elasticache_alarm_set" "{name}" {{
  replication_group = {group}
}}
"#
        )
    };
    let fixture = applied(&(pair("") + &of("secondary", SECONDARY) + &of("primary", PRIMARY)));
    let host = |name: &str| {
        let url = fixture.terraform.text(&format!("elasticache_ssm_url.{name}"), "url");
        url.split("://").nth(1).unwrap().split(':').next().unwrap().to_owned()
    };
    assert_eq!(host("secondary"), fixture.terraform.text(SECONDARY, "reader_endpoint_address"));
    assert_eq!(host("primary"), fixture.terraform.text(PRIMARY, "primary_endpoint_address"));

    let alarms =
        |name: &str| fixture.terraform.state(&format!("elasticache_alarm_set.{name}"))["alarms"].clone();
    let lag = "GlobalDatastoreReplicationLag";
    let away = alarms("secondary");
    for node in ["second-001", "second-002"] {
        let alarm = &away[format!("{node}/{lag}")];
        assert_eq!(
            (&alarm["dimensions"], &alarm["threshold"], &alarm["treat_missing_data"]),
            (&json!({ "CacheClusterId": node, "CacheNodeId": "0001" }), &json!(5), &json!("notBreaching"))
        );
        assert!(alarm["arn"].as_str().unwrap().contains(AWAY));
    }
    assert!(alarms("primary").as_object().unwrap().keys().all(|key| !key.contains(lag)));
}
