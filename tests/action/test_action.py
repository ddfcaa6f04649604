"""Runs the action's own steps outside GitHub, with real git, a real phone-dir and a loopback stand-in for the API.

    python3 tests/action/test_action.py --phone-dir target/debug/phone-dir

It needs PyYAML, and talks to loopback only.
"""

import functools
import hashlib
import http.server
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import unittest
import zipfile
from pathlib import Path

import yaml
from github_stand_in import BOT, GitHub
from runner_stand_in import Runner, program_and_rest, sealed_environment

ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = "phone-numbers/directory.json"
MARK = "<!-- phone-dir-changes -->"
ZERO = "0" * 40
PHONE_DIR = ROOT / "target/debug/phone-dir"


class ActionTest(unittest.TestCase):
    """A repository whose `topic` branch moves a number in production, and a checkout of the merge result."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        (self.folder / "home").mkdir()
        self.github = GitHub()
        self.addCleanup(self.github.close)
        self.environment = sealed_environment(self.folder / "home") | {"GITHUB_API_URL": self.github.url}
        self.work = self.folder / "work"
        subprocess.run([PHONE_DIR, "demo", self.work], env=self.environment, check=True, capture_output=True)
        self.git("branch", "-m", "main")
        self.git("config", "core.hooksPath", "none")
        # The demo's story goes on behind the sync that moved a number.
        moved = self.git("log", "-1", "--format=%H", "--grep=^phone-dir: sync .*(1 reassigned)$")
        self.git("checkout", "-q", "-b", "topic", moved)
        self.git("branch", "-f", "main", "HEAD~1")

    def git(self, *arguments):
        done = subprocess.run(["git", *arguments], cwd=self.work, env=self.environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def edit(self, old, new, message="edit", file=DIRECTORY):
        """Replaces text in a file on `topic` and commits it."""
        place = self.work / file
        text = place.read_text(encoding="utf-8")
        self.assertIn(old, text)
        place.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.git("commit", "-q", "-a", "-m", message)

    def add(self, file, text):
        place = self.work / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        self.git("add", "-f", "--", file)
        self.git("commit", "-q", "-m", "add")

    def merge(self):
        """Checks out what GitHub makes for a pull request: a merge with the base first."""
        self.git("checkout", "-q", "--detach", "main")
        self.git("merge", "-q", "--no-ff", "-m", "merge", "topic")

    def pull_request(self, repository="team/voice"):
        return {
            "pull_request": {
                "number": 7,
                "title": "$(touch hacked) `touch hacked` ::error::x",
                "head": {"sha": self.git("rev-parse", "topic"), "repo": {"full_name": repository}},
                "base": {"sha": self.git("rev-parse", "main"), "ref": "main"},
            }
        }

    def run_action(self, event, event_name="pull_request", workspace=None, **inputs):
        runner = Runner(self.folder / "runner", self.environment)
        given = {"binary": str(PHONE_DIR)} | {name.replace("_", "-"): value for name, value in inputs.items()}
        return runner.run(ROOT, workspace or self.work, event_name, event, given)


class PullRequests(ActionTest):
    def test_a_good_change_passes_and_its_diff_is_one_comment_updated_in_place(self):
        self.merge()
        first = self.run_action(self.pull_request())
        self.assertEqual(first.code, 0, first.log)
        self.assertEqual(self.github.writes(), ["POST"])
        body = self.github.comments[0]["body"]
        self.assertTrue(body.startswith(MARK), body)
        self.assertIn("+14155550101", body)
        self.assertIn("sales-agent", body)
        self.assertIn("+14155550101", first.summary)
        self.run_action(self.pull_request())
        self.assertEqual(self.github.writes(), ["POST"], "an unchanged comment is not written again")
        self.git("checkout", "-q", "topic")
        self.edit('"notes": ""', '"notes": "a note"')
        self.merge()
        self.run_action(self.pull_request())
        self.assertEqual(self.github.writes(), ["POST", "PATCH"])
        self.assertEqual(len(self.github.comments), 1)
        self.assertFalse((self.work / "hacked").exists())

    def decide(self, *words):
        """A decision on `topic`, as `edit` makes it."""
        subprocess.run([PHONE_DIR, "edit", *words], cwd=self.work, env=self.environment, check=True, capture_output=True)

    def test_the_comment_says_without_a_key_what_apply_will_do_what_is_live_and_what_is_risky(self):
        self.decide("+14155550104", "-w", "production", "--inbound-agent", "none")
        self.decide("+14155550103", "-w", "production", "--nickname", "@team <b> | ::error::x")
        self.decide("+14155550102", "-w", "production", "--nickname", "Ours")
        # A sync saw meanwhile what the dashboard made of it.
        numbers = "phone-numbers/production/numbers.json"
        self.edit('"is": "Sales Line"', '"is": "Theirs"', file=numbers)
        self.merge()
        outcome = self.run_action(self.pull_request(), **{"range": "off"})
        self.assertEqual(outcome.code, 0, outcome.log)
        for text in (self.github.comments[0]["body"], outcome.summary):
            told = text.split("What `apply` will do once this is merged, against what was live at the last sync:")[1]
            self.assertIn("2 changes to apply", told)
            unbound = next(line for line in told.splitlines() if line.startswith("| `+14155550104` | `production` |"))
            self.assertRegex(unbound, r"`inbound_agents agents/\S+ → none \[a protected workspace, leaves the line unanswered\b")
            self.assertIn("`nickname Support 1 → @team <b> \\| ::error::x`", told, "a code span, and never the start of a line")
            self.assertIn("git Ours, live Theirs, was Sales Line", told)
            self.assertIn("overwrites what the dashboard says", told)
        self.assertNotIn("RETELL", str(self.github.asked))

    def test_a_forks_text_has_the_same_in_words(self):
        self.decide("+14155550104", "-w", "production", "--inbound-agent", "none")
        self.merge()
        outcome = self.run_action(self.pull_request("stranger/voice"))
        self.assertEqual(outcome.code, 0, outcome.log)
        text = (Path(outcome.outputs["fork-artifact"]) / "changes.txt").read_text(encoding="utf-8")
        self.assertIn("[a protected workspace, leaves the line unanswered", text)
        self.assertNotIn("|---|", text)

    def test_what_apply_will_do_is_never_left_out_in_silence(self):
        program = self.folder / "half"
        program.write_text(f'#!/bin/sh\ncase "$*" in *" plan "*) echo no >&2; exit 2 ;; esac\nexec {PHONE_DIR} "$@"\n')
        program.chmod(0o755)
        self.merge()
        outcome = self.run_action(self.pull_request(), binary=str(program))
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assertIn("::warning title=phone-dir::what `apply` will do cannot be told", outcome.log)
        self.assertIn("What `apply` will do on merge cannot be told", self.github.comments[0]["body"])

    def test_an_error_fails_the_job_with_an_annotation_and_the_comment_is_written_all_the_same(self):
        self.edit('"version": "1.0.0"', '"version": "1.0.0",\n  "stray": 1')
        self.merge()
        outcome = self.run_action(self.pull_request())
        self.assertEqual(outcome.code, 1, outcome.log)
        self.assertRegex(outcome.log, rf"(?m)^::error file={DIRECTORY},line=3,")
        self.assertIn("stray", outcome.summary)
        self.assertEqual(outcome.outputs["exit-code"], "1")
        sarif = json.loads(Path(outcome.outputs["sarif"]).read_text())
        self.assertEqual(sarif["version"], "2.1.0")
        self.assertTrue(json.loads(Path(outcome.outputs["json"]).read_text())["diagnostics"])
        self.assertEqual(self.github.writes(), ["POST"])

    def test_a_commit_that_breaks_the_directory_fails_the_job_although_a_later_one_repairs_it(self):
        self.edit('"version": "1.0.0"', '"version": "1.0.0",\n  "stray": 1')
        broken = self.git("rev-parse", "HEAD")
        self.edit(',\n  "stray": 1', "")
        self.merge()
        outcome = self.run_action(self.pull_request())
        self.assertEqual(outcome.code, 1, outcome.log)
        self.assertIn(broken[:10], outcome.summary)
        self.assertEqual(self.run_action(self.pull_request(), range="warning").code, 0)
        self.assertEqual(self.run_action(self.pull_request(), range="off").code, 0)
        self.assertEqual(self.run_action(self.pull_request(), range="no").code, 2)

    def test_a_clean_merge_of_two_good_sides_is_judged_by_its_result(self):
        self.git("checkout", "-q", "main")
        self.git("rm", "-rq", "agents/sales-trial")
        self.git("commit", "-q", "-m", "the trial is over")
        self.git("checkout", "-q", "topic")
        self.merge()
        merged = self.run_action(self.pull_request())
        self.git("checkout", "-q", "main")
        alone = self.run_action({}, "workflow_dispatch")
        self.assertEqual(merged.code, alone.code, merged.log)

    def test_a_change_cannot_switch_off_the_rule_that_it_breaks(self):
        self.add("phone-dir.toml", '[rules]\nschema = "off"\n')
        self.edit('"version": "1.0.0"', '"version": "1.0.0",\n  "stray": 1')
        self.merge()
        self.assertEqual(self.run_action(self.pull_request()).code, 1)

    def test_a_shallow_clone_cannot_tell_and_says_how_to_help(self):
        self.merge()
        shallow = self.folder / "shallow"
        self.git("clone", "-q", "--depth=1", f"file://{self.work}", str(shallow))
        outcome = self.run_action(self.pull_request(), workspace=shallow)
        self.assertEqual((outcome.code, outcome.outputs["exit-code"]), (3, "3"), outcome.log)
        self.assertIn("fetch-depth: 0", outcome.log)
        self.assertEqual(self.github.writes(), [])
        self.assertNotIn("No phone number changed", outcome.summary + outcome.log)

    def test_a_missing_base_cannot_tell(self):
        self.merge()
        event = self.pull_request()
        event["pull_request"]["base"]["sha"] = event["pull_request"]["head"]["sha"] = "1" * 40
        self.assertEqual(self.run_action(event).code, 3)
        event["pull_request"]["base"]["sha"] = "--output=/tmp/x"
        self.assertEqual(self.run_action(event).code, 2)

    def test_warnings_fail_the_job_only_when_it_is_strict(self):
        self.merge()
        self.assertEqual(self.run_action(self.pull_request()).code, 0)
        self.assertEqual(self.run_action(self.pull_request(), strict="true").code, 1)

    def test_a_project_below_the_top_is_annotated_from_the_top(self):
        self.git("checkout", "-q", "main")
        for name in ("phone-numbers", "agents"):
            (self.work / "apps").mkdir(exist_ok=True)
            self.git("mv", name, f"apps/{name}")
        self.git("commit", "-q", "-m", "move")
        self.git("checkout", "-q", "-B", "topic")
        self.edit('"version": "1.0.0"', '"version": "1.0.0",\n  "stray": 1', file=f"apps/{DIRECTORY}")
        self.merge()
        outcome = self.run_action(self.pull_request(), directory="apps")
        self.assertEqual(outcome.code, 1, outcome.log)
        self.assertIn(f"::error file=apps/{DIRECTORY},", outcome.log)
        sarif = Path(outcome.outputs["sarif"]).read_text()
        self.assertIn(f'"uri": "apps/{DIRECTORY}"', sarif)
        self.assertFalse(self.github.comments[0]["body"].startswith(MARK), "another project has another comment")

    def test_without_a_directory_it_cannot_tell(self):
        self.git("rm", "-rq", "phone-numbers")
        self.git("commit", "-q", "-m", "gone")
        self.merge()
        self.assertEqual(self.run_action(self.pull_request()).code, 3)

    def test_the_first_directory_of_a_repository_is_named_as_such(self):
        self.git("checkout", "-q", "--orphan", "before")
        self.git("rm", "-rqf", ".")
        self.git("commit", "-q", "--allow-empty", "-m", "before")
        tree = self.git("rev-parse", "main^{tree}")
        head = self.git("commit-tree", tree, "-p", "before", "-m", "adopt phone-dir")
        self.git("branch", "-f", "main", "before")
        self.git("branch", "-f", "topic", head)
        self.merge()
        outcome = self.run_action(self.pull_request())
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assertIn("new phone number directory", self.github.comments[0]["body"])


class Releases(unittest.TestCase):
    """Where the program comes from when the workflow names none: a release, on a loopback stand-in for GitHub."""

    NAME = "phone-dir-x86_64-unknown-linux-gnu"

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        self.action = self.folder / "_actions/team/phone-dir/v1.2.3"
        shutil.copytree(ROOT / "action", self.action / "action")
        self.pages = self.folder / "pages"
        self.release = self.pages / "team/phone-dir/releases/download/v1.2.3"
        self.release.mkdir(parents=True)
        self.archive = self.pack(f"{self.NAME}/phone-dir", b"#!/bin/sh\necho phone-dir 1.2.3\n")
        handler = functools.partial(QuietFiles, directory=str(self.pages))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def pack(self, member, content):
        archive = self.release / f"{self.NAME}.tar.gz"
        with tarfile.open(archive, "w:gz") as pack:
            entry = tarfile.TarInfo(member)
            entry.size = len(content)
            pack.addfile(entry, io.BytesIO(content))
        return archive

    def pin(self, version="1.2.3", total=None):
        total = total or hashlib.sha256(self.archive.read_bytes()).hexdigest()
        release = {"version": version, "sha256": {"x86_64-unknown-linux-gnu": total}}
        (self.action / "action/release.json").write_text(json.dumps(release), encoding="utf-8")

    def gh(self, code):
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "gh").write_text(f'#!/bin/sh\necho "$@" >"{self.folder}/gh-asked"\nexit {code}\n', encoding="utf-8")
        (tools / "gh").chmod(0o755)
        return f"{tools}:/usr/bin:/bin:{Path(sys.executable).parent}"

    def install(self, revision="v1.2.3", repository="team/phone-dir", path=None, **more):
        output = self.folder / "output"
        output.write_text("")
        (self.folder / "checkout").mkdir(exist_ok=True)
        variables = {
            "PATH": path or self.gh(0), "HOME": str(self.folder), "RUNNER_TEMP": str(self.folder),
            "GITHUB_OUTPUT": str(output), "GITHUB_ACTION_PATH": str(self.action), "GITHUB_WORKSPACE": str(self.folder / "checkout"),
            "GITHUB_SERVER_URL": f"http://127.0.0.1:{self.server.server_port}", "GH_TOKEN": "made-up-token",
            "PHONE_DIR_ACTION_REPOSITORY": repository, "PHONE_DIR_ACTION_REF": revision,
        }
        done = subprocess.run(
            ["bash", str(self.action / "action/install.sh")], cwd=self.folder / "checkout", env=variables | more,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        return done.returncode, done.stdout, output.read_text()

    def test_the_pinned_release_is_taken_at_a_tag_and_at_a_commit(self):
        self.pin()
        for revision in ("v1.2.3", "1" * 40):
            code, log, output = self.install(revision)
            self.assertEqual(code, 0, log)
            self.assertIn("phone-dir 1.2.3", log)
            self.assertRegex(output, r"program=.*/phone-dir\n")
            asked = (self.folder / "gh-asked").read_text()
            self.assertIn("attestation verify", asked)
            self.assertIn("--repo team/phone-dir", asked)

    def test_a_runner_that_does_not_name_the_action_has_it_in_the_path(self):
        self.pin()
        code, log, _ = self.install(revision="", repository="")
        self.assertEqual(code, 0, log)

    def test_another_sum_and_an_attestation_that_does_not_hold_are_refused(self):
        self.pin(total="0" * 64)
        code, log, output = self.install()
        self.assertEqual((code, output), (2, ""), log)
        self.assertIn("does not have the SHA-256", log)
        self.pin()
        code, log, output = self.install(path=self.gh(1))
        self.assertEqual((code, output), (2, ""), log)
        self.assertIn("attestation", log)

    def test_without_gh_the_pinned_sum_holds_and_it_is_said(self):
        self.pin()
        code, log, _ = self.install(GH_TOKEN="")
        self.assertEqual(code, 0, log)
        self.assertIn("::notice title=phone-dir::the attestation was not checked", log)

    def test_a_tag_that_is_not_pinned_needs_its_attestation(self):
        self.pin(version="1.2.2")
        total = hashlib.sha256(self.archive.read_bytes()).hexdigest()
        (self.release / "SHA256SUMS").write_text(f"{total}  {self.archive.name}\n")
        self.assertEqual(self.install()[0], 0)
        code, log, _ = self.install(GH_TOKEN="")
        self.assertEqual(code, 2, log)
        self.assertIn("attestation", log)

    def test_nothing_is_built_unless_it_is_asked_for(self):
        code, log, output = self.install(revision="1" * 40)
        self.assertEqual((code, output), (2, ""), log)
        self.assertIn("set the input `build` to `true`", log)

    def test_an_archive_without_the_program_is_named(self):
        self.archive = self.pack("../phone-dir", b"x")
        self.pin()
        code, log, _ = self.install()
        self.assertEqual(code, 2, log)
        self.assertIn("holds no", log)


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Trust(ActionTest):
    """What a pull request can put into the checkout, and which must not choose what runs or what is judged."""

    def program(self, place, text="#!/bin/sh\necho ran >>\"$RUNNER_TEMP/ran\"\nexit 1\n"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        place.chmod(0o755)

    def assert_nothing_of_the_checkout_ran(self, outcome):
        self.assertFalse((self.folder / "runner/ran").exists(), outcome.log)

    def test_the_build_starts_outside_of_the_checkout_and_knows_no_key(self):
        self.merge()
        tools = self.folder / "tools"
        self.program(tools / "rustup", "#!/bin/sh\necho 'made-up-toolchain (default)'\n")
        self.program(
            tools / "cargo",
            "#!/bin/sh\npwd >\"$HOME/cargo-folder\"; env >\"$HOME/cargo-environment\"\n"
            'while [ "$1" != --root ]; do shift; done\nmkdir -p "$2/bin"; cp "$HOME/phone-dir" "$2/bin/phone-dir"\n',
        )
        (self.folder / "home/phone-dir").symlink_to(PHONE_DIR)
        (self.work / "rust-toolchain.toml").write_text('[toolchain]\npath = "/tmp"\n', encoding="utf-8")
        self.environment |= {
            "PATH": f"{tools}:{self.environment['PATH']}",
            "RETELL_PRODUCTION_API_KEY": "made-up-key",
            "RUSTC_WRAPPER": "./wrapper",
            "CARGO_BUILD_RUSTC": "./rustc",
            "RUSTUP_TOOLCHAIN": "./toolchain",
        }
        outcome = self.run_action(self.pull_request(), binary="", build="true")
        self.assertEqual(outcome.code, 0, outcome.log)
        folder = Path((self.folder / "home/cargo-folder").read_text().strip())
        self.assertEqual(folder, ROOT)
        lines = (self.folder / "home/cargo-environment").read_text().splitlines()
        told = dict(line.split("=", 1) for line in lines if "=" in line)
        self.assertEqual(told["RUSTUP_TOOLCHAIN"], "made-up-toolchain")
        self.assertTrue(told["CARGO_HOME"].startswith(str(self.folder / "runner")), told)
        for name in ("RETELL_PRODUCTION_API_KEY", "RUSTC_WRAPPER", "CARGO_BUILD_RUSTC", "GITHUB_OUTPUT"):
            self.assertNotIn(name, told)

    def test_a_path_into_the_checkout_and_a_relative_one_name_no_program(self):
        for name in ("bash", "env", "git", "cargo", "rustup", "python3", "phone-dir", "dirname"):
            self.program(self.work / "bin" / name)
            self.program(self.work / name)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "programs")
        self.merge()
        event = self.pull_request()
        self.environment["PATH"] = f"{self.work}/bin:bin:.::{self.environment['PATH']}"
        outcome = self.run_action(event)
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assert_nothing_of_the_checkout_ran(outcome)

    def test_python_imports_nothing_of_the_checkout(self):
        for name in ("runner", "json", "re", "sitecustomize", "checkout", "pull_request_comment"):
            self.add(f"{name}.py", "import os\nopen(os.environ['RUNNER_TEMP'] + '/ran', 'w').close()\n")
        self.merge()
        self.environment |= {"PYTHONPATH": f":{self.work}", "PYTHONSTARTUP": str(self.work / "json.py")}
        outcome = self.run_action(self.pull_request())
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assert_nothing_of_the_checkout_ran(outcome)

    def test_a_folder_that_looks_like_a_repository_is_a_folder(self):
        self.move_to("eu")
        hook = "#!/bin/sh\necho ran >>\"$RUNNER_TEMP/ran\"\n"
        self.add("eu/HEAD", "ref: refs/heads/main\n")
        self.add("eu/config", f"[core]\n bare = false\n worktree = .\n fsmonitor = {self.work}/eu/monitor\n")
        self.add("eu/objects/keep", "")
        self.add("eu/refs/keep", "")
        self.program(self.work / "eu/monitor", hook)
        self.git("add", "eu/monitor")
        self.git("commit", "-q", "-m", "monitor")
        self.merge()
        outcome = self.run_action(self.pull_request(), directory="eu")
        self.assertEqual(outcome.code, 3, outcome.log)
        self.assertIn("safe.bareRepository", outcome.log)
        self.assert_nothing_of_the_checkout_ran(outcome)

    def move_to(self, folder):
        """Moves the project of both branches into a folder."""
        self.git("checkout", "-q", "main")
        (self.work / folder).mkdir()
        for name in ("phone-numbers", "agents"):
            self.git("mv", name, f"{folder}/{name}")
        self.git("commit", "-q", "-m", "move")
        self.git("checkout", "-q", "-B", "topic")

    def two_projects(self):
        """A project at the top and the same one in `eu`, on both branches."""
        self.git("checkout", "-q", "main")
        for name in ("phone-numbers", "agents"):
            shutil.copytree(self.work / name, self.work / "eu" / name)
        shutil.rmtree(self.work / "eu/phone-numbers/twilio", ignore_errors=True)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a second project")
        self.git("checkout", "-q", "-B", "topic")

    def test_a_project_that_a_change_removes_is_an_error_although_there_is_one_further_up(self):
        self.two_projects()
        self.git("rm", "-rq", "eu/phone-numbers")
        self.git("commit", "-q", "-m", "tidy up")
        self.merge()
        for remains in (True, False):
            if not remains:
                shutil.rmtree(self.work / "eu")
            outcome = self.run_action(self.pull_request(), directory="eu")
            self.assertEqual(outcome.code, 3, outcome.log)
            self.assertIn("removes the project in `eu`", outcome.log)
        self.assertEqual(self.github.writes(), [])

    def test_a_link_in_place_of_the_project_is_not_followed(self):
        self.two_projects()
        self.git("rm", "-rq", "eu")
        (self.work / "eu").symlink_to(".")
        self.git("add", "eu")
        self.git("commit", "-q", "-m", "one is enough")
        self.merge()
        outcome = self.run_action(self.pull_request(), directory="eu")
        self.assertEqual(outcome.code, 2, outcome.log)
        self.assertIn("symbolic link", outcome.log)
        self.assertEqual(self.run_action(self.pull_request(), directory="../elsewhere").code, 2)

    def test_a_checkout_below_the_workspace_is_asked_in_the_projects_folder(self):
        self.merge()
        workspace = self.folder / "workspace"
        workspace.mkdir()
        self.work.rename(workspace / "data")
        self.work = workspace / "data"
        outcome = self.run_action(self.pull_request(), workspace=workspace, directory="data")
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assertEqual(self.github.writes(), ["POST"])

    def test_where_git_answers_no_its_words_are_in_the_annotation(self):
        outside = self.folder / "outside"
        outside.mkdir()
        self.merge()
        outcome = self.run_action(self.pull_request(), workspace=outside)
        self.assertEqual(outcome.code, 3, outcome.log)
        self.assertRegex(outcome.log, r"::error title=phone-dir::.*not a git repository")

    def test_a_missing_git_is_an_annotation(self):
        self.merge()
        tools = self.folder / "tools"
        tools.mkdir()
        for name in ("bash", "python3", "dirname", "basename"):
            (tools / name).symlink_to(shutil.which(name) if name != "python3" else sys.executable)
        event = self.pull_request()
        self.environment["PATH"] = str(tools)
        outcome = self.run_action(event)
        self.assertEqual(outcome.code, 2, outcome.log)
        self.assertIn("the program `git` is not on the PATH", outcome.log)
        self.assertNotIn("Traceback", outcome.log)


class Comments(ActionTest):
    def test_a_strangers_comment_with_the_same_mark_is_left_alone(self):
        self.github.add_comment(f"{MARK}\nmine", "stranger")
        self.merge()
        self.run_action(self.pull_request())
        self.assertEqual(self.github.comments[0]["body"], f"{MARK}\nmine")
        self.assertEqual(self.github.writes(), ["POST"])

    def test_our_comment_is_found_behind_hundreds_of_others(self):
        for number in range(250):
            self.github.add_comment(f"comment {number}", "person")
        self.github.add_comment(f"{MARK}\nold")
        self.merge()
        self.run_action(self.pull_request())
        self.assertEqual(self.github.writes(), ["PATCH"])

    def test_a_token_that_may_not_write_is_a_warning(self):
        self.github.read_only = True
        self.merge()
        outcome = self.run_action(self.pull_request())
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assertIn("pull-requests: write", outcome.log)

    def test_it_can_be_switched_off(self):
        self.merge()
        self.run_action(self.pull_request(), comment="false")
        self.assertEqual(self.github.asked, [])


class Pushes(ActionTest):
    def push(self, before, after):
        return self.run_action({"before": before, "after": after}, "push")

    def test_every_commit_of_a_push_is_checked_and_no_comment_is_written(self):
        before = self.git("rev-parse", "HEAD")
        self.edit('"version": "1.0.0"', '"version": "1.0.0",\n  "stray": 1')
        self.edit(',\n  "stray": 1', "")
        self.assertEqual(self.push(before, self.git("rev-parse", "HEAD")).code, 1)
        self.assertEqual(self.github.asked, [])

    def test_a_new_branch_and_a_forced_push_are_checked_at_their_end_and_say_so(self):
        head = self.git("rev-parse", "HEAD")
        for before, words in ((ZERO, "a new branch"), ("1" * 40, "the commit before this push is gone")):
            outcome = self.push(before, head)
            self.assertEqual(outcome.code, 0, outcome.log)
            self.assertIn(words, outcome.log)

    def test_a_merge_queue_is_checked_like_a_range(self):
        group = {"base_sha": self.git("rev-parse", "main"), "head_sha": self.git("rev-parse", "topic")}
        outcome = self.run_action({"merge_group": group}, "merge_group")
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assertIn("+14155550101", outcome.summary)


class HostileTexts(ActionTest):
    TEXTS = ("::error::forged", "  ::set-output name=x::y", "##[error]forged", "\x1b[31mred", "\u202edesrever", "a\r::stop-commands::t")

    def test_nothing_in_the_repository_becomes_a_command_of_the_log_or_markup_of_the_summary(self):
        notes = json.dumps("".join(self.TEXTS) + "\n::error::on its own line\n@team <img src=x> [x](https://example.com)")
        self.edit('"notes": ""', f'"notes": {notes}')
        for number, text in enumerate(self.TEXTS):
            name = text.replace("\r", "").replace("/", "")
            self.add(f"phone-numbers/{number}{name}\n::error::in a name.json", "{}")
        self.edit('"country_code": "US"', '"country_code": "<img src=x>\\n::warning::x @team"')
        self.merge()
        outcome = self.run_action(self.pull_request())
        self.assertEqual(outcome.code, 1, outcome.log)
        commands = [line for line in outcome.log.splitlines() if line.lstrip().startswith("::")]
        self.assertTrue(commands)
        for line in commands:
            self.assertRegex(line, r"^::(error|warning|notice) (file=[^\s:]*phone-numbers/|title=phone-dir::)")
        for text in (outcome.log, outcome.summary, self.github.comments[0]["body"]):
            for active in ("##[", "\x1b", "\u202e", "\r"):
                self.assertNotIn(active, text)
        for text in (outcome.summary, self.github.comments[0]["body"]):
            for line in text.splitlines():
                outside = "".join(line.split("`")[::2])
                for markup in ("<img", "@team", "](https"):
                    self.assertNotIn(markup, outside, line)


class Forks(ActionTest):
    def setUp(self):
        super().setUp()
        self.merge()
        self.head = self.git("rev-parse", "topic")
        self.github.pulls[7] = {"number": 7, "state": "open", "head": {"sha": self.head, "repo": {"id": 42}}}

    def archive(self, **members):
        """An artifact as the fork's run leaves it; a member that is None is left out."""
        request = json.dumps({"number": 7, "head_sha": self.head})
        members = {"pull-request.json": request, "changes.txt": "+14155550101 moved\n"} | {
            name.replace("_", "-").replace("-json", ".json").replace("-txt", ".txt"): content
            for name, content in members.items()
        }
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in members.items():
                if text is not None:
                    file.writestr(name, text)
        return content.getvalue()

    def run_comment(self, artifact, **changes):
        if artifact is not None:
            self.github.artifacts["phone-dir-fork"] = artifact
        run = {"id": 5, "event": "pull_request", "head_sha": self.head, "head_repository": {"id": 42}} | changes
        runner = Runner(self.folder / "runner", self.environment)
        return runner.run(ROOT / "action/fork-comment", self.folder, "workflow_run", {"workflow_run": run}, {})

    def test_a_forks_run_asks_the_api_nothing_and_leaves_an_artifact_that_the_other_workflow_posts(self):
        outcome = self.run_action(self.pull_request("stranger/voice"))
        self.assertEqual(outcome.code, 0, outcome.log)
        self.assertEqual(self.github.asked, [])
        self.assertIn("+14155550101", outcome.summary)
        folder = Path(outcome.outputs["fork-artifact"])
        members = {file.name.replace("-", "_").replace(".", "_"): file.read_text() for file in folder.iterdir()}
        posted = self.run_comment(self.archive(**members))
        self.assertEqual(posted.code, 0, posted.log)
        body = self.github.comments[0]["body"]
        self.assertIn("+14155550101", body)
        self.assertIn("```text\n", body)
        self.assertTrue(body.startswith(MARK))
        self.assertNotIn("Authorization", self.github.storage_headers[0], "the token went to another host")

    def test_a_deleted_fork_is_a_fork(self):
        event = self.pull_request()
        event["pull_request"]["head"]["repo"] = None
        self.assertNotEqual(self.run_action(event).outputs["fork-artifact"], "")

    def test_the_text_of_a_fork_is_text(self):
        text = "```\n@team <img src=x> ![](https://example.com/x.png)\n````text\n::error::x\x1b[31m\u202e\n" * 3
        self.assertEqual(self.run_comment(self.archive(changes_txt=text)).code, 0)
        body = self.github.comments[0]["body"]
        fence = body.split("text\n", 1)[0].rsplit("\n", 1)[-1]
        self.assertGreater(len(fence), 4)
        inside = body.split(f"{fence}text\n", 1)[1]
        self.assertEqual(inside.rstrip().count(fence), 1)
        self.assertTrue(inside.rstrip().endswith(f"\n{fence}"))
        self.assertNotIn("\x1b", body)
        self.assertNotIn("\u202e", body)

    def test_a_fork_can_comment_on_its_own_pull_request_only(self):
        self.github.pulls[8] = {"number": 8, "state": "open", "head": {"sha": "2" * 40, "repo": {"id": 43}}}
        self.github.pulls[9] = {"number": 9, "state": "closed", "head": {"sha": self.head, "repo": {"id": 42}}}
        self.github.pulls[10] = {"number": 10, "state": "open", "head": {"sha": self.head, "repo": {"id": 43}}}
        for number in (8, 9, 10, 11, -7, 0, 7.0, True, "7", "7/../8", [7], None, 1 << 40):
            outcome = self.run_comment(self.archive(pull_request_json=json.dumps({"number": number})))
            self.assertNotEqual(outcome.code, 0, f"{number}: {outcome.log}")
        self.assertEqual(self.github.writes(), [])

    def test_a_broken_or_huge_artifact_is_refused(self):
        bomb = self.archive(changes_txt="a" * (4 << 20))
        self.assertLess(len(bomb), 1 << 20)
        nested = "[" * 1000
        artifacts = [
            b"no archive",
            b"",
            bomb,
            self.archive(changes_txt=None),
            self.archive(pull_request_json=None),
            self.archive(pull_request_json="{" * 5000),
            self.archive(pull_request_json=nested),
            self.archive(pull_request_json="[]"),
            self.archive(pull_request_json="9" * 900),
            self.archive()[:-30],
        ]
        for artifact in artifacts:
            outcome = self.run_comment(artifact)
            self.assertNotEqual(outcome.code, 0, outcome.log)
            self.assertIn("::error title=phone-dir::", outcome.log)
            self.assertNotIn("Traceback", outcome.log)
        self.github.claimed_size = 1 << 40
        self.assertNotEqual(self.run_comment(self.archive()).code, 0)
        self.assertEqual(self.github.writes(), [])

    def test_other_runs_and_runs_without_an_artifact_are_none_of_its_business(self):
        self.assertEqual(self.run_comment(None).code, 0)
        self.assertEqual(self.run_comment(self.archive(), event="push").code, 0)
        self.assertEqual(self.github.writes(), [])


def main():
    global PHONE_DIR
    PHONE_DIR, rest = program_and_rest(PHONE_DIR)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
