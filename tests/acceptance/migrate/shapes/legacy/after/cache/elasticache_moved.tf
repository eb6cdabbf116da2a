# Terraform 1.8 and later, and OpenTofu 1.10 and later, move the state of these resources from hashicorp/aws without
# a change in AWS. Remove this file when every state that has them was applied.

moved {
  from = aws_cloudwatch_metric_alarm.cpu
  to   = elasticache_metric_alarm.cpu
}

moved {
  from = aws_elasticache_parameter_group.redis
  to   = elasticache_parameter_group.redis
}

moved {
  from = aws_elasticache_replication_group.redis
  to   = elasticache_replication_group.redis
}

moved {
  from = aws_elasticache_subnet_group.redis
  to   = elasticache_subnet_group.redis
}
