# shellcheck shell=bash
# Sourced by every step: leaves on the PATH only folders from the root that do not lie in the checkout, whose files
# anybody with a pull request may have written.

unset CDPATH BASH_ENV ENV

keep_trusted_folders() {
    local checkout folder place kept=""
    checkout="$(cd -- "${GITHUB_WORKSPACE:-$PWD}" && pwd -P)"
    while IFS= read -r -d : folder; do
        [[ $folder == /* ]] || continue
        place="$(cd -- "$folder" 2>/dev/null && pwd -P)" || continue
        [[ $place/ == "${checkout%/}"/* ]] || kept+="${kept:+:}$folder"
    done <<<"$PATH:"
    export PATH="$kept"
}

keep_trusted_folders
