# Every optional variable with a default other than null is `nullable = false`: a null means
# the default.

variable "environment" {
  type        = string
  description = "Name of the environment, such as prod. The replication group is securebase-<environment>-redis."
  nullable    = false
}

variable "vpc_id" {
  type        = string
  description = "VPC of the cache and of who may connect."
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the cache; for Multi-AZ, in at least two Availability Zones."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The subnet_ids must contain at least one subnet."
  }
}

variable "allowed_security_group_ids" {
  type        = list(string)
  description = "Security groups that may connect, such as that of the Lambda functions."
  default     = []
  nullable    = false
}

# Instance configuration

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
  description = "Size of each node."
  default     = "cache.t3.micro"
  nullable    = false
}

variable "num_cache_nodes" {
  type        = number
  description = "Number of nodes: the primary and its replicas."
  default     = 1
  nullable    = false

  validation {
    condition     = var.num_cache_nodes >= 1 && floor(var.num_cache_nodes) == var.num_cache_nodes
    error_message = "The num_cache_nodes must be a whole number and at least 1."
  }
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether replicas are in other Availability Zones and take over when the primary fails. It requires two nodes."
  default     = false
  nullable    = false
}

variable "maxmemory_policy" {
  type        = string
  description = "What Redis evicts when memory is full: allkeys-lru for a cache of query results."
  default     = "allkeys-lru"
  nullable    = false

  validation {
    condition     = contains(["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "noeviction"], var.maxmemory_policy)
    error_message = "The maxmemory_policy must be allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl or noeviction."
  }
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

# Security

variable "auth_token_enabled" {
  type        = bool
  description = "Whether clients must send a token. Must be known at plan."
  default     = true
  nullable    = false
}

variable "auth_token" {
  type        = string
  description = "The token: 16 to 128 letters, digits and the characters !&#$^<>-. If null, one is generated, which only Secrets Manager holds."
  default     = null
  sensitive   = true
}

variable "store_auth_token" {
  type        = bool
  description = "Whether Secrets Manager holds the token, and a second secret the host, the port and the token, as the Lambda code reads them. Must be known at plan."
  default     = true
  nullable    = false
}

variable "auth_token_update_strategy" {
  type        = string
  description = "How a new token replaces another: ROTATE (both are valid) or SET (only the new one is). If null, SET for the first token and ROTATE for later ones."
  default     = null
}

variable "restore_deleted" {
  type        = bool
  description = "Whether the secrets of an earlier cache of this name, which are scheduled for deletion, are restored and used again."
  default     = true
  nullable    = false
}

variable "recovery_window_in_days" {
  type        = number
  description = "Days during which a deleted secret can be restored: 7 to 30, or 0 to delete it at once."
  default     = 30
  nullable    = false
}

# Backup

variable "snapshot_retention_limit" {
  type        = number
  description = "Days to keep the daily snapshot."
  default     = 7
  nullable    = false
}

variable "snapshot_window" {
  type        = string
  description = "Daily window for snapshots, in UTC."
  default     = "03:00-05:00"
  nullable    = false
}

variable "maintenance_window" {
  type        = string
  description = "Weekly window for maintenance, in UTC."
  default     = "sun:05:00-sun:07:00"
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

# Monitoring

variable "notification_topic_arn" {
  type        = string
  description = "SNS topic that receives events of the cache, such as a failover."
  default     = null
}

variable "alarm_actions" {
  type        = list(string)
  description = "What each alarm notifies when it goes off, such as SNS topics."
  default     = []
  nullable    = false
}

variable "log_retention_in_days" {
  type        = number
  description = "Days to keep the logs."
  default     = 30
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything that is created."
  default     = {}
  nullable    = false
}
