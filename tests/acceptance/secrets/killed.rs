//! A provider that is killed in the middle of the chain, and the apply after it.

use std::time::{Duration, Instant};

use crate::secrets::chain::{GROUP, agreed, chain};
use crate::secrets::held::{arn, opens};
use crate::secrets::whole::{PASSWORD, USERS, assert_users, tokens};
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

/// A call: service, action, and a parameter where there are several such calls.
type At<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// An apply whose provider is killed when AWS has carried out this call, before it could
/// read the answer.
fn killed_at(world: &World, (service, action, with): At<'_>) -> Run {
    world.aws.record().clear();
    let call = with.iter().fold(on(service, action), |call, (name, value)| call.with(name, value));
    world.aws.fault(call, Fault::Slow(Duration::from_secs(20)));
    let is_it = |call: &Call| {
        call.is_done() && with.iter().all(|(name, value)| call.parameter(name).as_deref() == Some(*value))
    };
    let run = std::thread::scope(|scope| {
        let apply =
            scope.spawn(|| world.terraform.run(&["apply", "-refresh=false", "-auto-approve", "-json"]));
        let started = Instant::now();
        while !world.aws.calls(service, action).iter().any(is_it) {
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
    for at in [
        ("secretsmanager", "CreateSecret", &[("Name", "app/token")][..]),
        ("secretsmanager", "GetSecretValue", &[]),
        ("ssm", "PutParameter", &[]),
        ("ssm", "GetParameter", &[]),
        ("secretsmanager", "CreateSecret", &[("Name", "app/redis")]),
    ] {
        killed_at(&world, at);
        world.terraform.apply();
        world.terraform.assert_unchanged();
        let token = agreed(&world);
        assert_eq!(opens(&world, "cache"), [token], "after {at:?}");
        world.terraform.destroy();
    }
}

/// AWS makes a group that no state knows, and no apply takes it for its own unasked: it
/// says how, and that is all there is to do.
#[test]
fn killed_while_the_group_is_made() {
    let configuration = chain(SECRET, "");
    let world = World::new(&configuration);
    for (action, by_block) in [("CreateReplicationGroup", true), ("DescribeReplicationGroups", false)] {
        killed_at(&world, ("elasticache", action, &[]));
        // By now AWS shows it to everybody, but has not made it.
        world.aws.clock().advance(Duration::from_secs(60));
        world.aws.clock().set_per_call(Duration::ZERO);
        let refused = world.terraform.apply_fails();
        let refused = &refused.iter().find(|d| d.detail.contains("AlreadyExists")).unwrap().detail;
        assert!(refused.contains("wait until it is available and import it"), "{refused}");
        let command = "terraform import elasticache_replication_group.NAME cache, or";
        assert!(refused.contains(command), "{refused}");
        let (_, block) = refused.split_once("\n\n  import {").unwrap();
        let (block, _) = block.split_once("}\n").unwrap();
        let block = format!("import {{{}}}\n", block.replace("NAME", "this"));
        world.terraform.configure(&(configuration.clone() + &block));
        // Whoever does not wait is told to.
        let early = world.terraform.plan_fails();
        assert_eq!(early[0].summary, "Replication group \"cache\" is still being created");

        world.aws.clock().set_per_call(Duration::from_secs(300));
        world.aws.clock().advance(Duration::from_secs(1200));
        if !by_block {
            world.terraform.configure(&configuration);
            world.terraform.run(&["import", GROUP, "cache"]).succeeds();
        }
        let told = world.terraform.apply();
        let told: Vec<&str> = told.iter().map(|warning| warning.summary.as_str()).collect();
        assert!(told.contains(&"AUTH token is not verified"), "{told:?}");
        world.terraform.configure(&configuration);
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
    let redis = arn(&world, "app/redis");
    for (rotation, at) in [
        ("secretsmanager", "DescribeSecret", &[][..]),
        ("secretsmanager", "PutSecretValue", &[]),
        ("secretsmanager", "GetSecretValue", &[]),
        ("elasticache", "ModifyReplicationGroup", &[]),
        ("elasticache", "DescribeCacheClusters", &[]),
        ("ssm", "GetParameter", &[]),
        ("ssm", "PutParameter", &[]),
        ("secretsmanager", "PutSecretValue", &[("SecretId", &*redis)]),
    ]
    .into_iter()
    .enumerate()
    {
        let before = agreed(&world);
        world.terraform.configure(&chain(&format!("{SECRET}\nrotation = \"{rotation}\""), ""));
        killed_at(&world, at);
        // Whatever was done so far, the token that applications have still opens the group,
        // and so does the newest one the secret has.
        assert!(opens(&world, "cache").contains(&before), "{at:?} took the token of the clients away");
        world.terraform.apply();
        world.terraform.assert_unchanged();
        let after = agreed(&world);
        assert_ne!(after, before, "{at:?}");
        assert_eq!(opens(&world, "cache"), [before, after], "after {at:?}");
    }
}

/// Users in place of the token, and the token in place of users.
#[test]
fn killed_on_the_way_to_users_and_back() {
    let mut world = World::new(&tokens(""));
    world.terraform.set("TF_VAR_password", PASSWORD);
    world.terraform.apply();
    let token = agreed(&world);
    let redis = arn(&world, "app/redis");
    let group = ("elasticache", "ModifyReplicationGroup", &[][..]);
    let url = ("ssm", "PutParameter", &[][..]);
    let secret = ("secretsmanager", "PutSecretValue", &[("SecretId", &*redis)][..]);
    for (there, back) in [(group, secret), (url, group), (secret, url)] {
        world.terraform.configure(USERS);
        killed_at(&world, there);
        world.terraform.apply();
        world.terraform.assert_unchanged();
        assert_users(&world);

        world.terraform.configure(&tokens(""));
        killed_at(&world, back);
        world.terraform.apply();
        world.terraform.assert_unchanged();
        assert_eq!(opens(&world, "cache"), [token.as_str()], "after {back:?}");
        assert_eq!(agreed(&world), token);
    }
}
