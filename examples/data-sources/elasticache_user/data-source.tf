# A user that another configuration manages.
data "elasticache_user" "app" {
  user_id = "app"
}

resource "elasticache_user_group_association" "app" {
  user_group_id = "booking"
  user_id       = data.elasticache_user.app.id
}
