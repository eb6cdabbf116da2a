#!/bin/sh
# Installs a client that is not written in Python: install.sh CLIENT DIRECTORY, where CLIENT is a folder beside this file.
set -eu

client=$1
directory=$2
source=$(cd "${0%/*}" && pwd)/$client

need() {
    command -v "$1" >/dev/null 2>&1 || {
        echo "Missing: $2 ($1 is not on the PATH)" >&2
        exit 1
    }
}

case $client in
    ioredis) need npm "Node.js 20 or newer with npm" ;;
    go_redis) need go "the Go of $source/go.mod or newer" ;;
    lettuce)
        need mvn "Maven"
        need javac "a JDK 17 or newer"
        ;;
    *)
        echo "Missing: a client named $client in $0" >&2
        exit 1
        ;;
esac

echo "Installing $client in $directory, once"
rm -rf "$directory"
mkdir -p "$directory"
cp "$source"/* "$directory"
cd "$directory"
log=$PWD/install.log
case $client in
    ioredis) npm ci --no-audit --no-fund >"$log" 2>&1 ;;
    go_redis) GOTOOLCHAIN=local go build -o session . >"$log" 2>&1 ;;
    lettuce)
        mvn -q -B dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=lib >"$log" 2>&1 &&
            javac -cp 'lib/*' -d . Session.java >>"$log" 2>&1
        ;;
esac || {
    printf '%s\n' "Missing: a package of $client. Its package manager must reach its registry or a mirror of it. The end of $log:" >&2
    tail -n 30 "$log" >&2
    exit 1
}
