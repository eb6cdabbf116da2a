# The parameter groups for Valkey 8.
list "elasticache_parameter_group" "valkey8" {
  provider = elasticache

  config {
    family = "valkey8"
  }
}
