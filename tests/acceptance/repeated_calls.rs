//! The calls that stand for the plans of Terraform after most applies (tests/support/repeated.rs).

use crate::aws_control::instant;
use crate::fixture::Fixture;

const THIS: &str = "elasticache_subnet_group.this";

const CONFIGURATION: &str = r#"resource "elasticache_subnet_group" "this" {
  name        = "app"
  description = "of the application"
  subnet_ids  = ["subnet-00000001"]
  tags        = { team = "a" }
}
"#;

fn applied() -> Fixture {
    let mut fixture = instant(CONFIGURATION);
    fixture.terraform.attach();
    fixture.terraform.apply();
    fixture
}

#[test]
fn an_applied_object_is_settled() {
    let fixture = applied();
    assert_eq!(fixture.terraform.repeated(true), Ok(()));
    fixture.terraform.assert_unchanged_by_terraform();
    fixture.terraform.assert_importable();
}

#[test]
fn a_change_by_another_client_is_noticed() {
    let fixture = applied();
    fixture.other_client(
        "ModifyCacheSubnetGroup",
        "CacheSubnetGroupName=app CacheSubnetGroupDescription=changed",
    );
    let different = fixture.terraform.repeated(false).unwrap_err();
    assert_eq!(different, "the object is not read as the state has it");
    fixture.terraform.plan().assert_update(THIS, &["description"]);
}

#[test]
fn a_deleted_object_is_noticed() {
    let fixture = applied();
    fixture.other_client("DeleteCacheSubnetGroup", "CacheSubnetGroupName=app");
    assert_eq!(fixture.terraform.repeated(false).unwrap_err(), "the object is gone");
    fixture.terraform.plan().assert_create(THIS);
}

#[test]
fn nothing_is_known_of_a_configuration_that_is_not_applied() {
    let fixture = applied();
    fixture.terraform.configure(&CONFIGURATION.replace("of the application", "other"));
    assert!(fixture.terraform.repeated(false).is_err());
    fixture.terraform.plan().assert_update(THIS, &["description"]);
}
