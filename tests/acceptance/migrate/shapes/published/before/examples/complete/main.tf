terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = local.region
}

locals {
  region = "eu-west-1"
}

module "label" {
  source = "cloudposse/label/null"
}

module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
}

module "cache" {
  source = "../.."

  name       = "example"
  subnet_ids = module.vpc.private_subnets
  vpc_id     = module.vpc.vpc_id
}

module "users" {
  source = "../../modules/users"
}

module "other" {
  source = "cloudposse/elasticache-redis/aws"
}
