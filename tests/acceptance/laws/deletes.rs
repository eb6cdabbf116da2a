//! A deletion is believed after a read, and one that was interrupted is resumed.

use std::time::{Duration, Instant};

use super::stack::{PARTS, addresses, call, impatient};
use crate::simulator::{Fault, on};
use crate::steer::instant;
use crate::support::terraform::Diagnostic;
use crate::world::World;

fn words(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// AWS answers each delete with success and deletes nothing: every object stays in the
/// state, and the next destroy deletes it.
#[test]
fn a_delete_without_effect_keeps_the_object_in_the_state() {
    let world = instant(&impatient("5s"));
    world.terraform.apply();
    // One at a time: what depends on an object goes first.
    for part in PARTS {
        world.aws.clear_faults();
        world.aws.fault(call(part.delete).always(), Fault::Ignored);
        let run =
            world.terraform.run(&["destroy", "-auto-approve", "-json", &format!("-target={}", part.address)]);
        let told = words(&run.fails().diagnostics());
        assert!(told.contains("Failed to"), "{}: {told}", part.address);
        assert!(addresses(&world).contains(part.address), "{}: {told}", part.address);
        world.aws.clear_faults();
        world.terraform.apply();
    }
    world.destroyed();
}

const GROUP: &str = "resource \"elasticache_user_group\" \"this\" {\nuser_group_id = \"stack\"\nengine = \"redis\"\n\
                     disabled_default_user = true\n}\n";

/// The group is deleted and its default user is not: the state keeps it until both are.
#[test]
fn an_interrupted_delete_of_a_user_group_goes_on_with_its_default_user() {
    for fault in [Fault::Deny, Fault::code("InvalidParameterValue", "No.")] {
        let world = instant(GROUP);
        world.terraform.apply();
        world.aws.fault(on("elasticache", "DeleteUser"), fault);
        let run = world.terraform.run(&["destroy", "-auto-approve", "-json"]);
        let told = words(&run.fails().diagnostics());
        assert!(told.contains("Failed to delete user \"stack-default-off\""), "{told}");
        assert_eq!(addresses(&world).len(), 1, "{told}");
        world.destroyed();

        // An apply instead creates the group again.
        world.terraform.apply();
        world.aws.fault(on("elasticache", "DeleteUser"), Fault::Deny);
        world.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
        let plan = world.terraform.plan();
        assert_eq!(plan.actions_on("elasticache_user_group.this"), ["delete", "create"]);
        world.terraform.apply();
        world.terraform.assert_unchanged();
        world.destroyed();
    }
}

/// Waits, by real time, until a call has reached AWS.
#[track_caller]
fn until_called(world: &World, action: &str) {
    let begin = Instant::now();
    while world.aws.calls("elasticache", action).is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(60), "{action} was not called");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Fault H2. Ctrl-C while the answer to DeleteUser is under way: the deletion of the user that no state
/// would know any more goes to its end.
#[test]
fn a_stop_lets_the_deletion_of_a_default_user_end() {
    let world = instant(GROUP);
    world.terraform.apply();
    world.aws.fault(on("elasticache", "DeleteUser"), Fault::Slow(Duration::from_secs(2)));
    let destroy = world.terraform.start(&["destroy", "-auto-approve", "-json"]);
    until_called(&world, "DeleteUser");
    destroy.interrupt();
    let run = destroy.finish();
    assert!(addresses(&world).is_empty(), "{run}");
    assert!(world.control(|aws| aws.users()).is_empty(), "{run}");
}

/// Fault H2. Ctrl-C while AWS deletes the user group: its default user stays in the state, and the next
/// destroy deletes it.
#[test]
fn a_stop_before_the_deletion_of_a_default_user_forgets_nothing() {
    let world = instant(GROUP);
    world.terraform.apply();
    world.aws.clock().set_per_call(Duration::ZERO);
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.user = 600_000));
    let destroy = world.terraform.start(&["destroy", "-auto-approve", "-json"]);
    until_called(&world, "DeleteUserGroup");
    destroy.interrupt();
    destroy.finish().fails();
    assert_eq!(addresses(&world).len(), 1);
    assert!(world.aws.calls("elasticache", "DeleteUser").is_empty());
    world.aws.clock().advance(Duration::from_secs(600));
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.destroyed();
    assert!(world.control(|aws| aws.users()).is_empty());
}

/// A wait that never ends well says what AWS said last.
#[test]
fn a_delete_that_times_out_tells_the_last_refusal() {
    let user = "resource \"elasticache_user\" \"this\" {\nuser_id = \"app\"\nuser_name = \"app\"\nengine = \"redis\"\n\
                access_string = \"on ~* +@all\"\nno_password_required = true\ntimeouts {\ndelete = \"3s\"\n}\n}\n";
    let group = GROUP.replace("\n}\n", "\ntimeouts {\ndelete = \"3s\"\n}\n}\n");
    for (configuration, action, code) in
        [(user, "DeleteUser", "InvalidUserState"), (&group, "DeleteUserGroup", "InvalidUserGroupState")]
    {
        let world = instant(configuration);
        world.terraform.apply();
        world.aws.fault(on("elasticache", action).always(), Fault::code(code, "It is kept by a policy."));
        let run = world.terraform.run(&["destroy", "-auto-approve", "-json"]);
        let told = words(&run.fails().diagnostics());
        assert!(told.contains("timed out after"), "{told}");
        let last = format!("AWS refused it last with: ElastiCache {action}: {code}: It is kept by a policy");
        assert!(told.contains(&last) && told.contains("request id "), "{told}");
    }
}
