data "elasticache_service_updates" "available" {
  status = ["available"]
}

# Name and date by which AWS recommends to apply each of them.
output "apply_by" {
  value = {
    for update in data.elasticache_service_updates.available.service_updates :
    update.name => update.recommended_apply_by_date
  }
}
