#!/usr/bin/env bash
# Says whether what is there is what the configuration says: exits with 0 when it is, with 2 when it is not, and
# with 1 on an error. Usage: drift.sh FOLDER.
set -uo pipefail

cd "$1" || exit 1
terraform init -input=false -no-color -lockfile=readonly || exit 1
terraform plan -input=false -no-color -lock-timeout=300s -detailed-exitcode
