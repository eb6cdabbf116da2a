//! A provider that is killed in the middle of the chain, and the apply after it.

use std::time::{Duration, Instant};

use crate::secrets::chain::{GROUP, agreed, chain};
use crate::secrets::held::opens;
use crate::simulator::{Call, Fault, on};
use crate::support::plugin_client::signal;
use crate::support::terraform::Run;
use crate::world::World;

/// Kills every provider process of the workspace, and no other process.
fn kill(world: &World) {
    let plugin = world.terraform.path().join("plugin");
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if command.starts_with(plugin.as_os_str().as_encoded_bytes()) {
            signal(id, "KILL");
        }
    }
}

/// An apply whose provider is killed when AWS has carried out this call, before it could
/// read the answer.
fn killed_at(world: &World, service: &str, action: &str) -> Run {
    world.aws.record().clear();
    world.aws.fault(on(service, action), Fault::Slow(Duration::from_secs(20)));
    let run = std::thread::scope(|scope| {
        let apply =
            scope.spawn(|| world.terraform.run(&["apply", "-refresh=false", "-auto-approve", "-json"]));
        let started = Instant::now();
        while !world.aws.calls(service, action).iter().any(Call::is_done) {
            assert!(started.elapsed() < Duration::from_secs(100), "{action} is never called");
            assert!(!apply.is_finished(), "{}", apply.join().unwrap());
            std::thread::sleep(Duration::from_millis(10));
        }
        kill(world);
        apply.join().unwrap()
    });
    world.aws.clear_faults();
    run.fails()
}

const SECRET: &str = "generate = {}\nrecovery_window_in_days = 0";

#[test]
fn killed_while_the_chain_is_made() {
    let world = World::new(&chain(SECRET, ""));
    for (service, action) in [
        ("secretsmanager", "CreateSecret"),
        ("secretsmanager", "GetSecretValue"),
        ("elasticache", "CreateReplicationGroup"),
        ("elasticache", "DescribeReplicationGroups"),
        ("ssm", "PutParameter"),
        ("ssm", "GetParameter"),
    ] {
        killed_at(&world, service, action);
        if service == "elasticache" {
            // AWS has made a group that no state knows, and no apply takes it for its own
            // unasked: it says how.
            let refused = world.terraform.apply_fails();
            let words = "terraform import elasticache_replication_group";
            assert!(refused.iter().any(|d| d.detail.contains(words)), "{refused:?}");
            world.aws.clock().advance(Duration::from_secs(1200));
            world.terraform.run(&["import", GROUP, "cache"]).succeeds();
        }
        world.terraform.apply();
        world.terraform.assert_unchanged();
        let token = agreed(&world);
        assert_eq!(opens(&world, "cache"), [token], "after {action}");
        world.terraform.destroy();
    }
}

#[test]
fn killed_while_the_token_is_rotated() {
    let world = World::new(&chain(SECRET, ""));
    world.terraform.apply();
    for (rotation, (service, action)) in [
        ("secretsmanager", "DescribeSecret"),
        ("secretsmanager", "PutSecretValue"),
        ("secretsmanager", "GetSecretValue"),
        ("elasticache", "ModifyReplicationGroup"),
        ("elasticache", "DescribeCacheClusters"),
        ("ssm", "GetParameter"),
        ("ssm", "PutParameter"),
    ]
    .into_iter()
    .enumerate()
    {
        let before = agreed(&world);
        world.terraform.configure(&chain(&format!("{SECRET}\nrotation = \"{rotation}\""), ""));
        killed_at(&world, service, action);
        // Whatever was done so far, the token that applications have still opens the group,
        // and so does the newest one the secret has.
        assert!(opens(&world, "cache").contains(&before), "{action} took the token of the clients away");
        world.terraform.apply();
        world.terraform.assert_unchanged();
        let after = agreed(&world);
        assert_ne!(after, before, "{action}");
        assert_eq!(opens(&world, "cache"), [before, after], "after {action}");
    }
}
