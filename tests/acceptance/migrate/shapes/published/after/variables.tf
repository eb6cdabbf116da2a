variable "create" {
  type    = bool
  default = true
}

variable "name" {
  type        = string
  description = "Name of the aws_elasticache_replication_group and of what belongs to it."
}

variable "description" {
  type    = string
  default = null
}

variable "node_type" {
  type    = string
  default = "cache.t4g.small"
}

variable "nodes" {
  type    = number
  default = 2
}

variable "snapshot_name" {
  type    = string
  default = null
}

variable "logs" {
  type    = map(string)
  default = {}
}

variable "subnet_ids" {
  type    = list(string)
  default = []
}

variable "vpc_id" {
  type    = string
  default = null
}
