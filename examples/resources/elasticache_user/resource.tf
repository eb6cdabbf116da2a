variable "passwords" {
  description = "Password of the application; during a rotation the new one and the old one"
  type        = list(string)
  sensitive   = true
  ephemeral   = true
}

# Logs in with a password that is not in the state.
resource "elasticache_user" "app" {
  user_id       = "booking-app"
  user_name     = "app"
  engine        = "valkey"
  access_string = "on ~booking:* &booking:* -@all +@read +@write +@connection"

  passwords_wo         = var.passwords
  passwords_wo_version = 1
}

# Logs in with a token signed by IAM.
resource "elasticache_user" "reports" {
  user_id       = "booking-reports"
  user_name     = "booking-reports"
  engine        = "valkey"
  access_string = "on ~booking:* -@all +@read"

  authentication_mode {
    type = "iam"
  }
}
