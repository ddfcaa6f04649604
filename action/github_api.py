"""The few requests that the action makes to GitHub's API, with limits on what it reads."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request

import runner
from runner import Stop

TIMEOUT = 30
# Far above any answer that these requests have.
ANSWER_LIMIT = 16 << 20
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+\Z")


class Refused(Exception):
    """GitHub answered no."""

    def __init__(self, status):
        super().__init__(f"GitHub answered with status {status}")
        self.status = status


class Api:
    """GitHub's API for the workflow's repository."""

    def __init__(self):
        self.base = runner.variable("GITHUB_API_URL").rstrip("/")
        parts = urllib.parse.urlsplit(self.base)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise Stop("GITHUB_API_URL is neither https nor this machine")
        repository = runner.variable("GITHUB_REPOSITORY")
        if not REPOSITORY.match(repository):
            raise Stop("GITHUB_REPOSITORY is not the name of a repository")
        self.root = f"{self.base}/repos/{repository}"
        self.token = runner.variable("PHONE_DIR_TOKEN")

    def get(self, path):
        return json.loads(self.request("GET", path))

    def post(self, path, value):
        return json.loads(self.request("POST", path, value))

    def patch(self, path, value):
        return json.loads(self.request("PATCH", path, value))

    def pages(self, path, limit=50):
        """The items of a list, page by page."""
        for page in range(1, limit + 1):
            items = self.get(f"{path}?per_page=100&page={page}")
            yield from items
            if len(items) < 100:
                return

    def request(self, method, path, value=None, limit=ANSWER_LIMIT):
        """Sends one request, without repeating it. The token does not follow a redirection to another host."""
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(self.root + path, data=body, method=method)
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", "2022-11-28")
        request.add_header("User-Agent", "phone-dir")
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                content = answer.read(limit + 1)
        except urllib.error.HTTPError as error:
            raise Refused(error.code) from None
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise Stop(f"GitHub cannot be reached: {type(error).__name__}") from None
        if len(content) > limit:
            raise Stop("GitHub's answer is larger than expected; it was not read to its end")
        return content
