module "elasticache" {
  source = "./elasticache"
  
  # Basic settings
  name_prefix  = "koneksi-staging"
  project      = "koneksi"
  environment  = "staging"
  aws_region   = "ap-southeast-1"
  
  # Network configuration
  vpc_id                  = module.vpc.vpc_id
  elasticache_subnet_ids  = module.vpc.data_private_subnet_ids
  vpc_security_group_id   = module.vpc.data_private_security_group_id
  
  # Redis configuration
  node_type              = "cache.t3.micro"
  number_cache_clusters  = 2
  
  # Security
  automatic_failover_enabled = true
}
