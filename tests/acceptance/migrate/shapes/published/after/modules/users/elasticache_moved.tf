# Terraform 1.8 and later, and OpenTofu 1.10 and later, move the state of these resources from hashicorp/aws without
# a change in AWS. Remove this file when every state that has them was applied.

moved {
  from = aws_elasticache_user.this
  to   = elasticache_user.this
}

moved {
  from = aws_elasticache_user_group.this
  to   = elasticache_user_group.this
}

moved {
  from = aws_elasticache_user_group_association.this
  to   = elasticache_user_group_association.this
}
