#!/bin/sh
# Prints the program behind a shim of asdf or mise, and nothing for any other program:
#
#   terraform.sh [NAME]   NAME, by default terraform or else tofu
#
# A shim finds its program by HOME and other variables, which the demo and the tests replace.
set -u

name=${1:-terraform}
shim=$(command -v "$name") || { [ $# -eq 0 ] && shim=$(command -v tofu); } || exit 0
case $shim in
    */shims/*) ;;
    *) exit 0 ;;
esac
for manager in asdf mise; do
    program=$("$manager" which "${shim##*/}" 2>/dev/null) || continue
    if [ -x "$program" ]; then
        printf '%s\n' "$program"
        exit 0
    fi
done
