#!/usr/bin/env bash
# Puts phone-dir on the PATH of the following steps: the program that the workflow names, or one built from the
# action's own files, which are those of the commit that the workflow names.
set -euo pipefail

if [[ -n ${PHONE_DIR_BINARY:-} ]]; then
    if [[ ! -x $PHONE_DIR_BINARY || -d $PHONE_DIR_BINARY ]]; then
        echo "::error title=phone-dir::the input 'binary' names no program that can be started"
        exit 2
    fi
    program="$(cd "$(dirname -- "$PHONE_DIR_BINARY")" && pwd)/$(basename -- "$PHONE_DIR_BINARY")"
else
    cargo install --quiet --locked --bin phone-dir --path "$GITHUB_ACTION_PATH" --root "$RUNNER_TEMP/phone-dir"
    program="$RUNNER_TEMP/phone-dir/bin/phone-dir"
fi
"$program" --version
printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
