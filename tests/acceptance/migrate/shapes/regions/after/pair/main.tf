terraform {
  required_providers {
    elasticache = {
      source                = "elasticache-rs/elasticache"
      version               = "~> 0.1"
      configuration_aliases = [elasticache.primary, elasticache.secondary]
    }
  }
}

variable "name" {
  type = string
}

locals {
  groups = {
    primary   = elasticache_replication_group.primary
    secondary = elasticache_replication_group.secondary
  }
}

resource "elasticache_replication_group" "primary" {
  provider = elasticache.primary

  replication_group_id       = var.name
  description                = "Sessions"
  node_type                  = "cache.r7g.large"
  engine                     = "valkey"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
}

resource "elasticache_replication_group" "secondary" {
  provider = elasticache.secondary

  replication_group_id       = "${elasticache_replication_group.primary.replication_group_id}-copy"
  description                = "Sessions, elsewhere"
  node_type                  = elasticache_replication_group.primary.node_type
  engine                     = "valkey"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true

  lifecycle {
    replace_triggered_by = [elasticache_replication_group.primary.id]

    precondition {
      condition     = elasticache_replication_group.primary.engine == "valkey"
      error_message = "Both must run Valkey."
    }
  }
}

output "endpoints" {
  value = { for name, group in local.groups : name => group.primary_endpoint_address }
}
