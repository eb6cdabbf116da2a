//! Rules: what is wanted against what is there.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

use super::SecurityGroup;
use super::model::SecurityGroupModel;
use super::rules::{Changes, Rule, Source, Traffic, Wanted};
use crate::engine::AnyResource;
use crate::testing::aws::{FakeAws, config, problems, text_map};
use crate::value::{Field, Value};

fn set(texts: &[&str]) -> Field<BTreeSet<String>> {
    Field::Known(texts.iter().map(|text| (*text).to_owned()).collect())
}

/// Two ports, two ranges and a group; the group is described.
fn model() -> SecurityGroupModel {
    SecurityGroupModel {
        id: "sg-1".into(),
        ports: Field::Known(BTreeSet::from([6379, 6380])),
        allowed_security_group_ids: set(&["sg-2"]),
        allowed_cidr_blocks: set(&["10.0.0.0/8"]),
        allowed_ipv6_cidr_blocks: set(&["2001:DB8::/32"]),
        rule_descriptions: Field::Known(BTreeMap::from([("sg-2".to_owned(), "the app".to_owned())])),
        exclusive: Field::Known(true),
        ..SecurityGroupModel::default()
    }
}

/// The rules that AWS would show after `wanted` was carried out.
fn live(wanted: &Wanted) -> Vec<Rule> {
    let rule = |(at, (opening, description)): (usize, (&(i32, Source), &Option<String>))| Rule {
        id: format!("sgr-{at}"),
        traffic: Traffic::Opening(opening.clone()),
        description: description.clone(),
    };
    wanted.iter().enumerate().map(rule).collect()
}

fn other(id: &str, traffic: Traffic) -> Rule {
    Rule { id: id.to_owned(), traffic, description: None }
}

#[test]
fn every_source_and_port_is_a_rule() {
    let wanted = model().wanted();
    assert_eq!(wanted.len(), 6);
    assert_eq!(wanted[&(6380, Source::Group("sg-2".into()))].as_deref(), Some("the app"));
    assert_eq!(wanted[&(6379, Source::V6("2001:db8::/32".into()))], None);
}

#[test]
fn what_is_as_wanted_needs_no_change_and_reads_as_written() {
    let model = model();
    let live = live(&model.wanted());
    assert_eq!(Changes::between(&live, &model.wanted(), |_| true), Changes::default());
    let read = model.clone().with_rules(&live);
    assert_eq!(read.allowed_ipv6_cidr_blocks, set(&["2001:DB8::/32"]));
    assert_eq!(read.allowed_security_group_ids, model.allowed_security_group_ids);
    assert_eq!(read.rule_descriptions, model.rule_descriptions);
    assert_eq!(read.foreign_rules, Field::Known(BTreeMap::new()));
}

#[test]
fn only_what_differs_is_changed() {
    let model = model();
    let mut rules = live(&model.wanted());
    rules.retain(|rule| rule.traffic != Traffic::Opening((6380, Source::V4("10.0.0.0/8".into()))));
    let described = Traffic::Opening((6379, Source::Group("sg-2".into())));
    let group = rules.iter_mut().find(|rule| rule.traffic == described).unwrap();
    group.description = Some("changed by hand".to_owned());
    let group = group.id.clone();
    rules.push(other("sgr-ssh", Traffic::Ingress("ingress: tcp 22 from 0.0.0.0/0".into())));
    rules.push(other("sgr-out", Traffic::Egress("egress: all traffic to 0.0.0.0/0".into())));
    let changes = Changes::between(&rules, &model.wanted(), |_| true);
    assert_eq!(changes.authorize.keys().collect::<Vec<_>>(), [&(6380, Source::V4("10.0.0.0/8".into()))]);
    assert_eq!(changes.describe.keys().collect::<Vec<_>>(), [&group]);
    assert_eq!(changes.describe[&group].1.as_deref(), Some("the app"));
    assert_eq!(changes.revoke, BTreeSet::from(["sgr-ssh".to_owned()]));
    assert_eq!(changes.revoke_egress, BTreeSet::from(["sgr-out".to_owned()]));

    let read = model.clone().with_rules(&rules);
    // The range has lost one of its two rules, so it is not allowed as it should be.
    assert_eq!(read.allowed_cidr_blocks, set(&[]));
    assert_eq!(read.rule_descriptions.known().unwrap()["sg-2"], "changed by hand");
    let foreign = read.foreign_rules.known().unwrap();
    assert_eq!(foreign.keys().collect::<Vec<_>>(), ["sgr-out", "sgr-ssh"]);
    assert_eq!(foreign["sgr-ssh"], "ingress: tcp 22 from 0.0.0.0/0");
}

#[test]
fn rules_of_others_are_left_alone_when_they_may_be() {
    let model = SecurityGroupModel { exclusive: Field::Known(false), ..model() };
    let mut rules = live(&model.wanted());
    for port in [6379, 6380] {
        rules.push(other(&format!("sgr-{port}"), Traffic::Opening((port, Source::Group("sg-9".into())))));
    }
    let read = model.clone().with_rules(&rules);
    assert_eq!(read.allowed_security_group_ids, model.allowed_security_group_ids);
    assert_eq!(read.foreign_rules, Field::Known(BTreeMap::new()));
    assert_eq!(Changes::between(&rules, &model.wanted(), |_| false), Changes::default());
}

#[test]
fn an_import_finds_the_ports() {
    let model = model();
    let mut rules = live(&model.wanted());
    rules.push(other("sgr-x", Traffic::Opening((22, Source::V4("192.0.2.0/24".into())))));
    let read = SecurityGroupModel { id: "sg-1".into(), ..SecurityGroupModel::default() }.with_rules(&rules);
    assert_eq!(read.ports, model.ports);
    assert_eq!(read.allowed_cidr_blocks, model.allowed_cidr_blocks);
    // Faults-met F9: what else there is stays.
    assert_eq!((read.exclusive.clone(), read.foreign_rules.known().unwrap().len()), (Field::Known(false), 0));
    assert_eq!(read.not_ours(&rules), ["ingress: tcp 22 from 192.0.2.0/24"]);
    let again = read.clone().with_rules(&rules);
    assert_eq!((again.allowed_cidr_blocks, again.exclusive), (read.allowed_cidr_blocks, read.exclusive));
    let all_ours = SecurityGroupModel { id: "sg-1".into(), ..SecurityGroupModel::default() };
    assert_eq!(all_ours.with_rules(&live(&model.wanted())).exclusive, Field::Known(true));
    let none = SecurityGroupModel::default().with_rules(&[]);
    assert_eq!(none.ports, Field::Known(BTreeSet::from([6379])));
}

/// Faults-met F10.
#[test]
fn members_of_the_group_itself_can_connect() {
    let itself = |port| (port, Source::Group("sg-1".into()));
    let mut model = SecurityGroupModel { allow_self: Field::Known(true), ..model() };
    model.rule_descriptions = Field::Known(BTreeMap::from([("self".to_owned(), "each other".to_owned())]));
    assert_eq!(model.wanted()[&itself(6379)].as_deref(), Some("each other"));
    let rules = live(&model.wanted());
    for read in [
        model.clone().with_rules(&rules),
        SecurityGroupModel { id: "sg-1".into(), ..SecurityGroupModel::default() }.with_rules(&rules),
    ] {
        assert_eq!(read.allow_self, Field::Known(true));
        assert_eq!(read.allowed_security_group_ids, model.allowed_security_group_ids);
        assert_eq!(read.rule_descriptions, model.rule_descriptions);
        assert_eq!((read.exclusive, read.foreign_rules.known().unwrap().len()), (Field::Known(true), 0));
    }
    // Listed by its ID, as a group that was imported before may be.
    model.allow_self = Field::Known(false);
    model.allowed_security_group_ids = set(&["sg-1", "sg-2"]);
    model.rule_descriptions = Field::Known(BTreeMap::new());
    let read = model.clone().with_rules(&live(&model.wanted()));
    assert_eq!(
        (read.allow_self, read.allowed_security_group_ids),
        (Field::Known(false), set(&["sg-1", "sg-2"]))
    );
}

#[test]
fn a_description_needs_a_rule() {
    let wrong = config(
        &SecurityGroup,
        [
            ("name", "cache".into()),
            ("allowed_cidr_blocks", Value::set([Value::from("10.0.0.0/8")])),
            ("rule_descriptions", text_map([("10.0.0.0/16", "office")])),
        ],
    );
    let told = problems(&SecurityGroup.validate(&wrong));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("describes \"10.0.0.0/16\", which is in none of"), "{told:?}");
    // What is not known yet cannot be wrong yet.
    let open = config(
        &SecurityGroup,
        [
            ("name", "cache".into()),
            ("allowed_security_group_ids", Value::set([Value::Unknown])),
            ("rule_descriptions", text_map([("sg-2", "the app")])),
        ],
    );
    assert_eq!(problems(&SecurityGroup.validate(&open)), [""; 0]);
}

#[tokio::test]
async fn a_fixed_name_is_warned_of_when_the_group_is_replaced() {
    let aws = FakeAws::new(|call| call.error("Unexpected", "No call."));
    let plain = |name: &str| config(&SecurityGroup, [("name", name.into())]);
    let mut state = aws.plan(&SecurityGroup, &Value::Null, &plain("one")).planned;
    if let Value::Map(entries) = &mut state {
        entries.insert("id".into(), "sg-1".into());
    }
    let plan = aws.plan(&SecurityGroup, &state, &plain("two"));
    assert_eq!(plan.replace.iter().map(ToString::to_string).collect::<Vec<_>>(), ["name"]);
    assert!(problems(&plan.diags)[0].contains("give name_prefix instead of name"));
    // Another case is the same name.
    let plan = aws.plan(&SecurityGroup, &state, &plain("ONE"));
    assert!(plan.replace.is_empty() && plan.planned == state);
}

/// An AWS in which the group `sg-1` cannot be deleted, with these network interfaces and other groups
/// that name it. No cache uses it.
fn held(interfaces: &'static str, groups: &'static str) -> FakeAws {
    FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteSecurityGroup" => call.ec2_error("DependencyViolation", "It has a dependent object."),
        "DescribeNetworkInterfaces" => {
            call.ec2(&format!("<networkInterfaceSet>{interfaces}</networkInterfaceSet>"))
        }
        "DescribeSecurityGroups" => call.ec2(&format!("<securityGroupInfo>{groups}</securityGroupInfo>")),
        _ => call.xml(""),
    })
}

/// How many seconds a deletion takes that fails, and what is said.
async fn failed_deletion(aws: &FakeAws) -> (u64, String) {
    let state = config(&SecurityGroup, [("id", "sg-1".into()), ("name", "cache".into())]);
    let started = Instant::now();
    let kept = aws.delete(&SecurityGroup, &state).await;
    assert!(!kept.state.is_null());
    (started.elapsed().as_secs(), problems(&kept.diags).join("\n"))
}

/// Faults-met H7: AWS releases network interfaces late, so they are waited for as long as the time
/// limit allows, whatever they belong to.
#[tokio::test(start_paused = true)]
async fn network_interfaces_are_waited_for() {
    let interface = "<item><networkInterfaceId>eni-1</networkInterfaceId><description>ElastiCache app-001</description>\
                     <status>in-use</status></item>";
    let group = "<item><groupId>sg-2</groupId><vpcId>vpc-1</vpcId></item>";
    for groups in ["", group] {
        let (seconds, said) = failed_deletion(&held(interface, groups)).await;
        assert_eq!(seconds, 15 * 60, "{said}");
        assert!(said.contains("Network interfaces in it: eni-1 (ElastiCache app-001, in-use)."), "{said}");
    }
}

/// Faults-met H7: a rule of another group stays until somebody revokes it. EC2 may return one that
/// was revoked for a moment.
#[tokio::test(start_paused = true)]
async fn rules_that_name_the_group_end_its_deletion() {
    let group = "<item><groupId>sg-2</groupId><vpcId>vpc-1</vpcId></item>";
    let (seconds, said) = failed_deletion(&held("", group)).await;
    assert!((30..50).contains(&seconds), "{seconds} s");
    assert!(said.contains("Remove the rules of other security groups that name it"), "{said}");
    assert!(said.contains("Security groups with a rule that names it: sg-2."), "{said}");
}

/// K24: as in hashicorp/aws.
#[tokio::test]
async fn a_security_group_without_a_name_gets_one() {
    let aws = FakeAws::new(|call| call.ec2_error("UnauthorizedOperation", "No."));
    for unset in [Value::Null, Value::from("")] {
        let nameless = || config(&SecurityGroup, [("name_prefix", unset.clone())]);
        assert_eq!(problems(&SecurityGroup.validate(&nameless())), [""; 0]);
        let plan = aws.plan(&SecurityGroup, &Value::Null, &nameless());
        assert_eq!(problems(&plan.diags), [""; 0]);
        assert_eq!(plan.planned.get("name"), &Value::Unknown);
        assert_eq!(aws.operations(), [""; 0], "a plan of something new calls nobody");
        aws.create(&SecurityGroup, nameless()).await;
        let call = &aws.calls()[0];
        assert_eq!(call.operation, "CreateSecurityGroup");
        // hashicorp/aws: `terraform-` and 26 hexadecimal digits.
        let suffix = call.param("GroupName").strip_prefix("terraform-").unwrap_or_default();
        assert!(suffix.len() == 26 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit()), "{call:?}");
    }
}

/// J15: values that a mock of another provider makes pass.
#[test]
fn sources_are_given_by_their_ids() {
    let with = |id: &str| {
        let sources = Value::set([Value::from(id)]);
        let config =
            config(&SecurityGroup, [("name", "cache".into()), ("allowed_security_group_ids", sources)]);
        problems(&SecurityGroup.validate(&config))
    };
    for right in ["sg-0a1b2c3d4e5f60001", "111122223333/sg-0a1b2c3d4e5f60001", "ab12cd34"] {
        assert_eq!(with(right), [""; 0], "{right}");
    }
    for wrong in ["my-sg", "1/sg-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60001"] {
        let said = with(wrong);
        assert_eq!(said.len(), 1, "{said:?}");
        let begin = "allowed_security_group_ids: Invalid allowed_security_group_ids: ";
        assert!(
            said[0].starts_with(begin) && said[0].contains("must be the ID of a security group"),
            "{said:?}"
        );
    }
}
