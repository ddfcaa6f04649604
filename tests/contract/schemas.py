#!/usr/bin/env python3
"""Holds `check-jsonschema` to the same verdicts on the fixtures as the embedded schemas and the types.

It installs nothing; a virtual environment of any place will do:

    python3 -m venv DIR && DIR/bin/pip install 'check-jsonschema==0.39.*'
    DIR/bin/python tests/contract/schemas.py

Each file is judged twice, by ECMAScript's regular expressions and by Python's own, because a pattern has to mean
the same in both. Exit code 0: every verdict is as expected; 1: a verdict differs; 2: a schema is not one.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
FIXTURES = ROOT / "tests" / "fixtures"
SPECIFICATION = FIXTURES / "specification"
REGULAR_EXPRESSIONS = ("default", "python")


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs check-jsonschema in this interpreter, without network access to anything."""
    command = [sys.executable, "-m", "check_jsonschema", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def schema_of(fixture: Path) -> str:
    """Names a fixture's schema: by its path in a project, or by how its file name begins."""
    if SPECIFICATION in fixture.parents:
        return fixture.stem
    names = sorted((path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json")), key=len)
    return next(name for name in reversed(names) if fixture.name.startswith(f"{name}-"))


def accepted(schema: str, fixtures: list[Path], dialect: str) -> set[Path]:
    """Returns the fixtures that satisfy a schema."""
    result = check(
        "--schemafile", str(SCHEMAS / f"{schema}.schema.json"), "--regex-variant", dialect,
        "--output-format", "json", *map(str, fixtures),
    )
    report = json.loads(result.stdout)
    if report.get("parse_errors"):
        sys.exit(f"not JSON: {report['parse_errors']}")
    refused = {Path(error["filename"]).resolve() for error in report.get("errors", [])}
    if bool(refused) != (result.returncode != 0):
        sys.exit(f"check-jsonschema failed on `{schema}`: {result.stdout}{result.stderr}")
    return set(fixtures) - refused


def main() -> int:
    metaschema = check("--check-metaschema", *map(str, sorted(SCHEMAS.glob("*.schema.json"))))
    if metaschema.returncode != 0:
        print(metaschema.stdout + metaschema.stderr, file=sys.stderr)
        return 2
    good = [*SPECIFICATION.rglob("*.json"), *(FIXTURES / "schema" / "good").glob("*.json")]
    bad = list((FIXTURES / "schema" / "bad").glob("*.json"))
    by_schema: dict[str, list[Path]] = {}
    for fixture in sorted(good + bad):
        by_schema.setdefault(schema_of(fixture), []).append(fixture)
    wrong = 0
    for dialect in REGULAR_EXPRESSIONS:
        for schema, fixtures in by_schema.items():
            verdict = accepted(schema, fixtures, dialect)
            for fixture in fixtures:
                if (fixture in verdict) != (fixture in good):
                    says = "accepts" if fixture in verdict else "refuses"
                    print(f"check-jsonschema ({dialect}) {says} {fixture.relative_to(ROOT)}", file=sys.stderr)
                    wrong += 1
    print(f"check-jsonschema: {len(good)} good and {len(bad)} bad files, {wrong} wrong verdicts")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
