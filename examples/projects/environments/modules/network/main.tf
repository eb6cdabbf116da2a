# Stands for your own module of the network: it returns what it is given.

variable "vpc_id" {
  type        = string
  description = "VPC of the environment."
}

variable "private_subnet_ids" {
  type        = list(string)
  description = "Private subnets, in at least two Availability Zones."
}

variable "service_security_group_id" {
  type        = string
  description = "Security group of the services."
}

output "vpc_id" {
  description = "VPC of the environment."
  value       = var.vpc_id
}

output "private_subnet_ids" {
  description = "Private subnets, in at least two Availability Zones."
  value       = var.private_subnet_ids
}

output "service_security_group_id" {
  description = "Security group of the services."
  value       = var.service_security_group_id
}
