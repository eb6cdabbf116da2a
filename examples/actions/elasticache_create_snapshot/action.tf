# terraform apply -invoke=action.elasticache_create_snapshot.before_migration
action "elasticache_create_snapshot" "before_migration" {
  config {
    name                 = "before-migration"
    replication_group_id = elasticache_replication_group.this.id
  }
}
