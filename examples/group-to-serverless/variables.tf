variable "name" {
  type        = string
  description = "Name of the cache, such as booking. It begins the names of everything that is created."
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

variable "stage" {
  type        = string
  description = "How far the migration is: `group` (the default), `switch` with both caches, or `serverless` without the replication group."
  default     = "group"
  nullable    = false

  validation {
    condition     = contains(["group", "switch", "serverless"], var.stage)
    error_message = "The stage must be group, switch or serverless."
  }
}

# Network

variable "vpc_id" {
  type        = string
  description = "VPC of the application."
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of both caches, in two or three Availability Zones."
  nullable    = false
}

variable "client_security_group_ids" {
  type        = list(string)
  description = "Security groups of the application, whose members may connect."
  nullable    = false
}

# Replication group

variable "node_type" {
  type        = string
  description = "Node type. Defaults to cache.t4g.small."
  default     = "cache.t4g.small"
  nullable    = false
}

variable "shards" {
  type        = number
  description = "Shards, each with one replica. Defaults to 1."
  default     = 1
  nullable    = false
}

# Serverless cache

variable "max_data_storage" {
  type        = number
  description = "Most data in GB. Defaults to 10. It must hold the data of the snapshot."
  default     = 10
  nullable    = false
}

variable "max_ecpu_per_second" {
  type        = number
  description = "Most ElastiCache Processing Units per second. Defaults to 50000. Above it AWS throttles requests."
  default     = 50000
  nullable    = false
}

# Data

variable "snapshot_retention_limit" {
  type        = number
  description = "Days for which daily snapshots are retained. Defaults to 1."
  default     = 1
  nullable    = false
}

variable "deletion_protection" {
  type        = bool
  description = "Whether to refuse to delete the replication group before the stage switch, and the serverless cache after it. Defaults to true."
  default     = true
  nullable    = false
}

variable "recovery_window_in_days" {
  type        = number
  description = "Days for which the secret can be restored after it is deleted, 7 to 30, or 0. Defaults to 30."
  default     = 30
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Further tags."
  default     = {}
  nullable    = false
}
