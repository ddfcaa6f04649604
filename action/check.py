"""Validates what the workflow checked out, and every commit that it brings; writes the diff for a comment.

The verdict is an output (`exit-code`), not the exit code of this step, so that the comment is written in any case.
Nothing of the event reaches a shell, and git is given full commit ids only.
"""

import json
import re
import sys
from pathlib import Path

# An isolated Python looks nowhere for modules but in its own library.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import programs
import runner
from checkout import Checkout
from runner import CANNOT_TELL, FAILED, FOUND, Stop

COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?\Z")
# GitHub takes one mebibyte of summary for a step and shows nothing of a longer one.
SUMMARY_LIMIT = 900_000
# The text for the comment of a fork's pull request is read with a limit, too.
FORK_TEXT_LIMIT = 50_000


def commit(text):
    """A full commit id of the event."""
    if not isinstance(text, str) or not COMMIT.match(text):
        raise Stop("the event names a commit by something that is not an id")
    return text


class Plan:
    """What to compare: `base` gives rules and waivers, `range` the commits that this event brings."""

    def __init__(self, base=None, commits=None, number=None, head=None, is_fork=False):
        self.base, self.range, self.number, self.head, self.is_fork = base, commits, number, head, is_fork


def plan(event, checkout):
    """Reads from the event what it brings, and refuses where the clone cannot tell."""
    if checkout.git("rev-parse", "--is-shallow-repository") != "false":
        raise Stop("this clone has no history; give actions/checkout `fetch-depth: 0`", CANNOT_TELL)
    if "pull_request" in event:
        return of_pull_request(event["pull_request"], checkout)
    if "merge_group" in event:
        group = event["merge_group"]
        return of_range(commit(group["base_sha"]), commit(group["head_sha"]), checkout)
    if "before" in event and "after" in event:
        return of_push(event, checkout)
    return Plan()


def of_pull_request(request, checkout):
    head, base = commit(request["head"]["sha"]), commit(request["base"]["sha"])
    # The head's repository is gone when somebody deleted the fork.
    source = (request["head"].get("repo") or {}).get("full_name")
    is_fork = source != runner.variable("GITHUB_REPOSITORY")
    parents = (checkout.git("rev-list", "--parents", "-n", "1", "HEAD") or "").split()[1:]
    if len(parents) == 2 and parents[1] == head:
        # The merge that GitHub made for the pull request; its first parent is the base branch of that moment.
        base = parents[0]
    else:
        runner.say("warning", "the merge result is not checked out: what merging makes of both sides is not checked")
    made = of_range(base, head, checkout)
    return Plan(base, made.range, int(request["number"]), head, is_fork)


def of_range(base, head, checkout):
    for commit_id in (base, head):
        if not checkout.is_here(commit_id):
            raise Stop(f"commit {commit_id} is not in this clone; give actions/checkout `fetch-depth: 0`", CANNOT_TELL)
    if checkout.git("merge-base", base, head) is None:
        raise Stop("the two sides have no commit in common, so what this event brings cannot be told", CANNOT_TELL)
    return Plan(base, f"{base}...{head}")


def of_push(event, checkout):
    before, after = commit(event["before"]), commit(event["after"])
    if not after.strip("0"):
        raise Stop("the branch was deleted: there is nothing to check", CANNOT_TELL)
    if not before.strip("0"):
        runner.say("notice", "a new branch: its last commit is checked, by its own rules")
        return Plan()
    if not checkout.is_here(before):
        # A forced push left the earlier commit behind.
        runner.say("warning", "the commit before this push is gone: only the last commit is checked, by its own rules")
        return Plan()
    return of_range(before, after, checkout)


class PhoneDir:
    """Calls phone-dir for the project's folder."""

    def __init__(self, folder):
        self.program, self.folder = runner.variable("PHONE_DIR_PROGRAM"), str(folder)

    def call(self, *arguments):
        command = [self.program, "-C", self.folder, "--color", "never", *arguments]
        return programs.run(command, errors="replace")


class Checks:
    """Runs the checks and collects the summary."""

    def __init__(self, checkout, plan_, scratch):
        self.phone_dir, self.plan, self.scratch = PhoneDir(checkout.folder), plan_, scratch
        self.checkout, self.prefix = checkout, checkout.prefix
        self.summary = []

    def settings(self):
        """A change must not weaken its own check: rules and waivers are the base's."""
        strict = ["--strict"] if runner.variable("PHONE_DIR_STRICT", "false") == "true" else []
        return (["--settings-from", self.plan.base] if self.plan.base else []) + strict

    def result(self):
        """Validates what is checked out, with annotations."""
        files = {name: self.scratch / f"findings.{name}" for name in ("sarif", "json", "markdown")}
        outputs = [word for name, file in files.items() for word in ("--output", f"{name}={file}")]
        done = self.phone_dir.call("validate", "--rev", "HEAD", "--format", "github", *self.settings(), *outputs)
        print(self.from_the_top(done.stdout), end="", flush=True)
        if done.returncode not in (0, FOUND):
            raise Stop("the directory could not be checked; the reason is in the log above", done.returncode)
        self.place_sarif(files["sarif"])
        runner.output("sarif", files["sarif"])
        runner.output("json", files["json"])
        self.summary.append(files["markdown"].read_text(encoding="utf-8"))
        return done.returncode

    def from_the_top(self, annotations):
        """GitHub looks for files from the top of the repository, phone-dir names them from the project's root."""
        prefix = runner.escaped_property(self.prefix).replace("\\", "\\\\")
        return re.sub(r"^(::(?:error|warning) file=)", rf"\g<1>{prefix}", annotations, flags=re.MULTILINE)

    def place_sarif(self, file):
        if not self.prefix:
            return
        sarif = json.loads(file.read_text(encoding="utf-8"))
        for place in artifact_locations(sarif):
            place["uri"] = self.prefix.replace(" ", "%20") + place["uri"]
        file.write_text(json.dumps(sarif, indent=2), encoding="utf-8")

    def range(self):
        """Validates every commit that the event brings; the findings go into the summary."""
        mode = runner.variable("PHONE_DIR_RANGE", "error")
        if mode not in ("error", "warning", "off"):
            raise Stop("the input `range` is one of `error`, `warning` and `off`")
        if mode == "off" or not self.plan.range:
            return 0
        done = self.phone_dir.call("validate", "--range", self.plan.range, "--format", "markdown", *self.settings())
        if done.returncode == 0:
            return 0
        if done.returncode != FOUND:
            raise Stop("the commits could not be checked; the reason is in the log above", done.returncode)
        runner.say(mode, "a commit of this range breaks the directory; the job's summary says which one, and how")
        self.summary.append("---\n\n**Commit by commit**\n\n" + done.stdout)
        return FOUND if mode == "error" else 0

    def diff(self):
        """Writes what changes, for the comment; a diff that cannot be made is said, never left out."""
        if not self.plan.base:
            return 0
        ends = (self.plan.base, "HEAD")
        if not self.checkout.has_directory(self.plan.base):
            text = plain = "This brings a new phone number directory.\n"
            code = 0
        else:
            done = self.phone_dir.call("diff", *ends, "--format", "markdown")
            code, text = done.returncode, done.stdout
            plain = self.phone_dir.call("diff", *ends).stdout
            text, plain = text + self.waiting("markdown"), plain + self.waiting("human")
        if code != 0:
            runner.say("warning", "the differences cannot be told; the reason is in the log above")
            text = plain = "What changes cannot be told: the job's log says why.\n"
        self.summary.append("---\n\n**What changes**\n\n" + text)
        self.hand_over(text, plain)
        return code

    def waiting(self, form):
        """What `apply` will do on merge, by the records alone: it needs no key, and is as of the last sync."""
        done = self.phone_dir.call("plan", "--recorded", "--format", form)
        if done.returncode in (0, FOUND):
            return "\nWhat `apply` will do once this is merged, against what was live at the last sync:\n\n" + done.stdout
        runner.say("warning", "what `apply` will do cannot be told; the reason is in the log above")
        return "\nWhat `apply` will do on merge cannot be told: the job's log says why.\n"

    def hand_over(self, text, plain):
        """To the next step, or, from a fork, to the workflow that may write."""
        if self.plan.number is None:
            return
        if not self.plan.is_fork:
            comment = self.scratch / "comment.md"
            comment.write_text(text, encoding="utf-8")
            runner.output("comment", comment)
            return
        folder = self.scratch / "fork"
        folder.mkdir(exist_ok=True)
        (folder / "changes.txt").write_text(plain[:FORK_TEXT_LIMIT], encoding="utf-8")
        request = {"number": self.plan.number, "head_sha": self.plan.head}
        (folder / "pull-request.json").write_text(json.dumps(request), encoding="utf-8")
        runner.output("fork-artifact", folder)
        runner.say("notice", "a pull request from a fork: the diff is in the job's summary")

    def write_summary(self):
        text = "\n".join(self.summary)
        if len(text.encode()) > SUMMARY_LIMIT:
            text = text.encode()[:SUMMARY_LIMIT].decode(errors="ignore").rpartition("\n")[0]
            text += "\n\n… and more: run `phone-dir validate` to see it all.\n"
        runner.append("GITHUB_STEP_SUMMARY", text)


def artifact_locations(value):
    """Every artifact location in a SARIF log."""
    if isinstance(value, dict):
        if "uri" in value and value.get("uriBaseId") == "%SRCROOT%":
            yield value
        for inner in value.values():
            yield from artifact_locations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from artifact_locations(inner)


def check():
    """The step. An error that stops a check still leaves the summary of the others."""
    scratch = Path(runner.variable("RUNNER_TEMP")) / "phone-dir-check"
    scratch.mkdir(parents=True, exist_ok=True)
    codes = [0]
    checks = None
    try:
        checkout = Checkout(runner.variable("PHONE_DIR_DIRECTORY", "."))
        plan_ = plan(runner.event(), checkout)
        checkout.require_project(plan_.base)
        checks = Checks(checkout, plan_, scratch)
        codes += [attempt(checks.result), attempt(checks.range)]
        # A directory with errors may be too broken to compare; then the errors are the verdict.
        differences = attempt(checks.diff)
        codes += [differences] if worst(codes) == 0 else []
    except Stop as stop:
        runner.say("error", str(stop))
        codes.append(stop.code)
    if checks is not None:
        checks.write_summary()
    runner.output("exit-code", worst(codes))


def attempt(part):
    try:
        return part()
    except Stop as stop:
        runner.say("error", str(stop))
        return stop.code


def worst(codes):
    """An error that stopped a check weighs more than findings; what cannot be told is never a success."""
    return next((code for code in (FAILED, CANNOT_TELL, FOUND) if code in codes), max(codes))


if __name__ == "__main__":
    runner.run(check)
