"""Writes the diff into the pull request's comment."""

import sys
from pathlib import Path

# An isolated Python looks nowhere for modules but in its own library.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import pull_request_comment
import runner
from github_api import Api


def comment():
    """The step."""
    text = Path(runner.variable("PHONE_DIR_COMMENT")).read_text(encoding="utf-8")
    number = int(runner.event()["pull_request"]["number"])
    pull_request_comment.write(Api(), number, "### Phone number directory\n\n" + text)


if __name__ == "__main__":
    runner.run(comment)
