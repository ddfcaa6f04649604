"""Holds SARIF reports to the standard, with the validator of the standard's own authors.

    python3 tests/contract/sarif.py PHONE_DIR MULTITOOL

The reports are of the demo's project as it stands, and of one that is broken in many ways: findings with and without a
place, with related places, with text that wants to be something else.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HOSTILE = "::error::x <script>alert(1)</script> [a](javascript:b) \u202e\x07"


def report(program: str, project: Path) -> str:
    """The report of a project; both exit codes of a finished validation are fine."""
    run = subprocess.run([program, "validate", "--format", "sarif"], cwd=project, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"validate ended with {run.returncode}: {run.stderr}")
    return run.stdout


def spoil(project: Path) -> None:
    """Breaks files in their text, their shape and their sense."""
    master = project / "phone-numbers/directory.json"
    directory = json.loads(master.read_text())
    first, second, *_ = directory["numbers"].values()
    first["phone_number_pretty"] = HOSTILE
    second["notes"] = 7
    directory["metadata"]["total_numbers"] += 1
    master.write_text(json.dumps(directory, ensure_ascii=False, indent=4))
    (project / "phone-numbers/staging/numbers.json").write_text("{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n}\n")
    (project / "phone-numbers/production/assignments.json").unlink()
    (project / "phone-numbers/odd name.txt").write_text(HOSTILE)


def findings_of(multitool: str, sarif: Path) -> list[str]:
    """The lines in which the validator names an error."""
    environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    run = subprocess.run([multitool, "validate", sarif], capture_output=True, text=True, env=environment)
    if run.returncode != 0 or "Analysis completed successfully" not in run.stdout:
        sys.exit(f"the validator did not finish: {run.stdout}{run.stderr}")
    return [line for line in run.stdout.splitlines() if ": error " in line]


def main() -> None:
    program, multitool = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "demo"
        subprocess.run([program, "demo", project], check=True, capture_output=True)
        texts = {"sound": report(program, project)}
        spoil(project)
        texts["broken"] = report(program, project)
        wrong = json.loads(texts["broken"])
        wrong["runs"][0]["results"][0]["ruleIndex"] = 999
        texts["wrong"] = json.dumps(wrong)
        found = {}
        for name, text in texts.items():
            path = Path(folder) / f"{name}.sarif"
            path.write_text(text)
            found[name] = findings_of(multitool, path)
            print(f"{name}: {len(json.loads(text)['runs'][0]['results'])} results, {len(found[name])} errors")
    if not found["wrong"]:
        sys.exit("the validator accepts a wrong report, so that its word means nothing")
    if found["sound"] or found["broken"]:
        sys.exit("\n".join(found["sound"] + found["broken"]))


if __name__ == "__main__":
    main()
