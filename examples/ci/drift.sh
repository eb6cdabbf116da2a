#!/usr/bin/env bash
# Compares AWS with the configuration: exits with 0 if they agree, with 2 if they do not, and with 1 after an error.
# Usage: drift.sh FOLDER. TERRAFORM=tofu uses OpenTofu.
set -uo pipefail

terraform=${TERRAFORM:-terraform}
cd "$1" || exit 1
"$terraform" init -input=false -no-color -lockfile=readonly || exit 1
"$terraform" plan -input=false -no-color -lock-timeout=300s -detailed-exitcode
