locals {
  region       = "eu-west-1"
  account_id   = "123456789012"
  redis_config = "redis-dev.yaml"
}
