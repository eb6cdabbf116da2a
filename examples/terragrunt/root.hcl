# What every unit has: where its state is. ENVIRONMENT=dev terragrunt apply uses
# environments/dev.hcl; prod is the default.

locals {
  environment = get_env("ENVIRONMENT", "prod")
  env         = read_terragrunt_config("${get_parent_terragrunt_dir()}/environments/${local.environment}.hcl").locals
}

# A working folder for each environment: each has its own backend, so that one needs no
# `init -reconfigure` after the other, and neither sees the state of the other.
download_dir = "${get_parent_terragrunt_dir()}/.terragrunt-cache/${local.environment}"

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
