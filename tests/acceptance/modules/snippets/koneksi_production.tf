module "elasticache" {
  source = "./elasticache"
  
  # ... basic configuration ...
  
  # High-performance setup
  node_type              = "cache.r6g.large"
  number_cache_clusters  = 3
  
  # Custom parameter group
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
    }
  ]
  
  # Maintenance and backup
  maintenance_window = "sun:03:00-sun:05:00"
  snapshot_window    = "01:00-03:00"
  
  # Encryption
  kms_key_id = "arn:aws:kms:ap-southeast-1:account:key/key-id"
  
  # Additional tags
  tags = {
    Backup      = "required"
    Compliance  = "required"
    CostCenter  = "engineering"
  }
}
