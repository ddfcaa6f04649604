#!/usr/bin/env python3
"""Plays `gh` for the workflows' scripts: issues, labels and pull requests in a JSON file that `GH_STATE` names.

It takes exactly the options that the workflows give, writes only what GitHub would take, and names a fault in `GH_FAIL`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

BODY_LIMIT = 65_536


def options(words):
    """The options of a call as a dictionary, and the words without one."""
    found, rest = {}, []
    words = iter(words)
    for word in words:
        if word in ("--force", "--fill-first"):
            found[word] = True
        elif word.startswith("--"):
            found[word] = next(words)
        else:
            rest.append(word)
    return found, rest


def refuse(why):
    sys.exit(f"gh: {why}")


def body(given):
    text = Path(given["--body-file"]).read_text(encoding="utf-8")
    if len(text) > BODY_LIMIT:
        refuse("body is too long (maximum is 65536 characters)")
    return text


def answer(rows, given):
    fields = given["--json"].split(",")
    text = json.dumps([{field: row[field] for field in fields} for row in rows])
    if "--jq" in given:
        text = subprocess.run(["jq", "-r", given["--jq"]], input=text, capture_output=True, text=True, check=True).stdout
    print(text, end="")


def issue(state, verb, words):
    given, rest = options(words)
    issues = state["issues"]
    if verb == "list":
        found = [one for one in issues if one["state"] == given["--state"] and given["--label"] in one["labels"]]
        # GitHub's search knows a new issue only after a while.
        answer([] if "--search" in given else found[: int(given.get("--limit", 30))], given)
    elif verb == "create":
        if given["--label"] not in state["labels"]:
            refuse(f"could not add label: '{given['--label']}' not found")
        number = len(issues) + 1
        made = {"number": number, "title": given["--title"], "labels": [given["--label"]], "state": "open"}
        issues.append(made | {"body": body(given), "comments": []})
        print(f"https://github.example/team/voice/issues/{number}")
    else:
        one = next(one for one in issues if one["number"] == int(rest[0]))
        if verb == "edit":
            one["body"] = body(given)
        elif verb == "close":
            one["state"] = "closed"
            one["comments"].append(given["--comment"])
        else:
            refuse(f"unknown command {verb}")


def pull_request(state, verb, words):
    given, _ = options(words)
    pulls = state["pulls"]
    if verb == "list":
        wanted = {"head": given["--head"], "base": given["--base"], "state": given["--state"]}
        answer([one for one in pulls if wanted.items() <= one.items()], given)
    elif verb == "create":
        made = {"number": len(pulls) + 1, "head": given["--head"], "base": given["--base"], "state": "open"}
        pulls.append(made)
    else:
        refuse(f"unknown command {verb}")


def main():
    if not os.environ.get("GH_TOKEN"):
        refuse("no token")
    subject, verb, *words = sys.argv[1:]
    place = Path(os.environ["GH_STATE"])
    state = json.loads(place.read_text(encoding="utf-8"))
    state["calls"].append(f"{subject} {verb}")
    if os.environ.get("GH_FAIL") == f"{subject} {verb}":
        refuse("HTTP 502")
    if subject == "issue":
        issue(state, verb, words)
    elif subject == "label":
        state["labels"] = sorted({*state["labels"], words[0]})
    elif subject == "pr":
        pull_request(state, verb, words)
    else:
        refuse(f"unknown command {subject}")
    place.write_text(json.dumps(state), encoding="utf-8")


if __name__ == "__main__":
    main()
