//! Cells that the protocol makes impossible, each with the reason.

use super::cells::Cell;

/// Cells by patterns; in each, `*` stands for anything at the beginning or the end, and `|` separates alternatives.
pub struct Exclusion {
    pub subject: &'static str,
    pub operation: &'static str,
    /// `service:Action`.
    pub call: &'static str,
    pub fault: &'static str,
    /// `once`, `always`, or `*` for both.
    pub times: &'static str,
    pub reason: &'static str,
}

/// All of them.
pub const EXCLUSIONS: &[Exclusion] = &[
    Exclusion {
        subject: "*",
        operation: "read",
        call: "*:ListTagsForResource",
        fault: "not applied, success without content|page token repeats",
        times: "*",
        reason: "An object without tags has the same response.",
    },
    Exclusion {
        subject: "elasticache_security_group",
        operation: "read",
        call: "ec2:DescribeSecurityGroupRules",
        fault: "not applied, success without content",
        times: "*",
        reason: "A security group without rules has the same response.",
    },
    Exclusion {
        subject: "elasticache_parameter_group",
        operation: "read",
        call: "elasticache:DescribeCacheParameters",
        fault: "not applied, success without content",
        times: "*",
        reason: "A parameter group without changed parameters has the same response.",
    },
    Exclusion {
        subject: "elasticache_stop_service_update",
        operation: "invoke",
        call: "elasticache:DescribeUpdateActions",
        fault: "not applied, success without content",
        times: "*",
        reason: "A replication group without service updates has the same response.",
    },
    Exclusion {
        subject: "*",
        operation: "create",
        call: "elasticache:Create*|elasticache:Copy*",
        fault: "ten minutes late",
        times: "always",
        reason: "AWS never answers the create, so nothing shows that this configuration has created the object. The \
                 next error has the command that imports it, or says that the file of an export has to be deleted.",
    },
];

fn matches(patterns: &str, text: &str) -> bool {
    patterns.split('|').any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), Some(_)) => true,
        (Some(end), _) => text.ends_with(end),
        (_, Some(start)) => text.starts_with(start),
        _ => pattern == text,
    })
}

/// The exclusion of a cell.
pub fn exclusion(cell: &Cell) -> Option<&'static Exclusion> {
    let call = format!("{}:{}", cell.service, cell.action);
    EXCLUSIONS.iter().find(|it| {
        matches(it.subject, cell.subject)
            && matches(it.operation, cell.operation.name())
            && matches(it.call, &call)
            && matches(it.fault, &cell.misfortune.name)
            && matches(it.times, cell.times())
    })
}
