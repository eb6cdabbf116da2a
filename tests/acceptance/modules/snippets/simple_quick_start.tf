module "redis" {
  source = "../../modules/elasticache"

  # Required (5 variables)
  app_name           = "backend-booking"
  environment        = "dev"
  vpc_id             = module.networking.vpc_id
  subnet_ids         = [module.networking.private_subnet_id]
  security_group_ids = [aws_security_group.ecs_tasks.id]

  tags = {
    Environment = "dev"
  }
}
