include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//network"
}

inputs = {
  vpc_id                    = "vpc-0a1b2c3d4e5f60002"
  private_subnet_ids        = ["subnet-0a1b2c3d4e5f60021", "subnet-0a1b2c3d4e5f60022"]
  service_security_group_id = "sg-0a1b2c3d4e5f60002"
}
