# A cache in two Regions: the active one takes writes, and the other one has a copy for reads near the clients and for the
# case that the first one fails. Another active_region fails over. The provider takes credentials from the environment.

locals {
  tags   = merge({ Environment = var.environment, Service = var.name }, var.tags)
  active = coalesce(var.active_region, var.home.region)

  regions = { home = var.home, standby = var.standby }

  # Roles change with each failover, so the names say where a group is.
  ids = { for place, region in local.regions : place => "${var.name}-${region.region}" }
}

resource "elasticache_subnet_group" "this" {
  for_each = local.regions

  region      = each.value.region
  name        = local.ids[each.key]
  description = "Cache ${var.name}"
  subnet_ids  = each.value.subnet_ids
  tags        = local.tags
}

resource "elasticache_security_group" "this" {
  for_each = local.regions

  # A cache that uses the group keeps AWS from deleting it: a new one is created first.
  region                     = each.value.region
  name_prefix                = "${var.name}-"
  description                = "Cache ${var.name}"
  vpc_id                     = each.value.vpc_id
  allowed_security_group_ids = each.value.client_security_group_ids
  tags                       = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "elasticache_replication_group" "home" {
  region                     = var.home.region
  replication_group_id       = local.ids.home
  description                = "Cache ${var.name} in ${var.home.region}"
  engine                     = "valkey"
  engine_version             = var.engine_version
  node_type                  = var.node_type
  num_cache_clusters         = var.nodes
  automatic_failover_enabled = true
  multi_az_enabled           = true
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  subnet_group_name          = elasticache_subnet_group.this["home"].name
  security_group_ids         = [elasticache_security_group.this["home"].id]
  snapshot_retention_limit   = var.snapshot_retention_limit
  tags                       = local.tags

  lifecycle {
    # The global datastore decides these from the moment it exists.
    ignore_changes = [engine, engine_version, node_type, parameter_group_name, automatic_failover_enabled]
  }
}

resource "elasticache_global_replication_group" "this" {
  region                               = var.home.region
  global_replication_group_id_suffix   = var.name
  global_replication_group_description = "Cache ${var.name}"

  # The standby refers to this resource, so its ID is written out here.
  primary_replication_group_id = local.active == var.home.region ? elasticache_replication_group.home.id : local.ids.standby
  primary_region               = local.active

  engine                     = "valkey"
  engine_version             = var.engine_version
  parameter_group_name       = var.parameter_group_name
  cache_node_type            = var.node_type
  automatic_failover_enabled = true
  tags                       = local.tags

  lifecycle {
    precondition {
      condition     = contains([var.home.region, var.standby.region], local.active)
      error_message = "active_region must be the Region of home or of standby."
    }
  }
}

# Engine, version, node type and encryption come from the global datastore.
resource "elasticache_replication_group" "standby" {
  region                      = var.standby.region
  replication_group_id        = local.ids.standby
  description                 = "Cache ${var.name} in ${var.standby.region}"
  global_replication_group_id = elasticache_global_replication_group.this.global_replication_group_id
  num_cache_clusters          = var.nodes
  subnet_group_name           = elasticache_subnet_group.this["standby"].name
  security_group_ids          = [elasticache_security_group.this["standby"].id]
  snapshot_retention_limit    = var.snapshot_retention_limit
  tags                        = local.tags
}

# How far the copy is behind, in seconds. Only the nodes of the Region that is not active have the metric.
resource "elasticache_metric_alarm" "lag" {
  for_each = {
    for pair in setproduct(keys(local.regions), range(1, var.nodes + 1)) :
    format("%s-%03d", local.ids[pair[0]], pair[1]) => local.regions[pair[0]]
  }

  region              = each.value.region
  alarm_name          = "${each.key}-replication-lag"
  alarm_description   = "Cache ${var.name}: the copy in ${each.value.region} is behind"
  namespace           = "AWS/ElastiCache"
  metric_name         = "GlobalDatastoreReplicationLag"
  dimensions          = { CacheClusterId = each.key }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.max_replication_lag
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = length(each.value.alarm_actions) > 0 ? each.value.alarm_actions : null
  ok_actions          = length(each.value.alarm_actions) > 0 ? each.value.alarm_actions : null
  tags                = local.tags

  depends_on = [elasticache_replication_group.home, elasticache_replication_group.standby]
}
