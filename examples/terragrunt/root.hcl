# What every unit has: where its state is, and which account and region it is for.
# ENVIRONMENT=dev terragrunt apply takes environments/dev.hcl; prod is the default.

locals {
  environment = get_env("ENVIRONMENT", "prod")
  env         = read_terragrunt_config("${get_parent_terragrunt_dir()}/environments/${local.environment}.hcl").locals
}

remote_state {
  backend = "s3"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    bucket       = "lightwave-terraform-state"
    key          = "${local.environment}/${path_relative_to_include()}/terraform.tfstate"
    region       = local.env.region
    encrypt      = true
    use_lockfile = true
  }
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
