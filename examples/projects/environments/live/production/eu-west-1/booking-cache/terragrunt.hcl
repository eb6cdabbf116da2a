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
  name      = "booking-production"
  node_type = "cache.r7g.large"
  nodes     = 3
}
