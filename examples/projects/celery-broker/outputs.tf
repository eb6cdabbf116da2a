output "broker_url_parameter_arn" {
  description = "ARN of the SSM parameter with CELERY_BROKER_URL."
  value       = elasticache_ssm_url.this["broker"].arn
}

output "result_backend_parameter_arn" {
  description = "ARN of the SSM parameter with CELERY_RESULT_BACKEND."
  value       = elasticache_ssm_url.this["results"].arn
}

output "ecs_secrets" {
  description = "The `secrets` of a container in an ECS task definition. The execution role needs ssm:GetParameters on them."
  value = [
    { name = "CELERY_BROKER_URL", valueFrom = elasticache_ssm_url.this["broker"].arn },
    { name = "CELERY_RESULT_BACKEND", valueFrom = elasticache_ssm_url.this["results"].arn },
  ]
}

output "security_group_id" {
  description = "Security group of the broker."
  value       = elasticache_security_group.this.id
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = elasticache_replication_group.this.id
}
