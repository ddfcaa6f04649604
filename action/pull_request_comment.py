"""One comment in a pull request, found again by a mark and updated in place."""

import hashlib
import os

import runner
from github_api import Refused

# GitHub takes 65,536 characters.
BODY_LIMIT = 65_000


def mark():
    """An invisible line by which the comment is found; each project of a repository has its own."""
    folder = os.path.normpath(runner.variable("PHONE_DIR_DIRECTORY", "."))
    name = "" if folder == "." else ":" + hashlib.sha256(folder.encode()).hexdigest()[:12]
    return f"<!-- phone-dir-changes{name} -->"


def cut(text, limit):
    """A text of at most `limit` characters, whole lines only."""
    if len(text) <= limit:
        return text
    return text[:limit].rpartition("\n")[0] + "\n\n… and more: the job's summary has it all.\n"


def fenced(text):
    """A text from strangers as plain text: inside a fence there is no markup, no mention, no link and no image."""
    plain = "".join(letter if letter == "\n" or letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    longest = run = 0
    for letter in plain:
        run = run + 1 if letter == "`" else 0
        longest = max(longest, run)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{plain.rstrip()}\n{fence}\n"


def write(api, number, text):
    """Updates the comment, or writes the first one. Says what it did; a token that may not write is not an error."""
    body = f"{mark()}\n{cut(text, BODY_LIMIT)}"
    try:
        existing = find(api, number)
        if existing is None:
            api.post(f"/issues/{number}/comments", {"body": body})
            print("Wrote the comment.")
        elif existing["body"].replace("\r\n", "\n").rstrip() == body.rstrip():
            print("The comment is up to date.")
        else:
            api.patch(f"/issues/comments/{int(existing['id'])}", {"body": body})
            print("Updated the comment.")
    except Refused as refused:
        if refused.status not in (401, 403, 404):
            raise runner.Stop(str(refused)) from None
        runner.say("warning", f"the comment was not written ({refused}); the job needs `pull-requests: write`")


def find(api, number):
    """Our comment. Somebody else may have copied the mark, so the author counts too."""
    author = runner.variable("PHONE_DIR_COMMENT_AUTHOR")
    for comment in api.pages(f"/issues/{number}/comments"):
        is_ours = (comment.get("user") or {}).get("login") == author
        if is_ours and (comment.get("body") or "").startswith(mark()):
            return comment
    return None
