resource "elasticache_user_group" "nobody" {
  user_group_id = "app"
  engine        = "REDIS"
}
