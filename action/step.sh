#!/usr/bin/env bash
# Starts a step that is written in Python: `step.sh NAME`. Python is isolated (`-I`), so that neither the checkout, in
# which the step runs, nor `PYTHONPATH` decides what a script imports.
set -euo pipefail

here="$(cd -- "${BASH_SOURCE[0]%/*}" && pwd -P)"
# shellcheck source=SCRIPTDIR/search_path.sh
. "$here/search_path.sh"

if ! command -v python3 >/dev/null; then
    echo "::error title=phone-dir::python3 is not on the PATH outside of the checkout; the action needs it"
    exit 2
fi
exec python3 -I -B "$here/$1.py"
