#!/bin/sh
# Writes the settings of the cache into a .env file and keeps every other line of it:
#
#   terraform output -raw env | sh update-env.sh .env
#
# Standard input has a setting on each line, NAME=VALUE. A VALUE that is the ARN of an SSM
# parameter or of a secret is read with the AWS CLI, in the Region of the ARN. When one
# cannot be read, the file is not touched and the exit code is 1.
set -eu
umask 077

file=${1:?usage: terraform output -raw env | sh update-env.sh FILE}
settings=$(mktemp "${TMPDIR:-/tmp}/update-env.XXXXXX")
updated=
trap 'rm -f "$settings" ${updated:+"$updated"}' EXIT

fail() {
    echo "update-env: $*. $file was not changed." >&2
    exit 1
}

# Prints the value of the ARN in $1, and nothing after a failure.
read_value() {
    region=$(printf '%s' "$1" | cut -d : -f 4)
    [ -n "$region" ] || return 1
    case $1 in
        arn:*:ssm:*)
            aws ssm get-parameter --region "$region" --name "$1" --with-decryption \
                --query Parameter.Value --output text ;;
        *)
            aws secretsmanager get-secret-value --region "$region" --secret-id "$1" \
                --query SecretString --output text ;;
    esac
}

while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] || continue
    name=${line%%=*}
    value=${line#*=}
    case $name in
        '' | *[!A-Za-z0-9_]*) fail "a line of the input is not NAME=VALUE" ;;
    esac
    case $value in
        arn:*:ssm:*:parameter/* | arn:*:secretsmanager:*:secret:*)
            arn=$value
            value=$(read_value "$arn" </dev/null) || fail "$name could not be read from $arn"
            case $value in
                '' | None) fail "$arn, which $name is read from, is empty" ;;
            esac ;;
    esac
    # A token may have characters that mean something to a shell; it never has a quote.
    case $value in
        *[!A-Za-z0-9_.:/@?=%+,-]*) value="'$value'" ;;
    esac
    printf '%s=%s\n' "$name" "$value" >>"$settings"
done
[ -s "$settings" ] || fail "there are no settings on the standard input"

[ -e "$file" ] || : >"$file"
# A copy keeps the owner and the mode of the file.
updated=$(mktemp "$file.XXXXXX")
cp -p "$file" "$updated"
awk '
    NR == FNR { name = substr($0, 1, index($0, "=") - 1); names[++count] = name; line[name] = $0; next }
    {
        name = $0
        export = sub(/^[ \t]*export[ \t]+/, "", name) ? "export " : ""
        name = match(name, /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) ? substr(name, RSTART, RLENGTH - 1) : ""
        gsub(/[ \t]/, "", name)
        if (!(name in line)) print
        else if (!(name in done)) { print export line[name]; done[name] = 1 }
    }
    END { for (i = 1; i <= count; i++) if (!(names[i] in done)) print line[names[i]] }
' "$settings" "$file" >"$updated"
if [ -L "$file" ]; then
    cat "$updated" >"$file"
else
    mv "$updated" "$file"
    updated=
fi
echo "update-env: wrote $(wc -l <"$settings" | tr -d ' ') settings to $file." >&2
