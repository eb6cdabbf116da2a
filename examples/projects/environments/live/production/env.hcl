locals {
  environment   = "production"
  account_id    = "444455556666"
  kms_key_id    = "alias/caches"
  alarm_actions = ["arn:aws:sns:eu-west-1:444455556666:on-call"]
}
