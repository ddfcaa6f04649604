#!/usr/bin/env bash
# Names phone-dir to the following steps: the program that the workflow names, else the one of the action's own release,
# or, where the workflow says so, one built from the action's own files, which are those of the commit that it names.
#
# Nothing of the checkout chooses what builds it: cargo and rustup look for their configuration from the current folder
# upwards, so the build starts in the action's folder, with the runner's own toolchain and a cargo home of its own. What
# is built runs code of its dependencies, so none of the job's variables, which may hold keys, reach it.
set -euo pipefail

here="$(cd -- "${BASH_SOURCE[0]%/*}" && pwd -P)"
# shellcheck source=SCRIPTDIR/search_path.sh
. "$here/search_path.sh"

refuse() {
    echo "::error title=phone-dir::$1"
    exit 2
}

# Sets `allowed` to what the build needs to know of this machine: where it is, and how to reach the network.
allow_variables() {
    local name
    allowed=()
    for name in $(compgen -e); do
        case "$name" in
            PATH | HOME | USER | LANG | LC_ALL | TMPDIR | TERM | RUSTUP_HOME | SSL_CERT_FILE | SSL_CERT_DIR | \
                [Hh][Tt][Tt][Pp]_[Pp][Rr][Oo][Xx][Yy] | [Hh][Tt][Tt][Pp][Ss]_[Pp][Rr][Oo][Xx][Yy] | \
                [Aa][Ll][Ll]_[Pp][Rr][Oo][Xx][Yy] | [Nn][Oo]_[Pp][Rr][Oo][Xx][Yy] | CARGO_HTTP_* | CARGO_NET_*)
                allowed+=("$name=${!name}")
                ;;
        esac
    done
}

# The toolchain that the runner chose, whatever a `rust-toolchain.toml` or an override says about a folder.
default_toolchain() {
    command -v rustup >/dev/null || return 0
    local answer
    answer="$(env -u RUSTUP_TOOLCHAIN rustup default)" || refuse "rustup has no default toolchain; install one before this action"
    printf '%s\n' "${answer%% *}"
}

build() {
    local scratch toolchain
    command -v cargo >/dev/null || refuse "cargo is not on the PATH outside of the checkout; install Rust before this action, or give the input 'binary'"
    # A new folder: nothing that an earlier step left behind is taken for what is built here.
    scratch="$(mktemp -d "$RUNNER_TEMP/phone-dir-build.XXXXXX")"
    cd -- "$GITHUB_ACTION_PATH"
    toolchain="$(default_toolchain)"
    allow_variables
    allowed+=("CARGO_HOME=$scratch/cargo")
    [[ -z $toolchain ]] || allowed+=("RUSTUP_TOOLCHAIN=$toolchain")
    env -i "${allowed[@]}" cargo install --quiet --locked --bin phone-dir --path "$GITHUB_ACTION_PATH" \
        --root "$scratch" --target-dir "$scratch/target" </dev/null
    program="$scratch/bin/phone-dir"
}

if [[ -n ${PHONE_DIR_BINARY:-} ]]; then
    if [[ ! -x $PHONE_DIR_BINARY || -d $PHONE_DIR_BINARY ]]; then
        refuse "the input 'binary' names no program that can be started"
    fi
    program="$(cd -- "$(dirname -- "$PHONE_DIR_BINARY")" && pwd)/$(basename -- "$PHONE_DIR_BINARY")"
elif [[ ${PHONE_DIR_BUILD:-false} == true ]]; then
    build
else
    command -v python3 >/dev/null || refuse "python3 is not on the PATH outside of the checkout; the action needs it"
    place="$(mktemp "$RUNNER_TEMP/phone-dir-place.XXXXXX")"
    python3 -I -B "$here/download.py" "$place"
    program="$(<"$place")"
fi
(cd -- "$RUNNER_TEMP" && "$program" --version)
printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
