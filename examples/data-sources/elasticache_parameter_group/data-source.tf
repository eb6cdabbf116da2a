# AWS's own group, to see what its family has.
data "elasticache_parameter_group" "valkey8" {
  name = "default.valkey8"
}

output "eviction_policies" {
  value = split(",", data.elasticache_parameter_group.valkey8.parameters["maxmemory-policy"].allowed_values)
}

# A group with the settings of one that somebody made by hand.
data "elasticache_parameter_group" "by_hand" {
  name = "made-by-hand"
}

resource "elasticache_parameter_group" "this" {
  name   = "booking"
  family = data.elasticache_parameter_group.by_hand.family

  dynamic "parameter" {
    for_each = data.elasticache_parameter_group.by_hand.overrides
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}
