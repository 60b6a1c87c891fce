"""What the scripts of campaigns share: copies of the tree, the programs of tests, and parts of docs/assurance.md."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
DOCUMENT = ROOT / "docs/assurance.md"


def git(*arguments):
    """What git prints; none if it fails."""
    done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def copy_tree(folder, left_out=(), changed=None):
    """Makes `folder` equal to the tree, without what begins with one of `left_out`, and with other texts for the files of `changed`.
    A file that is equal keeps its time, so that cargo compiles nothing again for it."""
    changed = changed or {}
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    files = {file for file in listed.split("\0") if file and not file.startswith(tuple(left_out)) and (ROOT / file).is_file()}
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in files:
            path.unlink()
    for file in files:
        new = changed[file].encode() if file in changed else (ROOT / file).read_bytes()
        copy = folder / file
        if not copy.exists() or copy.read_bytes() != new:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(new)
            shutil.copymode(ROOT / file, copy)


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
