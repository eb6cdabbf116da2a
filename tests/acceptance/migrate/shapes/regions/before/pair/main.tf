terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.0"
      configuration_aliases = [aws.primary, aws.secondary]
    }
  }
}

variable "name" {
  type = string
}

locals {
  groups = {
    primary   = aws_elasticache_replication_group.primary
    secondary = aws_elasticache_replication_group.secondary
  }
}

resource "aws_elasticache_replication_group" "primary" {
  provider = aws.primary

  replication_group_id       = var.name
  description                = "Sessions"
  node_type                  = "cache.r7g.large"
  engine                     = "valkey"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
}

resource "aws_elasticache_replication_group" "secondary" {
  provider = aws.secondary

  replication_group_id       = "${aws_elasticache_replication_group.primary.replication_group_id}-copy"
  description                = "Sessions, elsewhere"
  node_type                  = aws_elasticache_replication_group.primary.node_type
  engine                     = "valkey"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true

  lifecycle {
    replace_triggered_by = [aws_elasticache_replication_group.primary.id]

    precondition {
      condition     = aws_elasticache_replication_group.primary.engine == "valkey"
      error_message = "Both must run Valkey."
    }
  }
}

output "endpoints" {
  value = { for name, group in local.groups : name => group.primary_endpoint_address }
}
