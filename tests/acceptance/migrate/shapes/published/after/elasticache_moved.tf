# Terraform 1.8 and later, and OpenTofu 1.10 and later, move the state of these resources from hashicorp/aws without
# a change in AWS. Remove this file when every state that has them was applied.

moved {
  from = aws_cloudwatch_log_group.this
  to   = elasticache_log_group.this
}

moved {
  from = aws_cloudwatch_metric_alarm.memory
  to   = elasticache_metric_alarm.memory
}

moved {
  from = aws_elasticache_parameter_group.this
  to   = elasticache_parameter_group.this
}

moved {
  from = aws_elasticache_replication_group.this
  to   = elasticache_replication_group.this
}

moved {
  from = aws_elasticache_subnet_group.this
  to   = elasticache_subnet_group.this
}
