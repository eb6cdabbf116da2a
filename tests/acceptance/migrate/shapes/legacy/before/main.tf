# Written for Terraform 0.11 and hashicorp/aws 3, and never touched since.

provider "aws" {
  region  = "eu-west-1"
  version = "~> 3.39"
}

module "sessions" {
  source = "./cache"
  name   = "sessions"
}

module "queue" {
  source               = "./cache"
  name                 = "queue"
  cluster_mode_enabled = "true"
  alarm_actions        = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
}

output "sessions" { value = "${module.sessions.endpoint}" }
