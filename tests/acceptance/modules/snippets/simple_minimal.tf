module "redis" {
  source             = "../../modules/elasticache"
  app_name           = "myapp"
  environment        = "dev"
  vpc_id             = "vpc-123"
  subnet_ids         = ["subnet-abc"]
  security_group_ids = ["sg-xyz"]
  tags               = { Environment = "dev" }
}
