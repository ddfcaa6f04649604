"""Starts git and phone-dir, in an environment in which the checkout chooses nothing of what runs."""

import os
import subprocess

from runner import Stop

# A folder of the checkout that looks like a bare repository is none, and no setting of a repository starts a program.
GIT_SETTINGS = {"safe.bareRepository": "explicit", "core.fsmonitor": "false", "core.hooksPath": os.devnull}
# The providers' keys are no business of a check.
KEYS = ("TWILIO_", "RETELL_")


def environment():
    """The environment of git and phone-dir: without keys, and with git's settings behind those that are there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KEYS)}
    first = int(kept.get("GIT_CONFIG_COUNT") or 0)
    for number, (name, value) in enumerate(GIT_SETTINGS.items(), first):
        kept |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return kept | {"GIT_CONFIG_COUNT": str(first + len(GIT_SETTINGS))}


def run(command, **options):
    """Runs a program to its end; one that is missing is said, not thrown."""
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment(), text=True, encoding="utf-8",
            **options,
        )
    except FileNotFoundError:
        raise Stop(f"the program `{command[0]}` is not on the PATH; the action needs it") from None
