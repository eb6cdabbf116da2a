resource "elasticache_auth_token_secret" "no_token" {
  name = "app/token"
}

resource "elasticache_auth_token_secret" "two_tokens" {
  name       = "app/token"
  auth_token = "0123456789abcdef"
  generate   = {}
}

resource "elasticache_auth_token_secret" "wo_and_generate" {
  name                  = "app/token"
  auth_token_wo         = "0123456789abcdef"
  auth_token_wo_version = 1
  generate              = {}
}

resource "elasticache_auth_token_secret" "wo_without_version" {
  name          = "app/token"
  auth_token_wo = "0123456789abcdef"
}

resource "elasticache_auth_token_secret" "version_without_wo" {
  name                  = "app/token"
  auth_token            = "0123456789abcdef"
  auth_token_wo_version = 1
}

resource "elasticache_auth_token_secret" "rotation_of_a_given_token" {
  name       = "app/token"
  auth_token = "0123456789abcdef"
  rotation   = "1"
}

resource "elasticache_auth_token_secret" "short" {
  name       = "app/token"
  auth_token = "secret"
}

resource "elasticache_auth_token_secret" "base64" {
  name       = "app/token"
  auth_token = "c2VjcmV0IHNlY3JldCBzZWNyZXQ="
}

resource "elasticache_auth_token_secret" "length" {
  name     = "app/token"
  generate = { length = 12 }
}

resource "elasticache_auth_token_secret" "name" {
  name     = "app token"
  generate = {}
}

resource "elasticache_auth_token_secret" "window" {
  name                    = "app/token"
  generate                = {}
  recovery_window_in_days = 3
}

resource "elasticache_auth_token_secret" "tag" {
  name     = "app/token"
  generate = {}
  tags     = { "aws:team" = "red" }
}
