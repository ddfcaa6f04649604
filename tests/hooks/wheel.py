#!/usr/bin/env python3
"""Runs the hook from a wheel under pre-commit and prek, as docs/git.md shows it, with no index and no Rust.

    python3 tests/hooks/wheel.py --tools VENV/bin --wheel phone_dir-….whl --packages FOLDER

VENV has what requirements.txt lists, and uv; FOLDER has the wheel of setuptools, which pre-commit's own package is built with.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = "phone-numbers/directory.json"


def shown_configuration(wheel):
    """The block of docs/git.md that installs a wheel, with the place of this one."""
    page = (ROOT / "docs/git.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    [block] = [block for block in blocks if "language: python" in block]
    return re.sub(r"\[phone-dir==[^\]]*\].*", f"[{wheel}]", block)


def installed(wheel, folder):
    """The program of the wheel, to make a project with."""
    venv.create(folder, with_pip=True)
    pip = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", wheel]
    subprocess.run(pip, check=True)
    return folder / "bin/phone-dir"


def check(tool, program, wheel, packages, tools, folder):
    """Commits what is right, and what is not: only the second is refused."""
    (folder / "home").mkdir(parents=True)
    place = folder / "project"
    environment = {
        "PATH": f"{tools}:/usr/bin:/bin",
        "HOME": str(folder / "home"),
        "LC_ALL": "C.UTF-8",
        "PRE_COMMIT_HOME": str(folder / "cache"),
        "PREK_HOME": str(folder / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(packages),
        "UV_NO_INDEX": "1",
        "UV_OFFLINE": "1",
        "UV_FIND_LINKS": str(packages),
        "UV_PYTHON_DOWNLOADS": "never",
    }

    def run(*words, check=True):
        done = subprocess.run(words, cwd=place, env=environment, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise SystemExit(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    place.mkdir()
    run(program, "demo", ".", "--quiet")
    (place / ".pre-commit-config.yaml").write_text(shown_configuration(wheel), encoding="utf-8")
    run("git", "add", ".pre-commit-config.yaml")
    run(tools / tool, "install")
    run("git", "commit", "--quiet", "--message", "The hook")
    before = run("git", "rev-parse", "HEAD").stdout
    path = place / DIRECTORY
    path.write_text(path.read_text(encoding="utf-8").replace('"total_numbers": 15', '"total_numbers": 16'), encoding="utf-8")
    refused = run("git", "commit", "--quiet", "--all", "--message", "wrong", check=False)
    told = refused.stdout + refused.stderr
    if not refused.returncode or run("git", "rev-parse", "HEAD").stdout != before or "total_numbers" not in told:
        raise SystemExit(f"{tool} let a wrong commit through:\n{told}")
    print(f"{tool} runs the hook from the wheel")


def main():
    parser = argparse.ArgumentParser(description="Runs the hook from a wheel under pre-commit and prek.")
    for name in ("tools", "wheel", "packages"):
        parser.add_argument(f"--{name}", type=lambda text: Path(text).resolve(), required=True)
    options = parser.parse_args()
    os.environ.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        program = installed(options.wheel, scratch / "venv")
        for tool in ("pre-commit", "prek"):
            check(tool, program, options.wheel, options.packages, options.tools, scratch / tool)
    return 0


if __name__ == "__main__":
    sys.exit(main())
