# In Django ECS service configuration
resource "aws_security_group_rule" "django_to_redis" {
  type                     = "ingress"
  from_port                = 6379
  to_port                  = 6379
  protocol                 = "tcp"
  security_group_id        = dependency.redis.outputs.redis_security_group_id
  source_security_group_id = aws_security_group.django_service.id
}
