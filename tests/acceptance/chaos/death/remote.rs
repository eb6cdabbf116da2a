//! A state that Terraform cannot save, and a lock that a killed Terraform leaves; then the recovery, as a user does it.

use std::path::PathBuf;

use super::backend::Backend;
use super::kill::{Kill, Phase, Signal, Target};
use super::recovery::{recover, words};
use super::stacks::{STACKS, Stack};
use super::step::{begin, fixture, temporary};
use crate::chaos::driver::inventory;
use crate::chaos::matrix::on_threads;
use crate::fixture::Fixture;
use crate::simulator::Moment;
use crate::support::terraform::is_opentofu;

/// The file in which Terraform writes a state that it cannot save.
const ERRORED: &str = "errored.tfstate";

/// The file in which a command that holds the lock of a local state describes itself.
const LOCK_INFO: &str = ".terraform.tfstate.lock.info";

/// A workspace with its state in a remote backend.
fn with_backend() -> (Fixture, Backend) {
    let (mut fixture, backend) = (Fixture::mirrored(""), Backend::start());
    temporary(&mut fixture);
    // Where a kill looks for the processes of the provider.
    let data = fixture.terraform.path().join("plugin");
    fixture.terraform.set("TF_DATA_DIR", data.to_str().unwrap());
    fixture.terraform.write("backend.tf", &backend.configuration());
    fixture.terraform.run(&["init", "-no-color"]).succeeds();
    (fixture, backend)
}

/// A signal to Terraform in the middle of the creation.
fn kill(signal: Signal, stack: &Stack) -> Kill {
    let action = if stack.name == "access" { "CreateServerlessCache" } else { "CreateReplicationGroup" };
    Kill {
        phase: Phase::Create,
        signal,
        target: Target::Terraform,
        call: ("elasticache".to_owned(), action.to_owned()),
        nth: 1,
        moment: Moment::CarriedOut,
        noticed_first: signal == Signal::Interrupt,
        remote_state: false,
        settled: false,
    }
}

/// One apply converges without an import, and an empty plan follows.
fn converges(fixture: &Fixture, has_imports: bool) -> Result<(), String> {
    let imported = recover(fixture)?;
    if !has_imports && !imported.is_empty() {
        return Err(format!("forgotten: {imported:?} had to be imported"));
    }
    let plan = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
    if plan.code != Some(0) {
        return Err(format!("the plan after the recovery is not empty: {plan}{}", words(&plan)));
    }
    Ok(())
}

/// Destroys all; AWS has what it had before the first command.
fn leaves_nothing(fixture: &Fixture, before: &[String]) -> Result<(), String> {
    fixture.terraform.run(&["destroy", "-json", "-auto-approve"]).succeeds();
    let left = inventory(&fixture.aws);
    if left == before { Ok(()) } else { Err(format!("left in AWS: {left:?}")) }
}

/// In each of these phases the backend refuses to save; the creation is interrupted besides. The user pushes
/// `errored.tfstate`, and applies again.
fn unsaved(stack: &Stack, phases: &[Phase]) -> Result<(), String> {
    let (fixture, backend) = with_backend();
    let before = inventory(&fixture.aws);
    let errored: PathBuf = fixture.terraform.path().join(ERRORED);
    for phase in phases.iter().copied() {
        begin(&fixture, stack, phase);
        backend.set_read_only(true);
        let run = match phase {
            Phase::Create => kill(Signal::Interrupt, stack).strike(&fixture.aws, &fixture.terraform)?.0,
            _ => fixture.terraform.run(phase.command()),
        };
        backend.set_read_only(false);
        let said = words(&run);
        let program = if is_opentofu() { "tofu" } else { "terraform" };
        let says_how = said.contains(&format!("{program} state push errored.tfstate"));
        if run.code != Some(1) || !says_how || !errored.exists() {
            return Err(format!("{}: the state is not written to {ERRORED}: {run}{said}", phase.name()));
        }
        let push = fixture.terraform.run(&["state", "push", ERRORED]);
        if push.code != Some(0) {
            return Err(format!("{}: {push}", phase.name()));
        }
        std::fs::remove_file(&errored).unwrap();
        converges(&fixture, false).map_err(|broken| format!("{}: {broken}", phase.name()))?;
    }
    leaves_nothing(&fixture, &before)
}

/// Terraform is killed while it holds the lock of a remote backend: no command gets the lock until the user releases it.
fn locked(stack: &Stack) -> Result<(), String> {
    let (fixture, backend) = with_backend();
    let before = inventory(&fixture.aws);
    begin(&fixture, stack, Phase::Create);
    kill(Signal::Kill, stack).strike(&fixture.aws, &fixture.terraform)?;
    if !backend.is_locked() {
        return Err("the killed command holds no lock".to_owned());
    }
    let refused = fixture.terraform.run(Phase::Create.command());
    let said = words(&refused);
    let id = said.lines().find_map(|line| line.trim().strip_prefix("ID:")).map(str::trim);
    let Some(id) = id.filter(|_| refused.code == Some(1) && said.contains("Error acquiring the state lock"))
    else {
        return Err(format!("the lock is not reported: {refused}{said}"));
    };
    let unlock = fixture.terraform.run(&["force-unlock", "-force", id]);
    if unlock.code != Some(0) || backend.is_locked() {
        return Err(format!("the lock is not released: {unlock}"));
    }
    converges(&fixture, true)?;
    leaves_nothing(&fixture, &before)
}

/// The lock of a local state ends with the process; only the file that describes it is left, and the next command ignores
/// it.
fn locked_locally(stack: &Stack) -> Result<(), String> {
    let fixture = fixture();
    let before = inventory(&fixture.aws);
    begin(&fixture, stack, Phase::Create);
    kill(Signal::Kill, stack).strike(&fixture.aws, &fixture.terraform)?;
    let info = fixture.terraform.path().join(LOCK_INFO);
    if !info.exists() {
        return Err(format!("the killed command leaves no {LOCK_INFO}"));
    }
    converges(&fixture, true)?;
    if info.exists() {
        return Err(format!("{LOCK_INFO} is left after an apply"));
    }
    leaves_nothing(&fixture, &before)
}

/// The stacks without the one that has all of them.
fn parts() -> &'static [Stack] {
    &STACKS[..STACKS.len() - 1]
}

#[test]
fn state_that_cannot_be_saved_is_pushed() {
    assert_eq!(unsaved(&STACKS[0], &[Phase::Create]), Ok(()));
}

#[test]
fn lock_of_a_killed_terraform_is_released_by_force_unlock() {
    assert_eq!(locked(&STACKS[0]), Ok(()));
}

#[test]
fn lock_of_a_local_state_ends_with_terraform() {
    assert_eq!(locked_locally(&STACKS[0]), Ok(()));
}

#[test]
#[ignore = "takes long: make chaos"]
fn unsaved_states_and_held_locks_of_every_stack_and_phase_are_recovered() {
    let phases = [Phase::Create, Phase::Update, Phase::Replace, Phase::Delete];
    for (name, outcomes) in on_threads(parts().len(), parts(), |stack| {
        (stack.name, [unsaved(stack, &phases), locked(stack), locked_locally(stack)])
    }) {
        assert_eq!(outcomes, [Ok(()), Ok(()), Ok(())], "{name}");
    }
}
