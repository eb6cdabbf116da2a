resource "elasticache_user" "no_login" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
}

resource "elasticache_user" "identifier" {
  user_id              = "app_1"
  user_name            = "app"
  engine               = "redis"
  access_string        = "on ~* +@all"
  no_password_required = true
}

resource "elasticache_user" "aws_own" {
  user_id              = "Default"
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
}

resource "elasticache_user" "name_and_engine" {
  user_id              = "app"
  user_name            = "the app"
  engine               = "memcached"
  access_string        = "on ~* +@all"
  no_password_required = true
}

resource "elasticache_user" "password_in_access_string" {
  user_id              = "app"
  user_name            = "app"
  engine               = "redis"
  access_string        = "on >hunter2-hunter2-hunter2 ~* +@all"
  no_password_required = true
}

resource "elasticache_user" "no_rule" {
  user_id              = "app"
  user_name            = "app"
  engine               = "redis"
  access_string        = "on ~* @read"
  no_password_required = true
}

resource "elasticache_user" "three_passwords" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
  authentication_mode {
    type      = "password"
    passwords = ["a-long-password-1", "a-long-password-2", "a-long-password-3"]
  }
}

resource "elasticache_user" "two_ways" {
  user_id              = "app"
  user_name            = "app"
  engine               = "redis"
  access_string        = "on ~* +@all"
  passwords            = ["a-long-password-1"]
  no_password_required = true
  authentication_mode {
    type = "iam"
  }
}

resource "elasticache_user" "no_version" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
  passwords_wo  = ["a-long-password-1"]
}

resource "elasticache_user" "mode_without_passwords" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
  authentication_mode {
    type = "password"
  }
}

resource "elasticache_user" "iam_with_password" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
  authentication_mode {
    type      = "iam"
    passwords = ["a-long-password-1"]
  }
}

resource "elasticache_user" "iam_name" {
  user_id       = "App"
  user_name     = "App"
  engine        = "redis"
  access_string = "on ~* +@all"
  authentication_mode {
    type = "iam"
  }
}

resource "elasticache_user" "unknown_mode" {
  user_id       = "app"
  user_name     = "app"
  engine        = "redis"
  access_string = "on ~* +@all"
  authentication_mode {
    type = "kerberos"
  }
}

resource "elasticache_user" "open_valkey" {
  user_id       = "app"
  user_name     = "app"
  engine        = "valkey"
  access_string = "off -@all"
  authentication_mode {
    type = "no-password-required"
  }
}

resource "elasticache_user" "open_with_passwords" {
  user_id              = "app"
  user_name            = "app"
  engine               = "redis"
  access_string        = "on ~* +@all"
  passwords            = ["a-long-password-1"]
  no_password_required = true
}
