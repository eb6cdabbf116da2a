terraform {
  required_version = ">= 1.5.0"

  required_providers {
    elasticache = {
      # The whole address, so that Terraform and OpenTofu look in the same place.
      source  = "elasticache-rs/elasticache"
      version = ">= 0.1.0"
    }
  }
}
