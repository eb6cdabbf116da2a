terraform {
  required_version = ">= 0.13"

  required_providers {
    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = "~> 0.1"
    }
  }
}
