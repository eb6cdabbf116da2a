# The provider block, for the units whose module requires the provider. The network does not: with this block Terraform
# would look for a provider of that name elsewhere.

locals {
  env    = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  region = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals.region
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"

  contents = <<-EOT
    provider "elasticache" {
      region              = "${local.region}"
      allowed_account_ids = ["${local.env.account_id}"]

      default_tags {
        tags = {
          ManagedBy = "terragrunt"
        }
      }
    }
  EOT
}
