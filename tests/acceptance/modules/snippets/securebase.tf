module "elasticache" {
  source = "./modules/elasticache"
  
  environment                 = "prod"
  vpc_id                      = module.vpc.vpc_id
  subnet_ids                  = module.vpc.private_subnet_ids
  allowed_security_group_ids  = [module.lambda.security_group_id]
  
  # Instance configuration
  node_type                   = "cache.r6g.large"  # 13.07 GB RAM
  num_cache_nodes             = 2                   # Primary + 1 replica
  multi_az_enabled            = true
  
  # Security
  auth_token_enabled          = true
  auth_token                  = random_password.redis_auth.result
  store_auth_token            = true
  
  # Backup
  snapshot_retention_limit    = 7
  snapshot_window             = "03:00-05:00"
  maintenance_window          = "sun:05:00-sun:07:00"
  
  # Monitoring
  notification_topic_arn      = aws_sns_topic.alerts.arn
  alarm_actions               = [aws_sns_topic.alerts.arn]
  
  tags = {
    Project = "SecureBase"
    Tier    = "Premium"
  }
}

# Generate secure auth token
resource "random_password" "redis_auth" {
  length  = 32
  special = false  # Alphanumeric only for Redis AUTH
}
