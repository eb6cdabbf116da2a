#!/usr/bin/env bash
# Plans, checks the plan against the policies, and describes it for reviewers. Usage: plan.sh FOLDER.
#
# Writes FOLDER/plan.bin, plan.txt, plan.json, findings.txt and comment.md, and fails when a policy is violated. Except
# for the timestamp in plan.json nothing varies from run to run, so that plans can be compared. TERRAFORM=tofu uses
# OpenTofu, and POLICIES names another folder of policies.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
terraform=${TERRAFORM:-terraform}
policies=${POLICIES:-$here/../policies}
folder=$1
cd "$folder"
rm -f plan.bin plan.txt plan.json findings.txt comment.md

# The lock file is checked in: another build of the provider than the one it names is an error.
"$terraform" init -input=false -no-color -lockfile=readonly
"$terraform" plan -input=false -no-color -lock-timeout=300s -out=plan.bin
"$terraform" show -no-color plan.bin > plan.txt
"$terraform" show -json plan.bin > plan.json

violated=0
python3 "$policies/check.py" plan.json "$policies/exceptions.json" > findings.txt || violated=$?
cat findings.txt
python3 "$here/comment.py" --title "$folder" --findings findings.txt plan.json > comment.md
exit "$violated"
