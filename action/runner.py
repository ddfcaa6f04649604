"""What the steps share: the runner's variables and files, and workflow commands with their escapes."""

import json
import os
import sys

# The exit codes of phone-dir.
FOUND, FAILED, CANNOT_TELL = 1, 2, 3


class Stop(Exception):
    """Ends a step with a message for people and an exit code."""

    def __init__(self, message, code=FAILED):
        super().__init__(message)
        self.code = code


def variable(name, default=None):
    """An environment variable; one that is not set and has no default is the workflow's mistake."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise Stop(f"the variable {name} is not set: this script runs as a step of the action")
    return default


def event():
    """The event that started the workflow. Its texts come from strangers."""
    with open(variable("GITHUB_EVENT_PATH"), encoding="utf-8") as file:
        return json.load(file)


def output(name, value):
    """Sets an output of the step; a value of several lines could set others."""
    text = str(value)
    if any(letter in text for letter in "\r\n"):
        raise Stop(f"the output {name} would have several lines")
    append("GITHUB_OUTPUT", f"{name}={text}\n")


def append(file_variable, text):
    """Appends to one of the runner's files."""
    with open(variable(file_variable), "a", encoding="utf-8") as file:
        file.write(text)


def escaped(text):
    """A text inside a workflow command: no line of its own, and no control character."""
    shown = "".join(letter if letter.isprintable() or letter in "\r\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text):
    """A text inside a property of a workflow command."""
    return escaped(text).replace(":", "%3A").replace(",", "%2C")


def say(level, message):
    """Prints an annotation: `notice`, `warning` or `error`."""
    print(f"::{level} title=phone-dir::{escaped(message)}", flush=True)


def run(step):
    """Runs a step and ends the process as it says."""
    try:
        code = step()
    except Stop as stop:
        say("error", str(stop))
        code = stop.code
    sys.exit(code or 0)
