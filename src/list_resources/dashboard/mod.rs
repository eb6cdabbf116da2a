//! `list "elasticache_dashboard"`: the CloudWatch dashboards of the account.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::DashboardList;
