# The defaults are what `aws elasticache create-replication-group` was given. A null
# means the default.

variable "replication_group_id" {
  type        = string
  description = "Id of the replication group. It begins the names of the security group and of the secret."
  default     = "revrx-redis-prod"
  nullable    = false
}

variable "description" {
  type        = string
  description = "Description of the replication group."
  default     = "RevRx Report Processing Queue"
  nullable    = false
}

variable "engine_version" {
  type        = string
  description = "Version of Redis OSS."
  default     = "7.1"
  nullable    = false
}

variable "node_type" {
  type        = string
  description = "Size of each node. To begin with, cache.t3.medium is enough."
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

variable "automatic_failover_enabled" {
  type        = bool
  description = "Whether a replica takes over when the primary fails."
  default     = true
  nullable    = false
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether the nodes stand in several zones."
  default     = true
  nullable    = false
}

variable "subnet_group_name" {
  type        = string
  description = "Name of the subnet group that is made of subnet_ids."
  default     = "revrx-redis-subnet-group"
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the cache, in two zones at least."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The subnet_ids must hold at least one subnet."
  }
}

variable "app_security_group_id" {
  type        = string
  description = "Security group of the application servers, which may connect to the cache on its port."
  nullable    = false
}

variable "auth_token" {
  type        = string
  description = "The AUTH token: 16 to 128 letters, digits and the characters !&#$^<>-. When it is null one is made, which only Secrets Manager holds."
  default     = null
  sensitive   = true

  # The output of `openssl rand -base64 32` always ends with an equals sign, and most often holds a plus
  # or a slash: ElastiCache takes none of these.
  validation {
    condition     = var.auth_token == null || can(regex("^[0-9A-Za-z!&#$^<>-]{16,128}$", var.auth_token))
    error_message = "The auth_token must have 16 to 128 characters, each a letter, a digit or one of !&#$^<>-. Base64, as of openssl rand -base64 32, ends with = and may hold + and /, which ElastiCache refuses. Use openssl rand -hex 32, or leave auth_token out to have one made."
  }
}

variable "snapshot_retention_limit" {
  type        = number
  description = "Days to keep the daily snapshot."
  default     = 7
  nullable    = false
}

variable "maintenance_window" {
  type        = string
  description = "Weekly window for maintenance, in UTC."
  default     = "sun:05:00-sun:07:00"
  nullable    = false
}

variable "database" {
  type        = number
  description = "Number of the database that the broker and the results use: REDIS_DB."
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
