variable "name" {
  type        = string
  description = "Name of the session store, such as shop-sessions. It begins the names of everything that is created."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[0-9a-z])*$", var.name)) && length(var.name) <= 40
    error_message = "The name must be 1 to 40 lower-case letters, digits and single hyphens, beginning with a letter."
  }
}

variable "environment" {
  type        = string
  description = "Value of the tag Environment."
  nullable    = false
}

# Network

variable "vpc_id" {
  type        = string
  description = "VPC of the store and of the application."
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the store, in at least two Availability Zones."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "The subnet_ids must contain at least two subnets, in different Availability Zones."
  }
}

variable "client_security_group_ids" {
  type        = list(string)
  description = "Security groups of the application, whose members may connect."
  nullable    = false
}

# Nodes

variable "engine_version" {
  type        = string
  description = "Version of Valkey. Defaults to 8.2. A new major version is upgraded in place and needs its own parameter group, which is created first."
  default     = "8.2"
  nullable    = false
}

variable "node_type" {
  type        = string
  description = "Node type. Defaults to cache.r7g.large."
  default     = "cache.r7g.large"
  nullable    = false
}

variable "shards" {
  type        = number
  description = "Number of shards. Defaults to 2. Shards are added and removed in place, while the store is in use."
  default     = 2
  nullable    = false

  validation {
    condition     = var.shards >= 1 && floor(var.shards) == var.shards
    error_message = "The number of shards must be a whole number and at least 1."
  }
}

variable "replicas_per_shard" {
  type        = number
  description = "Replicas of each shard, 1 to 5. Defaults to 1."
  default     = 1
  nullable    = false

  validation {
    condition     = var.replicas_per_shard >= 1 && var.replicas_per_shard <= 5
    error_message = "Each shard must have 1 to 5 replicas, one of which takes over when the primary fails."
  }
}

variable "key_prefix" {
  type        = string
  description = "Beginning of the keys that the application may use. Defaults to session:."
  default     = "session:"
  nullable    = false
}

# Data

variable "kms_key_id" {
  type        = string
  description = "Customer managed key that encrypts the data at rest: the ARN of a key, or an alias such as alias/caches. It must be known at plan."
  nullable    = false
}

variable "snapshot_retention_limit" {
  type        = number
  description = "Days to keep the daily snapshot. Defaults to 7."
  default     = 7
  nullable    = false
}

variable "deletion_protection" {
  type        = bool
  description = "Whether a plan that destroys or replaces the store fails. Defaults to true."
  default     = true
  nullable    = false
}

# Operation

variable "maintenance_window" {
  type        = string
  description = "Weekly window for maintenance, in UTC. Defaults to sun:05:00-sun:07:00."
  default     = "sun:05:00-sun:07:00"
  nullable    = false
}

variable "password_rotation" {
  type        = string
  description = "Any text, such as 2026-11. A new text generates a new password, beside which the old one stays valid until the next."
  default     = ""
  nullable    = false
}

variable "recovery_window_in_days" {
  type        = number
  description = "Days during which a deleted secret can be restored: 7 to 30, or 0 to delete it at once, for tests. Defaults to 30."
  default     = 30
  nullable    = false
}

variable "log_retention_in_days" {
  type        = number
  description = "Days to keep the logs. Defaults to 14."
  default     = 14
  nullable    = false
}

variable "alarm_actions" {
  type        = list(string)
  description = "ARNs that each alarm notifies, such as an SNS topic. Defaults to none."
  default     = []
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "More tags of everything that is created."
  default     = {}
  nullable    = false
}
