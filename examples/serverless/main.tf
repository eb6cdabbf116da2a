# The cache of an API with bursts: serverless, so that it scales with the requests and costs little between them. The limits
# bound what a burst may cost, and alarms say when one is near. The provider takes Region and credentials from the environment.

locals {
  tags = merge({ Environment = var.environment, Service = var.name }, var.tags)

  # AWS recommends alarms at three quarters of the limits.
  alarm_share = 0.75
}

resource "elasticache_security_group" "this" {
  # A cache that uses the group keeps AWS from deleting it: a new one is created first.
  name_prefix                = "${var.name}-"
  description                = "Serverless cache ${var.name}"
  vpc_id                     = var.vpc_id
  allowed_security_group_ids = var.client_security_group_ids
  tags                       = local.tags

  # The endpoint, and the reader endpoint.
  ports = [6379, 6380]

  lifecycle {
    create_before_destroy = true
  }
}

# The API logs in with its IAM role: there is no password to keep or to rotate.
resource "elasticache_user" "this" {
  user_id       = var.name
  user_name     = var.name
  engine        = "valkey"
  access_string = "on ~${var.key_prefix}* -@all +@read +@write +@connection -@dangerous +cluster|slots +cluster|shards"
  tags          = local.tags

  authentication_mode {
    type = "iam"
  }
}

resource "elasticache_user_group" "this" {
  user_group_id = var.name
  engine        = "valkey"
  user_ids      = [elasticache_user.this.id]
  tags          = local.tags
}

resource "elasticache_serverless_cache" "this" {
  name                 = var.name
  description          = "Cache of the API ${var.name}"
  engine               = "valkey"
  major_engine_version = var.major_engine_version

  subnet_ids         = var.subnet_ids
  security_group_ids = [elasticache_security_group.this.id]
  user_group_id      = elasticache_user_group.this.id
  kms_key_id         = var.kms_key_id

  cache_usage_limits {
    data_storage {
      maximum = var.max_data_storage
      unit    = "GB"
    }

    # A minimum is billed all the time, and keeps a burst from being throttled while the cache scales.
    ecpu_per_second {
      minimum = var.min_ecpu_per_second
      maximum = var.max_ecpu_per_second
    }
  }

  snapshot_retention_limit = var.snapshot_retention_limit
  daily_snapshot_time      = "03:00"
  final_snapshot_name      = "${var.name}-final"
  deletion_protection      = var.deletion_protection

  tags = local.tags
}

resource "elasticache_metric_alarm" "this" {
  for_each = {
    data_storage = {
      metric    = "BytesUsedForCache"
      statistic = "Maximum"
      threshold = var.max_data_storage * 1000000000 * local.alarm_share
    }
    ecpu_per_second = {
      metric    = "ElastiCacheProcessingUnits"
      statistic = "Sum"
      threshold = var.max_ecpu_per_second * 60 * local.alarm_share
    }
    throttled_commands = {
      metric    = "ThrottledCmds"
      statistic = "Sum"
      threshold = 0
    }
  }

  alarm_name          = "${var.name}-${replace(each.key, "_", "-")}"
  alarm_description   = "Serverless cache ${var.name}: ${each.value.metric}"
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value.metric
  dimensions          = { clusterId = elasticache_serverless_cache.this.name }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = length(var.alarm_actions) > 0 ? var.alarm_actions : null
  ok_actions          = length(var.alarm_actions) > 0 ? var.alarm_actions : null
  tags                = local.tags
}
