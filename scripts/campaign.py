"""What the scripts of campaigns share: the programs of tests, and parts of docs/assurance.md."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
DOCUMENT = ROOT / "docs/assurance.md"


def compile_tests(test, root=ROOT):
    """Compiles a test of `e2e-tests` of the project in `root`. Returns its program."""
    command = ["cargo", "test", "--workspace", "--test", test, "--no-run", "--message-format", "json"]
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"the test {test} does not compile")
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    return next(message["executable"] for message in messages if message.get("executable") and message["target"]["name"] == test)


def section(name):
    """What docs/assurance.md has between the comments `name` and `end of name`."""
    return DOCUMENT.read_text().split(f"<!-- {name} -->")[1].split(f"<!-- end of {name} -->")[0].strip("\n")


def write_section(name, lines):
    """Replaces what docs/assurance.md has between the comments `name` and `end of name`."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = DOCUMENT.read_text().split(begin)
    _, after = rest.split(end)
    DOCUMENT.write_text("\n".join([before + begin, *lines, end + after]))
