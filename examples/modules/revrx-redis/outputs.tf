# What the production .env holds, and where each consumer finds it. No output holds the
# token, since outputs are in the state.

locals {
  references = {
    REDIS_PASSWORD        = elasticache_auth_token_secret.this.arn
    REDIS_URL             = elasticache_ssm_url.redis.arn
    CELERY_BROKER_URL     = elasticache_ssm_url.celery.arn
    CELERY_RESULT_BACKEND = elasticache_ssm_url.celery.arn
  }

  values = {
    REDIS_HOST = elasticache_replication_group.this.endpoint
    REDIS_PORT = tostring(elasticache_replication_group.this.port)
    REDIS_DB   = tostring(var.database)
  }
}

output "redis_host" {
  description = "REDIS_HOST: address of the primary; with num_node_groups, the configuration endpoint."
  value       = elasticache_replication_group.this.endpoint
}

output "redis_port" {
  description = "REDIS_PORT."
  value       = elasticache_replication_group.this.port
}

output "redis_db" {
  description = "REDIS_DB."
  value       = var.database
}

output "redis_password_secret_arn" {
  description = "ARN of the secret whose value is REDIS_PASSWORD and nothing else."
  value       = elasticache_auth_token_secret.this.arn
}

output "redis_url_parameter_arn" {
  description = "ARN of the SSM parameter whose value is REDIS_URL, with the token percent-encoded."
  value       = elasticache_ssm_url.redis.arn
}

output "celery_url_parameter_arn" {
  description = "ARN of the SSM parameter whose value is CELERY_BROKER_URL and CELERY_RESULT_BACKEND, with ssl_cert_reqs."
  value       = elasticache_ssm_url.celery.arn
}

output "env" {
  description = "The settings of the .env, a line each, with the ARN in place of what is secret: input of update-env.sh."
  value       = join("", [for name, value in merge(local.values, local.references) : "${name}=${value}\n"])
}

output "ecs_environment" {
  description = "The `environment` of a container in an ECS task definition."
  value       = [for name, value in local.values : { name = name, value = value }]
}

output "ecs_secrets" {
  description = "The `secrets` of a container in an ECS task definition."
  value       = [for name, arn in local.references : { name = name, valueFrom = arn }]
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.this.id
}

output "member_clusters" {
  description = "IDs of the nodes, which CloudWatch knows as CacheClusterId."
  value       = elasticache_replication_group.this.member_clusters
}

output "security_group_id" {
  description = "Security group of the cache, which lets app_security_group_id in on port 6379."
  value       = elasticache_security_group.this.id
}
