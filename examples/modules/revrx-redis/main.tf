# The broker and result backend of the RevRx report queue: what
# `aws elasticache create-replication-group` and
# `aws ec2 authorize-security-group-ingress` made by hand.

resource "elasticache_subnet_group" "this" {
  name        = var.subnet_group_name
  description = "Subnets of ${var.replication_group_id}"
  subnet_ids  = var.subnet_ids
  tags        = var.tags
}

resource "elasticache_security_group" "this" {
  name                       = var.replication_group_id
  description                = "Redis of the application servers"
  vpc_id                     = elasticache_subnet_group.this.vpc_id
  allowed_security_group_ids = [var.app_security_group_id]
  tags                       = var.tags
}

resource "elasticache_auth_token_secret" "this" {
  name        = "${var.replication_group_id}/auth-token"
  description = "REDIS_PASSWORD of ${var.replication_group_id}"
  auth_token  = var.auth_token
  tags        = var.tags

  # Letters and digits alone, so that the .env file needs no quotes and the URL no encoding.
  generate = var.auth_token == null ? { length = 32, special = false } : null
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = var.replication_group_id
  description                = var.description
  engine                     = "redis"
  engine_version             = var.engine_version
  node_type                  = var.node_type
  num_cache_clusters         = var.num_cache_clusters
  automatic_failover_enabled = var.automatic_failover_enabled
  multi_az_enabled           = var.multi_az_enabled
  subnet_group_name          = elasticache_subnet_group.this.name
  security_group_ids         = [elasticache_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  snapshot_retention_limit   = var.snapshot_retention_limit
  maintenance_window         = var.maintenance_window
  tags                       = var.tags

  auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
}
