module "redis" {
  source             = "../../modules/elasticache"
  app_name           = "myapp"
  environment        = "prod"
  vpc_id             = "vpc-123"
  subnet_ids         = ["subnet-abc", "subnet-def"]
  security_group_ids = ["sg-xyz"]

  node_type         = "cache.t3.medium"
  num_cache_nodes   = 3  # Primary + 2 replicas
  multi_az_enabled  = true
  enable_auth_token = true
  auth_token        = random_password.redis_token.result

  tags = { Environment = "prod", Critical = "true" }
}

# Generate secure auth token
resource "random_password" "redis_token" {
  length  = 32
  special = false  # AUTH tokens don't support special chars
}
