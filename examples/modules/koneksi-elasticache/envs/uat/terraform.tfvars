name_prefix            = "koneksi-uat"
environment            = "uat"
vpc_id                 = "vpc-0123456789abcde10"
elasticache_subnet_ids = ["subnet-0123456789abcde10", "subnet-0123456789abcde11"]
vpc_security_group_id  = "sg-0123456789abcde10"

node_type             = "cache.t3.small"
number_cache_clusters = 2
