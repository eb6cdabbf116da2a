locals {
  environment   = "development"
  account_id    = "111122223333"
  kms_key_id    = "alias/caches"
  alarm_actions = []
}
