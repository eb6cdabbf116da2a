variable "name" {
  type        = string
  description = "Name of the cache, such as booking-api. It begins the names of everything that is created."
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
  description = "VPC of the API."
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the VPC endpoint of the cache, in two or three Availability Zones. Another list replaces the cache."
  nullable    = false
}

variable "client_security_group_ids" {
  type        = list(string)
  description = "Security groups of the API, whose members may connect."
  nullable    = false
}

# Cache

variable "major_engine_version" {
  type        = string
  description = "Major version of Valkey. Defaults to 8. A later one is applied in place."
  default     = "8"
  nullable    = false
}

variable "key_prefix" {
  type        = string
  description = "Prefix of the keys that the API may read and write. Defaults to `api:`."
  default     = "api:"
  nullable    = false
}

variable "kms_key_id" {
  type        = string
  description = "KMS key that encrypts the data at rest. Defaults to a key of ElastiCache. Another key replaces the cache."
  default     = null
}

# Limits

variable "max_data_storage" {
  type        = number
  description = "Most data in GB. Defaults to 10. At the limit AWS evicts keys that have a time to live."
  default     = 10
  nullable    = false
}

variable "max_ecpu_per_second" {
  type        = number
  description = "Most ElastiCache Processing Units per second. Defaults to 50000. Above it AWS throttles requests."
  default     = 50000
  nullable    = false
}

variable "min_ecpu_per_second" {
  type        = number
  description = "ElastiCache Processing Units per second that are kept ready, and billed, all the time. Defaults to none."
  default     = null
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
  description = "Whether to refuse to delete the cache. Defaults to true."
  default     = true
  nullable    = false
}

# Operation

variable "alarm_actions" {
  type        = list(string)
  description = "ARNs of SNS topics that are notified of alarms. Defaults to none."
  default     = []
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Further tags."
  default     = {}
  nullable    = false
}
