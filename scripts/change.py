"""What the present change is: the commits since a base, which git or their times tell.

usage: scripts/change.py    prints the names of the files that differ from the base, and fails where the history has none
"""

import sys

from campaign import git

# Commits that follow each other without a pause of this many seconds are one change, where nothing else says what the change is.
PAUSE, MOST_COMMITS = 3 * 3600, 200


def base_of_change():
    """The commit before the present change, with what it is; and none where the history has none."""
    head = git("rev-parse", "HEAD")
    for name in ("origin/main", "origin/HEAD"):
        base = git("merge-base", "HEAD", name)
        if base and base != head:
            return base, f"the commits since {name}"
    # The clone has nothing to compare with.
    times = [line.split() for line in (git("log", "--first-parent", f"-{MOST_COMMITS}", "--format=%H %ct") or "").splitlines()]
    for (commit, time_), (before, time_before) in zip(times, times[1:]):
        if int(time_) - int(time_before) > PAUSE:
            count = [line[0] for line in times].index(before)
            return before, f"commits without a pause between them, {count} of them"
    if len(times) > 1:
        return times[-1][0], f"the commits before which nothing is known, {len(times) - 1} of them"
    return None, "no history"


def main():
    base, what = base_of_change()
    files = base and git("diff", "--name-only", base)
    if files is None:
        sys.exit(f"change: {what}")
    print(files)


if __name__ == "__main__":
    main()
