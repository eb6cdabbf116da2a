#!/usr/bin/env bash
# Shows the plan of a folder in a comment of the pull request: comment.sh FOLDER NUMBER. Each folder has one comment.
#
# Needs gh, which GitHub's runners have, GH_TOKEN with the permission pull-requests: write, and GITHUB_REPOSITORY.
set -euo pipefail

body=$1/comment.md
comments=repos/$GITHUB_REPOSITORY/issues/$2/comments

# The first line of the text is a comment of HTML that names the folder.
marker=$(head -n 1 "$body")
id=$(gh api "$comments" --paginate --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | sed -n 1p)
if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$body"
else
    gh api --silent --method POST "$comments" --field "body=@$body"
fi
