#!/usr/bin/env python3
"""Changes each field with Retell's official Python client between plan and apply: exactly that item is stale.

    python3 tests/contract/with_sandbox.py target/debug/phone-dir venv/bin/python tests/contract/plans.py target/debug/phone-dir

Makes the demo's project in a temporary folder and decides one field of each of several lines in git. Exit status 1 when an
item is stale that was not touched, or one that was touched is not.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from retell import Retell

WORKSPACE = "staging"
NUMBERS = f"phone-numbers/{WORKSPACE}/numbers.json"
AGENTS = {"decided": "survey", "dashboard": "sales-trial"}


def agent(name):
    return json.loads(Path(f"agents/{AGENTS[name]}/{WORKSPACE}.json").read_text(encoding="utf-8"))["agent_id"]


def bound(name):
    return [{"agent_id": agent(name), "weight": 1}]


def by_flag(flag, decided, field, dashboard):
    """A field that `edit` decides: its flag and value, and what the dashboard makes of it meanwhile."""
    return field, lambda run, number: run("edit", number, "-w", WORKSPACE, flag, decided), {field: dashboard}


def by_hand(field, decided, body):
    """A field that is decided in the file."""

    def decide(run, number):
        path = Path(NUMBERS)
        file = json.loads(path.read_text(encoding="utf-8"))
        entry = next(entry for entry in file["numbers"] if entry["phone_number"] == number)
        entry[field] = decided
        path.write_text(json.dumps(file, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        run("validate", "--fix")
        git("commit", "--quiet", "--all", "--message", f"Decide {field}")

    return field, decide, body


def fields():
    return [
        by_flag("--inbound-agent", f"agents/{AGENTS['decided']}", "inbound_agents", bound("dashboard")),
        by_flag("--outbound-agent", f"agents/{AGENTS['decided']}", "outbound_agents", bound("dashboard")),
        by_flag("--inbound-sms-agent", f"agents/{AGENTS['decided']}", "inbound_sms_agents", bound("dashboard")),
        by_flag("--outbound-sms-agent", f"agents/{AGENTS['decided']}", "outbound_sms_agents", bound("dashboard")),
        by_flag("--webhook", "https://hooks.example.com/a", "inbound_webhook_url", "https://hooks.example.com/b"),
        by_flag("--sms-webhook", "https://hooks.example.com/a", "inbound_sms_webhook_url", "https://hooks.example.com/b"),
        by_flag("--fallback", "+14155550101", "fallback_number", "+14155550102"),
        by_flag("--inbound-countries", "DE", "allowed_inbound_country_list", ["FR"]),
        by_flag("--outbound-countries", "DE", "allowed_outbound_country_list", ["FR"]),
        by_flag("--nickname", "Decided", "nickname", "Dashboard"),
        by_hand("termination_uri", "decided.pstn.twilio.com", {"termination_uri": "dashboard.pstn.twilio.com"}),
        by_hand("codecs", ["PCMU", "OPUS"], {"codecs": ["G722"]}),
        by_hand("transport", "TLS", {"transport": "UDP"}),
    ]


def git(*words):
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def main():
    program = Path(sys.argv[1]).resolve()
    if urlsplit(os.environ["RETELL_BASE_URL"]).hostname != "127.0.0.1":
        raise SystemExit("RETELL_BASE_URL is not on loopback")
    client = Retell(
        api_key=os.environ[f"RETELL_{WORKSPACE.upper()}_API_KEY"],
        base_url=os.environ["RETELL_BASE_URL"],
        max_retries=0,
        _strict_response_validation=True,
    )

    def run(*words, codes=(0,)):
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        assert done.returncode in codes, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def outcomes(*words, codes):
        items = json.loads(run("apply", "plan.json", "--json", *words, codes=codes))["items"]
        return {item["phone_number"]: item["outcome"] for item in items}

    with tempfile.TemporaryDirectory() as folder:
        run("demo", f"{folder}/project")
        os.chdir(f"{folder}/project")
        run("sync", "--all")
        numbers = lines()
        assert len(numbers) >= len(fields()), "a line for each field"
        chosen = list(zip(fields(), numbers, strict=False))
        for (field, decide, _), number in chosen:
            decide(run, number)
        run("plan", "--workspace", WORKSPACE, "--output", "plan.json")
        expected = dict.fromkeys((number for _, number in chosen), "would-change")
        assert outcomes("--dry-run", codes=(0,)) == expected, outcomes("--dry-run", codes=(0, 2))
        # The last one stays as it was, and goes through.
        for (field, _, body), number in chosen[:-1]:
            client.phone_number.update(number, **body)
            expected[number] = "stale"
            found = outcomes("--dry-run", codes=(2,))
            assert found == expected, f"{field} of {number}: {found}"
            print(f"ok    {field}: exactly this item is stale")
        expected[chosen[-1][1]] = "changed"
        assert outcomes("--yes", codes=(2,)) == expected
        print(f"{len(chosen)} fields, and the last one was applied")


def lines():
    """Numbers of the workspace with a trunk, one for each field."""
    file = json.loads(Path(NUMBERS).read_text(encoding="utf-8"))
    return [entry["phone_number"] for entry in file["numbers"] if entry.get("termination_uri")]


if __name__ == "__main__":
    main()
