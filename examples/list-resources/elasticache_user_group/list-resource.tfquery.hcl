# The user groups for Valkey.
list "elasticache_user_group" "valkey" {
  provider = elasticache

  config {
    engine = "valkey"
  }
}
