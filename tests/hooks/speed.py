"""Measures the hook with nothing of ours staged against `git diff --cached --quiet`, in one run.

    python3 tests/hooks/speed.py [FILES]

FILES is the number of files of the repository. It ends with 1 when the hook takes more than three times as long. The
two alternate, and the medians are compared, so that a busy machine changes both.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOOK = Path(__file__).resolve().parents[2] / "hooks/pre-commit"
ROUNDS = 200
ALLOWED = 3.0


def environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    named = {
        f"GIT_{role}_{what}": text
        for role in ("AUTHOR", "COMMITTER")
        for what, text in (("NAME", "Test"), ("EMAIL", "test@example.com"))
    }
    return kept | named | {"HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def seconds(command, top, variables, expected):
    started = time.perf_counter()
    done = subprocess.run(command, cwd=top, env=variables, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - started
    assert done.returncode == expected, f"{command} ended with {done.returncode}"
    return taken


def make_repository(top, files, variables):
    for number in range(files):
        place = top / f"source/{number // 100}/{number}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{number}\n")
    (top / "phone-numbers").mkdir()
    (top / "phone-numbers/directory.json").write_text("{}\n")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *command], cwd=top, env=variables, check=True)
    (top / "source/0/0.txt").write_text("changed\n")
    subprocess.run(["git", "add", "-A"], cwd=top, env=variables, check=True)


def main():
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        variables = environment(folder)
        top = Path(folder) / "project"
        top.mkdir()
        make_repository(top, files, variables)
        floor, hook = [], []
        for _ in range(ROUNDS):
            floor.append(seconds(["git", "diff", "--cached", "--quiet"], top, variables, 1))
            hook.append(seconds([str(HOOK)], top, variables, 0))
    floor, hook = statistics.median(floor), statistics.median(hook)
    ratio = hook / floor
    print(f"{files} files: git {floor * 1000:.2f} ms, hook {hook * 1000:.2f} ms, ratio {ratio:.2f} (at most {ALLOWED})")
    sys.exit(ratio > ALLOWED)


if __name__ == "__main__":
    main()
