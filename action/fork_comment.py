"""Writes the comment for a pull request from a fork, with the rights of the base repository.

The artifact was made by code that the fork controls, so nothing in it is believed: it is never unpacked to disk, two
files of it are read with a limit each, the pull request that it names must have the very commit that was run as its
head, and its text is shown as text.
"""

import io
import json
import re
import sys
import zipfile
from pathlib import Path

# An isolated Python looks nowhere for modules but in its own library.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import pull_request_comment
import runner
from github_api import Api, Refused
from runner import Stop

ARCHIVE_LIMIT = 1 << 20
REQUEST_LIMIT = 1 << 10
TEXT_LIMIT = 1 << 18
SHOWN = 60_000
COMMIT = re.compile(r"[0-9a-f]{40}\Z")


def fork_comment():
    """The step."""
    run = runner.event()["workflow_run"]
    if run.get("event") != "pull_request":
        print("The run was not for a pull request: nothing to do.")
        return
    api = Api()
    archive = download(api, int(run["id"]))
    if archive is None:
        print("The run left no artifact: nothing to do.")
        return
    number = named_number(archive)
    check_number(api, number, run)
    text = member(archive, "changes.txt", TEXT_LIMIT)
    pull_request_comment.write(api, number, introduction(run) + pull_request_comment.fenced(text[:SHOWN]))


def introduction(run):
    return (
        "### Phone number directory\n\n"
        f"What commit {run['head_sha'][:10]} changes, as the fork's own run tells it:\n\n"
    )


def download(api, run_id):
    """The artifact's archive; None when the run has none."""
    name = runner.variable("PHONE_DIR_ARTIFACT")
    found = [one for one in api.get(f"/actions/runs/{run_id}/artifacts?per_page=100")["artifacts"] if one["name"] == name]
    if not found:
        return None
    if found[0]["size_in_bytes"] > ARCHIVE_LIMIT:
        raise Stop("the fork's artifact is too large; it was not read")
    content = api.request("GET", f"/actions/artifacts/{int(found[0]['id'])}/zip", limit=ARCHIVE_LIMIT)
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise Stop("the fork's artifact is not an archive") from None


def member(archive, name, limit):
    """One file of the archive, as text; what it claims about its size is not believed."""
    try:
        with archive.open(name) as file:
            content = file.read(limit + 1)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise Stop(f"the fork's artifact has no readable {name}") from None
    except Exception as error:  # what a decompressor makes of hostile bytes has no common type
        raise Stop(f"the fork's artifact cannot be read: {type(error).__name__}") from None
    if len(content) > limit:
        raise Stop(f"{name} in the fork's artifact is too large")
    return content.decode("utf-8", errors="replace")


def named_number(archive):
    try:
        request = json.loads(member(archive, "pull-request.json", REQUEST_LIMIT))
        number = request["number"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Stop("the fork's artifact does not name a pull request") from None
    if type(number) is not int or not 0 < number < 1 << 31:
        raise Stop("the fork's artifact does not name a pull request")
    return number


def check_number(api, number, run):
    """The fork may name any pull request; only the one whose head is the commit that was run is its own."""
    if not COMMIT.match(str(run.get("head_sha"))):
        raise Stop("the event names no commit")
    try:
        request = api.get(f"/pulls/{number}")
    except Refused as refused:
        raise Stop(f"the pull request that the fork names cannot be read: {refused}") from None
    if request["head"]["sha"] != run["head_sha"]:
        raise Stop("the pull request that the fork names has another head; nothing was written")
    source = (request["head"].get("repo") or {}).get("id")
    if source is None or source != (run.get("head_repository") or {}).get("id"):
        raise Stop("the pull request that the fork names is of another repository; nothing was written")
    if request["state"] != "open":
        raise Stop("the pull request is closed; nothing was written")


if __name__ == "__main__":
    runner.run(fork_comment)
