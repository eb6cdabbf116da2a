name_prefix            = "koneksi-prod"
environment            = "prod"
vpc_id                 = "vpc-0123456789abcde20"
elasticache_subnet_ids = ["subnet-0123456789abcde20", "subnet-0123456789abcde21", "subnet-0123456789abcde22"]
vpc_security_group_id  = "sg-0123456789abcde20"

node_type             = "cache.r6g.large"
number_cache_clusters = 3

parameter_group_parameters = [
  {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  },
  {
    name  = "timeout"
    value = "300"
  },
  {
    name  = "tcp-keepalive"
    value = "60"
  },
]

maintenance_window = "sun:03:00-sun:05:00"
snapshot_window    = "01:00-03:00"

tags = {
  Backup     = "required"
  Compliance = "required"
  CostCenter = "engineering"
}
