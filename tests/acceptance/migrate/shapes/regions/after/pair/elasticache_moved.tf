# Terraform 1.8 and later, and OpenTofu 1.10 and later, move the state of these resources from hashicorp/aws without
# a change in AWS. Remove this file when every state that has them was applied.

moved {
  from = aws_elasticache_replication_group.primary
  to   = elasticache_replication_group.primary
}

moved {
  from = aws_elasticache_replication_group.secondary
  to   = elasticache_replication_group.secondary
}
