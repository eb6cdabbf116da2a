# Without user_ids the group leaves its members to associations, which may stand in
# other configurations.
resource "elasticache_user_group" "this" {
  user_group_id         = "booking"
  engine                = "redis"
  disabled_default_user = true
}

resource "elasticache_user" "app" {
  user_id       = "booking-app"
  user_name     = "booking-app"
  engine        = "redis"
  access_string = "on ~booking:* -@all +@read +@write"

  authentication_mode {
    type = "iam"
  }
}

resource "elasticache_user_group_association" "app" {
  user_group_id = elasticache_user_group.this.id
  user_id       = elasticache_user.app.id
}
