# Every optional variable is `nullable = false`: a null from Terragrunt's
# `try(values.x, null)` means the default.

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
  description = "Private subnets of the cache; for Multi-AZ, in two zones at least."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The subnet_ids must hold at least one subnet."
  }
}

variable "security_group_ids" {
  type        = list(string)
  description = "Security groups of the cache. They must let the application in, on the port that redis_port gives."
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) > 0
    error_message = "The security_group_ids must hold at least one security group."
  }
}

# Optional

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

variable "engine_version" {
  type        = string
  description = "Version of Redis OSS. The family of the parameter group follows it."
  default     = "7.1"
  nullable    = false

  validation {
    condition     = can(regex("^(7\\.[0-9]+|6\\.(x|[0-9]+)|5\\.0\\.[0-9]+)$", var.engine_version))
    error_message = "The engine_version must be a version of Redis OSS as ElastiCache writes it: 7.0 or 7.1, 6.0, 6.2 or 6.x, or in full as in 5.0.6."
  }
}

variable "multi_az_enabled" {
  type        = bool
  description = "Whether replicas stand in other zones and take over when the primary fails. It needs two nodes and two subnets."
  default     = false
  nullable    = false
}

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

variable "enable_auth_token" {
  type        = bool
  description = "Whether clients must give auth_token. This turns on TLS as well, which AWS demands with a token."
  default     = false
  nullable    = false
}

variable "auth_token" {
  type        = string
  description = "The token of enable_auth_token; without that it is not used."
  default     = ""
  nullable    = false
  sensitive   = true

  validation {
    condition     = var.auth_token == "" || can(regex("^[!-~]{16,128}$", var.auth_token))
    error_message = "The auth_token must have 16 to 128 printable characters, and no space."
  }

  validation {
    condition     = !can(regex("[@\"/]", var.auth_token))
    error_message = "The auth_token must not hold @, a double quote or a slash; AWS refuses them."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything that is created."
  default     = {}
  nullable    = false
}
