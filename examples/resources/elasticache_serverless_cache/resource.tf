resource "elasticache_serverless_cache" "this" {
  name                 = "backend-booking"
  description          = "Cache of the booking service"
  engine               = "valkey"
  major_engine_version = "8"

  subnet_ids         = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  security_group_ids = [elasticache_security_group.this.id]

  # Limits that bound the costs of a burst.
  cache_usage_limits {
    data_storage {
      maximum = 10
      unit    = "GB"
    }
    ecpu_per_second {
      maximum = 5000
    }
  }

  snapshot_retention_limit = 7
  daily_snapshot_time      = "03:00"
  final_snapshot_name      = "backend-booking-final"

  tags = {
    Environment = "prod"
  }
}

# Clients connect to the endpoint and, for reads, to the reader endpoint.
resource "elasticache_security_group" "this" {
  name                       = "backend-booking-serverless"
  allowed_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
  ports                      = [6379, 6380]
}

output "redis_host" {
  value = one(elasticache_serverless_cache.this.endpoint).address
}
