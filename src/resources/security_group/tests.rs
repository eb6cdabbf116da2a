//! Rules of the configuration against existing rules, and the resource against scripted responses of AWS.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

use super::SecurityGroup;
use super::attributes::SecurityGroupModel;
use super::rules::{Changes, DesiredRules, Rule, RuleSource, Traffic};
use crate::engine::{AnyResource, Private, ReadResponse};
use crate::testing::aws::{FakeAws, config, problems, text_map};
use crate::value::{Field, Value};

fn set(texts: &[&str]) -> Field<BTreeSet<String>> {
    Field::Known(texts.iter().map(|text| (*text).to_owned()).collect())
}

/// Two ports, two ranges and a security group with a description.
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

/// The rules that AWS returns after `desired` was applied.
fn applied(desired: &DesiredRules) -> Vec<Rule> {
    let rule = |(at, (opening, description)): (usize, (&(i32, RuleSource), &Option<String>))| Rule {
        id: format!("sgr-{at}"),
        traffic: Traffic::Opening(opening.clone()),
        description: description.clone(),
    };
    desired.iter().enumerate().map(rule).collect()
}

fn other(id: &str, traffic: Traffic) -> Rule {
    Rule { id: id.to_owned(), traffic, description: None }
}

#[test]
fn each_source_and_port_is_a_rule() {
    let desired = model().desired_rules();
    assert_eq!(desired.len(), 6);
    assert_eq!(desired[&(6380, RuleSource::group("sg-2"))].as_deref(), Some("the app"));
    assert_eq!(desired[&(6379, RuleSource::V6("2001:db8::/32".into()))], None);
}

#[test]
fn equal_rules_need_no_change() {
    let model = model();
    let observed = applied(&model.desired_rules());
    assert_eq!(Changes::between(&observed, &model.desired_rules(), |_| true), Changes::default());
    let read = model.clone().flatten_rules(&observed);
    assert_eq!(read.allowed_ipv6_cidr_blocks, set(&["2001:DB8::/32"]));
    assert_eq!(read.allowed_security_group_ids, model.allowed_security_group_ids);
    assert_eq!(read.rule_descriptions, model.rule_descriptions);
    assert_eq!(read.foreign_rules, Field::Known(BTreeMap::new()));
}

#[test]
fn changes_hold_only_differences() {
    let model = model();
    let mut rules = applied(&model.desired_rules());
    rules.retain(|rule| rule.traffic != Traffic::Opening((6380, RuleSource::V4("10.0.0.0/8".into()))));
    let described = Traffic::Opening((6379, RuleSource::group("sg-2")));
    let group = rules.iter_mut().find(|rule| rule.traffic == described).unwrap();
    group.description = Some("changed by hand".to_owned());
    let group = group.id.clone();
    rules.push(other("sgr-ssh", Traffic::Ingress("ingress: tcp 22 from 0.0.0.0/0".into())));
    rules.push(other("sgr-out", Traffic::Egress("egress: all traffic to 0.0.0.0/0".into())));
    let changes = Changes::between(&rules, &model.desired_rules(), |_| true);
    assert_eq!(changes.authorize.keys().collect::<Vec<_>>(), [&(6380, RuleSource::V4("10.0.0.0/8".into()))]);
    assert_eq!(changes.describe.keys().collect::<Vec<_>>(), [&group]);
    assert_eq!(changes.describe[&group].1.as_deref(), Some("the app"));
    assert_eq!(changes.revoke, BTreeSet::from(["sgr-ssh".to_owned()]));
    assert_eq!(changes.revoke_egress, BTreeSet::from(["sgr-out".to_owned()]));

    let read = model.clone().flatten_rules(&rules);
    // The range has only one of its two rules, so it is not in the state.
    assert_eq!(read.allowed_cidr_blocks, set(&[]));
    assert_eq!(read.rule_descriptions.known().unwrap()["sg-2"], "changed by hand");
    let foreign = read.foreign_rules.known().unwrap();
    assert_eq!(foreign.keys().collect::<Vec<_>>(), ["sgr-out", "sgr-ssh"]);
    assert_eq!(foreign["sgr-ssh"], "ingress: tcp 22 from 0.0.0.0/0");
}

#[test]
fn other_rules_are_ignored_unless_exclusive() {
    let model = SecurityGroupModel { exclusive: Field::Known(false), ..model() };
    let mut rules = applied(&model.desired_rules());
    for port in [6379, 6380] {
        rules.push(other(&format!("sgr-{port}"), Traffic::Opening((port, RuleSource::group("sg-9")))));
    }
    let read = model.clone().flatten_rules(&rules);
    assert_eq!(read.allowed_security_group_ids, model.allowed_security_group_ids);
    assert_eq!(read.foreign_rules, Field::Known(BTreeMap::new()));
    assert_eq!(Changes::between(&rules, &model.desired_rules(), |_| false), Changes::default());
}

#[test]
fn import_infers_the_ports() {
    let model = model();
    let mut rules = applied(&model.desired_rules());
    rules.push(other("sgr-x", Traffic::Opening((22, RuleSource::V4("192.0.2.0/24".into())))));
    let read =
        SecurityGroupModel { id: "sg-1".into(), ..SecurityGroupModel::default() }.flatten_rules(&rules);
    assert_eq!(read.ports, model.ports);
    assert_eq!(read.allowed_cidr_blocks, model.allowed_cidr_blocks);
    // The import keeps other rules.
    assert_eq!((read.exclusive.clone(), read.foreign_rules.known().unwrap().len()), (Field::Known(false), 0));
    assert_eq!(read.revocable_rules(&rules), ["ingress: tcp 22 from 192.0.2.0/24"]);
    let again = read.clone().flatten_rules(&rules);
    assert_eq!((again.allowed_cidr_blocks, again.exclusive), (read.allowed_cidr_blocks, read.exclusive));
    let without_others = SecurityGroupModel { id: "sg-1".into(), ..SecurityGroupModel::default() };
    assert_eq!(without_others.flatten_rules(&applied(&model.desired_rules())).exclusive, Field::Known(true));
    let none = SecurityGroupModel::default().flatten_rules(&[]);
    assert_eq!(none.ports, Field::Known(BTreeSet::from([6379])));
}

#[test]
fn allow_self_adds_rules_of_the_group_itself() {
    let itself = |port| (port, RuleSource::group("sg-1"));
    let mut model = SecurityGroupModel { allow_self: Field::Known(true), ..model() };
    model.rule_descriptions = Field::Known(BTreeMap::from([("self".to_owned(), "each other".to_owned())]));
    assert_eq!(model.desired_rules()[&itself(6379)].as_deref(), Some("each other"));
    let rules = applied(&model.desired_rules());
    for read in [
        model.clone().flatten_rules(&rules),
        SecurityGroupModel { id: "sg-1".into(), ..SecurityGroupModel::default() }.flatten_rules(&rules),
    ] {
        assert_eq!(read.allow_self, Field::Known(true));
        assert_eq!(read.allowed_security_group_ids, model.allowed_security_group_ids);
        assert_eq!(read.rule_descriptions, model.rule_descriptions);
        assert_eq!((read.exclusive, read.foreign_rules.known().unwrap().len()), (Field::Known(true), 0));
    }
    // An imported security group may have its own ID in the list.
    model.allow_self = Field::Known(false);
    model.allowed_security_group_ids = set(&["sg-1", "sg-2"]);
    model.rule_descriptions = Field::Known(BTreeMap::new());
    let read = model.clone().flatten_rules(&applied(&model.desired_rules()));
    assert_eq!(
        (read.allow_self, read.allowed_security_group_ids),
        (Field::Known(false), set(&["sg-1", "sg-2"]))
    );
}

/// The rules of `model` as AWS returns them, with this account of `sg-2`.
fn returned(model: &SecurityGroupModel, account: Option<&str>) -> Vec<Rule> {
    let mut rules = applied(&model.desired_rules());
    for rule in &mut rules {
        if let Traffic::Opening((_, RuleSource::Group(group))) = &mut rule.traffic {
            group.account = account.map(str::to_owned);
        }
    }
    rules
}

/// hashicorp/terraform-provider-aws #36623: EC2 returns the account of a group in a peered VPC. #45971: not always.
#[test]
fn source_group_is_the_same_with_and_without_its_account() {
    for spelling in ["sg-2", "111122223333/sg-2"] {
        for key in ["sg-2", "111122223333/sg-2"] {
            let model = SecurityGroupModel {
                allowed_security_group_ids: set(&[spelling]),
                rule_descriptions: Field::Known(BTreeMap::from([(key.to_owned(), "the app".to_owned())])),
                ..model()
            };
            assert_eq!(model.desired_rules()[&(6379, RuleSource::group("sg-2"))].as_deref(), Some("the app"));
            for account in [None, Some("111122223333")] {
                let observed = returned(&model, account);
                let changes = Changes::between(&observed, &model.desired_rules(), |_| true);
                assert_eq!(changes, Changes::default(), "{spelling} {account:?}");
                let read = model.clone().flatten_rules(&observed);
                assert_eq!(read.allowed_security_group_ids, model.allowed_security_group_ids);
                assert_eq!(read.rule_descriptions, model.rule_descriptions);
                assert_eq!(read.foreign_rules, Field::Known(BTreeMap::new()));
            }
        }
    }
}

#[test]
fn two_spellings_of_a_source_group_are_one_rule() {
    let model =
        SecurityGroupModel { allowed_security_group_ids: set(&["sg-2", "111122223333/sg-2"]), ..model() };
    assert_eq!(model.sources().len(), 3);
    let permissions = super::convert::expand_permissions(&model.desired_rules());
    let groups: Vec<_> = permissions[0]
        .ranges
        .iter()
        .filter_map(|range| match range {
            crate::aws::direct::ec2::Range::Group { id, account, .. } => {
                Some((id.as_str(), account.as_deref()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(groups, [("sg-2", Some("111122223333"))], "the account is sent if one spelling has it");
}

#[test]
fn import_names_the_account_of_a_source_group() {
    let read = SecurityGroupModel { id: "sg-1".into(), ..SecurityGroupModel::default() }
        .flatten_rules(&returned(&model(), Some("111122223333")));
    assert_eq!(read.allowed_security_group_ids, set(&["111122223333/sg-2"]));
    assert_eq!(read.rule_descriptions.known().unwrap().keys().collect::<Vec<_>>(), ["111122223333/sg-2"]);
}

#[test]
fn group_itself_is_known_in_any_spelling() {
    for (allow_self, listed) in [(false, "111122223333/sg-1"), (true, "111122223333/sg-1"), (true, "sg-1")] {
        let model = SecurityGroupModel {
            allow_self: Field::Known(allow_self),
            allowed_security_group_ids: set(&[listed]),
            rule_descriptions: Field::Known(BTreeMap::new()),
            ..model()
        };
        let read = model.clone().flatten_rules(&applied(&model.desired_rules()));
        assert_eq!(
            (read.allow_self, read.allowed_security_group_ids),
            (model.allow_self.clone(), set(&[listed]))
        );
        // Without the rule, neither argument has it, so that the next apply adds it.
        let read = model.clone().flatten_rules(&[]);
        assert_eq!((read.allow_self, read.allowed_security_group_ids), (Field::Known(false), set(&[])));
    }
}

#[test]
fn another_spelling_of_a_source_plans_no_change() {
    let aws = FakeAws::new(|call| call.error("Unexpected", "No call."));
    let with = |groups: &[&str], key: &str| {
        let groups = Value::set(groups.iter().map(|text| Value::from(*text)));
        config(
            &SecurityGroup,
            [
                ("name", "cache".into()),
                ("allowed_security_group_ids", groups),
                ("allowed_ipv6_cidr_blocks", Value::set([Value::from("2001:db8::/32")])),
                ("rule_descriptions", text_map([(key, "the app"), ("2001:db8::/32", "office")])),
            ],
        )
    };
    let mut state = aws.plan(&SecurityGroup, &Value::Null, &with(&["sg-2"], "sg-2")).planned;
    if let Value::Map(entries) = &mut state {
        entries.insert("id".into(), "sg-1".into());
    }
    let owned = "111122223333/sg-2";
    for (groups, key) in
        [(&[owned][..], "sg-2"), (&[owned], owned), (&["sg-2", owned], owned), (&["sg-2"], owned)]
    {
        assert_eq!(aws.plan(&SecurityGroup, &state, &with(groups, key)).planned, state, "{groups:?} {key}");
    }
    let other = aws.plan(&SecurityGroup, &state, &with(&["sg-3"], "sg-3"));
    assert_ne!(other.planned.get("allowed_security_group_ids"), state.get("allowed_security_group_ids"));
}

#[test]
fn validate_rejects_two_descriptions_of_one_source() {
    let with = |second: &str| {
        let config = config(
            &SecurityGroup,
            [
                ("name", "cache".into()),
                ("allowed_security_group_ids", Value::set([Value::from("sg-2")])),
                ("rule_descriptions", text_map([("sg-2", "one"), ("111122223333/sg-2", second)])),
            ],
        );
        problems(&SecurityGroup.validate(&config))
    };
    assert_eq!(with("one"), [""; 0]);
    let said = with("two");
    assert!(said.len() == 1 && said[0].contains("one source in two spellings"), "{said:?}");
}

#[test]
fn validate_rejects_descriptions_without_a_rule() {
    let wrong = config(
        &SecurityGroup,
        [
            ("name", "cache".into()),
            ("allowed_cidr_blocks", Value::set([Value::from("10.0.0.0/8")])),
            ("rule_descriptions", text_map([("10.0.0.0/16", "office")])),
        ],
    );
    let message = problems(&SecurityGroup.validate(&wrong));
    assert_eq!(message.len(), 1, "{message:?}");
    assert!(message[0].contains("describes \"10.0.0.0/16\", which is in none of"), "{message:?}");
    // Unknown values pass.
    let unknown = config(
        &SecurityGroup,
        [
            ("name", "cache".into()),
            ("allowed_security_group_ids", Value::set([Value::Unknown])),
            ("rule_descriptions", text_map([("sg-2", "the app")])),
        ],
    );
    assert_eq!(problems(&SecurityGroup.validate(&unknown)), [""; 0]);
}

#[tokio::test]
async fn plan_warns_of_a_replacement_with_a_fixed_name() {
    let aws = FakeAws::new(|call| call.error("Unexpected", "No call."));
    let plain = |name: &str| config(&SecurityGroup, [("name", name.into())]);
    let mut state = aws.plan(&SecurityGroup, &Value::Null, &plain("one")).planned;
    if let Value::Map(entries) = &mut state {
        entries.insert("id".into(), "sg-1".into());
    }
    let plan = aws.plan(&SecurityGroup, &state, &plain("two"));
    assert_eq!(plan.replace.iter().map(ToString::to_string).collect::<Vec<_>>(), ["name"]);
    assert!(problems(&plan.diags)[0].contains("use `name_prefix` instead of `name`"));
    // Case is ignored.
    let plan = aws.plan(&SecurityGroup, &state, &plain("ONE"));
    assert!(plan.replace.is_empty() && plan.planned == state);
}

/// Only an import notes the rules that the first apply revokes.
#[tokio::test]
async fn note_of_revoked_rules_ends_with_the_apply() {
    let aws = FakeAws::new(|call| call.ec2(""));
    let plain = config(&SecurityGroup, [("name", "one".into())]);
    let mut state = aws.plan(&SecurityGroup, &Value::Null, &plain).planned.unknown_to_null();
    if let Value::Map(entries) = &mut state {
        entries.insert("id".into(), "sg-1".into());
    }
    let notes = [("foreign_rules".to_owned(), vec!["ingress: tcp 22 from 192.0.2.0/24".to_owned()])];
    let private = Private { notes: notes.into(), ..Private::imported() };
    let read = ReadResponse { state, private: private.bytes(), ..ReadResponse::default() };
    let tagged = config(&SecurityGroup, [("name", "one".into()), ("tags", text_map([("team", "a")]))]);
    let changed = aws.update_read(&SecurityGroup, &read, tagged).await;
    assert_eq!(problems(&changed.diags), [""; 0]);
    assert_eq!(String::from_utf8_lossy(&changed.private), "");
}

/// An AWS that refuses to delete the security group `sg-1`, with these network interfaces and other security groups that
/// refer to it. No cache uses it.
fn refuses_deletion(interfaces: &'static str, groups: &'static str) -> FakeAws {
    FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteSecurityGroup" => call.ec2_error("DependencyViolation", "It has a dependent object."),
        "DescribeNetworkInterfaces" => {
            call.ec2(&format!("<networkInterfaceSet>{interfaces}</networkInterfaceSet>"))
        }
        "DescribeSecurityGroups" => call.ec2(&format!("<securityGroupInfo>{groups}</securityGroupInfo>")),
        _ => call.xml(""),
    })
}

/// The duration of a failed deletion in seconds, and its diagnostics.
async fn failed_deletion(aws: &FakeAws) -> (u64, String) {
    let state = config(&SecurityGroup, [("id", "sg-1".into()), ("name", "cache".into())]);
    let started = Instant::now();
    let retained = aws.delete(&SecurityGroup, &state).await;
    assert!(!retained.state.is_null());
    (started.elapsed().as_secs(), problems(&retained.diags).join("\n"))
}

#[tokio::test(start_paused = true)]
async fn deletion_is_unconfirmed_after_incomplete_responses() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeSecurityGroups" => call.ec2("<securityGroupInfo/>"),
        _ => call.ec2("<return>true</return>"),
    });
    let (_, said) = failed_deletion(&aws).await;
    assert_eq!(
        said,
        "Failed to delete security group \"sg-1\": AWS accepted the deletion, but then returned an incomplete response \
         for security group \"sg-1\", which does not show whether it exists. It stays in the state: run Terraform again."
    );
}

/// AWS deletes network interfaces late, so the deletion waits for them until the timeout.
#[tokio::test(start_paused = true)]
async fn delete_waits_for_network_interfaces() {
    let interface = "<item><networkInterfaceId>eni-1</networkInterfaceId><description>ElastiCache app-001</description>\
                     <status>in-use</status></item>";
    let group = "<item><groupId>sg-2</groupId><vpcId>vpc-1</vpcId></item>";
    for groups in ["", group] {
        let (seconds, said) = failed_deletion(&refuses_deletion(interface, groups)).await;
        assert_eq!(seconds, 15 * 60, "{said}");
        assert!(said.contains("Network interfaces with it: eni-1 (ElastiCache app-001, in-use)."), "{said}");
    }
}

/// A rule of another security group exists until it is revoked. EC2 may return a revoked rule for some seconds.
#[tokio::test(start_paused = true)]
async fn delete_fails_if_rules_refer_to_the_group() {
    let group = "<item><groupId>sg-2</groupId><vpcId>vpc-1</vpcId></item>";
    let (seconds, said) = failed_deletion(&refuses_deletion("", group)).await;
    assert!((30..50).contains(&seconds), "{seconds} s");
    assert!(said.contains("Remove the rules of other security groups that refer to it"), "{said}");
    assert!(said.contains("Security groups with rules that refer to it: sg-2."), "{said}");
}

/// As in hashicorp/aws.
#[tokio::test]
async fn omitted_name_is_generated() {
    let aws = FakeAws::new(|call| call.ec2_error("UnauthorizedOperation", "No."));
    for unset in [Value::Null, Value::from("")] {
        let nameless = || config(&SecurityGroup, [("name_prefix", unset.clone())]);
        assert_eq!(problems(&SecurityGroup.validate(&nameless())), [""; 0]);
        let plan = aws.plan(&SecurityGroup, &Value::Null, &nameless());
        assert_eq!(problems(&plan.diags), [""; 0]);
        assert_eq!(plan.planned.get("name"), &Value::Unknown);
        assert_eq!(aws.operations(), [""; 0], "the plan of a new resource sends no request");
        aws.create(&SecurityGroup, nameless()).await;
        let call = &aws.calls()[0];
        assert_eq!(call.operation, "CreateSecurityGroup");
        // hashicorp/aws: `terraform-` and 26 hexadecimal digits.
        let suffix = call.param("GroupName").strip_prefix("terraform-").unwrap_or_default();
        assert!(suffix.len() == 26 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit()), "{call:?}");
    }
}

/// Values that a mock of another provider generates pass.
#[test]
fn validate_rejects_what_is_no_security_group_id() {
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
