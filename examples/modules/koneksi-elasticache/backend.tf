# What bucket and key the state has is in envs/<environment>/backend.tf:
#   terraform init -backend-config=envs/staging/backend.tf
terraform {
  backend "s3" {}
}
