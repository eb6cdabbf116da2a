//! A provider that is killed in the middle of the chain, and the apply after it.

use std::time::{Duration, Instant};

use crate::fixture::Fixture;
use crate::hcl::GROUP;
use crate::scenarios::chain::{agreed, chain};
use crate::scenarios::held::{arn, opens};
use crate::scenarios::whole::{PASSWORD, USERS, assert_users, tokens};
use crate::simulator::{Call, InjectedFault, on};
use crate::support::plugin_client::signal;
use crate::support::terraform::Run;

/// Kills every provider process of the workspace, and no other process.
fn kill(fixture: &Fixture) {
    let plugin = fixture.terraform.path().join("plugin");
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
fn killed_at(fixture: &Fixture, (service, action, with): At<'_>) -> Run {
    fixture.aws.record().clear();
    let call = with.iter().fold(on(service, action), |call, (name, value)| call.with(name, value));
    fixture.aws.fault(call, InjectedFault::Slow(Duration::from_secs(20)));
    let is_it = |call: &Call| {
        call.is_done() && with.iter().all(|(name, value)| call.parameter(name).as_deref() == Some(*value))
    };
    let run = std::thread::scope(|scope| {
        let apply = scope.spawn(|| {
            fixture.terraform.start(&["apply", "-refresh=false", "-auto-approve", "-json"]).finish()
        });
        let started = Instant::now();
        while !fixture.aws.calls(service, action).iter().any(is_it) {
            assert!(started.elapsed() < Duration::from_secs(100), "{action} is never called");
            assert!(!apply.is_finished(), "{}", apply.join().unwrap());
            std::thread::sleep(Duration::from_millis(10));
        }
        kill(fixture);
        apply.join().unwrap()
    });
    fixture.aws.clear_faults();
    run.fails()
}

const SECRET: &str = "generate = {}\nrecovery_window_in_days = 0";

#[test]
fn killed_while_the_chain_is_made() {
    let fixture = Fixture::new(&chain(SECRET, ""));
    for at in [
        ("secretsmanager", "CreateSecret", &[("Name", "app/token")][..]),
        ("secretsmanager", "GetSecretValue", &[]),
        ("ssm", "PutParameter", &[]),
        ("ssm", "GetParameter", &[]),
        ("secretsmanager", "CreateSecret", &[("Name", "app/redis")]),
    ] {
        killed_at(&fixture, at);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        let token = agreed(&fixture);
        assert_eq!(opens(&fixture, "cache"), [token], "after {at:?}");
        fixture.terraform.destroy();
    }
}

/// AWS makes a group that no state knows, and no apply takes it for its own unasked: it
/// says how, and that is all there is to do.
#[test]
fn killed_while_the_group_is_made() {
    let configuration = chain(SECRET, "");
    let fixture = Fixture::new(&configuration);
    for (action, by_block) in [("CreateReplicationGroup", true), ("DescribeReplicationGroups", false)] {
        killed_at(&fixture, ("elasticache", action, &[]));
        // By now AWS shows it to everybody, but has not made it.
        fixture.aws.clock().advance(Duration::from_secs(60));
        fixture.aws.clock().set_per_call(Duration::ZERO);
        let refused = fixture.terraform.apply_fails();
        let refused = &refused.iter().find(|d| d.detail.contains("AlreadyExists")).unwrap().detail;
        assert!(refused.contains("wait until it is available and import it"), "{refused}");
        let command = "terraform import elasticache_replication_group.NAME cache, or";
        assert!(refused.contains(command), "{refused}");
        let (_, block) = refused.split_once("\n\n  import {").unwrap();
        let (block, _) = block.split_once("}\n").unwrap();
        let block = format!("import {{{}}}\n", block.replace("NAME", "this"));
        fixture.terraform.configure(&(configuration.clone() + &block));
        // Whoever does not wait is told to.
        let early = fixture.terraform.plan_fails();
        assert_eq!(early[0].summary, r#"Replication group "cache" is still being created"#);

        fixture.aws.clock().set_per_call(Duration::from_secs(300));
        fixture.aws.clock().advance(Duration::from_secs(1200));
        if !by_block {
            fixture.terraform.configure(&configuration);
            fixture.terraform.run(&["import", GROUP, "cache"]).succeeds();
        }
        let message = fixture.terraform.apply();
        let message: Vec<&str> = message.iter().map(|warning| warning.summary.as_str()).collect();
        assert!(message.contains(&"AUTH token is not verified"), "{message:?}");
        fixture.terraform.configure(&configuration);
        fixture.terraform.assert_unchanged();
        let token = agreed(&fixture);
        assert_eq!(opens(&fixture, "cache"), [token], "after {action}");
        fixture.terraform.destroy();
    }
}

#[test]
fn killed_while_the_token_is_rotated() {
    let fixture = Fixture::new(&chain(SECRET, ""));
    fixture.terraform.apply();
    let redis = arn(&fixture, "app/redis");
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
        let before = agreed(&fixture);
        fixture.terraform.configure(&chain(
            &format!(
                r#"{SECRET}
rotation = "{rotation}""#
            ),
            "",
        ));
        killed_at(&fixture, at);
        // Whatever was done so far, the token that applications have still opens the group,
        // and so does the newest one the secret has.
        assert!(opens(&fixture, "cache").contains(&before), "{at:?} took the token of the clients away");
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        let after = agreed(&fixture);
        assert_ne!(after, before, "{at:?}");
        assert_eq!(opens(&fixture, "cache"), [before, after], "after {at:?}");
    }
}

/// Users in place of the token, and the token in place of users.
#[test]
fn killed_on_the_way_to_users_and_back() {
    let mut fixture = Fixture::new(&tokens(""));
    fixture.terraform.set("TF_VAR_password", PASSWORD);
    fixture.terraform.apply();
    let token = agreed(&fixture);
    let redis = arn(&fixture, "app/redis");
    let group = ("elasticache", "ModifyReplicationGroup", &[][..]);
    let url = ("ssm", "PutParameter", &[][..]);
    let secret = ("secretsmanager", "PutSecretValue", &[("SecretId", &*redis)][..]);
    for (there, back) in [(group, secret), (url, group), (secret, url)] {
        fixture.terraform.configure(USERS);
        killed_at(&fixture, there);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        assert_users(&fixture);

        fixture.terraform.configure(&tokens(""));
        killed_at(&fixture, back);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        assert_eq!(opens(&fixture, "cache"), [token.as_str()], "after {back:?}");
        assert_eq!(agreed(&fixture), token);
    }
}
