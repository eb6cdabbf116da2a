# What the units of the project service-cache have in common in every environment.

locals {
  root = dirname(find_in_parent_folders("root.hcl"))
  env  = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

# In your own repository, a version of the project: git::https://github.com/ORGANIZATION/REPOSITORY.git//service-cache?ref=v1.2.0
terraform {
  source = "${local.root}/..//service-cache"
}

dependency "network" {
  config_path = "${get_terragrunt_dir()}/../network"

  # Mocks are accepted in a plan: the provider looks nothing up before an apply. An apply requires the network.
  mock_outputs = {
    vpc_id                    = "vpc-mock"
    private_subnet_ids        = ["subnet-mock-a", "subnet-mock-b"]
    service_security_group_id = "sg-mock"
  }

  mock_outputs_allowed_terraform_commands = ["init", "validate", "plan", "destroy"]
}

inputs = {
  environment               = local.env.environment
  kms_key_id                = local.env.kms_key_id
  alarm_actions             = local.env.alarm_actions
  vpc_id                    = dependency.network.outputs.vpc_id
  subnet_ids                = dependency.network.outputs.private_subnet_ids
  client_security_group_ids = [dependency.network.outputs.service_security_group_id]
}
