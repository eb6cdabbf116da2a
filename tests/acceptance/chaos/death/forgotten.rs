//! Objects that exist and are in no state: what remains if Terraform is killed between AWS's response and its own
//! writing of the state.

use std::collections::BTreeSet;

use super::kill::Phase;
use super::recovery::recover;
use super::stacks::{STACKS, Stack};
use super::step::{begin, fixture};
use crate::chaos::driver::inventory;
use crate::chaos::matrix::on_threads;

/// Types that own no object: the next apply finds that the association exists, or that the update is applied.
const OWN_NOTHING: &[&str] = &["elasticache_service_update.", "elasticache_user_group_association."];

/// Every object is forgotten, and differs from the configuration in its tags or settings: each is imported as the error
/// says, and none is overwritten.
fn imports_what_it_does_not_know(stack: &Stack) -> Result<(), String> {
    let fixture = fixture();
    let empty = inventory(&fixture.aws);
    begin(&fixture, stack, Phase::Create);
    fixture.terraform.apply();
    let owners = |addresses: Vec<String>| -> BTreeSet<String> {
        let owns = |address: &String| !OWN_NOTHING.iter().any(|it| address.starts_with(it));
        addresses.into_iter().filter(owns).collect()
    };
    let forgotten = owners(fixture.addresses());
    std::fs::remove_file(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    begin(&fixture, stack, Phase::Update);
    let imported = recover(&fixture)?;
    if imported != forgotten {
        return Err(format!("imported {imported:?} of {forgotten:?}"));
    }
    fixture.terraform.assert_unchanged();
    fixture.terraform.destroy();
    let left = inventory(&fixture.aws);
    if left != empty {
        return Err(format!("left in AWS: {left:?}"));
    }
    Ok(())
}

#[test]
fn forgotten_objects_are_imported_and_not_overwritten() {
    let parts = &STACKS[..STACKS.len() - 1];
    for (name, outcome) in on_threads(parts.len(), parts, |it| (it.name, imports_what_it_does_not_know(it))) {
        assert_eq!(outcome, Ok(()), "{name}");
    }
}
