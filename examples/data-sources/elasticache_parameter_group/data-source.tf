# The default parameter group of AWS: the parameters of its family.
data "elasticache_parameter_group" "valkey8" {
  name = "default.valkey8"
}

output "eviction_policies" {
  value = split(",", data.elasticache_parameter_group.valkey8.parameters["maxmemory-policy"].allowed_values)
}

# A parameter group with the settings of one that was created outside of Terraform.
data "elasticache_parameter_group" "console" {
  name = "booking-console"
}

resource "elasticache_parameter_group" "this" {
  name   = "booking"
  family = data.elasticache_parameter_group.console.family

  dynamic "parameter" {
    for_each = data.elasticache_parameter_group.console.overrides
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}
