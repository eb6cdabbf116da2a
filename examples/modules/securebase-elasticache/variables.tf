variable "environment" {
  type        = string
  description = "Name of the environment, such as prod. The replication group is securebase-<environment>-redis."
  nullable    = false
}

variable "vpc_id" {
  type        = string
  description = "VPC of the cache and of who may connect."
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the cache; for Multi-AZ, in two zones at least."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The subnet_ids must hold at least one subnet."
  }
}

variable "allowed_security_group_ids" {
  type        = list(string)
  description = "Security groups that may connect, such as that of the Lambda functions."
  default     = []
  nullable    = false
}

# Instance configuration

variable "node_type" {
  type        = string
  description = "Size of each node."
  default     = "cache.t3.micro"
  nullable    = false
}

variable "num_cache_nodes" {
  type        = number
  description = "Number of nodes: the primary and its replicas."
  default     = 1
  nullable    = false

  validation {
    condition     = var.num_cache_nodes >= 1 && floor(var.num_cache_nodes) == var.num_cache_nodes
    error_message = "The num_cache_nodes must be a whole number and at least 1."
  }
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether replicas stand in other zones and take over when the primary fails. It needs two nodes."
  default     = false
  nullable    = false
}

# Security

variable "auth_token_enabled" {
  type        = bool
  description = "Whether clients must give a token."
  default     = true
  nullable    = false
}

variable "auth_token" {
  type        = string
  description = "The token: 16 to 128 letters, digits and the characters !&#$^<>-. When it is null one is made, which only Secrets Manager holds."
  default     = null
  sensitive   = true
}

variable "store_auth_token" {
  type        = bool
  description = "Whether a secret is made with the host, the port and the token, as the Lambda code reads them."
  default     = true
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

# Monitoring

variable "notification_topic_arn" {
  type        = string
  description = "SNS topic that is told of events of the cache, such as a failover."
  default     = null
}

variable "alarm_actions" {
  type        = list(string)
  description = "What is told when an alarm goes off, such as an SNS topic."
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
