"""Fetches the phone-dir of the action's own release, and writes its place to the file that it is given.

`release.json` beside this file pins a version and the SHA-256 of each platform's archive. A workflow that names a tag
of another version gets that version: its archive is checked against the release's own sums, and has to be attested.
"""

import hashlib
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

# Python is isolated, and finds only what stands beside this file.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import runner  # noqa: E402
from runner import Stop  # noqa: E402

HERE = Path(__file__).resolve().parent
TARGETS = {
    ("Linux", "x86_64"): "x86_64-unknown-linux-gnu",
    ("Linux", "aarch64"): "aarch64-unknown-linux-gnu",
    ("Darwin", "arm64"): "aarch64-apple-darwin",
    ("Windows", "AMD64"): "x86_64-pc-windows-msvc",
}
REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+\Z")
VERSION_TAG = re.compile(r"v([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?)\Z")
DIGEST = re.compile(r"[0-9a-f]{64}\Z")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
TIMEOUT = 60
# Far above any program of ours.
LIMIT = 256 << 20
FROM_SOURCE = "set the input `build` to `true`, or name a program with `binary`"


def action():
    """The action's repository and revision; a runner that does not tell them has them in the action's path."""
    repository, revision = (os.environ.get(f"PHONE_DIR_ACTION_{name}", "") for name in ("REPOSITORY", "REF"))
    parts = Path(os.environ.get("GITHUB_ACTION_PATH", "")).parts
    if not repository and "_actions" in parts:
        owner, name, revision = (*parts[parts.index("_actions") + 1 :], "", "", "")[:3]
        repository = f"{owner}/{name}"
    if not REPOSITORY.match(repository):
        raise Stop(f"the runner does not say which repository this action is from; {FROM_SOURCE}")
    return repository, revision


def address(repository, version, name):
    server = runner.variable("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    parts = urllib.parse.urlsplit(server)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Stop("GITHUB_SERVER_URL is neither https nor this machine")
    return f"{server}/{repository}/releases/download/v{version}/{name}"


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            content = answer.read(LIMIT + 1)
    except (urllib.error.URLError, OSError) as error:
        raise Stop(f"{url} cannot be had: {error}; {FROM_SOURCE}") from None
    if len(content) > LIMIT:
        raise Stop(f"{url} is larger than {LIMIT >> 20} MiB")
    return content


def pinned():
    release = json.loads((HERE / "release.json").read_text(encoding="utf-8"))
    return release["version"], release["sha256"]


def published_sums(repository, version):
    """The sums that the release itself has; what they are worth, its attestation says."""
    text = fetch(address(repository, version, "SHA256SUMS")).decode("utf-8", "replace")
    rows = (line.split("  ", 1) for line in text.splitlines() if "  " in line)
    return {name: total for total, name in rows}


def attested(archive, repository, required):
    """Asks `gh` whether the archive was built by the repository's own workflow."""
    gh = shutil.which("gh")
    if gh is None or not os.environ.get("GH_TOKEN"):
        if required:
            raise Stop(f"this version is not pinned by the action, and its attestation needs `gh` and a token; {FROM_SOURCE}")
        runner.say("notice", "the attestation was not checked, because `gh` or a token is missing; the SHA-256 is the pinned one")
        return
    # It starts outside of the checkout, whose configuration it would read.
    done = subprocess.run(
        [gh, "attestation", "verify", archive, "--repo", repository], cwd=archive.parent, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    if done.returncode != 0:
        raise Stop(f"the attestation of {archive.name} does not hold: {done.stdout.strip()[-2000:]}")


def unpack(content, name, folder):
    """Takes the one program out of the archive; nothing else of it touches the disk."""
    wanted = f"{name.removesuffix('.zip').removesuffix('.tar.gz')}/phone-dir"
    program = folder / ("phone-dir.exe" if name.endswith(".zip") else "phone-dir")
    try:
        if name.endswith(".zip"):
            data = zipfile.ZipFile(io.BytesIO(content)).read(f"{wanted}.exe")
        else:
            with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as pack:
                data = pack.extractfile(wanted).read()
    except (KeyError, AttributeError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise Stop(f"{name} holds no {wanted}: {error}") from None
    program.write_bytes(data)
    program.chmod(0o755)
    return program


def main():
    target = TARGETS.get((platform.system(), platform.machine()))
    if target is None:
        raise Stop(f"there is no release for {platform.system()} on {platform.machine()}; {FROM_SOURCE}")
    repository, revision = action()
    version, sums = pinned()
    tag = VERSION_TAG.match(revision)
    is_pinned = version is not None and (tag is None or tag[1] == version)
    if not is_pinned and tag is None:
        raise Stop(f"this revision of the action pins no release; {FROM_SOURCE}")
    name = f"phone-dir-{target}{'.zip' if 'windows' in target else '.tar.gz'}"
    version = version if is_pinned else tag[1]
    expected = sums.get(target) if is_pinned else published_sums(repository, version).get(name)
    if not DIGEST.match(expected or ""):
        raise Stop(f"there is no SHA-256 of {name} of version {version}; {FROM_SOURCE}")
    content = fetch(address(repository, version, name))
    if hashlib.sha256(content).hexdigest() != expected:
        raise Stop(f"{name} of version {version} does not have the SHA-256 {expected}")
    folder = Path(tempfile.mkdtemp(prefix="phone-dir-release.", dir=runner.variable("RUNNER_TEMP")))
    archive = folder / name
    archive.write_bytes(content)
    attested(archive, repository, required=not is_pinned)
    Path(sys.argv[1]).write_text(str(unpack(content, name, folder)), encoding="utf-8")


if __name__ == "__main__":
    runner.run(main)
