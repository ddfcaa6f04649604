"""What a release is made of: reads the project's version and address once, and writes what is published.

    python3 packaging/release.py version                    # of Cargo.toml; checked against a tag with --tag v1.2.3
    python3 packaging/release.py notes                      # the version's part of CHANGELOG.md
    python3 packaging/release.py archive --programs DIR --target TRIPLE --output DIR
    python3 packaging/release.py npm --programs DIR --target TRIPLE --output DIR      # one platform's package
    python3 packaging/release.py npm --output DIR                                     # the package that names them
    python3 packaging/release.py sums DIR                   # SHA256SUMS of what lies there
    python3 packaging/release.py pin DIR                    # writes action/release.json from SHA256SUMS
    python3 packaging/release.py address [--check]          # writes Cargo.toml's `repository` wherever it stands

It needs Python 3.11 or newer and nothing else; `npm` needs npm on the PATH.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Rust's name of each platform: what Node calls it, and whether it was tried.
PLATFORMS = {
    "x86_64-unknown-linux-gnu": ("linux", "x64"),
    "aarch64-unknown-linux-gnu": ("linux", "arm64"),
    "aarch64-apple-darwin": ("darwin", "arm64"),
    "x86_64-pc-windows-msvc": ("win32", "x64"),
}
PLACEHOLDER = "your-organisation"
# Files that name the repository's address, for `address`.
ADDRESSED = ["README.md", "pyproject.toml", "docs", "examples/workflows", "packaging", "action/fork-comment/action.yml"]
# The repository itself, and the mirror for pre-commit, which has the same owner.
ADDRESS = re.compile(r"(github\.com/|uses: )[\w.-]+/phone-dir(-pre-commit)?(?=[\s/@\"'.),#]|$)", re.MULTILINE)


def fail(message):
    sys.exit(f"error: {message}")


def package():
    return tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]


def version(arguments):
    number = package()["version"]
    if arguments.tag and arguments.tag != f"v{number}":
        fail(f"the tag is {arguments.tag}, and Cargo.toml has version {number}")
    if arguments.tag and PLACEHOLDER in package()["repository"]:
        fail(f"`repository` in Cargo.toml still names {PLACEHOLDER}; set it and run `packaging/release.py address`")
    print(number)


def notes(_):
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = re.compile(rf"^## \[?{re.escape(package()['version'])}\]?[^\n]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    found = heading.search(text)
    if not found or not found[1].strip():
        fail(f"CHANGELOG.md has no part `## {package()['version']}`")
    print(found[1].strip())


def programs(folder, target):
    ending = ".exe" if "windows" in target else ""
    found = [Path(folder) / f"{name}{ending}" for name in ("phone-dir", "retell")]
    for program in found:
        if not program.is_file():
            fail(f"there is no {program}")
    return found


def lay_out(folder, arguments):
    """The contents of an archive: programs, manual pages, completions, licences."""
    built = programs(arguments.programs, arguments.target)
    for program in built:
        shutil.copy2(program, folder / program.name)
    for name in ("README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"):
        shutil.copy2(ROOT / name, folder / name)
    subprocess.run([built[0], "--quiet", "man", folder / "man"], check=True)
    (folder / "completions").mkdir()
    for shell, name in (("bash", "phone-dir.bash"), ("zsh", "_phone-dir"), ("fish", "phone-dir.fish")):
        script = subprocess.run([built[0], "completions", shell], check=True, capture_output=True).stdout
        (folder / "completions" / name).write_bytes(script)


def archive(arguments):
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    name = f"phone-dir-{arguments.target}"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        lay_out(folder, arguments)
        if "windows" in arguments.target:
            with zipfile.ZipFile(output / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as pack:
                for path in sorted(folder.rglob("*")):
                    pack.write(path, path.relative_to(scratch))
        else:
            with tarfile.open(output / f"{name}.tar.gz", "w:gz") as pack:
                pack.add(folder, name, filter=without_owner)


def without_owner(entry):
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def npm(arguments):
    """One platform's package with the program; or, without a target, the package that names all of them."""
    about = package()
    shared = {"version": about["version"], "license": about["license"], "repository": f"git+{about['repository']}.git"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in ("LICENSE-MIT", "LICENSE-APACHE"):
            shutil.copy2(ROOT / name, folder / name)
        if arguments.target:
            manifest = platform_package(folder, arguments) | shared
        else:
            manifest = front_package(folder, about) | shared
        (folder / "package.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        output = Path(arguments.output).resolve()
        output.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", output, folder], check=True)


def platform_package(folder, arguments):
    system, processor = PLATFORMS[arguments.target]
    program = programs(arguments.programs, arguments.target)[0]
    shutil.copy2(program, folder / program.name)
    manifest = {
        "name": f"phone-dir-{system}-{processor}",
        "description": f"phone-dir's program for {system} on {processor}; install `phone-dir` instead",
        "os": [system],
        "cpu": [processor],
        "files": [program.name],
    }
    return manifest | ({"libc": ["glibc"]} if system == "linux" else {})


def front_package(folder, about):
    shutil.copy2(ROOT / "packaging/npm/launcher.js", folder / "launcher.js")
    shutil.copy2(ROOT / "README.md", folder / "README.md")
    names = [f"phone-dir-{system}-{processor}" for system, processor in PLATFORMS.values()]
    return {
        "name": "phone-dir",
        "description": about["description"],
        # No `retell`: npm refuses a name that another package's program has, and teams have such a tool.
        "bin": {"phone-dir": "launcher.js"},
        "files": ["launcher.js"],
        "engines": {"node": ">=18"},
        "optionalDependencies": {name: about["version"] for name in sorted(names)},
    }


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(arguments):
    folder = Path(arguments.folder)
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{digest(path)}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def pin(arguments):
    """Writes which release the action takes: its version, and what each archive has to hash to."""
    found = {}
    for line in (Path(arguments.folder) / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        total, name = line.split("  ", 1)
        target = re.sub(r"^phone-dir-|\.(tar\.gz|zip)$", "", name)
        if target in PLATFORMS:
            found[target] = total
    release = {"version": package()["version"], "sha256": dict(sorted(found.items()))}
    (ROOT / "action/release.json").write_text(json.dumps(release, indent=2) + "\n", encoding="utf-8")


def address(arguments):
    named = re.fullmatch(r"https://github\.com/([\w.-]+)/phone-dir", package()["repository"])
    if not named:
        fail("`repository` in Cargo.toml is not of the form https://github.com/OWNER/phone-dir")
    owner = named[1]
    wrong = []
    for name in ADDRESSED:
        place = ROOT / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix not in {".md", ".toml", ".yml", ".yaml"}:
                continue
            text = path.read_text(encoding="utf-8")
            written = ADDRESS.sub(lambda match: f"{match[1]}{owner}/phone-dir{match[2] or ''}", text)
            if written != text:
                wrong.append(str(path.relative_to(ROOT)))
                if not arguments.check:
                    path.write_text(written, encoding="utf-8")
    if arguments.check and wrong:
        fail(f"not the repository of Cargo.toml: {', '.join(wrong)}; run `packaging/release.py address`")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)

    def command(function, *options):
        added = commands.add_parser(function.__name__)
        for option, settings in options:
            added.add_argument(option, **settings)
        added.set_defaults(run=function)

    target = {"choices": sorted(PLATFORMS)}
    command(version, ("--tag", {}))
    command(notes)
    command(archive, ("--programs", {"required": True}), ("--target", target | {"required": True}), ("--output", {"required": True}))
    command(npm, ("--programs", {}), ("--target", target), ("--output", {"required": True}))
    command(sums, ("folder", {}))
    command(pin, ("folder", {}))
    command(address, ("--check", {"action": "store_true"}))
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
