//! The AWS services this provider talks to.

use std::fmt;

/// An AWS service this provider calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Amazon ElastiCache.
    ElastiCache,
    /// AWS Systems Manager (Parameter Store).
    Ssm,
    /// AWS Secrets Manager.
    SecretsManager,
    /// Amazon CloudWatch (alarms).
    CloudWatch,
    /// Amazon CloudWatch Logs.
    Logs,
    /// Amazon EC2 (security groups).
    Ec2,
    /// Resource Groups Tagging API (the index of tags).
    Tagging,
    /// AWS Security Token Service (roles, account id).
    Sts,
}

impl Service {
    /// Every service, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::ElastiCache,
        Self::Ssm,
        Self::SecretsManager,
        Self::CloudWatch,
        Self::Logs,
        Self::Ec2,
        Self::Tagging,
        Self::Sts,
    ];

    /// The key in the provider's `endpoints` block. It is also the prefix of
    /// the service's IAM actions, as in `elasticache:CreateReplicationGroup`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ElastiCache => "elasticache",
            Self::Ssm => "ssm",
            Self::SecretsManager => "secretsmanager",
            Self::CloudWatch => "cloudwatch",
            Self::Logs => "logs",
            Self::Ec2 => "ec2",
            Self::Tagging => "resourcegroupstaggingapi",
            Self::Sts => "sts",
        }
    }

    /// Other keys that hashicorp/aws accepts for the service in its `endpoints` block.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Logs => &["cloudwatchlogs", "cloudwatchlog"],
            Self::Tagging => &["resourcegroupstagging"],
            _ => &[],
        }
    }

    /// The name that people know the service by. It is also the service ID of the AWS SDKs, by which
    /// profiles name the service.
    pub fn title(self) -> &'static str {
        match self {
            Self::ElastiCache => "ElastiCache",
            Self::Ssm => "SSM",
            Self::SecretsManager => "Secrets Manager",
            Self::CloudWatch => "CloudWatch",
            Self::Logs => "CloudWatch Logs",
            Self::Ec2 => "EC2",
            Self::Tagging => "Resource Groups Tagging API",
            Self::Sts => "STS",
        }
    }

    /// The environment variable that sets this service's endpoint.
    pub fn endpoint_variable(self) -> &'static str {
        match self {
            Self::ElastiCache => "AWS_ENDPOINT_URL_ELASTICACHE",
            Self::Ssm => "AWS_ENDPOINT_URL_SSM",
            Self::SecretsManager => "AWS_ENDPOINT_URL_SECRETS_MANAGER",
            Self::CloudWatch => "AWS_ENDPOINT_URL_CLOUDWATCH",
            Self::Logs => "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
            Self::Ec2 => "AWS_ENDPOINT_URL_EC2",
            Self::Tagging => "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API",
            Self::Sts => "AWS_ENDPOINT_URL_STS",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}
