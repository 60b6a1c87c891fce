"""Adds the result of scripts/mutants to the table in docs/assurance.md.

usage: mutants.py OUTPUT DOCUMENT SCOPE CASES
"""

import datetime
import json
import pathlib
import sys

BEGIN, END = "<!-- mutants -->", "<!-- end of mutants -->"


def main(output, document, scope, cases):
    outcomes = json.loads((pathlib.Path(output) / "outcomes.json").read_text())
    caught, missed = outcomes["caught"], outcomes["missed"]
    timeout, unviable = outcomes["timeout"], outcomes["unviable"]
    judged = caught + missed + timeout
    if not judged:
        print("mutants: none was judged, so nothing is recorded")
        return
    # A mutant that never ends is noticed, too.
    score = 100 * (caught + timeout) / judged
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
    row = f"| {today} | {scope} | {cases} | {judged} | {caught} | {timeout} | {missed} | {unviable} | {score:.1f} % |"
    path = pathlib.Path(document)
    text = path.read_text()
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    path.write_text(before + BEGIN + table.rstrip("\n") + "\n" + row + "\n" + END + after)
    print(f"mutants: {row}")


main(*sys.argv[1:])
