# The defaults are the arguments of the guide's `aws elasticache create-replication-group`. A null
# means the default.

variable "replication_group_id" {
  type        = string
  description = "ID of the replication group. It begins the names of the security group, the secret, the parameters and the logs."
  default     = "revrx-redis-prod"
  nullable    = false
}

variable "description" {
  type        = string
  description = "Description of the replication group."
  default     = "RevRx Report Processing Queue"
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
  description = "Size of each node. For a start, cache.t3.medium is enough."
  default     = "cache.r7g.large"
  nullable    = false
}

variable "num_cache_clusters" {
  type        = number
  description = "Number of nodes: the primary and its replicas."
  default     = 2
  nullable    = false

  validation {
    condition     = var.num_cache_clusters >= 1 && floor(var.num_cache_clusters) == var.num_cache_clusters
    error_message = "The num_cache_clusters must be a whole number and at least 1."
  }
}

variable "num_node_groups" {
  type        = number
  description = "Number of shards of a Redis Cluster, in place of num_cache_clusters nodes; not for Celery."
  default     = null
}

variable "replicas_per_node_group" {
  type        = number
  description = "Replicas of each shard of a Redis Cluster, 0 to 5."
  default     = 1
  nullable    = false
}

variable "automatic_failover_enabled" {
  type        = bool
  description = "Whether a replica takes over when the primary fails."
  default     = true
  nullable    = false
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether the nodes are in several Availability Zones."
  default     = true
  nullable    = false
}

variable "maxmemory_policy" {
  type        = string
  description = "What Redis evicts when memory is full: volatile-lru evicts only keys with a time to live, noeviction none."
  default     = "volatile-lru"
  nullable    = false

  validation {
    condition     = contains(["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "noeviction"], var.maxmemory_policy)
    error_message = "The maxmemory_policy must be allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl or noeviction."
  }
}

# Network

variable "subnet_group_name" {
  type        = string
  description = "Name of the subnet group that is created of subnet_ids."
  default     = "revrx-redis-subnet-group"
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the cache, in at least two Availability Zones."
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

variable "app_security_group_id" {
  type        = string
  description = "Security group of the application servers, which may connect to the cache on its port."
  nullable    = false
}

variable "security_group_ids" {
  type        = list(string)
  description = "Existing security groups that the cache gets beside the one that is created here."
  default     = []
  nullable    = false
}

# Security

variable "auth_token" {
  type        = string
  description = "The AUTH token: 16 to 128 letters, digits and the characters !&#$^<>-. If null, one is generated, which only Secrets Manager holds."
  default     = null
  sensitive   = true

  # The output of `openssl rand -base64 32` always ends with an equals sign, and most often holds a plus
  # or a slash: ElastiCache takes none of these.
  validation {
    condition     = var.auth_token == null || can(regex("^[0-9A-Za-z!&#$^<>-]{16,128}$", var.auth_token))
    error_message = "The auth_token must have 16 to 128 characters, each a letter, a digit or one of !&#$^<>-. Base64, as of openssl rand -base64 32, ends with = and may hold + and /, which ElastiCache refuses. Use openssl rand -hex 32, or omit auth_token to have one generated."
  }
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

variable "rename_commands" {
  type        = map(string)
  description = "New names of commands, of up to 20 letters and digits; blocked disables a command. CONFIG and SHUTDOWN are disabled on ElastiCache anyway."
  nullable    = false

  default = {
    FLUSHALL = "blocked"
    FLUSHDB  = "blocked"
  }

  validation {
    condition     = alltrue([for name in values(var.rename_commands) : can(regex("^[0-9A-Za-z]{1,20}$", name))])
    error_message = "Each new name in rename_commands must have 1 to 20 letters and digits, or be blocked."
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
  description = "Days to keep the daily snapshot."
  default     = 7
  nullable    = false
}

variable "snapshot_window" {
  type        = string
  description = "Daily window for snapshots, in UTC. If null, AWS chooses one."
  default     = null
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

variable "connections_alarm_threshold" {
  type        = number
  description = "Connections to a node above which its alarm on CurrConnections goes off. AWS allows 65000."
  default     = 1000
  nullable    = false
}

variable "slow_log_enabled" {
  type        = bool
  description = "Whether the slow log is in CloudWatch Logs, as /aws/elasticache/<replication_group_id>/slow-log. Must be known at plan."
  default     = false
  nullable    = false
}

variable "engine_log_enabled" {
  type        = bool
  description = "Whether the engine log is in CloudWatch Logs, as /aws/elasticache/<replication_group_id>/engine-log. Must be known at plan."
  default     = false
  nullable    = false
}

variable "log_retention_in_days" {
  type        = number
  description = "Days to keep the logs."
  default     = 30
  nullable    = false
}

# Connection

variable "database" {
  type        = number
  description = "Number of the database that the broker and the results use: REDIS_DB. A Redis Cluster has 0 only."
  default     = 0
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything that is created."
  nullable    = false

  default = {
    Environment = "production"
    Service     = "revrx"
  }
}
