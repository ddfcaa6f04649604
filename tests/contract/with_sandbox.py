#!/usr/bin/env python3
"""Runs a command with the environment of a sandbox that lives as long as the command.

    python3 tests/contract/with_sandbox.py target/debug/phone-dir COMMAND [ARGUMENT…]

The exit code is the command's own.
"""

import os
import re
import subprocess
import sys

EXPORT = re.compile(r"export ([A-Z_]+)=(\S+)$")
LAST_VARIABLE = "RETELL_PRODUCTION_API_KEY"


def environment_of(sandbox):
    """Reads the variables that the sandbox prints once it listens."""
    variables = {}
    for line in sandbox.stdout:
        if match := EXPORT.match(line.rstrip()):
            variables[match[1]] = match[2]
        if LAST_VARIABLE in variables:
            return variables
    raise SystemExit("the sandbox ended before it said where it listens")


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    program, *command = sys.argv[1:]
    with subprocess.Popen([program, "sandbox", "--port", "0", "--calls", "200/day"], stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            return subprocess.run(command, env=os.environ | environment_of(sandbox) | {"PHONE_DIR_PROGRAM": os.path.abspath(program)}, check=False).returncode
        finally:
            sandbox.terminate()


if __name__ == "__main__":
    sys.exit(main())
