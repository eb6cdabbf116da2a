variable "name" {
  type        = string
  description = "Name of the cache, such as booking-production. It begins the names of everything that is created."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[0-9a-z])*$", var.name)) && length(var.name) <= 40
    error_message = "The name must be 1 to 40 lower-case letters, digits and single hyphens, beginning with a letter."
  }
}

variable "environment" {
  type        = string
  description = "Value of the tag Environment. With dev, development, sandbox or test the policies accept one node without backups."
  nullable    = false
}

# Network

variable "vpc_id" {
  type        = string
  description = "VPC of the cache and of the service."
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the cache, in at least two Availability Zones."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "The subnet_ids must contain at least two subnets, in different Availability Zones."
  }
}

variable "client_security_group_ids" {
  type        = list(string)
  description = "Security groups of the service, whose members may connect."
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
  description = "Node type. Defaults to cache.t4g.small."
  default     = "cache.t4g.small"
  nullable    = false
}

variable "nodes" {
  type        = number
  description = "Number of nodes: the primary and its replicas. Defaults to 2. With 1 there is no failover and no Multi-AZ."
  default     = 2
  nullable    = false

  validation {
    condition     = var.nodes >= 1 && var.nodes <= 6
    error_message = "The number of nodes must be from 1 to 6: AWS allows five replicas."
  }
}

variable "maxmemory_policy" {
  type        = string
  description = "Which keys are evicted when memory is full. Defaults to allkeys-lru, for a cache."
  default     = "allkeys-lru"
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
  description = "Days to keep the daily snapshot. Defaults to 1; 0 takes none."
  default     = 1
  nullable    = false
}

# Operation

variable "maintenance_window" {
  type        = string
  description = "Weekly window for maintenance, in UTC. Defaults to sun:05:00-sun:07:00."
  default     = "sun:05:00-sun:07:00"
  nullable    = false
}

variable "token_rotation" {
  type        = string
  description = "Any text, such as 2026-11. A new text generates a new AUTH token, beside which the old one stays valid."
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
