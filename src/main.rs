//! Terraform and OpenTofu provider for Amazon ElastiCache.

fn main() {}
