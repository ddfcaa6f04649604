"""Runs the hook under the pre-commit framework and under prek, as `.pre-commit-hooks.yaml` describes it.

    python3 tests/hooks/frameworks.py --tools VENV/bin --phone-dir target/debug/phone-dir

VENV has what requirements.txt lists. The hook of language `system` is run, so nothing is built or fetched.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ".pre-commit-hooks.yaml"
DIRECTORY = "phone-numbers/directory.json"
STAGING = "phone-numbers/staging/numbers.json"
TOOLS = PHONE_DIR = None


class Framework:
    """What holds under either framework."""

    tool = ""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        for name in ("home", "bin", "hooks", "project"):
            (self.folder / name).mkdir()
        (self.folder / "bin/phone-dir").symlink_to(PHONE_DIR)
        self.environment = self.sealed()
        self.top = self.folder / "project"
        self.publish_manifest()
        self.make_project()

    def sealed(self):
        dropped = ("GIT_", "PRE_COMMIT", "PREK", "XDG_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        named = {
            f"GIT_{role}_{what}": text
            for role in ("AUTHOR", "COMMITTER")
            for what, text in (("NAME", "Test"), ("EMAIL", "test@example.com"))
        }
        sealed = {
            "HOME": str(self.folder / "home"),
            "PATH": f"{self.folder / 'bin'}:{TOOLS}:{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(self.folder / "cache"),
            "PREK_HOME": str(self.folder / "cache"),
            "GIT_EDITOR": "true",
        }
        return kept | named | sealed

    def run_program(self, *command, cwd=None):
        return subprocess.run(
            command, cwd=cwd or self.top, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def succeed(self, *command, cwd=None):
        done = self.run_program(*command, cwd=cwd)
        self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}")
        return done.stdout.strip()

    def publish_manifest(self):
        """A repository with our manifest: what a configuration names as `repo`."""
        hooks = self.folder / "hooks"
        shutil.copy(ROOT / MANIFEST, hooks)
        self.succeed("git", "init", "-q", "-b", "main", cwd=hooks)
        self.succeed("git", "add", "-A", cwd=hooks)
        self.succeed("git", "commit", "-q", "-m", "manifest", cwd=hooks)
        self.revision = self.succeed("git", "rev-parse", "HEAD", cwd=hooks)

    def make_project(self):
        self.succeed("git", "init", "-q", "-b", "main")
        (self.top / "phone-numbers").mkdir()
        self.succeed("phone-dir", "init", "-q")
        (self.top / "README.md").write_text("one\n")
        (self.top / ".pre-commit-config.yaml").write_text(
            "default_install_hook_types: [pre-commit, pre-merge-commit]\n"
            f"repos:\n- repo: {self.folder / 'hooks'}\n  rev: {self.revision}\n"
            "  hooks:\n  - id: phone-dir-system\n"
        )
        self.succeed("git", "add", "-A")
        self.succeed("git", "commit", "-q", "-m", "first")
        self.succeed(self.tool, "install")

    def edit(self, total, day):
        text = (self.top / DIRECTORY).read_text()
        lines = text.splitlines(keepends=True)
        lines = [f'  "last_updated": "2026-01-{day:02}T00:00:00Z",\n' if "last_updated" in line else line for line in lines]
        lines = [f'    "total_numbers": {total},\n' if "total_numbers" in line else line for line in lines]
        (self.top / DIRECTORY).write_text("".join(lines))

    def refused(self, *arguments, command="commit"):
        done = self.run_program("git", command, *arguments)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_errors_refuse_and_a_right_directory_passes(self):
        self.edit(7, 2)
        self.assertIn("total_numbers", self.refused("-a", "-m", "bad"))
        self.assertIn("total_numbers", self.refused("-m", "bad path", "--", DIRECTORY))
        self.edit(0, 3)
        self.succeed("git", "commit", "-q", "-a", "-m", "good")

    def test_the_index_is_judged_and_the_working_tree_comes_back(self):
        self.edit(0, 2)
        self.succeed("git", "add", "-A")
        self.edit(7, 2)
        self.succeed("git", "commit", "-q", "-m", "good index, bad working tree")
        self.assertIn('"total_numbers": 7', (self.top / DIRECTORY).read_text())

    def test_deleting_and_renaming_are_judged_although_no_file_name_is_passed(self):
        self.succeed("git", "rm", "-q", STAGING)
        self.assertIn(STAGING, self.refused("-m", "deleted"))
        self.succeed("git", "reset", "-q", "--hard")
        self.succeed("git", "mv", STAGING, "phone-numbers/staging/registry.json")
        self.assertIn(STAGING, self.refused("-m", "renamed"))

    def test_a_clean_merge_is_judged(self):
        self.succeed("git", "checkout", "-q", "-b", "topic")
        self.edit(7, 2)
        self.succeed("git", "commit", "-q", "--no-verify", "-a", "-m", "bad")
        self.succeed("git", "checkout", "-q", "main")
        (self.top / "README.md").write_text("two\n")
        self.succeed("git", "commit", "-q", "-a", "-m", "other")
        self.assertIn("total_numbers", self.refused("--no-edit", "topic", command="merge"))

    def test_with_nothing_of_ours_staged_an_old_error_stops_nobody(self):
        self.edit(7, 2)
        self.succeed("git", "commit", "-q", "--no-verify", "-a", "-m", "bad")
        (self.top / "README.md").write_text("two\n")
        self.succeed("git", "commit", "-q", "-a", "-m", "other")

    def test_a_run_over_all_files_is_no_quiet_success(self):
        self.succeed(self.tool, "run", "--all-files")
        self.edit(7, 2)
        self.succeed("git", "commit", "-q", "--no-verify", "-a", "-m", "bad")
        done = self.run_program(self.tool, "run", "--all-files")
        self.assertNotEqual(done.returncode, 0, done.stdout)
        done = self.run_program(self.tool, "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
        self.assertNotEqual(done.returncode, 0, done.stdout)

    def test_our_own_hook_is_not_put_beside_the_frameworks(self):
        done = self.run_program("phone-dir", "hook", "install")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(f"{self.tool} manages", done.stdout)

    def test_a_hook_of_ours_that_was_there_first_keeps_running(self):
        self.succeed(self.tool, "uninstall")
        self.succeed("phone-dir", "hook", "install")
        (self.top / ".pre-commit-config.yaml").write_text("repos: []\n")
        self.succeed(self.tool, "install")
        self.edit(7, 2)
        self.assertIn("total_numbers", self.refused("-a", "-m", "bad"))

    def test_the_manifest_is_valid(self):
        self.succeed(self.tool, "validate-manifest", str(ROOT / MANIFEST))


class PreCommit(Framework, unittest.TestCase):
    tool = "pre-commit"


class Prek(Framework, unittest.TestCase):
    tool = "prek"


def main():
    global TOOLS, PHONE_DIR
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--phone-dir", type=Path, default=ROOT / "target/debug/phone-dir")
    known, rest = parser.parse_known_args()
    TOOLS, PHONE_DIR = known.tools.resolve(), known.phone_dir.resolve()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
