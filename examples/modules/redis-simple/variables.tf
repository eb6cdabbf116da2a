# Every optional variable with a default other than null is `nullable = false`: a null from
# Terragrunt's `try(values.x, null)` means the default.

# Required

variable "app_name" {
  type        = string
  description = "Name of the application. It begins the names of what is created, and the path of the URL."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][0-9A-Za-z]*(-[0-9A-Za-z]+)*$", var.app_name))
    error_message = "The app_name must begin with a letter and may have letters, digits and single hyphens between them, as in backend-booking."
  }
}

variable "environment" {
  type        = string
  description = "Name of the environment, such as dev or prod."
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$", var.environment))
    error_message = "The environment may have letters, digits and single hyphens between them, as in dev or prod-eu."
  }
}

variable "vpc_id" {
  type        = string
  description = "VPC of the application. The subnets are checked to be in it, since the cache answers only from within its VPC."
  nullable    = false

  validation {
    condition     = var.vpc_id != ""
    error_message = "The vpc_id must not be empty."
  }
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

variable "security_group_ids" {
  type        = list(string)
  description = "Security groups of the cache. They must let the application in on the port; with create_security_group, they are the groups of the applications."
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) > 0
    error_message = "The security_group_ids must contain at least one security group."
  }
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
  default     = "cache.t3.micro"
  nullable    = false

  validation {
    condition     = startswith(var.node_type, "cache.")
    error_message = "The node_type must be a cache node type, which begins with \"cache.\", as in cache.t3.micro."
  }
}

variable "num_cache_nodes" {
  type        = number
  description = "Number of nodes: the primary and its replicas."
  default     = 1
  nullable    = false

  validation {
    condition     = var.num_cache_nodes >= 1 && floor(var.num_cache_nodes) == var.num_cache_nodes
    error_message = "The num_cache_nodes must be a whole number and at least 1: one primary, and the rest are replicas."
  }
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether replicas are in other Availability Zones and take over when the primary fails. It requires two nodes and two subnets."
  default     = false
  nullable    = false
}

variable "maxmemory_policy" {
  type        = string
  description = "What Redis evicts when memory is full: allkeys-lru for a cache, volatile-lru for sessions beside a cache, noeviction for queues such as Dramatiq's."
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
  description = "Whether AWS upgrades to new minor versions in the maintenance window."
  default     = true
  nullable    = false
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
  default     = 0
  nullable    = false

  validation {
    condition     = var.snapshot_retention_limit >= 0 && var.snapshot_retention_limit <= 35 && floor(var.snapshot_retention_limit) == var.snapshot_retention_limit
    error_message = "The snapshot_retention_limit must be a whole number of days from 0, which takes no snapshot, to 35."
  }
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

variable "enable_auth_token" {
  type        = bool
  description = "Whether clients must send auth_token. This enables TLS as well, which AWS requires with a token."
  default     = false
  nullable    = false
}

variable "auth_token" {
  type        = string
  description = "The token of enable_auth_token, without which it is not used: 16 to 128 letters, digits and the characters !&#$^<>-."
  default     = ""
  nullable    = false
  sensitive   = true

  validation {
    condition     = var.auth_token == "" || can(regex("^[0-9A-Za-z!&#$^<>-]{16,128}$", var.auth_token))
    error_message = "The auth_token must have 16 to 128 characters, each a letter, a digit or one of !&#$^<>-. ElastiCache refuses all others, such as the @, / and \" of random_password and the + and = of Base64."
  }
}

variable "auth_token_update_strategy" {
  type        = string
  description = "How a new token replaces another: ROTATE (both are valid) or SET (only the new one is). With ROTATE, running tasks are not cut off."
  default     = "ROTATE"
  nullable    = false
}

variable "transit_encryption_enabled" {
  type        = bool
  description = "Whether clients connect with TLS without a token, too. The URL then begins with rediss://."
  default     = false
  nullable    = false
}

variable "transit_encryption_mode" {
  type        = string
  description = "preferred (clients with and without TLS) or required. If null, required with TLS. To enable TLS on a running cache, apply preferred first, then required."
  default     = null
}

variable "create_security_group" {
  type        = bool
  description = "Whether the cache gets a security group of its own, which lets security_group_ids in on the port. Must be known at plan."
  default     = false
  nullable    = false
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

variable "slow_log_enabled" {
  type        = bool
  description = "Whether the slow log is in CloudWatch Logs, as /aws/elasticache/<cluster_id>/slow-log. Must be known at plan."
  default     = false
  nullable    = false
}

variable "engine_log_enabled" {
  type        = bool
  description = "Whether the engine log is in CloudWatch Logs, as /aws/elasticache/<cluster_id>/engine-log. Must be known at plan."
  default     = false
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
