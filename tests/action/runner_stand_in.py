"""Runs the steps of a composite action as GitHub's runner does: inputs, outputs, conditions, variables and files."""

import argparse
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml


class Outcome:
    """What became of a run."""

    def __init__(self, code, log, summary, outputs):
        self.code, self.log, self.summary, self.outputs = code, log, summary, outputs


class Runner:
    """The surroundings of one job."""

    def __init__(self, folder, environment, token="made-up-token"):
        self.folder, self.environment, self.token = Path(folder), environment, token
        # The action's own repository and revision.
        self.repository, self.revision = "team/phone-dir", "0" * 40
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, action, workspace, event_name, event, inputs):
        """Runs an action's steps in order; after a failure only steps that ask for it would run, and none does."""
        definition = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        github = {"token": self.token, "action_repository": self.repository, "action_ref": self.revision}
        values = {"inputs": self.inputs(definition, inputs), "steps": {}, "github": github}
        event_file, summary = self.folder / "event.json", self.folder / "summary.md"
        event_file.write_text(json.dumps(event), encoding="utf-8")
        summary.write_text("")
        log, code = "", 0
        for number, step in enumerate(definition["runs"]["steps"]):
            if code or not condition(step.get("if", ""), values):
                continue
            outputs = self.folder / f"output-{number}"
            outputs.write_text("")
            variables = {name: fill(text, values) for name, text in step["env"].items()}
            files = {"GITHUB_EVENT_PATH": event_file, "GITHUB_STEP_SUMMARY": summary, "GITHUB_OUTPUT": outputs}
            done = subprocess.run(
                [shutil.which("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=workspace,
                env={**self.environment, **self.runner_variables(action, event_name, workspace), **variables}
                | {name: str(file) for name, file in files.items()},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            log, code = log + done.stdout, done.returncode
            lines = outputs.read_text().splitlines()
            values["steps"][step.get("id", str(number))] = {"outputs": dict(line.split("=", 1) for line in lines)}
        told = {name: fill(output["value"], values) for name, output in definition.get("outputs", {}).items()}
        return Outcome(code, log, summary.read_text(encoding="utf-8"), told)

    def runner_variables(self, action, event_name, workspace):
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(action),
            "GITHUB_EVENT_NAME": event_name,
            "GITHUB_REPOSITORY": "team/voice",
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(self.folder),
        }

    @staticmethod
    def inputs(definition, given):
        unknown = set(given) - set(definition["inputs"])
        assert not unknown, f"unknown inputs {unknown}"
        return {name: given.get(name, spec.get("default", "")) for name, spec in definition["inputs"].items()}


def fill(text, values):
    """Replaces expressions; an input's default may itself be one."""
    filled = re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda found: str(look_up(found[1], values)), str(text))
    return fill(filled, values) if "${{" in filled and filled != text else filled


def look_up(name, values):
    for part in name.split("."):
        values = values.get(part, {})
    return "" if values == {} else values


def condition(text, values):
    """Conditions of the form `a == 'x' && b != 'y'`, and no condition."""
    for part in filter(None, (part.strip() for part in text.split("&&"))):
        name, operator, word = re.fullmatch(r"([\w.-]+) (==|!=) '([^']*)'", part).groups()
        if (str(look_up(name, values)) == word) != (operator == "=="):
            return False
    return True


def sealed_environment(home):
    """An environment without the machine's git configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "RUNNER_"))}
    named = {
        f"GIT_{role}_{what}": text
        for role in ("AUTHOR", "COMMITTER")
        for what, text in (("NAME", "Test"), ("EMAIL", "test@example.com"))
    }
    sealed = {"HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
    return kept | named | sealed | {"PHONE_DIR_NOW": "2026-02-03T04:05:06Z"}


def program_and_rest(default):
    """The program that the command line names with `--phone-dir`, and the words that are unittest's."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--phone-dir", type=Path, default=default)
    known, rest = parser.parse_known_args()
    return known.phone_dir.resolve(), rest
