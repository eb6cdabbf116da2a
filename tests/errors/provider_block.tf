provider "elasticache" {
  allowed_account_ids = ["1234"]
}

provider "elasticache" {
  alias                 = "both_lists"
  allowed_account_ids   = ["111122223333"]
  forbidden_account_ids = ["444455556666"]
}

provider "elasticache" {
  alias      = "half_a_key"
  access_key = "AKIAEXAMPLE"
}

provider "elasticache" {
  alias = "endpoint"
  endpoints {
    elasticache = "localhost:4566"
  }
}

provider "elasticache" {
  alias = "role"
  assume_role {
    role_arn = "admin"
    duration = "10s"
  }
}

provider "elasticache" {
  alias      = "retry_mode"
  retry_mode = "legacy"
}

provider "elasticache" {
  alias       = "retries"
  max_retries = -1
}

# A provider block that nothing uses is not checked.
resource "elasticache_subnet_group" "default" {
  name       = "booking"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "both_lists" {
  provider   = elasticache.both_lists
  name       = "booking"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "half_a_key" {
  provider   = elasticache.half_a_key
  name       = "booking"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "endpoint" {
  provider   = elasticache.endpoint
  name       = "booking"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "role" {
  provider   = elasticache.role
  name       = "booking"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "retry_mode" {
  provider   = elasticache.retry_mode
  name       = "booking"
  subnet_ids = ["subnet-1"]
}

resource "elasticache_subnet_group" "retries" {
  provider   = elasticache.retries
  name       = "booking"
  subnet_ids = ["subnet-1"]
}
