# A user group without user_ids has its members by associations, which other configurations
# may manage.
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
