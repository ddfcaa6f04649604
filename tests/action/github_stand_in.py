"""A loopback server that answers the few requests of the action as GitHub does, and writes down what it was asked."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BOT = "github-actions[bot]"


class GitHub:
    """Comments, pull requests and artifacts of one repository."""

    def __init__(self):
        self.comments, self.pulls, self.artifacts = [], {}, {}
        self.asked, self.storage_headers = [], []
        self.read_only = False
        self.claimed_size = None
        self.server = self._serve(_handler(self))
        # Artifacts lie on another host, which must not see the token.
        self.storage = self._serve(_storage(self))

    @staticmethod
    def _serve(handler):
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def writes(self):
        return [method for method, _ in self.asked if method != "GET"]

    def add_comment(self, body, author=BOT):
        self.comments.append({"id": 1000 + len(self.comments), "body": body, "user": {"login": author}})

    def close(self):
        for server in (self.server, self.storage):
            server.shutdown()
            server.server_close()


def _handler(github):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def answer(self, status, value=None, headers=()):
            body = json.dumps(value).encode()
            self.send_response(status)
            for name, text in (*headers, ("Content-Length", str(len(body)))):
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def body(self):
            return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

        def route(self, method):
            github.asked.append((method, self.path))
            if self.headers.get("Authorization") != "Bearer made-up-token":
                return self.answer(401)
            if method != "GET" and github.read_only:
                return self.answer(403)
            path, _, query = self.path.removeprefix("/repos/team/voice").partition("?")
            if found := re.fullmatch(r"/issues/(\d+)/comments", path):
                if method == "POST":
                    github.add_comment(self.body()["body"])
                    return self.answer(201, github.comments[-1])
                page = int(re.search(r"page=(\d+)\Z", query)[1])
                return self.answer(200, github.comments[(page - 1) * 100 : page * 100])
            if found := re.fullmatch(r"/issues/comments/(\d+)", path):
                comment = next(one for one in github.comments if one["id"] == int(found[1]))
                comment["body"] = self.body()["body"]
                return self.answer(200, comment)
            if found := re.fullmatch(r"/pulls/(\d+)", path):
                pull = github.pulls.get(int(found[1]))
                return self.answer(200, pull) if pull else self.answer(404)
            if re.fullmatch(r"/actions/runs/\d+/artifacts", path):
                listed = [
                    {"id": place, "name": name, "size_in_bytes": github.claimed_size or len(content)}
                    for place, (name, content) in enumerate(github.artifacts.items())
                ]
                return self.answer(200, {"artifacts": listed})
            if re.fullmatch(r"/actions/artifacts/\d+/zip", path):
                where = f"http://localhost:{github.storage.server_port}{path}"
                return self.answer(302, headers=[("Location", where)])
            return self.answer(404)

        def do_GET(self):
            self.route("GET")

        def do_POST(self):
            self.route("POST")

        def do_PATCH(self):
            self.route("PATCH")

    return Handler


def _storage(github):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            github.storage_headers.append(dict(self.headers))
            content = list(github.artifacts.values())[int(self.path.split("/")[-2])]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
