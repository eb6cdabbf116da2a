"""The same objects, for this provider and for hashicorp/aws: sets of a subnet group, a
parameter group with two parameters, a group of two nodes, an alarm and a parameter with
its URL. Each set is a call of a module, as people have one for each of their services.
(In one list of each type, every reference to an element makes Terraform look at the whole
list.)
"""

OURS = """\
terraform {
  required_providers {
    elasticache = { source = "elasticache-rs/elasticache" }
  }
}

resource "elasticache_subnet_group" "this" {
  name       = "bench-${format("%04d", var.index)}"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}

resource "elasticache_parameter_group" "this" {
  name   = "bench-${format("%04d", var.index)}"
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
  replication_group_id       = "bench-${format("%04d", var.index)}"
  description                = "bench"
  engine                     = "redis"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  subnet_group_name          = elasticache_subnet_group.this.name
  parameter_group_name       = elasticache_parameter_group.this.name
}

resource "elasticache_metric_alarm" "this" {
  alarm_name          = "bench-${format("%04d", var.index)}-cpu"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "CPUUtilization"
  namespace           = "AWS/ElastiCache"
  period              = 300
  statistic           = "Average"
  threshold           = 75
  dimensions = {
    CacheClusterId = "${elasticache_replication_group.this.id}-001"
    CacheNodeId    = "0001"
  }
}

resource "elasticache_ssm_url" "this" {
  name              = "/bench/${format("%04d", var.index)}/redis/url"
  replication_group = elasticache_replication_group.this
}
"""

PEER = """\
terraform {
  required_providers {
    aws = { source = "registry.terraform.io/hashicorp/aws" }
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name       = "bench-${format("%04d", var.index)}"
  subnet_ids = ["subnet-00000001", "subnet-00000002"]
}

resource "aws_elasticache_parameter_group" "this" {
  name   = "bench-${format("%04d", var.index)}"
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
  replication_group_id       = "bench-${format("%04d", var.index)}"
  description                = "bench"
  engine                     = "redis"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  parameter_group_name       = aws_elasticache_parameter_group.this.name
}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = "bench-${format("%04d", var.index)}-cpu"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = "CPUUtilization"
  namespace           = "AWS/ElastiCache"
  period              = 300
  statistic           = "Average"
  threshold           = 75
  dimensions = {
    CacheClusterId = "${aws_elasticache_replication_group.this.id}-001"
    CacheNodeId    = "0001"
  }
}

resource "aws_ssm_parameter" "this" {
  name  = "/bench/${format("%04d", var.index)}/redis/url"
  type  = "SecureString"
  value = "redis://${aws_elasticache_replication_group.this.primary_endpoint_address}:6379"
}
"""

# A module that is called with `count` has no provider block of its own.
PEER_ROOT = """\
provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""

# 16 alarms with two nodes: eight for each.
ALARMED = """\
terraform {
  required_providers {
    elasticache = { source = "elasticache-rs/elasticache" }
  }
}

resource "elasticache_replication_group" "this" {
  replication_group_id       = "bench-alarmed"
  description                = "bench"
  engine                     = "valkey"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = NODES
  automatic_failover_enabled = true
}

resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
  metrics = {
    EngineCPUUtilization                = { threshold = THRESHOLD }
    SwapUsage                           = {}
    NetworkBandwidthInAllowanceExceeded = {}
  }
}

output "alarms" {
  value = length(elasticache_alarm_set.this.alarms)
}
"""

SETS = """\
module "set" {
  source = "./set"
  count  = SETS
  index  = count.index
}
"""

INDEX = """
variable "index" {
  type = number
}
"""

FLOOR = """\
resource "terraform_data" "this" {
  count = SETS
  input = count.index
}
"""


def sets(root, text, count):
    """The files of a configuration with so many sets."""
    return {"main.tf": root + SETS.replace("SETS", str(count)), "set/main.tf": text + INDEX}


def floor(count):
    """The files of one with as many resources that Terraform keeps by itself."""
    return {"main.tf": FLOOR.replace("SETS", str(count))}


def alarmed(nodes, threshold=90):
    """The text of a group with so many nodes and their alarms."""
    return ALARMED.replace("NODES", str(nodes)).replace("THRESHOLD", str(threshold))
