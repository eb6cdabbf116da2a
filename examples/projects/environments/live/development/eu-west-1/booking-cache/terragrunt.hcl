include "root" {
  path = find_in_parent_folders("root.hcl")
}

include "provider" {
  path = find_in_parent_folders("provider.hcl")
}

include "unit" {
  path = "${dirname(find_in_parent_folders("root.hcl"))}/units/service-cache.hcl"
}

inputs = {
  name                     = "booking-development"
  node_type                = "cache.t4g.micro"
  nodes                    = 1
  snapshot_retention_limit = 0
}
