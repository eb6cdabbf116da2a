module "redis" {
  source = "../../modules/elasticache"

  # Same required variables
  app_name           = "backend-booking"
  environment        = "prod"
  vpc_id             = module.networking.vpc_id
  subnet_ids         = module.networking.private_subnet_ids  # Multiple AZs
  security_group_ids = [aws_security_group.ecs_tasks.id]

  # Production overrides
  node_type                = "cache.t3.small"  # More memory
  num_cache_nodes          = 2                 # Primary + replica
  multi_az_enabled         = true              # High availability
  snapshot_retention_limit = 5                 # Daily backups
  enable_auth_token        = true              # Security
  auth_token               = var.redis_auth_token

  tags = {
    Environment = "prod"
  }
}
