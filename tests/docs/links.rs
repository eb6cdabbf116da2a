//! Links: to pages of AWS, between pages, and those of the overview, which registries serve at another depth.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pages::{published, root};

/// Where the pages of AWS are.
const AWS: &str = "https://docs.aws.amazon.com/";

/// The pages of AWS that this project links to. Each was found in the table of contents of its guide
/// (`llms.txt` of the ElastiCache User Guide), in the API models, or in the documentation of several other projects.
/// A link to another page is checked before it is added here: the names of pages are easily misremembered.
const PAGES: &[&str] = &[
    "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
    "AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html",
    "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    "AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html",
    "AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    "AmazonCloudWatch/latest/monitoring/alarm-promql.html",
    "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    "AmazonElastiCache/latest/APIReference/API_CopySnapshot.html",
    "AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html",
    "AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html",
    "AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html",
    "AmazonElastiCache/latest/APIReference/API_CreateServerlessCacheSnapshot.html",
    "AmazonElastiCache/latest/APIReference/API_CreateSnapshot.html",
    "AmazonElastiCache/latest/APIReference/API_DescribeCacheEngineVersions.html",
    "AmazonElastiCache/latest/APIReference/API_DescribeServiceUpdates.html",
    "AmazonElastiCache/latest/APIReference/API_DescribeUpdateActions.html",
    "AmazonElastiCache/latest/APIReference/API_ListAllowedNodeTypeModifications.html",
    "AmazonElastiCache/latest/dg/AutoFailover.html",
    "AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
    "AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    "AmazonElastiCache/latest/dg/Clusters.RBAC.html",
    "AmazonElastiCache/latest/dg/Log_Delivery.html",
    "AmazonElastiCache/latest/dg/Redis-Global-Datastore.html",
    "AmazonElastiCache/latest/dg/Scaling.html",
    "AmazonElastiCache/latest/dg/Self-Service-Updates.html",
    "AmazonElastiCache/latest/dg/SupportedCommands.html",
    "AmazonElastiCache/latest/dg/VersionManagement.HowTo.html",
    "AmazonElastiCache/latest/dg/at-rest-encryption.html",
    "AmazonElastiCache/latest/dg/auth-iam.html",
    "AmazonElastiCache/latest/dg/auth.html",
    "AmazonElastiCache/latest/dg/backups-exporting.html",
    "AmazonElastiCache/latest/dg/data-tiering.html",
    "AmazonElastiCache/latest/dg/engine-versions.html",
    "AmazonElastiCache/latest/dg/in-transit-encryption-enable.html",
    "AmazonElastiCache/latest/dg/in-transit-encryption.html",
    "AmazonElastiCache/latest/dg/modify-cluster-mode.html",
    "AmazonElastiCache/latest/dg/quota-limits.html",
    "AmazonElastiCache/latest/dg/scaling-redis-cluster-mode-enabled.html",
    "aws-managed-policy/latest/reference/AmazonElastiCacheFullAccess.html",
    "secretsmanager/latest/apireference/API_CreateSecret.html",
    "secretsmanager/latest/apireference/API_DeleteSecret.html",
    "secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    "securityhub/latest/userguide/elasticache-controls.html",
    "systems-manager/latest/APIReference/API_PutParameter.html",
    "vpc/latest/userguide/amazon-vpc-limits.html",
];

/// Every Markdown file below a place.
fn markdown(place: &Path, found: &mut Vec<PathBuf>) {
    if place.is_dir() {
        fs::read_dir(place).unwrap().for_each(|entry| markdown(&entry.unwrap().path(), found));
    } else if place.extension().is_some_and(|ending| ending == "md") {
        found.push(place.to_owned());
    }
}

/// Where the links of a page lead, without the anchors of the same page.
fn links(page: &str) -> impl Iterator<Item = &str> {
    page.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.starts_with('#'))
}

#[test]
fn every_link_to_aws_leads_to_a_page_that_was_checked() {
    let mut files = Vec::new();
    for place in ["docs", "examples", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"] {
        markdown(&root().join(place), &mut files);
    }
    let (mut wrong, mut visited) = (Vec::new(), 0);
    for file in files {
        let page = fs::read_to_string(&file).unwrap();
        for name in links(&page).filter_map(|link| link.strip_prefix(AWS)) {
            visited += 1;
            if !PAGES.contains(&name.split('#').next().unwrap()) {
                wrong.push(format!("{}: {AWS}{name}", file.display()));
            }
        }
    }
    assert!(visited > 50, "{visited} links");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The headings of a page, as the registries and GitHub write their anchors.
fn anchors(page: &str) -> Vec<String> {
    let headings =
        page.lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#'));
    let anchor = |heading: &str| {
        let retained = heading.trim().chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        retained.collect::<String>().to_lowercase().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

/// Guides and reference pages lie in folders of one depth on both registries, so links between them are relative and
/// without an ending.
#[test]
fn every_link_between_pages_leads_to_a_page_and_its_heading() {
    let mut files = Vec::new();
    for folder in [
        "guides",
        "resources",
        "data-sources",
        "ephemeral-resources",
        "functions",
        "list-resources",
        "actions",
    ] {
        markdown(&root().join("docs").join(folder), &mut files);
    }
    let (mut wrong, mut visited) = (Vec::new(), 0);
    for file in files {
        let page = fs::read_to_string(&file).unwrap();
        for link in links(&page).filter(|link| !link.contains("://")) {
            visited += 1;
            let (name, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = file.parent().unwrap().join(format!("{name}.md"));
            let found = fs::read_to_string(&target).ok().map(|page| anchors(&page));
            if found.is_none_or(|anchors| !anchor.is_empty() && !anchors.iter().any(|it| it == anchor)) {
                wrong.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(visited > 30, "{visited} links");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Fault K27.
#[test]
fn every_link_of_the_overview_leads_to_a_page_of_the_registry() {
    let page = fs::read_to_string(root().join("docs/index.md")).unwrap();
    let mut pages = 0;
    for link in links(&page).filter(|link| !link.starts_with(AWS)) {
        let name = link.strip_prefix(&published()).unwrap_or_else(|| panic!("{link} is a relative link"));
        assert!(root().join("docs").join(format!("{name}.md")).is_file(), "{link} leads to no page");
        pages += 1;
    }
    assert!(pages > 20, "{pages} links");
}

/// Fault K27. Without a license that it knows, OpenTofu's registry does not show the documentation.
#[test]
fn the_repository_has_a_license() {
    let license = fs::read_to_string(root().join("LICENSE")).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let name = manifest.lines().find_map(|line| line.strip_prefix("license = ")).unwrap().trim_matches('"');
    assert!(license.starts_with(&format!("{name} License\n")), "{name}: {license}");
}
