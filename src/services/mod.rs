//! Calls to AWS: one folder per service, one file per AWS object.
//!
//! A service knows no Terraform: it returns the types of the SDK and [`AwsError`](crate::aws::AwsError).

pub(crate) mod cloudwatch;
pub(crate) mod ec2;
pub(crate) mod elasticache;
pub(crate) mod logs;
pub(crate) mod secretsmanager;
pub(crate) mod ssm;
