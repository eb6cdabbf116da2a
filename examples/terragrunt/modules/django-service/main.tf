# Stands for your own module of a Django service, with the inputs that it needs for Redis: the
# URLs, and the rules that let it in. It creates neither a service nor a rule.

terraform {
  required_version = ">= 1.5.0"
}

variable "redis_url" {
  type        = string
  description = "URL for CACHES."
  nullable    = false

  validation {
    condition     = can(regex("^rediss?://[^/]+/[0-9]+$", var.redis_url))
    error_message = "The redis_url must be a Redis URL with a database, as in redis://localhost:6379/0."
  }
}

variable "celery_broker_url" {
  type        = string
  description = "URL of Celery's broker."
  nullable    = false
}

variable "additional_security_group_rules" {
  type = list(object({
    type                     = string
    from_port                = number
    to_port                  = number
    protocol                 = string
    security_group_id        = string
    source_security_group_id = string
  }))
  description = "Rules to add to other security groups, as aws_security_group_rule accepts them."
  default     = []
  nullable    = false
}

resource "terraform_data" "container" {
  input = {
    environment = [
      { name = "REDIS_URL", value = var.redis_url },
      { name = "CELERY_BROKER_URL", value = var.celery_broker_url },
    ]
    rules = var.additional_security_group_rules
  }
}

output "environment" {
  description = "Environment of the container."
  value       = terraform_data.container.output.environment
}
