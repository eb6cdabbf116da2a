# The users of one user group.
list "elasticache_user_group_association" "booking" {
  provider = elasticache

  config {
    user_group_id = "booking"
  }
}
