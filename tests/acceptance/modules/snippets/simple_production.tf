module "redis" {
  source             = "../../modules/elasticache"
  app_name           = "myapp"
  environment        = "prod"
  vpc_id             = "vpc-123"
  subnet_ids         = ["subnet-abc", "subnet-def"]  # Multiple AZs
  security_group_ids = ["sg-xyz"]

  node_type                = "cache.t3.small"
  num_cache_nodes          = 2
  multi_az_enabled         = true
  snapshot_retention_limit = 5
  enable_auth_token        = true
  auth_token               = var.redis_auth_token

  tags = { Environment = "prod" }
}
