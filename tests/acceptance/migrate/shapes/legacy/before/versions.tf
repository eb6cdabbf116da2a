terraform {
  required_version = ">= 0.13"

  required_providers {
    aws = ">= 3.39, < 4.0"
  }
}
