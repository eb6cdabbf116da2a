variable "auth_token" {
  type      = string
  sensitive = true

  validation {
    condition     = length(provider::elasticache::auth_token_problems(var.auth_token)) == 0
    error_message = join(" ", nonsensitive(provider::elasticache::auth_token_problems(var.auth_token)))
  }
}
