bucket       = "koneksi-terraform-state"
key          = "elasticache/uat/terraform.tfstate"
region       = "ap-southeast-1"
encrypt      = true
use_lockfile = true
