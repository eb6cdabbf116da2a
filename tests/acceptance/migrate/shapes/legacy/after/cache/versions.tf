terraform {
  required_providers {
    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = "~> 0.1"
    }
  }
}
