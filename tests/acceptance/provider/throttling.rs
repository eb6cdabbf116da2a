//! Many resources at once.

use crate::fixture::Fixture;
use crate::simulator::Call;

/// So many parameters, none of which has to wait for another.
fn urls(count: usize) -> String {
    format!(
        r#"resource "elasticache_ssm_url" "this" {{
  count = {count}
  name = "/app/${{count.index}}/url"
  host = "cache-${{count.index}}.example.com"
  port = 6379
  transit_encryption_enabled = true
}}
"#
    )
}

/// AWS refuses much of what comes at once. The provider then asks as fast as AWS answers and no
/// faster: nothing is refused for good, and little for nothing.
#[test]
fn throttling_fails_nothing_however_much_is_asked_at_once() {
    let fixture = Fixture::new(&urls(100));
    fixture.aws.limit("ssm", 25.0, 5);
    fixture.terraform.run(&["apply", "-auto-approve", "-parallelism=50"]).succeeds();
    let written = fixture.aws.calls("ssm", "PutParameter");
    assert!(written.len() > 100, "none of {} calls was throttled", written.len());
    assert_eq!(written.iter().filter(|call| Call::is_done(call)).count(), 100);
    let mut refused = fixture.aws.record().all();
    refused.retain(|call| call.service == "ssm" && !call.is_done());
    assert!(refused.len() < 100, "{} calls were refused", refused.len());
    fixture.aws.limit("ssm", 1000.0, 1000);
    fixture.terraform.assert_unchanged();
}
