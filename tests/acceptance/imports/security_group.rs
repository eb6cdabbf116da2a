//! Faults-met F9 and F10: an import of a security group takes no rule away.

use serde_json::json;

use super::{blocks, importing};
use crate::world::{World, place};

const THIS: &str = "elasticache_security_group.this";

/// A group that another client has made, with EC2's own egress rule and these ingress rules.
fn by_hand(world: &World, ingress: &[&str]) -> String {
    world.other_client_of("ec2", "CreateSecurityGroup", "GroupName=theirs GroupDescription=of-others");
    let id = world.aws.with_world(|aws| aws.security_group(&place(), "theirs")).unwrap();
    for rule in ingress {
        world.other_client_of(
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
        let world = World::new("");
        let id = by_hand(&world, ingress);
        let rules = world.rules(&id);
        let terraform = world.workspace(&blocks([(THIS, id.as_str())]));
        terraform.run(&["plan", "-generate-config-out=generated.tf"]).succeeds();
        assert_eq!(terraform.apply(), []);
        terraform.assert_unchanged();
        assert_eq!(terraform.state(THIS)["exclusive"], json!(false));
        assert_eq!(world.rules(&id), rules);
        assert!(world.aws.record().all().iter().all(|call| !call.action.starts_with("Revoke")));
    }
}

#[test]
fn the_plan_names_each_rule_that_an_exclusive_configuration_revokes() {
    let world = World::new("");
    let id = by_hand(&world, &[OFFICE, ITSELF, SSH]);
    let configuration = |exclusive: &str| {
        format!(
            "resource \"elasticache_security_group\" \"this\" {{\nname = \"theirs\"\ndescription = \"of-others\"\n\
             allowed_cidr_blocks = [\"10.0.0.0/16\"]\nallow_self = true\n{exclusive}\n}}\n"
        )
    };
    let kept = importing(&world, &configuration("exclusive = false"), [(THIS, id.as_str())]);
    kept.plan().assert_empty();
    let terraform = importing(&world, &configuration(""), [(THIS, id.as_str())]);
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
    assert_eq!(world.rules(&id).len(), 2);
}

/// Nothing else is there, so that a configuration without `exclusive` matches.
#[test]
fn a_group_with_no_other_rules_is_imported_as_exclusive() {
    let configuration = "resource \"elasticache_security_group\" \"this\" {\nname = \"cache\"\nallow_self = true\n\
                         rule_descriptions = { self = \"each other\" }\n}\n";
    let world = World::new(configuration);
    world.applied();
    let id = world.terraform.text(THIS, "id");
    importing(&world, configuration, [(THIS, id.as_str())]).plan().assert_empty();
}
