"""The same objects, for this provider and for hashicorp/aws: sets of a subnet group, a
parameter group with two parameters, a group of two nodes, an alarm and a parameter with
its URL."""

OURS = """\
terraform {
  required_providers {
    elasticache = { source = "registry.terraform.io/elasticache-rs/elasticache" }
  }
}

resource "elasticache_subnet_group" "this" {
  count      = SETS
  name       = "bench-${format("%04d", count.index)}"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}

resource "elasticache_parameter_group" "this" {
  count  = SETS
  name   = "bench-${format("%04d", count.index)}"
  family = "redis7"
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
  parameter {
    name  = "timeout"
    value = "300"
  }
}

resource "elasticache_replication_group" "this" {
  count                      = SETS
  replication_group_id       = "bench-${format("%04d", count.index)}"
  description                = "bench"
  engine                     = "redis"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  subnet_group_name          = elasticache_subnet_group.this[count.index].name
  parameter_group_name       = elasticache_parameter_group.this[count.index].name
}

resource "elasticache_metric_alarm" "this" {
  count               = SETS
  alarm_name          = "bench-${format("%04d", count.index)}-cpu"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "CPUUtilization"
  namespace           = "AWS/ElastiCache"
  period              = 300
  statistic           = "Average"
  threshold           = 75
  dimensions = {
    CacheClusterId = "${elasticache_replication_group.this[count.index].id}-001"
    CacheNodeId    = "0001"
  }
}

resource "elasticache_ssm_url" "this" {
  count             = SETS
  name              = "/bench/${format("%04d", count.index)}/redis/url"
  replication_group = elasticache_replication_group.this[count.index]
}
"""

PEER = """\
terraform {
  required_providers {
    aws = { source = "registry.terraform.io/hashicorp/aws" }
  }
}

provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_elasticache_subnet_group" "this" {
  count      = SETS
  name       = "bench-${format("%04d", count.index)}"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}

resource "aws_elasticache_parameter_group" "this" {
  count  = SETS
  name   = "bench-${format("%04d", count.index)}"
  family = "redis7"
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
  parameter {
    name  = "timeout"
    value = "300"
  }
}

resource "aws_elasticache_replication_group" "this" {
  count                      = SETS
  replication_group_id       = "bench-${format("%04d", count.index)}"
  description                = "bench"
  engine                     = "redis"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.this[count.index].name
  parameter_group_name       = aws_elasticache_parameter_group.this[count.index].name
}

resource "aws_cloudwatch_metric_alarm" "this" {
  count               = SETS
  alarm_name          = "bench-${format("%04d", count.index)}-cpu"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "CPUUtilization"
  namespace           = "AWS/ElastiCache"
  period              = 300
  statistic           = "Average"
  threshold           = 75
  dimensions = {
    CacheClusterId = "${aws_elasticache_replication_group.this[count.index].id}-001"
    CacheNodeId    = "0001"
  }
}

resource "aws_ssm_parameter" "this" {
  count = SETS
  name  = "/bench/${format("%04d", count.index)}/redis/url"
  type  = "SecureString"
  value = "redis://${aws_elasticache_replication_group.this[count.index].primary_endpoint_address}:6379"
}
"""

FLOOR = """\
resource "terraform_data" "this" {
  count = SETS
  input = count.index
}
"""


def of(text, count):
    return text.replace("SETS", str(count))
