resource "elasticache_serverless_cache" "name" {
  name   = "booking_cache"
  engine = "valkey"
}

resource "elasticache_serverless_cache" "long_name" {
  name   = "booking-sessions-of-the-production-account"
  engine = "valkey"
}

resource "elasticache_serverless_cache" "engine" {
  name   = "booking"
  engine = "keydb"
}

resource "elasticache_serverless_cache" "version" {
  name                 = "booking"
  engine               = "valkey"
  major_engine_version = "8.1"
}

resource "elasticache_serverless_cache" "memcached_version" {
  name                 = "booking"
  engine               = "memcached"
  major_engine_version = "8"
}

resource "elasticache_serverless_cache" "memcached_user_group" {
  name          = "booking"
  engine        = "memcached"
  user_group_id = "people"
}

resource "elasticache_serverless_cache" "storage" {
  name   = "booking"
  engine = "valkey"
  cache_usage_limits {
    data_storage {
      maximum = 5001
      unit    = "MB"
    }
  }
}

resource "elasticache_serverless_cache" "ecpu" {
  name   = "booking"
  engine = "valkey"
  cache_usage_limits {
    ecpu_per_second {
      minimum = 999
    }
  }
}

resource "elasticache_serverless_cache" "minimum" {
  name   = "booking"
  engine = "valkey"
  cache_usage_limits {
    data_storage {
      minimum = 11
      maximum = 10
    }
  }
}

resource "elasticache_serverless_cache" "snapshots" {
  name                     = "booking"
  engine                   = "valkey"
  snapshot_retention_limit = 36
  daily_snapshot_time      = "9:00"
  snapshot_arns_to_restore = ["arn:aws:rds:eu-west-1:111122223333:snapshot:nightly"]
  final_snapshot_name      = "booking--last"
}

resource "elasticache_serverless_cache" "description" {
  name        = "booking"
  engine      = "valkey"
  description = "sessions <b>"
}

resource "elasticache_serverless_cache" "network" {
  name               = "booking"
  engine             = "valkey"
  network_type       = "IPv6"
  security_group_ids = ["booking-group"]
  subnet_ids         = ["booking-subnet"]
  kms_key_id         = "a key"
  user_group_id      = "people_of_booking"
}

resource "elasticache_serverless_cache" "connection" {
  name            = "booking"
  engine          = "valkey"
  connection_type = "internet"
}

resource "elasticache_serverless_cache" "public" {
  name                 = "booking"
  engine               = "valkey"
  major_engine_version = "8"
  connection_type      = "public"
}
