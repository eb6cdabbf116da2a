//! A listing whose pages never end is an error.

use std::time::{Duration, Instant};

use super::stack::configuration;
use crate::aws_control::instant;
use crate::simulator::{InjectedFault, on};

/// Listings that a refresh of the stack makes, of every service.
const LISTINGS: &[(&str, &str)] = &[
    ("cloudwatch", "DescribeAlarms"),
    ("ec2", "DescribeSecurityGroupRules"),
    ("elasticache", "DescribeCacheParameters"),
    ("logs", "DescribeLogGroups"),
    ("ssm", "DescribeParameters"),
];

/// Each listing answers every page as empty, with the token of the page asked for. The
/// refresh ends with an error after a few calls.
#[test]
fn a_page_token_that_repeats_ends_every_listing() {
    let fixture = instant(&configuration());
    fixture.terraform.apply();
    for (service, action) in LISTINGS {
        fixture.aws.clear_faults();
        fixture.aws.record().clear();
        fixture.aws.fault(on(service, action).always(), InjectedFault::Page("again".to_owned()));
        let started = Instant::now();
        let run = fixture.terraform.run(&["plan", "-json"]).fails();
        let message: String = run.diagnostics().iter().map(|it| format!("{it}\n")).collect();
        assert!(message.contains("it repeats the token of an earlier page"), "{action}: {message}");
        assert!(started.elapsed() < Duration::from_secs(60), "{action}");
        let calls = fixture.aws.calls(service, action).len();
        assert!(calls < 40, "{action}: {calls} calls");
    }
}

/// A listing that several reads share is given up, and each object is described by itself.
#[test]
fn a_page_token_that_repeats_in_a_shared_listing_costs_no_object() {
    let groups: String = (0..12)
        .map(|i| {
            format!(
                r#"resource "elasticache_subnet_group" "g{i}" {{
  name = "g{i}"
  subnet_ids = ["subnet-00000001"]
}}
"#
            )
        })
        .collect();
    let fixture = instant(&groups);
    fixture.terraform.apply();
    fixture.aws.record().clear();
    // Listings alone carry a number of records.
    let listing = on("elasticache", "DescribeCacheSubnetGroups").with("MaxRecords", "100");
    fixture.aws.fault(listing.always(), InjectedFault::Page("again".to_owned()));
    fixture.terraform.assert_unchanged();
    let calls = fixture.aws.calls("elasticache", "DescribeCacheSubnetGroups").len();
    assert!(calls < 100, "{calls} calls");
}
