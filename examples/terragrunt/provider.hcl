# The provider block, for the units whose module requires the provider. A unit that does not
# include this file gets no block: Terraform would look for a provider of that name elsewhere.

locals {
  environment = get_env("ENVIRONMENT", "prod")
  env         = read_terragrunt_config("${get_parent_terragrunt_dir()}/environments/${local.environment}.hcl").locals
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"

  contents = <<-EOT
    provider "elasticache" {
      region              = "${local.env.region}"
      allowed_account_ids = ["${local.env.account_id}"]

      default_tags {
        tags = {
          ManagedBy = "terragrunt"
        }
      }
    }
  EOT
}
