# The tables of the document, in their order.

# Basic configuration

variable "name_prefix" {
  type        = string
  description = "Prefix for resource names."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z](-?[0-9A-Za-z])*$", var.name_prefix)) && length(var.name_prefix) <= 34
    error_message = "The name_prefix must be 1 to 34 letters, digits and single hyphens, beginning with a letter, as in koneksi-staging: \"-redis\" is added, and AWS takes 40."
  }
}

variable "project" {
  type        = string
  description = "Project name for tagging."
  default     = "koneksi"
  nullable    = false
}

variable "environment" {
  type        = string
  description = "Environment name for tagging."
  default     = "staging"
  nullable    = false
}

variable "aws_region" {
  type        = string
  description = "AWS region for deployment."
  default     = "ap-southeast-1"
  nullable    = false
}

# Network configuration

variable "vpc_id" {
  type        = string
  description = "VPC ID where ElastiCache will be created. The subnets are checked to be in it."
  nullable    = false
}

variable "elasticache_subnet_ids" {
  type        = list(string)
  description = "List of subnet IDs for ElastiCache (data private subnets)."
  nullable    = false

  validation {
    condition     = length(var.elasticache_subnet_ids) > 0
    error_message = "The elasticache_subnet_ids must contain at least one subnet."
  }
}

variable "vpc_security_group_id" {
  type        = string
  description = "Security group ID for ElastiCache access. It is the group of the nodes, and must let the application in on the port."
  nullable    = false
}

# Redis configuration

variable "engine" {
  type        = string
  description = "Engine: redis or valkey. A group goes from redis to valkey in place."
  default     = "redis"
  nullable    = false

  validation {
    condition     = contains(["redis", "valkey"], var.engine)
    error_message = "The engine must be redis or valkey."
  }
}

variable "engine_version" {
  type        = string
  description = "Version of the engine. The family of the parameter group follows it."
  default     = "7.1"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+\\.(x|[0-9]+)(\\.[0-9]+)?$", var.engine_version))
    error_message = "The engine_version must be a version as ElastiCache writes it, such as 7.1, 6.x or 5.0.6."
  }
}

variable "node_type" {
  type        = string
  description = "Instance type for Redis nodes."
  default     = "cache.t3.micro"
  nullable    = false
}

variable "number_cache_clusters" {
  type        = number
  description = "Number of cache clusters: the primary and its replicas."
  default     = 2
  nullable    = false
}

variable "port" {
  type        = number
  description = "Redis port number."
  default     = 6379
  nullable    = false
}

variable "parameter_group_name" {
  type        = string
  description = "Parameter group name. With default.redis7, the module uses a group with parameter_group_parameters, of the family of engine_version; any other is used as it is."
  default     = "default.redis7"
  nullable    = false

  validation {
    condition     = !startswith(var.parameter_group_name, "default.") || var.parameter_group_name == "default.redis7"
    error_message = "The parameter_group_name must be default.redis7 or a group of your own. The family of another version follows engine and engine_version."
  }
}

variable "automatic_failover_enabled" {
  type        = bool
  description = "Enable automatic failover and Multi-AZ. It requires two nodes."
  default     = true
  nullable    = false
}

# Changes

variable "apply_immediately" {
  type        = bool
  description = "Whether changes are made at once rather than in the maintenance window."
  default     = true
  nullable    = false
}

variable "auto_minor_version_upgrade" {
  type        = bool
  description = "Whether AWS upgrades to new minor versions in the maintenance window. If null, AWS decides."
  default     = null
}

variable "allow_engine_replacement" {
  type        = bool
  description = "Whether a change that AWS cannot make in place, such as to an older version, may replace the cache and lose its data."
  default     = false
  nullable    = false
}

variable "deletion_protection" {
  type        = bool
  description = "Whether the cache is protected from being destroyed or replaced."
  default     = false
  nullable    = false
}

# Security and encryption

variable "kms_key_id" {
  type        = string
  description = "KMS key ID for encryption (uses default if null)."
  default     = null
}

# Backup and maintenance

variable "maintenance_window" {
  type        = string
  description = "Weekly maintenance window."
  default     = "sun:05:00-sun:09:00"
  nullable    = false
}

variable "snapshot_window" {
  type        = string
  description = "Daily snapshot window."
  default     = "03:00-05:00"
  nullable    = false
}

variable "snapshot_retention_limit" {
  type        = number
  description = "Days to keep the daily snapshot."
  default     = 7
  nullable    = false
}

variable "snapshot_name" {
  type        = string
  description = "Snapshot to fill a new cache from. Changing this to another snapshot forces a new cache; removing it does not."
  default     = null
}

variable "final_snapshot_identifier" {
  type        = string
  description = "Name of the snapshot that is taken when the cache is destroyed. If null, none is taken."
  default     = null
}

# Parameter group configuration

variable "parameter_group_parameters" {
  type = list(object({
    name  = string
    value = string
  }))
  description = "Redis parameters."
  nullable    = false

  default = [
    {
      name  = "maxmemory-policy"
      value = "allkeys-lru"
    }
  ]
}

# Connection

variable "parameter_store_prefix" {
  type        = string
  description = "Path in Parameter Store under which url and reader-url are written, such as /koneksi/staging/redis. If null, none are. Must be known at plan."
  default     = null
}

# Monitoring

variable "alarm_actions" {
  type        = list(string)
  description = "What each alarm notifies when it goes off or is over, such as SNS topics."
  default     = []
  nullable    = false
}

variable "cache_hit_ratio_alarm" {
  type        = bool
  description = "Whether each node has an alarm on a hit ratio below 80 %."
  default     = false
  nullable    = false
}

variable "notification_topic_arn" {
  type        = string
  description = "SNS topic that receives events of the cache, such as a failover."
  default     = null
}

variable "slow_log_enabled" {
  type        = bool
  description = "Whether the slow log is in CloudWatch Logs, as /aws/elasticache/<name_prefix>-redis/slow-log. Must be known at plan."
  default     = false
  nullable    = false
}

variable "engine_log_enabled" {
  type        = bool
  description = "Whether the engine log is in CloudWatch Logs, as /aws/elasticache/<name_prefix>-redis/engine-log. Must be known at plan."
  default     = false
  nullable    = false
}

variable "log_retention_in_days" {
  type        = number
  description = "Days to keep the logs."
  default     = 30
  nullable    = false
}

# Tagging

variable "tags" {
  type        = map(string)
  description = "Additional tags for all resources."
  default     = {}
  nullable    = false
}
