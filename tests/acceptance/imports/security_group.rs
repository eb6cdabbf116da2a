//! Faults-met F9 and F10: an import of a security group takes no rule away.

use serde_json::json;

use super::{blocks, importing};
use crate::fixture::{Fixture, place};

const THIS: &str = "elasticache_security_group.this";

/// A group that another client has made, with EC2's own egress rule and these ingress rules.
fn by_hand(fixture: &Fixture, ingress: &[&str]) -> String {
    fixture.other_client_of("ec2", "CreateSecurityGroup", "GroupName=theirs GroupDescription=of-others");
    let id = fixture.aws.with_state(|aws| aws.security_group(&place(), "theirs")).unwrap();
    for rule in ingress {
        fixture.other_client_of(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            &format!("GroupId={id} {}", rule.replace("THIS", &id)),
        );
    }
    id
}

const OFFICE: &str = "IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=6379 IpPermissions.1.ToPort=6379 \
                      IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/16";
const ITSELF: &str = "IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=6379 IpPermissions.1.ToPort=6379 \
                      IpPermissions.1.Groups.1.GroupId=THIS";
const SSH: &str = "IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=22 IpPermissions.1.ToPort=22 \
                   IpPermissions.1.IpRanges.1.CidrIp=192.0.2.0/24";

#[test]
fn generated_configuration_keeps_every_rule() {
    for ingress in [&[][..], &[OFFICE, ITSELF], &[OFFICE, SSH]] {
        let fixture = Fixture::new("");
        let id = by_hand(&fixture, ingress);
        let rules = fixture.rules(&id);
        let terraform = fixture.workspace(&blocks([(THIS, id.as_str())]));
        terraform.run(&["plan", "-generate-config-out=generated.tf"]).succeeds();
        assert_eq!(terraform.apply(), []);
        terraform.assert_unchanged();
        assert_eq!(terraform.state(THIS)["exclusive"], json!(false));
        assert_eq!(fixture.rules(&id), rules);
        assert!(fixture.aws.record().all().iter().all(|call| !call.action.starts_with("Revoke")));
    }
}

#[test]
fn the_plan_names_each_rule_that_an_exclusive_configuration_revokes() {
    let fixture = Fixture::new("");
    let id = by_hand(&fixture, &[OFFICE, ITSELF, SSH]);
    let configuration = |exclusive: &str| {
        format!(
            r#"resource "elasticache_security_group" "this" {{
  name = "theirs"
  description = "of-others"
  allowed_cidr_blocks = ["10.0.0.0/16"]
  allow_self = true
  {exclusive}
}}
"#
        )
    };
    let retained = importing(&fixture, &configuration("exclusive = false"), [(THIS, id.as_str())]);
    retained.plan().assert_empty();
    let terraform = importing(&fixture, &configuration(""), [(THIS, id.as_str())]);
    let plan = terraform.plan();
    plan.assert_update(THIS, &["exclusive"]);
    let said = &plan.diagnostics[0];
    assert_eq!(said.summary, "Rules of the security group will be revoked");
    for rule in ["ingress: tcp 22 from 192.0.2.0/24", "egress: all traffic to 0.0.0.0/0"] {
        assert!(said.detail.contains(rule), "{said}");
    }
    assert!(!said.detail.contains("6379"), "{said}");
    terraform.apply();
    terraform.assert_unchanged();
    assert_eq!(fixture.rules(&id).len(), 2);
}

/// Nothing else is there, so that a configuration without `exclusive` matches.
#[test]
fn a_group_with_no_other_rules_is_imported_as_exclusive() {
    let configuration = r#"resource "elasticache_security_group" "this" {
  name = "cache"
  allow_self = true
  rule_descriptions = { self = "each other" }
}
"#;
    let fixture = Fixture::new(configuration);
    fixture.apply_and_verify();
    let id = fixture.terraform.text(THIS, "id");
    importing(&fixture, configuration, [(THIS, id.as_str())]).plan().assert_empty();
}
