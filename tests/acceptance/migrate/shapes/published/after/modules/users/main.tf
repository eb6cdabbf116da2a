variable "users" {
  type    = map(object({ access_string = string }))
  default = {}
}

resource "elasticache_user" "this" {
  for_each = var.users

  user_id              = each.key
  user_name            = each.key
  engine               = "redis"
  access_string        = each.value.access_string
  no_password_required = true
}

resource "elasticache_user_group" "this" {
  engine        = "redis"
  user_group_id = "users"

  lifecycle {
    ignore_changes = [user_ids]
  }
}

resource "elasticache_user_group_association" "this" {
  for_each = elasticache_user.this

  user_group_id = elasticache_user_group.this.user_group_id
  user_id       = each.value.user_id
}
