"""Runs the steps of `examples/workflows/` outside GitHub: real git with a bare remote, a real phone-dir, its sandbox, a stand-in for `gh`.

    python3 tests/action/test_workflows.py --phone-dir target/debug/phone-dir

It needs PyYAML and jq, and talks to loopback only.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml
from runner_stand_in import fill, program_and_rest, sealed_environment

ROOT = Path(__file__).resolve().parents[2]
PHONE_DIR = ROOT / "target/debug/phone-dir"
LINE, OTHER = "+14155550101", "+14155550104"
OPEN = "phone-dir: decisions that were not applied"
CONFLICT = "phone-dir: decisions in conflict with Retell"
DRIFT, UNREAD = "phone-dir: drift", "phone-dir: what could not be read"


def workflow(name):
    text = (ROOT / f"examples/workflows/phone-dir-{name}.yml").read_text(encoding="utf-8")
    (job,) = yaml.safe_load(text)["jobs"].values()
    return job


def brings_the_program(step):
    """Whether a step takes a release or builds one; here the program is there already."""
    return "cargo install" in step["run"] or "gh release download" in step["run"]


class Run:
    """What became of a job."""

    def __init__(self, code, log):
        self.code, self.log = code, log


class WorkflowTest(unittest.TestCase):
    """A bare remote with a synced directory, a clone for people, and both providers."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        (self.folder / "home").mkdir()
        self.environment = sealed_environment(self.folder / "home")
        self.keys = self.providers()
        self.people = self.folder / "people"
        demo = [PHONE_DIR, "demo", self.people]
        subprocess.run(demo, env=self.environment, check=True, capture_output=True)
        self.remote = self.folder / "remote.git"
        self.git("branch", "-m", "main")
        self.git("config", "core.hooksPath", "none")
        self.phone_dir("sync", "--all")
        self.git("init", "-q", "--bare", "-b", "main", str(self.remote))
        self.git("remote", "add", "origin", str(self.remote))
        self.git("push", "-q", "-u", "origin", "main")
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        (self.tools / "gh").symlink_to(ROOT / "tests/action/gh_stand_in.py")
        self.state = self.folder / "github.json"
        self.state.write_text(json.dumps({"issues": [], "labels": [], "pulls": [], "calls": []}))
        self.runs, self.counting = 0, threading.Lock()

    def providers(self):
        """Starts the sandbox; gives its keys, and points the environment at it."""
        environment = {name: text for name, text in self.environment.items() if name != "PHONE_DIR_NOW"}
        sandbox = subprocess.Popen([PHONE_DIR, "sandbox", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True)
        self.addCleanup(sandbox.stdout.close)
        self.addCleanup(sandbox.wait)
        self.addCleanup(sandbox.kill)
        variables = {}
        for line in sandbox.stdout:
            variables |= dict(re.findall(r"export (\w+)=(\S+)", line))
            if "RETELL_PRODUCTION_API_KEY" in variables:
                break
        is_key = lambda name: name.endswith(("_KEY", "_SID", "_TOKEN"))  # noqa: E731
        self.environment |= {name: text for name, text in variables.items() if not is_key(name)}
        return {name: text for name, text in variables.items() if is_key(name)}

    def git(self, *arguments, folder=None):
        done = subprocess.run(["git", *arguments], cwd=folder or self.people, env=self.environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def phone_dir(self, *arguments, code=0):
        environment = self.environment | self.keys
        done = subprocess.run([PHONE_DIR, *arguments], cwd=self.people, env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def tell_retell(self, number, **settings):
        """What somebody does in the dashboard."""
        self.ask(f"/update-phone-number/{number}", "PATCH", json.dumps(settings))

    def fault(self, text):
        self.ask("/_sandbox/faults", "POST" if text else "DELETE", text)

    def requests(self):
        return json.loads(self.ask("/_sandbox/requests", "GET"))

    def ask(self, path, method, body=""):
        headers = {"Authorization": f"Bearer {self.keys['RETELL_PRODUCTION_API_KEY']}", "Content-Type": "application/json"}
        address = self.environment["RETELL_BASE_URL"] + path
        request = urllib.request.Request(address, body.encode() or None, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()

    def live(self, number):
        key = {"Authorization": f"Bearer {self.keys['RETELL_PRODUCTION_API_KEY']}"}
        request = urllib.request.Request(f"{self.environment['RETELL_BASE_URL']}/get-phone-number/{number}", headers=key)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def decide(self, number, *words):
        """A merged decision: edited, committed, and in the default branch."""
        self.git("pull", "-q", "--ff-only")
        self.phone_dir("edit", number, "-w", "production", *words)
        self.git("push", "-q")

    def run_job(self, name, settings=None, **given):
        """Runs a workflow's own steps in a fresh checkout of the default branch, as a runner does."""
        with self.counting:
            self.runs += 1
            number = self.runs
        temporary, checkout = self.folder / f"runner-{number}", self.folder / f"checkout-{number}"
        (temporary / "phone-dir/bin").mkdir(parents=True)
        (temporary / "phone-dir/bin/phone-dir").symlink_to(PHONE_DIR)
        self.git("clone", "-q", str(self.remote), str(checkout))
        values = {
            "secrets": self.keys,
            "inputs": {"flags": given.get("flags", "")},
            "vars": {"PHONE_DIR_SYNC": given.get("mode", "")},
            "github": {"token": "made-up-token", "ref_name": "main", "workflow": name},
        }
        log, code = "", 0
        for step in workflow(name)["steps"]:
            if "run" not in step or brings_the_program(step) or code:
                continue
            script = temporary / "step.sh"
            script.write_text(step["run"], encoding="utf-8")
            variables = {key: fill(text, values) for key, text in step.get("env", {}).items()}
            done = subprocess.run(
                # The shell of a step that names none.
                ["bash", "-e", script],
                cwd=checkout,
                env=self.environment | self.runner_variables(checkout, temporary) | variables | (settings or {}),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            log, code = log + done.stdout, done.returncode
        self.checkout = checkout
        return Run(code, log)

    def runner_variables(self, checkout, temporary):
        return {
            "PATH": f"{self.tools}{os.pathsep}{self.environment['PATH']}",
            "GH_STATE": str(self.state),
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": "team/voice",
            "GITHUB_RUN_ID": str(self.runs),
            "GITHUB_SHA": self.git("rev-parse", "HEAD", folder=checkout),
            "RUNNER_TEMP": str(temporary),
        }

    def github(self):
        return json.loads(self.state.read_text())

    def issues(self, state="open"):
        return {one["title"]: one["body"] for one in self.github()["issues"] if one["state"] == state}

    def published(self, path="phone-numbers/production/numbers.json"):
        return self.git("show", f"main:{path}", folder=self.remote)


class Applying(WorkflowTest):
    def test_what_was_merged_is_applied_written_down_and_pushed_without_an_issue(self):
        self.decide(LINE, "--nickname", "Front Desk")
        before = self.git("rev-parse", "main", folder=self.remote)
        run = self.run_job("apply")
        self.assertEqual(run.code, 0, run.log)
        self.assertEqual(self.live(LINE)["nickname"], "Front Desk")
        self.assertNotIn('"live"', self.published())
        message = self.git("log", "-1", "--format=%an%n%B", "main", folder=self.remote)
        self.assertIn("Phone-Dir-Plan: sha256:", message)
        self.assertEqual(self.git("rev-parse", "main~1", folder=self.remote), before)
        self.assertEqual(self.github()["issues"], [])
        # There is nothing left to do, and nothing is done.
        again = self.run_job("apply")
        self.assertEqual(again.code, 0, again.log)
        self.assertEqual(self.git("rev-parse", "main~1", folder=self.remote), before)

    def test_a_conflict_is_green_and_one_issue_that_is_edited_and_closed_by_itself(self):
        self.decide(LINE, "--nickname", "Front Desk")
        self.decide(OTHER, "--nickname", "Night Desk")
        self.tell_retell(LINE, nickname="::error::x ##[error]y @team $(touch hacked)")
        first = self.run_job("apply")
        self.assertEqual(first.code, 0, first.log)
        body = self.issues()[OPEN]
        self.assertIn(f"- `{LINE}` (`production`): stale", body)
        self.assertNotIn(OTHER, body)
        for word in ("::error::", "@team", "touch"):
            self.assertNotIn(word, body)
        self.assertNotRegex(first.log, r"(?m)^\s*::error|##\[error\]")
        self.assertIn("Front Desk", first.log, "the run says why")
        self.assertEqual(self.live(OTHER)["nickname"], "Night Desk")
        self.tell_retell(OTHER, nickname="Dashboard")
        self.decide(OTHER, "--nickname", "Day Desk")
        second = self.run_job("apply")
        self.assertEqual(second.code, 0, second.log)
        self.assertEqual(len(self.github()["issues"]), 1, "one issue, whatever becomes of it")
        third = self.run_job("apply", flags=f"--take git {LINE} {OTHER}")
        self.assertEqual(third.code, 0, third.log)
        self.assertEqual((self.issues(), list(self.issues("closed"))), ({}, [OPEN]))
        self.assertEqual(self.live(LINE)["nickname"], "Front Desk")

    def test_a_refusal_is_red_and_its_flag_stands_in_the_issue_and_is_taken_by_hand(self):
        self.decide(LINE, "--inbound-agent", "none", "--outbound-agent", "none")
        refused = self.run_job("apply")
        self.assertEqual(refused.code, 2, refused.log)
        body = self.issues()[OPEN]
        self.assertIn(f"- `{LINE}` (`production`): refused", body)
        self.assertIn(f"`--allow-unbind {LINE}`", body)
        self.assertTrue(self.live(LINE)["inbound_agents"])
        allowed = self.run_job("apply", flags=f"--allow-unbind {LINE}")
        self.assertEqual(allowed.code, 0, allowed.log)
        self.assertFalse(self.live(LINE).get("inbound_agents"))
        self.assertEqual(self.issues(), {})

    def test_a_run_that_could_not_read_or_was_not_begun_settles_no_issue(self):
        self.decide(LINE, "--nickname", "Front Desk")
        self.tell_retell(LINE, nickname="Dashboard")
        self.assertEqual(self.run_job("apply").code, 0)
        opened = self.issues()
        self.assertEqual(list(opened), [OPEN])
        self.fault("status:400,provider=retell")
        unread = self.run_job("apply")
        self.assertEqual((unread.code, self.issues()), (3, opened), unread.log)
        self.fault("")
        wrong = self.run_job("apply", flags="--no-such-flag")
        self.assertEqual((wrong.code, self.issues()), (2, opened), wrong.log)
        keyless = self.run_job("apply", {"RETELL_PRODUCTION_API_KEY": ""})
        self.assertEqual((keyless.code, self.issues()), (2, opened), keyless.log)

    def test_flags_are_words_and_nothing_else(self):
        self.decide(LINE, "--nickname", "Front Desk")
        for flags in ("$(touch hacked)", "`touch hacked`", "--only x; touch hacked", "--output=/etc/x", "a\nb", "*"):
            run = self.run_job("apply", flags=flags)
            self.assertEqual(run.code, 2, f"{flags}: {run.log}")
            self.assertFalse((self.checkout / "hacked").exists())
        self.assertNotEqual(self.live(LINE)["nickname"], "Front Desk")

    def test_a_github_that_does_not_answer_opens_no_second_issue(self):
        self.decide(LINE, "--nickname", "Front Desk")
        self.tell_retell(LINE, nickname="Dashboard")
        self.assertEqual(self.run_job("apply").code, 0)
        run = self.run_job("apply", {"GH_FAIL": "issue list"})
        self.assertNotEqual(run.code, 0, run.log)
        self.assertEqual(len(self.github()["issues"]), 1)

    def test_an_issue_of_a_person_with_a_title_like_it_is_left_alone(self):
        state = self.github()
        theirs = {"number": 1, "title": f"{OPEN}: why?", "labels": ["phone-dir"], "state": "open", "body": "?", "comments": []}
        self.state.write_text(json.dumps(state | {"issues": [theirs], "labels": ["phone-dir"]}))
        self.assertEqual(self.run_job("apply").code, 0)
        self.assertEqual(self.github()["issues"], [theirs])


class Drifting(WorkflowTest):
    def test_in_step_there_is_no_issue(self):
        run = self.run_job("drift")
        self.assertEqual((run.code, self.github()["issues"]), (0, []), run.log)

    def test_what_differs_is_one_issue_and_what_was_not_read_another_one(self):
        self.tell_retell(LINE, nickname="Dashboard @team")
        drifted = self.run_job("drift")
        self.assertEqual(drifted.code, 0, drifted.log)
        self.assertIn(f"- `{LINE}` (production): updated, moved: live", self.issues()[DRIFT])
        self.assertNotIn("@team", self.issues()[DRIFT])
        self.decide(OTHER, "--nickname", "Night Desk")
        self.run_job("drift")
        self.assertIn(f"- `{OTHER}` (production): updated, moved: git", self.issues()[DRIFT])
        known = self.issues()[DRIFT]
        self.fault("status:400,provider=retell,workspace=staging")
        unread = self.run_job("drift")
        self.assertEqual(unread.code, 3, unread.log)
        self.assertEqual(self.issues()[UNREAD].strip(), "- retell staging")
        self.assertEqual(self.issues()[DRIFT], known, "a part that was not read settles nothing")
        self.fault("status:400")
        nothing = self.run_job("drift")
        self.assertEqual(nothing.code, 2, nothing.log)
        self.assertIn("- retell production", self.issues()[UNREAD])
        self.fault("")
        self.phone_dir("apply", "--yes", "--allow-unmerged")
        self.phone_dir("sync", "--all", "--push")
        settled = self.run_job("drift")
        self.assertEqual((settled.code, self.issues()), (0, {}), settled.log)
        self.assertEqual(len(self.github()["issues"]), 2)

    def test_so_much_drift_that_no_issue_would_take_it_is_cut(self):
        many = [
            {"phone_number": f"+1415555{at:04}", "workspace": "production", "kind": "reassigned", "moved": "live", "fields": []}
            for at in range(3000)
        ]
        (self.folder / "drift.json").write_text(json.dumps({"changes": many, "reads": []}))
        told = self.folder / "told"
        told.write_text(f"#!/bin/sh\ncat {self.folder}/drift.json\nexit 1\n")
        told.chmod(0o755)
        global PHONE_DIR
        own, PHONE_DIR = PHONE_DIR, told
        try:
            run = self.run_job("drift")
        finally:
            PHONE_DIR = own
        self.assertEqual(run.code, 0, run.log)
        self.assertIn("… and 2500 more", self.issues()[DRIFT])


class Syncing(WorkflowTest):
    def test_conflicts_are_green_and_one_issue_until_they_are_settled(self):
        self.decide(LINE, "--nickname", "Front Desk")
        self.tell_retell(LINE, nickname="Dashboard")
        first = self.run_job("sync")
        self.assertEqual(first.code, 0, first.log)
        self.assertEqual(self.issues()[CONFLICT].strip(), f"- `{LINE}` (`production`): `nickname`")
        self.assertIn('"is": "Dashboard"', self.published())
        before = self.issues()
        self.fault("status:400,provider=retell,workspace=production")
        unread = self.run_job("sync")
        self.assertEqual((unread.code, self.issues()), (3, before), unread.log)
        self.fault("")
        self.git("pull", "-q", "--ff-only")
        self.phone_dir("sync", "--all", "--take", "live", LINE)
        self.git("push", "-q")
        settled = self.run_job("sync")
        self.assertEqual((settled.code, self.issues()), (0, {}), settled.log)

    def test_a_protected_branch_gets_one_pull_request_that_is_kept_up_to_date(self):
        self.tell_retell(LINE, nickname="Dashboard")
        first = self.run_job("sync", mode="pull-request")
        self.assertEqual(first.code, 0, first.log)
        self.tell_retell(OTHER, nickname="Dashboard too")
        second = self.run_job("sync", mode="pull-request")
        self.assertEqual(second.code, 0, second.log)
        self.assertEqual(len(self.github()["pulls"]), 1)
        branch = self.git("show", "phone-dir-sync:phone-numbers/production/numbers.json", folder=self.remote)
        self.assertIn('"Dashboard"', branch)
        self.assertIn('"Dashboard too"', branch)
        self.assertNotIn("Dashboard", self.published())
        # In step there is no pull request to make.
        state = self.github()
        self.state.write_text(json.dumps(state | {"pulls": []}))
        self.git("fetch", "-q")
        self.git("merge", "-q", "--ff-only", "origin/phone-dir-sync")
        self.git("push", "-q")
        third = self.run_job("sync", mode="pull-request")
        self.assertEqual((third.code, self.github()["pulls"]), (0, []), third.log)

    def test_a_decision_is_applied_by_one_job_and_kept_by_the_other(self):
        self.decide(LINE, "--nickname", "Front Desk")
        synced = self.run_job("sync")
        self.assertEqual(synced.code, 0, synced.log)
        self.assertIn("1 pending, 0 in conflict", synced.log)
        applied = self.run_job("apply")
        self.assertEqual(applied.code, 0, applied.log)
        drifted = self.run_job("drift")
        self.assertEqual((drifted.code, self.github()["issues"]), (0, []), drifted.log)


    def test_both_jobs_at_the_same_time_lose_nothing(self):
        beside = self.folder / "beside.json"
        beside.write_text(self.state.read_text())
        for turn in range(3):
            self.decide(LINE, "--nickname", f"Front Desk {turn}")
            self.tell_retell(OTHER, nickname=f"Dashboard {turn}")
            with ThreadPoolExecutor() as both:
                jobs = [both.submit(self.run_job, "apply"), both.submit(self.run_job, "sync", {"GH_STATE": str(beside)})]
            for job in jobs:
                self.assertEqual(job.result().code, 0, job.result().log)
            settled = self.run_job("sync")
            self.assertEqual(settled.code, 0, settled.log)
            self.assertEqual(self.live(LINE)["nickname"], f"Front Desk {turn}")
            for name in (f"Front Desk {turn}", f"Dashboard {turn}"):
                self.assertIn(f'"nickname": "{name}"', self.published())
            self.assertNotIn('"live"', self.published())
        drifted = self.run_job("drift")
        self.assertEqual((drifted.code, self.github()["issues"]), (0, []), drifted.log)


class Shapes(unittest.TestCase):
    def test_keys_are_in_one_step_and_the_build_in_an_earlier_one_before_the_checkout(self):
        for name in ("apply", "capacity", "drift", "sync"):
            text = (ROOT / f"examples/workflows/phone-dir-{name}.yml").read_text(encoding="utf-8")
            job = workflow(name)
            steps = job["steps"]
            places = {
                "build": [at for at, step in enumerate(steps) if "cargo" in step.get("run", "")],
                "checkout": [at for at, step in enumerate(steps) if "actions/checkout" in step.get("uses", "")],
                "keys": [at for at, step in enumerate(steps) if "secrets." in str(step)],
            }
            self.assertEqual({key: len(found) for key, found in places.items()}, {"build": 1, "checkout": 1, "keys": 1}, name)
            self.assertLess(places["build"], places["checkout"], name)
            self.assertLess(places["checkout"], places["keys"], name)
            everything_else = {**yaml.safe_load(text), "jobs": {**job, "steps": None}}
            self.assertNotIn("secrets.", str(everything_else), name)
            self.assertTrue(job["environment"], name)
            self.assertIn("github.event.repository.default_branch", job["if"], name)

    def test_an_hourly_sync_does_not_take_the_place_of_an_apply_that_waits(self):
        # Of a group, GitHub keeps one waiting run: the next one takes its place.
        groups = [
            yaml.safe_load((ROOT / f"examples/workflows/phone-dir-{name}.yml").read_text(encoding="utf-8"))["concurrency"]
            for name in ("apply", "sync")
        ]
        self.assertNotEqual(groups[0]["group"], groups[1]["group"])
        self.assertFalse(any(group.get("cancel-in-progress") for group in groups))


class Releases(unittest.TestCase):
    """Where the workflows with keys have the program from: a release that is named, else a build."""

    def test_a_release_is_taken_only_where_its_repository_vouches_for_it_and_a_build_has_no_token(self):
        for name in ("sync", "apply", "drift", "capacity"):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                job = workflow(name)
                release, build, checkout = job["steps"][:3]
                self.assertEqual((release["if"], build["if"]), ("env.PHONE_DIR_VERSION != ''", "env.PHONE_DIR_VERSION == ''"))
                self.assertIn("actions/checkout", checkout["uses"])
                self.assertNotIn("env", build)
                self.assertNotIn("secrets.", str(release))
                self.take(Path(folder), job["env"], release["run"])

    def take(self, place, environment, script):
        """Runs the step with a `gh` that has one archive, and then with one that does not vouch for it."""
        name = "phone-dir-x86_64-unknown-linux-gnu"
        self.program(place / "made" / name / "phone-dir", "#!/bin/sh\necho phone-dir 1.2.3\n")
        subprocess.run(["tar", "-czf", place / "archive.tar.gz", "-C", place / "made", name], check=True)
        vouches = f"test ! -e {place}/forged"
        has = f"cp {place}/archive.tar.gz {name}.tar.gz"
        asked = f'#!/bin/sh\necho "$@" >>{place}/asked\n'
        self.program(place / "bin/gh", f"{asked}case $1 in release) {has} ;; attestation) {vouches} ;; esac\n")
        variables = environment | {"PHONE_DIR_VERSION": "1.2.3", "PATH": f"{place}/bin:{os.environ['PATH']}"}
        (place / "temp").mkdir()
        run = ["bash", "-e", "-c", script]
        self.assertEqual(subprocess.run(run, cwd=place / "temp", env=variables, check=False).returncode, 0)
        program = place / "temp/phone-dir/bin/phone-dir"
        self.assertEqual(subprocess.check_output([program], text=True), "phone-dir 1.2.3\n")
        repository = environment["PHONE_DIR_REPOSITORY"].removeprefix("https://github.com/")
        self.assertEqual((place / "asked").read_text(encoding="utf-8").splitlines(), [
            f"release download v1.2.3 --repo {repository} --pattern {name}.tar.gz",
            f"attestation verify {name}.tar.gz --repo {repository}",
        ])
        program.unlink()
        (place / "forged").touch()
        self.assertNotEqual(subprocess.run(run, cwd=place / "temp", env=variables, check=False).returncode, 0)
        self.assertFalse(program.exists())

    def program(self, place, text):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        place.chmod(0o755)


def main():
    global PHONE_DIR
    PHONE_DIR, rest = program_and_rest(PHONE_DIR)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
