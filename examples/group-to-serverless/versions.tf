terraform {
  required_version = ">= 1.5.0"

  required_providers {
    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = ">= 0.1.0"
    }
  }
}
