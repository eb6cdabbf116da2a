terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.73"
    }
    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = "~> 0.1"
    }
  }
}
