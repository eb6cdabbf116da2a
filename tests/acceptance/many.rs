//! Many resources at once.

use crate::simulator::Call;
use crate::world::World;

/// So many parameters, none of which has to wait for another.
fn urls(count: usize) -> String {
    format!(
        "resource \"elasticache_ssm_url\" \"this\" {{\n  count = {count}\n  name = \"/app/${{count.index}}/url\"\n  \
         host = \"cache-${{count.index}}.example.com\"\n  port = 6379\n  transit_encryption_enabled = true\n}}\n"
    )
}

/// AWS refuses much of what comes at once. The provider then asks as fast as AWS answers and no
/// faster: nothing is refused for good, and little for nothing.
#[test]
fn throttling_fails_nothing_however_much_is_asked_at_once() {
    let world = World::new(&urls(100));
    world.aws.limit("ssm", 25.0, 5);
    world.terraform.run(&["apply", "-auto-approve", "-parallelism=50"]).succeeds();
    let written = world.aws.calls("ssm", "PutParameter");
    assert!(written.len() > 100, "none of {} calls was throttled", written.len());
    assert_eq!(written.iter().filter(|call| Call::is_done(call)).count(), 100);
    let mut refused = world.aws.record().all();
    refused.retain(|call| call.service == "ssm" && !call.is_done());
    assert!(refused.len() < 100, "{} calls were refused", refused.len());
    world.aws.limit("ssm", 1000.0, 1000);
    world.terraform.assert_unchanged();
}
