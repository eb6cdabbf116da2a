# The tables of the document, in their order.

# Basic configuration

variable "name_prefix" {
  type        = string
  description = "Prefix for resource names."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z](-?[0-9A-Za-z])*$", var.name_prefix)) && length(var.name_prefix) <= 34
    error_message = "The name_prefix must be 1 to 34 letters, digits and single hyphens, beginning with a letter, as in koneksi-staging: \"-redis\" is added, and AWS takes 40."
  }
}

variable "project" {
  type        = string
  description = "Project name for tagging."
  default     = "koneksi"
  nullable    = false
}

variable "environment" {
  type        = string
  description = "Environment name for tagging."
  default     = "staging"
  nullable    = false
}

variable "aws_region" {
  type        = string
  description = "AWS region for deployment."
  default     = "ap-southeast-1"
  nullable    = false
}

# Network configuration

variable "vpc_id" {
  type        = string
  description = "VPC ID where ElastiCache will be created. The subnets are checked to be in it."
  nullable    = false
}

variable "elasticache_subnet_ids" {
  type        = list(string)
  description = "List of subnet IDs for ElastiCache (data private subnets)."
  nullable    = false

  validation {
    condition     = length(var.elasticache_subnet_ids) > 0
    error_message = "The elasticache_subnet_ids must hold at least one subnet."
  }
}

variable "vpc_security_group_id" {
  type        = string
  description = "Security group ID for ElastiCache access. It is that of the nodes, and must let the application in on the port."
  nullable    = false
}

# Redis configuration

variable "node_type" {
  type        = string
  description = "Instance type for Redis nodes."
  default     = "cache.t3.micro"
  nullable    = false
}

variable "number_cache_clusters" {
  type        = number
  description = "Number of cache clusters (replicas)."
  default     = 2
  nullable    = false
}

variable "port" {
  type        = number
  description = "Redis port number."
  default     = 6379
  nullable    = false
}

variable "parameter_group_name" {
  type        = string
  description = "Parameter group name. With one of AWS's own, such as default.redis7, a group of its family is made with parameter_group_parameters; any other is taken as it is."
  default     = "default.redis7"
  nullable    = false

  validation {
    condition     = !startswith(var.parameter_group_name, "default.") || var.parameter_group_name == "default.redis7"
    error_message = "The parameter_group_name must be default.redis7 or a group of your own: the engine is Redis 7."
  }
}

variable "automatic_failover_enabled" {
  type        = bool
  description = "Enable automatic failover, over several zones. It needs two nodes."
  default     = true
  nullable    = false
}

# Security and encryption

variable "kms_key_id" {
  type        = string
  description = "KMS key ID for encryption (uses default if null)."
  default     = null
}

# Backup and maintenance

variable "maintenance_window" {
  type        = string
  description = "Weekly maintenance window."
  default     = "sun:05:00-sun:09:00"
  nullable    = false
}

variable "snapshot_window" {
  type        = string
  description = "Daily snapshot window."
  default     = "03:00-05:00"
  nullable    = false
}

variable "snapshot_retention_limit" {
  type        = number
  description = "Days to keep the daily snapshot."
  default     = 7
  nullable    = false
}

# Parameter group configuration

variable "parameter_group_parameters" {
  type = list(object({
    name  = string
    value = string
  }))
  description = "Redis parameters."
  nullable    = false

  default = [
    {
      name  = "maxmemory-policy"
      value = "allkeys-lru"
    }
  ]
}

# Monitoring

variable "alarm_actions" {
  type        = list(string)
  description = "What is told when an alarm goes off or is over, such as an SNS topic."
  default     = []
  nullable    = false
}

variable "cache_hit_ratio_alarm" {
  type        = bool
  description = "Whether each node has an alarm on a hit ratio below 80 %."
  default     = false
  nullable    = false
}

# Tagging

variable "tags" {
  type        = map(string)
  description = "Additional tags for all resources."
  default     = {}
  nullable    = false
}
