# One output for each line of the production .env, by the same name.

locals {
  port     = elasticache_replication_group.this.port
  password = "$(aws secretsmanager get-secret-value --secret-id ${elasticache_auth_token_secret.this.arn} --query SecretString --output text)"
}

output "redis_host" {
  description = "REDIS_HOST: address of the primary."
  value       = elasticache_replication_group.this.primary_endpoint_address
}

output "redis_port" {
  description = "REDIS_PORT."
  value       = local.port
}

output "redis_password" {
  description = "REDIS_PASSWORD as a command of the shell that reads the token where it is kept: it is in no output."
  value       = local.password
}

output "redis_password_secret_arn" {
  description = "Secret whose value is REDIS_PASSWORD, for the secrets of an ECS task."
  value       = elasticache_auth_token_secret.this.arn
}

output "redis_db" {
  description = "REDIS_DB."
  value       = var.database
}

output "redis_url" {
  description = "REDIS_URL, with the password as a variable of the shell."
  value       = "rediss://:$${REDIS_PASSWORD}@${elasticache_replication_group.this.primary_endpoint_address}:${local.port}/${var.database}"
}

# Celery refuses a rediss:// URL that does not say how certificates are checked.

output "celery_broker_url" {
  description = "CELERY_BROKER_URL, with the URL as a variable of the shell."
  value       = "$${REDIS_URL}?ssl_cert_reqs=required"
}

output "celery_result_backend" {
  description = "CELERY_RESULT_BACKEND, with the URL as a variable of the shell."
  value       = "$${REDIS_URL}?ssl_cert_reqs=required"
}

output "env" {
  description = "The whole of the .env, to be read by a shell: terraform output -raw env > .env."
  value       = <<-EOT
    # Redis Configuration
    REDIS_HOST=${elasticache_replication_group.this.primary_endpoint_address}
    REDIS_PORT=${local.port}
    REDIS_PASSWORD=${local.password}
    REDIS_DB=${var.database}
    REDIS_URL=rediss://:$${REDIS_PASSWORD}@$${REDIS_HOST}:$${REDIS_PORT}/$${REDIS_DB}

    # Celery Configuration
    CELERY_BROKER_URL=$${REDIS_URL}?ssl_cert_reqs=required
    CELERY_RESULT_BACKEND=$${REDIS_URL}?ssl_cert_reqs=required
  EOT
}

output "replication_group_id" {
  description = "Id of the replication group."
  value       = elasticache_replication_group.this.id
}

output "security_group_id" {
  description = "Security group of the cache."
  value       = elasticache_security_group.this.id
}
