//! Security groups.

use std::time::Duration;

use serde_json::json;

use crate::aws_control::instant;
use crate::aws_control::{failure, until_called, words, writes_to};
use crate::chaos::driver::Driver;
use crate::chaos::object::Object;
use crate::fixture::{Fixture, place};
use crate::simulator::protocol::{Params, Place};
use crate::simulator::{Call, InjectedFault, on};

const THIS: &str = "elasticache_security_group.this";

/// AWS's own group of the default VPC, and another that is there: both may be named in rules.
const DEFAULT: &str = "sg-00000001";

/// A security group with these arguments beside its name.
fn named(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_security_group" "this" {{
  name = "cache"
  {arguments}
}}
"#
    )
}

/// A replication group in the security group.
fn member() -> String {
    r#"resource "elasticache_replication_group" "this" {
  replication_group_id = "cache"
  description = "of a test"
  node_type = "cache.t4g.small"
  num_cache_clusters = 2
  security_group_ids = [elasticache_security_group.this.id]
}
"#
    .to_owned()
}

fn applied(configuration: &str) -> Fixture {
    let fixture = instant(configuration);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture
}

/// The done calls of an action since the record was cleared.
fn done(fixture: &Fixture, action: &str) -> Vec<Call> {
    fixture.aws.calls("ec2", action).into_iter().filter(Call::is_done).collect()
}

/// The rules as `direction protocol from-to peer description`, in order.
fn rules(fixture: &Fixture) -> Vec<String> {
    let id = fixture.terraform.text(THIS, "id");
    let mut rules = fixture.rules(&id);
    rules.sort();
    rules
}

#[test]
fn basic_lets_nothing_in_or_out() {
    let fixture = applied(&named(""));
    let state = fixture.terraform.state(THIS);
    let id = fixture.terraform.text(THIS, "id");
    assert!(id.starts_with("sg-"), "{id}");
    for (name, value) in [
        ("name", json!("cache")),
        ("name_prefix", json!("")),
        ("description", json!("Managed by Terraform")),
        ("vpc_id", json!("vpc-00000001")),
        ("ports", json!([6379])),
        ("exclusive", json!(true)),
        ("foreign_rules", json!({})),
        ("revoke_rules_on_delete", json!(false)),
        ("arn", json!(format!("arn:aws:ec2:eu-west-1:123456789012:security-group/{id}"))),
        ("owner_id", json!("123456789012")),
        ("tags", json!({})),
        ("tags_all", json!({})),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    assert_eq!(rules(&fixture), [""; 0]);
    fixture.terraform.destroy();
    assert_eq!(writes_to(&fixture, "ec2"), ["DeleteSecurityGroup"]);
}

/// Each source and port is a rule; they come in one call.
#[test]
fn every_kind_of_source_on_every_port() {
    let fixture = instant(&named(
        r#"ports = [6379, 6380]
allowed_security_group_ids = ["sg-00000001"]
allowed_cidr_blocks = ["10.0.0.0/8", "192.0.2.7/32"]
allowed_ipv6_cidr_blocks = ["2001:DB8::/32"]
allowed_prefix_list_ids = ["pl-0a1b2c3d"]
rule_descriptions = {
"sg-00000001" = "the app"
"2001:db8::/32" = "office"
}
tags = { team = "cache" }"#,
    ));
    fixture.apply_and_verify();
    assert_eq!(
        rules(&fixture),
        [
            "in tcp 6379-6379 10.0.0.0/8 ",
            "in tcp 6379-6379 192.0.2.7/32 ",
            "in tcp 6379-6379 2001:db8::/32 office",
            "in tcp 6379-6379 pl-0a1b2c3d ",
            "in tcp 6379-6379 sg-00000001 the app",
            "in tcp 6380-6380 10.0.0.0/8 ",
            "in tcp 6380-6380 192.0.2.7/32 ",
            "in tcp 6380-6380 2001:db8::/32 office",
            "in tcp 6380-6380 pl-0a1b2c3d ",
            "in tcp 6380-6380 sg-00000001 the app",
        ]
    );
    assert_eq!(done(&fixture, "AuthorizeSecurityGroupIngress").len(), 1);
    assert_eq!(done(&fixture, "CreateTags").len(), 0, "tags come with the group");
    assert_eq!(fixture.terraform.state(THIS)["allowed_ipv6_cidr_blocks"], json!(["2001:DB8::/32"]));
    // The same in another spelling is no change.
    let again = std::fs::read_to_string(fixture.terraform.path().join("main.tf")).unwrap();
    fixture.terraform.configure(&again.replace("2001:DB8::/32", "2001:0db8:0::/32"));
    fixture.terraform.assert_unchanged();
}

/// Another account, whose VPC is peered with that of the test.
const PEER: &str = "111122223333";

/// The ID of a new security group of the other account.
fn peer_group(fixture: &Fixture) -> String {
    let peer = Place { account: PEER.to_owned(), ..place() };
    let now = fixture.aws.clock().now();
    let given = [("GroupName", "app"), ("GroupDescription", "app")];
    let params = Params(given.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    fixture.aws.with_state(|aws| {
        aws.query(&peer, "ec2", "CreateSecurityGroup", &params, now).unwrap();
        aws.security_group(&peer, "app").unwrap()
    })
}

/// hashicorp/terraform-provider-aws #36623, #30664, #45971: the ID alone, or with its account in front, in the group's own
/// account and in a peered one. EC2 returns the account of the group whatever the request had, and none after a change of
/// the description.
#[test]
fn a_source_group_is_the_same_with_and_without_its_account() {
    let with = |source: &str, key: &str, text: &str| {
        named(&format!(
            "allowed_security_group_ids = [{source:?}]\nrule_descriptions = {{ {key:?} = {text:?} }}\n"
        ))
    };
    for is_peer in [true, false] {
        for is_named in [true, false] {
            let fixture = instant("");
            let (id, account) = match is_peer {
                true => (peer_group(&fixture), PEER.to_owned()),
                false => (DEFAULT.to_owned(), place().account),
            };
            let owned = format!("{account}/{id}");
            let (source, other) = if is_named { (&owned, &id) } else { (&id, &owned) };
            fixture.change_and_verify(&with(source, source, "app"));
            assert_eq!(fixture.terraform.state(THIS)["allowed_security_group_ids"], json!([source]));
            let sent = &done(&fixture, "AuthorizeSecurityGroupIngress")[0];
            let user = sent.parameter("IpPermissions.1.Groups.1.UserId");
            assert_eq!(user, is_named.then(|| account.clone()), "{source}");
            fixture.aws.record().clear();
            // The other spelling, in the list, in the key and in both, is no change.
            for (source, key) in [(other, source), (source, other), (other, other)] {
                fixture.terraform.configure(&with(source, key, "app"));
                fixture.terraform.assert_unchanged();
            }
            fixture.terraform.configure(&with(source, source, "the app"));
            fixture.apply_and_verify();
            assert_eq!(writes_to(&fixture, "ec2"), ["ModifySecurityGroupRules"], "{source}");
            assert_eq!(rules(&fixture), [format!("in tcp 6379-6379 {id} the app")]);
            // A change of everything else leaves the rule alone.
            fixture.aws.record().clear();
            fixture.change_and_verify(
                &with(other, other, "the app").replace("name =", "allow_self = true\nname ="),
            );
            assert_eq!(writes_to(&fixture, "ec2"), ["AuthorizeSecurityGroupIngress"], "{source}");
            fixture.terraform.destroy();
        }
    }
}

/// Both spellings in one list are one rule.
#[test]
fn two_spellings_of_a_source_group_are_one_rule() {
    let fixture = instant(&named(&format!(
        "allowed_security_group_ids = [{DEFAULT:?}, \"{}/{DEFAULT}\"]",
        place().account
    )));
    fixture.apply_and_verify();
    assert_eq!(rules(&fixture), [format!("in tcp 6379-6379 {DEFAULT} ")]);
    assert_eq!(fixture.terraform.state(THIS)["allowed_security_group_ids"].as_array().map(Vec::len), Some(2));
}

/// Rules come and go one by one; those that stay are not touched, and nobody is cut off between.
#[test]
fn rules_change_one_by_one() {
    let with = |ranges: &str| named(&format!("allowed_cidr_blocks = [{ranges}]"));
    let fixture = applied(&with(r#""10.0.0.0/8", "172.16.0.0/12""#));
    let before = rules(&fixture);
    fixture.change_and_verify(&with(r#""10.0.0.0/8", "192.168.0.0/16""#));
    assert_eq!(writes_to(&fixture, "ec2"), ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
    let added = &done(&fixture, "AuthorizeSecurityGroupIngress")[0];
    assert_eq!(added.parameter("IpPermissions.1.IpRanges.1.CidrIp").as_deref(), Some("192.168.0.0/16"));
    assert_eq!(added.parameter("IpPermissions.1.IpRanges.2.CidrIp"), None);
    let gone = &done(&fixture, "RevokeSecurityGroupIngress")[0];
    assert_eq!(gone.parameter("SecurityGroupRuleId.2"), None);
    assert_eq!(before.iter().filter(|rule| rules(&fixture).contains(rule)).count(), 1);

    fixture.aws.record().clear();
    fixture.change_and_verify(&named(""));
    assert_eq!(writes_to(&fixture, "ec2"), ["RevokeSecurityGroupIngress"]);
    assert_eq!(rules(&fixture), [""; 0]);
}

#[test]
fn another_port_moves_every_rule() {
    let with = |ports: &str| {
        named(&format!(
            r#"ports = [{ports}]
allowed_cidr_blocks = ["10.0.0.0/8"]"#
        ))
    };
    let fixture = applied(&with("6379"));
    fixture.change_and_verify(&with("6380"));
    assert_eq!(writes_to(&fixture, "ec2"), ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
    assert_eq!(rules(&fixture), ["in tcp 6380-6380 10.0.0.0/8 "]);
}

/// A description is changed where it stands: the rule is not revoked for it.
#[test]
fn descriptions_change_in_place() {
    let with = |text: &str| {
        let described = format!(r#"rule_descriptions = {{ "10.0.0.0/8" = {text:?} }}"#);
        named(&format!(
            r#"ports = [6379, 6380]
allowed_cidr_blocks = ["10.0.0.0/8"]
{}"#,
            if text.is_empty() { "" } else { &described }
        ))
    };
    let fixture = applied(&with("office"));
    for text in ["home", ""] {
        fixture.aws.record().clear();
        fixture.change_and_verify(&with(text));
        assert_eq!(writes_to(&fixture, "ec2"), ["ModifySecurityGroupRules"], "{text:?}");
        let expected = [6379, 6380].map(|port| format!("in tcp {port}-{port} 10.0.0.0/8 {text}"));
        assert_eq!(rules(&fixture), expected);
    }
}

#[test]
fn a_rule_revoked_by_hand_comes_back() {
    let fixture = applied(&named(
        r#"ports = [6379, 6380]
allowed_cidr_blocks = ["10.0.0.0/8"]"#,
    ));
    let id = fixture.terraform.text(THIS, "id");
    fixture.other_client_of(
        "ec2",
        "RevokeSecurityGroupIngress",
        &format!(
            "GroupId={id} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=6380 \
             IpPermissions.1.ToPort=6380 IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
        ),
    );
    fixture.terraform.plan().assert_update(THIS, &["allowed_cidr_blocks"]);
    fixture.apply_and_verify();
    assert_eq!(rules(&fixture).len(), 2);
    assert_eq!(writes_to(&fixture, "ec2").last().unwrap(), "AuthorizeSecurityGroupIngress");
}

/// What somebody else adds is shown, and revoked by the next apply.
#[test]
fn rules_of_others_are_shown_and_revoked() {
    let fixture = applied(&named(r#"allowed_cidr_blocks = ["10.0.0.0/8"]"#));
    let id = fixture.terraform.text(THIS, "id");
    let ssh = "IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=22 IpPermissions.1.ToPort=22 \
               IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0 IpPermissions.1.IpRanges.1.Description=mine";
    fixture.other_client_of("ec2", "AuthorizeSecurityGroupIngress", &format!("GroupId={id} {ssh}"));
    let all = "IpPermissions.1.IpProtocol=-1 IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0";
    fixture.other_client_of("ec2", "AuthorizeSecurityGroupEgress", &format!("GroupId={id} {all}"));
    let plan = fixture.terraform.plan();
    plan.assert_update(THIS, &["foreign_rules"]);
    let observed = &plan.json()["resource_drift"][0]["change"]["after"]["foreign_rules"];
    let mut observed: Vec<&str> =
        observed.as_object().unwrap().values().map(|rule| rule.as_str().unwrap()).collect();
    observed.sort_unstable();
    assert_eq!(observed, ["egress: all traffic to 0.0.0.0/0", "ingress: tcp 22 from 0.0.0.0/0 (mine)"]);
    fixture.apply_and_verify();
    assert_eq!(rules(&fixture), ["in tcp 6379-6379 10.0.0.0/8 "]);
}

/// A source added by hand on the right port is drift of the sources, and goes too.
#[test]
fn a_source_added_by_hand_goes() {
    let fixture = applied(&named(r#"allowed_cidr_blocks = ["10.0.0.0/8"]"#));
    let id = fixture.terraform.text(THIS, "id");
    fixture.other_client_of(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        &format!(
            "GroupId={id} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=6379 \
             IpPermissions.1.ToPort=6379 IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0"
        ),
    );
    fixture.terraform.plan().assert_update(THIS, &["allowed_cidr_blocks"]);
    fixture.apply_and_verify();
    assert_eq!(rules(&fixture), ["in tcp 6379-6379 10.0.0.0/8 "]);
}

/// With `exclusive = false` rules of others are neither shown nor touched.
#[test]
fn rules_of_others_may_stay() {
    let with = |ranges: &str| named(&format!("exclusive = false\nallowed_cidr_blocks = [{ranges}]"));
    let fixture = applied(&with(r#""10.0.0.0/8""#));
    let id = fixture.terraform.text(THIS, "id");
    for port in [22, 6379] {
        fixture.other_client_of(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            &format!(
                "GroupId={id} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort={port} \
                 IpPermissions.1.ToPort={port} IpPermissions.1.IpRanges.1.CidrIp=192.0.2.0/24"
            ),
        );
    }
    fixture.terraform.assert_unchanged();
    fixture.terraform.configure(&with(r#""10.1.0.0/16""#));
    fixture.terraform.apply();
    let foreign = ["in tcp 22-22 192.0.2.0/24 ", "in tcp 6379-6379 192.0.2.0/24 "];
    assert_eq!(rules(&fixture), [foreign[0], "in tcp 6379-6379 10.1.0.0/16 ", foreign[1]]);
    fixture.terraform.assert_unchanged();
    // Once nobody else may add rules, those go.
    fixture.change_and_verify(&with(r#""10.1.0.0/16""#).replace("false", "true"));
    assert_eq!(rules(&fixture), ["in tcp 6379-6379 10.1.0.0/16 "]);
}

#[test]
fn tags() {
    let with = |tags: &str| named(&format!("tags = {{ {tags} }}"));
    let fixture = applied(&named(""));
    for tags in [r#"a = "1""#, r#"a = "2", b = "1""#, r#"b = "2", c = """#] {
        fixture.change_and_verify(&with(tags));
    }
    assert_eq!(fixture.terraform.state(THIS)["tags"], json!({ "b": "2", "c": "" }));
    let id = fixture.terraform.text(THIS, "id");
    fixture.other_client_of("ec2", "CreateTags", &format!("ResourceId.1={id} Tag.1.Key=by Tag.1.Value=hand"));
    fixture.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    fixture.apply_and_verify();
    fixture.change_and_verify(&named(""));
    assert_eq!(done(&fixture, "CreateSecurityGroup").len(), 0);
}

/// In a VPC that is not the default one, revoking a rule that is not there is an error; a group
/// there has no IPv6 rule to revoke.
#[test]
fn in_another_vpc_egress_is_closed_too() {
    let fixture = applied(&named(
        r#"vpc_id = "vpc-00000002"
allowed_cidr_blocks = ["10.0.0.0/8"]"#,
    ));
    assert_eq!(rules(&fixture), ["in tcp 6379-6379 10.0.0.0/8 "]);
    assert_eq!(fixture.terraform.text(THIS, "vpc_id"), "vpc-00000002");
}

#[test]
fn disappears() {
    let fixture = applied(&named(""));
    let id = fixture.terraform.text(THIS, "id");
    fixture.other_client_of("ec2", "DeleteSecurityGroup", &format!("GroupId={id}"));
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
    let id = fixture.terraform.text(THIS, "id");
    fixture.other_client_of("ec2", "DeleteSecurityGroup", &format!("GroupId={id}"));
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// The group in use is replaced: the new one is made, the cache moves, the old one goes.
#[test]
fn a_group_in_use_is_replaced_without_a_gap() {
    let with = |description: &str| {
        format!(
            r#"resource "elasticache_security_group" "this" {{
  name_prefix = "cache-"
  description = {description:?}
  lifecycle {{
    create_before_destroy = true
  }}
}}
{}"#,
            member()
        )
    };
    let fixture = instant(&with("one"));
    fixture.apply_and_verify();
    let old = fixture.terraform.text(THIS, "id");
    fixture.aws.record().clear();
    fixture.change_and_verify(&with("two"));
    let new = fixture.terraform.text(THIS, "id");
    assert_ne!(old, new);
    let all = fixture.aws.record().all();
    let order: Vec<String> = all
        .into_iter()
        .filter(Call::is_done)
        .map(|call| call.action)
        .filter(|action| {
            ["CreateSecurityGroup", "ModifyReplicationGroup", "DeleteSecurityGroup"]
                .contains(&action.as_str())
        })
        .collect();
    assert_eq!(order, ["CreateSecurityGroup", "ModifyReplicationGroup", "DeleteSecurityGroup"]);
    assert_eq!(
        fixture.terraform.state("elasticache_replication_group.this")["security_group_ids"],
        json!([new])
    );
}

#[test]
fn a_fixed_name_is_warned_of_when_the_group_is_replaced() {
    let fixture = applied(&named(""));
    fixture.terraform.configure(&named(r#"description = "other""#));
    let plan = fixture.terraform.plan();
    plan.assert_replace(THIS, &["description"]);
    let said = words(&plan.diagnostics);
    assert!(said.contains("use `name_prefix` instead of `name`"), "{said}");
    fixture.apply_and_verify();
}

/// The interfaces of a cache stay for a while after it is gone.
#[test]
fn deletion_waits_until_interfaces_are_gone() {
    let fixture = Fixture::new(&format!("{}{}", named(""), member()));
    fixture.apply_and_verify();
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.release = 600_000));
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    let tries = fixture.aws.calls("ec2", "DeleteSecurityGroup");
    assert!(tries.iter().any(|call| call.code() == Some("DependencyViolation")), "{tries:?}");
    assert!(tries.last().is_some_and(Call::is_done));
}

/// InjectedFault H7. A cache that keeps using the group is named at once, with its network interfaces; the
/// group stays in the state.
#[test]
fn interfaces_that_stay_are_named() {
    let fixture = instant(&named(""));
    fixture.terraform.apply();
    let id = fixture.terraform.text(THIS, "id");
    fixture.other_client(
        "CreateReplicationGroup",
        &format!(
            "ReplicationGroupId=other ReplicationGroupDescription=other CacheNodeType=cache.t4g.small \
             NumCacheClusters=2 SecurityGroupIds.SecurityGroupId.1={id}"
        ),
    );
    let run = fixture.terraform.run(&["destroy", "-json", "-auto-approve"]).fails();
    let said = words(&run.diagnostics());
    assert!(said.contains(&format!("Failed to delete security group {id:?}")), "{said}");
    assert!(said.contains("DependencyViolation"), "{said}");
    assert!(said.contains(r#"It is in use by replication group "other"."#), "{said}");
    assert!(said.contains("Network interfaces with it: eni-"), "{said}");
    assert_eq!(fixture.aws.calls("ec2", "DeleteSecurityGroup").len(), 1, "not tried again");
    for member in ["ElastiCache other-001, in-use", "ElastiCache other-002, in-use"] {
        assert!(said.contains(member), "{said}");
    }
    assert_eq!(fixture.terraform.text(THIS, "id"), id);
}

/// So are other groups with a rule that names it.
#[test]
fn groups_that_name_it_are_named() {
    let fixture = instant(&named(
        r#"timeouts {
delete = "1s"
}"#,
    ));
    fixture.terraform.apply();
    let id = fixture.terraform.text(THIS, "id");
    let rule = format!(
        "GroupId={DEFAULT} IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=80 \
         IpPermissions.1.ToPort=80 IpPermissions.1.Groups.1.GroupId={id}"
    );
    for action in ["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"] {
        fixture.other_client_of("ec2", action, &rule);
    }
    let run = fixture.terraform.run(&["destroy", "-json", "-auto-approve"]).fails();
    let said = words(&run.diagnostics());
    assert!(said.contains(&format!("Security groups with rules that refer to it: {DEFAULT}.")), "{said}");
}

/// Two groups whose rules name each other: neither goes until the rules are revoked.
#[test]
fn rules_may_be_revoked_before_the_group_goes() {
    let fixture = instant(&named(
        r#"revoke_rules_on_delete = true
allowed_security_group_ids = ["sg-00000001"]"#,
    ));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    assert_eq!(writes_to(&fixture, "ec2"), ["RevokeSecurityGroupIngress", "DeleteSecurityGroup"]);
}

/// In whatever case the name stands.
#[test]
fn a_name_that_is_taken_is_told_with_the_id() {
    let fixture = instant(&named(""));
    fixture.other_client_of("ec2", "CreateSecurityGroup", "GroupName=cache GroupDescription=other");
    let said = failure(&fixture);
    assert!(said.contains("InvalidGroup.Duplicate"), "{said}");
    assert!(said.contains("terraform import elasticache_security_group.NAME sg-0"), "{said}");
    assert!(fixture.terraform.resources().is_empty());
}

/// EC2 answers from places that have not heard of the group yet.
#[test]
fn a_group_that_is_not_visible_yet_is_waited_for() {
    let fixture = instant(&named(r#"allowed_cidr_blocks = ["10.0.0.0/8"]"#));
    let missing = InjectedFault::code("InvalidGroup.NotFound", "The security group does not exist");
    fixture.aws.fault(on("ec2", "DescribeSecurityGroups").times(2), missing.clone());
    fixture.aws.fault(on("ec2", "RevokeSecurityGroupEgress"), missing);
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(done(&fixture, "CreateSecurityGroup").len(), 1);
}

/// Every call of a life hit once by the fault.
#[track_caller]
fn survives(fault: &InjectedFault) {
    let mut driver = Driver::new(&[]);
    let mut group = Object::new("elasticache_security_group");
    // Two ranges of which one is described.
    let described = |range: &str, text: &str| {
        json!({
            "name": "cache",
            "allowed_cidr_blocks": [range, "192.168.0.0/16"],
            "rule_descriptions": { "192.168.0.0/16": text },
            "tags": { "a": text },
        })
    };
    driver.hit(
        "ec2",
        &[
            "CreateSecurityGroup",
            "DescribeSecurityGroups",
            "RevokeSecurityGroupEgress",
            "DescribeSecurityGroupRules",
            "AuthorizeSecurityGroupIngress",
        ],
        fault,
    );
    group.apply_and_verify(&mut driver, &described("10.0.0.0/8", "one"));
    driver.hit(
        "ec2",
        &[
            "CreateTags",
            "AuthorizeSecurityGroupIngress",
            "RevokeSecurityGroupIngress",
            "ModifySecurityGroupRules",
        ],
        fault,
    );
    group.apply_and_verify(&mut driver, &described("10.1.0.0/16", "two"));
    let mut rules = driver.aws.with_state(|aws| aws.rules(&place(), group.get("id").as_str().unwrap()));
    rules.sort();
    assert_eq!(rules, ["in tcp 6379-6379 10.1.0.0/16 ", "in tcp 6379-6379 192.168.0.0/16 two"]);
    driver.hit("ec2", &["DeleteTags"], fault);
    group.apply(&mut driver, &json!({ "name": "cache" }));
    driver.hit("ec2", &["DeleteSecurityGroup"], fault);
    group.destroy(&mut driver);
    assert_eq!(driver.aws.pending_faults(), 0);
}

each_fault! { survives:
    throttling_in_every_step => InjectedFault::Throttle,
    a_failure_of_the_service_in_every_step => InjectedFault::Status5xx,
    a_gateway_that_answers_html_in_every_step => InjectedFault::BadGateway,
    a_connection_reset_in_every_step => InjectedFault::Reset,
    /// What AWS has carried out is found there when the call is repeated.
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => InjectedFault::CutBody(0.5),
    /// The answer is XML that ends in the middle: nothing says that it is not whole but the XML.
    an_answer_cut_short_in_every_step => InjectedFault::TruncatedBody(0.5),
}

/// A group that was there before is not taken over, whatever was lost on the way.
#[test]
fn a_group_of_somebody_else_is_not_taken_over() {
    let fixture = instant(&named(r#"tags = { team = "cache" }"#));
    fixture.other_client_of("ec2", "CreateSecurityGroup", "GroupName=cache GroupDescription=other");
    fixture.aws.fault(on("ec2", "CreateSecurityGroup"), InjectedFault::AppliedButResponseLost);
    let said = failure(&fixture);
    assert!(said.contains("InvalidGroup.Duplicate"), "{said}");
    assert!(fixture.terraform.resources().is_empty());
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let fixture = applied(&named(r#"allowed_cidr_blocks = ["10.0.0.0/8"]"#));
    for action in ["DescribeSecurityGroups", "DescribeSecurityGroupRules"] {
        for part in [0.05, 0.3, 0.6, 0.95] {
            fixture.aws.fault(on("ec2", action), InjectedFault::TruncatedBody(part));
            let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
            assert!(run.code != Some(2), "{action} cut at {part}: {run}");
            assert_eq!(fixture.aws.pending_faults(), 0);
        }
    }
    fixture.terraform.plan().assert_empty();
}

/// The group is there without its rules: it is in the state, and the next apply makes it whole.
#[test]
fn a_create_that_fails_half_way_is_in_the_state() {
    let fixture = instant(&named(r#"allowed_cidr_blocks = ["10.0.0.0/8"]"#));
    fixture.aws.fault(on("ec2", "AuthorizeSecurityGroupIngress"), InjectedFault::Deny);
    let said = failure(&fixture);
    assert!(said.contains("UnauthorizedOperation"), "{said}");
    let first = fixture.terraform.text(THIS, "id");
    fixture.apply_and_verify();
    assert_ne!(fixture.terraform.text(THIS, "id"), first, "what is not whole is made anew");
    assert_eq!(done(&fixture, "DeleteSecurityGroup").len(), 1);
}

/// Ctrl-C while deletion waits for interfaces of a cache that is gone: the group stays in the state and
/// goes with the next destroy.
#[test]
fn an_interrupted_delete_keeps_the_group() {
    let fixture = instant(&named(""));
    fixture.apply_and_verify();
    let id = fixture.terraform.text(THIS, "id");
    fixture.aws.clock().set_per_call(Duration::ZERO);
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.release = 600_000));
    fixture.other_client(
        "CreateReplicationGroup",
        &format!(
            "ReplicationGroupId=other ReplicationGroupDescription=other CacheNodeType=cache.t4g.small \
             SecurityGroupIds.SecurityGroupId.1={id}"
        ),
    );
    fixture.other_client("DeleteReplicationGroup", "ReplicationGroupId=other");
    let destroy = fixture.terraform.start(&["destroy", "-json", "-auto-approve"]);
    until_called(&fixture, "ec2", "DeleteSecurityGroup", 2);
    destroy.interrupt();
    destroy.finish().fails();
    assert_eq!(fixture.terraform.text(THIS, "id"), id);
    fixture.aws.clock().advance(Duration::from_secs(600));
    fixture.terraform.destroy();
    assert!(fixture.terraform.resources().is_empty());
}

/// Ctrl-C while the provider waits for an answer: what was made is in the state.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let fixture = instant(&named(""));
    fixture.aws.fault(on("ec2", "DescribeSecurityGroups"), InjectedFault::Slow(Duration::from_secs(20)));
    let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&fixture, "ec2", "CreateSecurityGroup", 1);
    std::thread::sleep(Duration::from_millis(300));
    apply.interrupt();
    let run = apply.finish().fails();
    assert!(fixture.terraform.text(THIS, "id").starts_with("sg-"), "{run}");
    fixture.aws.clear_faults();
    fixture.apply_and_verify();
}

#[test]
fn an_import_needs_an_id() {
    let fixture = instant(&named(r#"allowed_cidr_blocks = ["10.0.0.0/8"]"#));
    let run = fixture.terraform.run(&["import", "-no-color", THIS, "cache"]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    assert!(run.stderr.contains("is not the ID of a security group"), "{run}");
    fixture.apply_and_verify();
    let id = fixture.terraform.text(THIS, "id");
    fixture.terraform.run(&["state", "rm", THIS]).succeeds();
    fixture.terraform.run(&["import", THIS, &id]).succeeds();
    fixture.terraform.assert_settled();
}
