# Every optional variable with a default other than null is `nullable = false`: a null from
# Terragrunt's `try(values.x, null)` means the default.

variable "name" {
  type        = string
  description = "ID of the replication group. It begins the names of all that is created."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z](-?[0-9A-Za-z])*$", var.name)) && length(var.name) <= 40
    error_message = "The name must be 1 to 40 letters, digits and single hyphens, beginning with a letter, as in lightwave-django-prod."
  }
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets of the cache; for Multi-AZ, in at least two Availability Zones."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The subnet_ids must contain at least one subnet."
  }
}

variable "vpc_id" {
  type        = string
  description = "VPC of the security group. If null, it is the VPC of the subnets."
  default     = null
}

variable "environment" {
  type        = string
  description = "Name of the environment, such as dev or prod. It is a tag unless tags has an Environment."
  default     = "dev"
  nullable    = false
}

# Nodes

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
  default     = "cache.t4g.small"
  nullable    = false
}

variable "num_cache_clusters" {
  type        = number
  description = "Number of nodes: the primary and its replicas."
  default     = 1
  nullable    = false
}

variable "automatic_failover_enabled" {
  type        = bool
  description = "Whether a replica takes over when the primary fails. It requires two nodes."
  default     = false
  nullable    = false
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether the nodes are in several Availability Zones. It requires automatic_failover_enabled."
  default     = false
  nullable    = false
}

variable "port" {
  type        = number
  description = "Port of the cache, which the security group opens. Changing this forces a new cache."
  default     = 6379
  nullable    = false
}

variable "maxmemory_policy" {
  type        = string
  description = "What Redis evicts when memory is full: allkeys-lru for a cache, volatile-lru for sessions beside a cache, noeviction for Celery."
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

variable "maintenance_window" {
  type        = string
  description = "Weekly window for maintenance, in UTC."
  default     = "sun:05:00-sun:07:00"
  nullable    = false
}

# Backup

variable "snapshot_retention_limit" {
  type        = number
  description = "Days to keep the daily snapshot; 0 takes none."
  default     = 1
  nullable    = false
}

variable "snapshot_window" {
  type        = string
  description = "Daily window for snapshots, in UTC."
  default     = "03:00-05:00"
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

# Security

variable "transit_encryption_enabled" {
  type        = bool
  description = "Whether clients connect with TLS. The URLs then begin with rediss://, and Celery's says that certificates are checked."
  default     = false
  nullable    = false
}

variable "transit_encryption_mode" {
  type        = string
  description = "preferred (clients with and without TLS) or required. If null, required with TLS. To enable TLS on a running cache, apply preferred first, then required."
  default     = null
}

variable "auth_token_enabled" {
  type        = bool
  description = "Whether clients must send a token. It requires transit_encryption_enabled. Must be known at plan."
  default     = false
  nullable    = false
}

variable "auth_token" {
  type        = string
  description = "The token of auth_token_enabled: 16 to 128 letters, digits and the characters !&#$^<>-. If null, one is generated, which only Secrets Manager holds."
  default     = null
  sensitive   = true
}

variable "auth_token_update_strategy" {
  type        = string
  description = "How a new token replaces another: ROTATE (both are valid) or SET (only the new one is). If null, SET for the first token and ROTATE for later ones."
  default     = null
}

variable "restore_deleted" {
  type        = bool
  description = "Whether the secret of an earlier cache of this name, which is scheduled for deletion, is restored and used again."
  default     = true
  nullable    = false
}

variable "recovery_window_in_days" {
  type        = number
  description = "Days during which a deleted secret can be restored: 7 to 30, or 0 to delete it at once."
  default     = 30
  nullable    = false
}

variable "allowed_security_group_ids" {
  type        = list(string)
  description = "Security groups that may connect. Rules of your own on redis_security_group_id can allow others."
  default     = []
  nullable    = false
}

# Connection

variable "parameter_store_prefix" {
  type        = string
  description = "Path in Parameter Store under which redis-url and celery-broker-url are written, such as /lightwave/prod/django. If null, none are. Must be known at plan."
  default     = null
}

# Monitoring

variable "alarms" {
  type        = bool
  description = "Whether each node has alarms on CPU, memory, evictions, hit rate and replication lag. Must be known at plan."
  default     = false
  nullable    = false
}

variable "alarm_actions" {
  type        = list(string)
  description = "What each alarm notifies when it goes off or is over, such as SNS topics."
  default     = []
  nullable    = false
}

variable "notification_topic_arn" {
  type        = string
  description = "SNS topic that receives events of the cache, such as a failover."
  default     = null
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
