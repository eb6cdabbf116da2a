name_prefix            = "koneksi-staging"
environment            = "staging"
vpc_id                 = "vpc-0123456789abcdef0"
elasticache_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
vpc_security_group_id  = "sg-0123456789abcdef0"

node_type             = "cache.t3.micro"
number_cache_clusters = 2
