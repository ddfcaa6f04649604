"""Makes the README's pictures from what the program prints in the demo's project.

    python3 docs/images/make.py target/debug/phone-dir

`terminal.svg` is drawn here; `report.png` is the HTML report as Chromium shows it, which has to be on the PATH.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMMANDS = (["list"], ["history", "+14155550101", "--limit", "1"])
LINE, LETTER, MARGIN = 19, 8.43, 18
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff", "36": "#56d4dd"}
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")


def sealed(home):
    names = {f"GIT_{role}_{what}": text for role in ("AUTHOR", "COMMITTER") for what, text in
             (("NAME", "Ada"), ("EMAIL", "ada@example.com"), ("DATE", "2025-11-19T12:00:00Z"))}
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull, "PHONE_DIR_NOW": "2025-11-19T12:00:00Z", **names}


def spans(line):
    """The line's parts with their styles, as SVG text."""
    style, written = "", ""
    at = 0
    for found in [*SEQUENCE.finditer(line), None]:
        part = line[at : found.start() if found else len(line)]
        if part:
            written += f'<tspan{style}>{escape(part)}</tspan>'
        if found:
            style = styled(found[1].split(";"))
            at = found.end()
    return written


def styled(codes):
    found = "".join(f' fill="{COLOURS[code]}"' for code in codes if code in COLOURS)
    return found + (' font-weight="bold"' if "1" in codes else "") + (' opacity="0.6"' if "2" in codes else "")


def draw(lines):
    height = MARGIN * 2 + LINE * len(lines)
    width = int(MARGIN * 2 + LETTER * max(len(SEQUENCE.sub("", line)) for line in lines))
    rows = "".join(
        f'<text x="{MARGIN}" y="{MARGIN + LINE * (number + 1) - 5}" xml:space="preserve">{spans(line)}</text>\n'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n{rows}</svg>\n'
    )


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        environment = sealed(scratch)
        project = Path(scratch) / "phone-dir-demo"
        subprocess.run([program, "demo", project], env=environment, check=True, capture_output=True)
        lines = []
        for words in COMMANDS:
            lines.append(f"\x1b[36m$ phone-dir {' '.join(words)}\x1b[0m")
            done = subprocess.run([program, *words, "--color", "always"], cwd=project, env=environment, check=True,
                                  capture_output=True, text=True)
            lines += [*done.stdout.rstrip().splitlines(), ""]
        (HERE / "terminal.svg").write_text(draw(lines[:-1]), encoding="utf-8")
        page = Path(scratch) / "report.html"
        subprocess.run([program, "report", "--output", page], cwd=project, env=environment, check=True, capture_output=True)
        browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if browser is None:
            sys.exit("error: no Chromium on the PATH for report.png; terminal.svg is written")
        subprocess.run([browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1280,900",
                        f"--screenshot={HERE / 'report.png'}", page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
