# Every optional variable is `nullable = false`: a null from Terragrunt's
# `try(values.x, null)` means the default.

variable "name" {
  type        = string
  description = "Id of the replication group. It begins the names of all that is created."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z](-?[0-9A-Za-z])*$", var.name)) && length(var.name) <= 40
    error_message = "The name must be 1 to 40 letters, digits and single hyphens, beginning with a letter, as in lightwave-django-prod."
  }
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets of the cache; for Multi-AZ, in two zones at least."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The subnet_ids must hold at least one subnet."
  }
}

variable "environment" {
  type        = string
  description = "Name of the environment, such as dev or prod. It is a tag unless tags has an Environment."
  default     = "dev"
  nullable    = false
}

variable "node_type" {
  type        = string
  description = "Size of each node."
  default     = "cache.t4g.small"
  nullable    = false
}

variable "engine_version" {
  type        = string
  description = "Version of Redis OSS."
  default     = "7.1"
  nullable    = false

  validation {
    condition     = can(regex("^7\\.[0-9]+$", var.engine_version))
    error_message = "The engine_version must be 7.0 or 7.1: the parameter group is one of Redis 7."
  }
}

variable "num_cache_clusters" {
  type        = number
  description = "Number of nodes: the primary and its replicas."
  default     = 1
  nullable    = false
}

variable "automatic_failover_enabled" {
  type        = bool
  description = "Whether a replica takes over when the primary fails. It needs two nodes."
  default     = false
  nullable    = false
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether the nodes stand in several zones. It needs automatic_failover_enabled."
  default     = false
  nullable    = false
}

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

variable "maintenance_window" {
  type        = string
  description = "Weekly window for maintenance, in UTC."
  default     = "sun:05:00-sun:07:00"
  nullable    = false
}

variable "maxmemory_policy" {
  type        = string
  description = "What goes when memory is full: allkeys-lru for a cache, volatile-lru for sessions beside a cache, noeviction for Celery."
  default     = "allkeys-lru"
  nullable    = false

  validation {
    condition     = contains(["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "noeviction"], var.maxmemory_policy)
    error_message = "The maxmemory_policy must be allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl or noeviction."
  }
}

variable "transit_encryption_enabled" {
  type        = bool
  description = "Whether clients connect with TLS. The URLs then begin with rediss://, and Celery's says that certificates are checked."
  default     = false
  nullable    = false
}

variable "allowed_security_group_ids" {
  type        = list(string)
  description = "Security groups that may connect. Others may be let in by rules of their own on redis_security_group_id."
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
