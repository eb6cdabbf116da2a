include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//network"
}

inputs = {
  vpc_id                    = "vpc-0a1b2c3d4e5f60001"
  private_subnet_ids        = ["subnet-0a1b2c3d4e5f60011", "subnet-0a1b2c3d4e5f60012"]
  service_security_group_id = "sg-0a1b2c3d4e5f60001"
}
