#!/usr/bin/env python3
"""Holds phone-dir's requests to the providers' published descriptions, with prism's mock servers as the judge.

Prism answers each request with the description's own example, or rejects it for what does not fit: a wrong body, a
parameter out of range, missing credentials. A recorder stands before each mock server and notes what was asked and
answered. It installs nothing:

    npm install --prefix DIR @stoplight/prism-cli
    python3 tests/contract/prism.py --prism DIR/node_modules/.bin/prism --phone-dir target/debug/phone-dir

The descriptions come from --openapi, PHONE_DIR_OPENAPI or ../shared/openapi. The mock is stateless, so Retell's lists
would go on for ever: the recorder ends each with its second page. Every read has to arrive whole.

Exit code 0: nothing was rejected; 1: something was, or a request that has to come did not; 77: skipped, because the
descriptions are not here.
"""

import argparse
import contextlib
import http.client
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTIONS = {
    "TWILIO_API_URL": "twilio_api_v2010.json",
    "TWILIO_TRUNKING_URL": "twilio_trunking_v1.json",
    "RETELL_BASE_URL": "retell.json",
}
# Requests that a whole sync cannot do without.
EXPECTED = [
    r"GET /2010-04-01/Accounts/AC[0-9a-f]+/IncomingPhoneNumbers\.json\?",
    r"GET /v1/Trunks\?",
    r"GET /v1/Trunks/TK[0-9a-f]+/OriginationUrls\?",
    r"GET /v1/Trunks/TK[0-9a-f]+/CredentialLists\?",
    r"GET /2010-04-01/Accounts/AC[0-9a-f]+/SIP/CredentialLists/CL[0-9a-f]+/Credentials\.json\?",
    r"GET /v2/list-phone-numbers\?limit=1000$",
    r"GET /v2/list-phone-numbers\?.*pagination_key=",
    r"POST /v2/list-agents\?limit=1000$",
    r"POST /v2/list-agents\?.*pagination_key=",
]
SKIPPED = 77


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def objections(response):
    """Lists what prism holds against a request; its view of its own examples is left out."""
    violations = json.loads(response.headers.get("sl-violations") or "[]")
    return [violation for violation in violations if violation["location"][:1] == ["request"]]


def with_an_end(path, content):
    """Makes the second page of a list the last one."""
    if "pagination_key=" not in path:
        return content
    return json.dumps(json.loads(content) | {"has_more": False, "pagination_key": None}).encode()


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes a request on to the mock server and notes it with its answer."""

    protocol_version = "HTTP/1.1"
    target = 0
    notes = []

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=30)
        connection.request(self.command, self.path, body=body or None, headers=headers)
        response = connection.getresponse()
        content = response.read()
        request = f"{self.command} {self.path}"
        self.notes.append((request, response.status, objections(response), content.decode(errors="replace")))
        content = with_an_end(self.path, content)
        self.send_response(response.status)
        self.send_header("Content-Type", response.headers.get("Content-Type") or "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *_arguments):
        pass


@contextlib.contextmanager
def mock_server(prism, description, notes):
    """Runs prism on a description, and gives the address of the recorder before it."""
    port = free_port()
    command = [str(prism), "mock", "--host", "127.0.0.1", "--port", str(port), str(description)]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            wait_for(port, process, output)
            handler = type("BoundRecorder", (Recorder,), {"target": port, "notes": notes})
            with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as recorder:
                threading.Thread(target=recorder.serve_forever, daemon=True).start()
                yield f"http://127.0.0.1:{recorder.server_port}"
                recorder.shutdown()
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(port, process, output):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    output.seek(0)
    raise SystemExit(f"prism did not start:\n{output.read()}")


def sync(program, addresses):
    """Makes a project and syncs it on the mock servers; gives the result of the sync."""
    with tempfile.TemporaryDirectory() as home:
        project = Path(home, "project")
        project.mkdir()
        environment = addresses | {
            "HOME": home,
            "PATH": os.environ["PATH"],
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 31 + "1",
            "TWILIO_AUTH_TOKEN": "made-up",
            "RETELL_STAGING_API_KEY": "made-up-staging",
            "RETELL_PRODUCTION_API_KEY": "made-up-production",
        }
        for words in (["init"], ["sync", "--all", "--json"]):
            command = [str(program), *words]
            result = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300)
        return result


def judge(notes):
    """Lists what is wrong with the requests that were made."""
    wrong = [
        f"{request} was answered {status}\n      {objected or body[:600]}"
        for request, status, objected, body in notes
        if status >= 400 or objected
    ]
    asked = [request for request, *_ in notes]
    missing = [pattern for pattern in EXPECTED if not any(re.match(pattern, request) for request in asked)]
    return wrong + [f"never asked: {pattern}" for pattern in missing]


def main():
    parser = argparse.ArgumentParser(description="Checks phone-dir's requests with prism's mock servers.")
    parser.add_argument("--prism", type=Path, required=True)
    parser.add_argument("--phone-dir", type=Path, required=True)
    default = os.environ.get("PHONE_DIR_OPENAPI") or ROOT / ".." / "shared" / "openapi"
    parser.add_argument("--openapi", type=Path, default=Path(default))
    options = parser.parse_args()
    absent = [name for name in DESCRIPTIONS.values() if not (options.openapi / name).is_file()]
    if absent:
        print(f"skipped: {', '.join(absent)} not in {options.openapi}; PHONE_DIR_OPENAPI can name the folder")
        return SKIPPED
    notes = []
    with contextlib.ExitStack() as servers:
        addresses = {
            variable: servers.enter_context(mock_server(options.prism, options.openapi / name, notes))
            for variable, name in DESCRIPTIONS.items()
        }
        result = sync(options.phone_dir.resolve(), addresses)
    wrong = judge(notes)
    for read in json.loads(result.stdout).get("reads", []):
        line = f"{read['provider']} {read['workspace'] or 'account'}: {read['status']}, {read['requests']} requests"
        print(line)
        if read["status"] != "complete":
            wrong.append(line)
    for line in wrong:
        print(f"FAIL  {line}")
    if wrong:
        print(result.stderr)
    print(f"prism: {len(notes)} requests, {len(wrong)} objections")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
