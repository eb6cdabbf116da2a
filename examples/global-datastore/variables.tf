variable "name" {
  type        = string
  description = "Name of the cache, such as booking. It begins the names of everything that is created, and is the suffix of the ID of the global datastore."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[0-9a-z])*$", var.name)) && length(var.name) <= 24
    error_message = "The name must be 1 to 24 lower-case letters, digits and single hyphens, beginning with a letter."
  }
}

variable "environment" {
  type        = string
  description = "Value of the tag Environment."
  nullable    = false
}

# Regions

variable "home" {
  type = object({
    region                    = string
    vpc_id                    = string
    subnet_ids                = list(string)
    client_security_group_ids = list(string)
    alarm_actions             = optional(list(string), [])
  })
  description = "Region in which the global datastore is created, with the network of the cache there. `alarm_actions` are ARNs of SNS topics in this Region."
  nullable    = false
}

variable "standby" {
  type = object({
    region                    = string
    vpc_id                    = string
    subnet_ids                = list(string)
    client_security_group_ids = list(string)
    alarm_actions             = optional(list(string), [])
  })
  description = "The other Region, with the network of the cache there."
  nullable    = false
}

variable "active_region" {
  type        = string
  description = "Region that takes writes. Defaults to the Region of home. The Region of standby makes the next apply fail over."
  default     = null
}

# Cache

variable "engine_version" {
  type        = string
  description = "Version of Valkey. Defaults to 8.0. A later one is applied in place, in both Regions."
  default     = "8.0"
  nullable    = false
}

variable "parameter_group_name" {
  type        = string
  description = "Parameter group of the new family, needed when the major part of engine_version changes, such as default.valkey9."
  default     = null
}

variable "node_type" {
  type        = string
  description = "Node type in both Regions. Defaults to cache.r7g.large. Global datastores have no burstable nodes."
  default     = "cache.r7g.large"
  nullable    = false
}

variable "nodes" {
  type        = number
  description = "Nodes in each Region. Defaults to 2, the fewest with automatic failover."
  default     = 2
  nullable    = false
}

variable "snapshot_retention_limit" {
  type        = number
  description = "Days for which daily snapshots are retained in each Region. Defaults to 1."
  default     = 1
  nullable    = false
}

# Operation

variable "max_replication_lag" {
  type        = number
  description = "Seconds by which the copy may be behind before the alarm. Defaults to 5."
  default     = 5
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Further tags."
  default     = {}
  nullable    = false
}
