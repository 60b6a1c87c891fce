"""Judges mutants of the rules and of the contracts: see scripts/mutants.

cargo-mutants makes the mutants. This program applies each to a copy of the tree in target/mutants, builds what depends on it, and runs
the tests until one fails.
"""

import argparse
import datetime
import fcntl
import fnmatch
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib

from campaign import ROOT, TARGET, copy_tree, git, write_section
from change import base_of_change

HOME = TARGET / "mutants"
RESULTS = HOME / "results.json"

RULES = ["patronage-core"]
# Packages of the contracts, and the test binaries of e2e-tests that are about each: those that fail soonest come first.
SHELLS = {
    "creator-token": ["token", "suite", "registry"],
    "patronage-vault": ["vault", "suite", "registry"],
    "content-registry": ["registry", "suite"],
}
# Tests that notice any change of the code, whatever it does: those of its size and of its weight.
NOT_BEHAVIOUR = ["figures::"]
# Tests that take most of the time. They run after all others.
SLOW = ["histories::"]
TESTS = ["contracts/*/tests.rs", "contracts/*/src/testing.rs", "contracts/*/unit_tests.rs"]
TESTS += ["contracts/*/unit_tests/**", "contracts/*/src/**/tests.rs", "contracts/*/src/**/tests/**"]
TEST_FUNCTIONS = "::standard::"
# What packages of the workspace do not need to compile.
NOT_COPIED = ("advisories/", "docs/", "fuzz/", "web/", ".ci/")

# Cases of each property, and how many times as many for mutants that survive them.
CASES, MORE = int(os.environ.get("PATRONAGE_CASES", 100)), 10
# Seconds of the processor until a test run counts as one that never ends, and the memory that it may take. Seconds of the clock would
# depend on what else the machine does; a run that only waits ends after this many times as many.
LONGEST, WAITING, MEMORY = {"rules": 60, "shells": 300}, 20, 8 << 30

# What scripts/tool exits with where a tool cannot be installed.
UNAVAILABLE = 69

NOTICED, JUDGED = ("caught", "timed out"), ("caught", "timed out", "survived")


def tree(scope):
    """The copy of the tree, of which there is one for each scope, so that both can run at the same time."""
    return HOME / scope / "tree"


def say(text):
    print(f"mutants: {text}", flush=True)


def stop(text):
    sys.exit(f"mutants: {text}")


# Mutants.


class Mutant:
    """A change of one place."""

    def __init__(self, entry):
        self.name, self.file, self.package = entry["name"], entry["file"], entry["package"]
        self.scope = "rules" if self.package in RULES else "shells"
        self.span, self.replacement = entry["span"], entry["replacement"]
        self.description = self.name.split(": ", 1)[1]
        self.function = (entry["function"] or {}).get("function_name", "")
        # What is around the place is a part of the key, and its line is not: a result is valid until the place itself changes.
        lines = [line for line in entry["diff"].splitlines() if not line.startswith("@@")]
        self.key = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        start = self.span["start"]["line"] - 1
        self.line = (ROOT / self.file).read_text().splitlines()[start].strip()

    def apply(self):
        """Changes the copy of the file. Returns what undoes it."""
        path = tree(self.scope) / self.file
        text = path.read_text()
        lines = text.splitlines(keepends=True)

        def offset(place):
            return sum(map(len, lines[: place["line"] - 1])) + place["column"] - 1

        start, end = offset(self.span["start"]), offset(self.span["end"])
        path.write_text(text[:start] + self.replacement + " /* mutant */" + text[end:])
        return lambda: path.write_text(text)


def mutants_of(packages, difference=None):
    """All mutants of the packages, or those of the lines that `difference` adds or changes. A prefix is a fair sample."""
    tool = [str(ROOT / "scripts/tool"), "cargo-mutants", "mutants"]
    command = [*tool, "--no-config", "--list", "--json", "--diff"]
    command += [word for package in packages for word in ("--package", package)]
    command += [word for glob in TESTS for word in ("--exclude", glob)]
    command += ["--exclude-re", TEST_FUNCTIONS]
    if difference is not None:
        HOME.mkdir(parents=True, exist_ok=True)
        (HOME / "difference").write_text(difference)
        command += ["--in-diff", str(HOME / "difference")]
    # Its own optimisation would take longer than it saves.
    env = {**os.environ, "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0", "CARGO_PROFILE_RELEASE_LTO": "off"}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    if done.returncode == UNAVAILABLE:
        print("SKIPPED: mutants, as cargo-mutants is not available here", file=sys.stderr)
        sys.exit(0)
    if done.returncode != 0:
        stop(f"cargo-mutants ended with {done.returncode}")
    # For a difference without any place to change it prints a message instead.
    listed = [Mutant(entry) for entry in json.loads(done.stdout)] if done.stdout.lstrip().startswith("[") else []
    return sorted(listed, key=lambda mutant: mutant.key)


def equivalents():
    """The entries of contracts/mutants.toml."""
    entries = tomllib.loads((ROOT / "contracts/mutants.toml").read_text())["equivalent"]
    for entry in entries:
        if set(entry) - {"line"} != {"file", "mutants", "reason"}:
            stop(f"contracts/mutants.toml: an entry needs file, mutants and reason, and may have a line: {entry}")
    return entries


def reason_of(mutant, entries):
    """Why no test can catch the mutant, if a reason is listed."""
    for entry in entries:
        same_place = entry["file"] == mutant.file and entry.get("line", mutant.line) == mutant.line
        if same_place and mutant.description in entry["mutants"]:
            return entry["reason"]
    return None


# Results.


class Results:
    """What is known of each mutant, by its key."""

    def __init__(self):
        self.known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}

    def of(self, mutant):
        return self.known.get(mutant.key, {}).get("result")

    def keep(self, mutant, result, by, seconds):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
        # Others may have added theirs since.
        self.__init__()
        entry = {"name": mutant.name, "result": result, "by": by, "seconds": round(seconds, 1), "at": now}
        self.known[mutant.key] = entry
        new = RESULTS.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(self.known, indent=1))
        new.replace(RESULTS)

    def killers(self, mutant):
        """Tests that caught mutants nearby, the likeliest first."""
        counts = {}
        for entry in self.known.values():
            file, _, rest = entry["name"].partition(":")
            if entry["result"] == "caught" and entry["by"] and file == mutant.file:
                near = 100 if mutant.function and rest.endswith(mutant.function) else 1
                counts[entry["by"]] = counts.get(entry["by"], 0) + near
        return sorted(counts, key=lambda test: (-counts[test], test))[:6]


# Running tests.


def run_tests(program, arguments, folder, env, longest):
    """Runs a test binary until a test fails. Returns how it ended, and the test that failed."""

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (longest, longest))
        # A mutant that never ends may also take memory without end.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    child = subprocess.Popen(
        [program, *arguments], cwd=folder, env=env, text=True, errors="replace", start_new_session=True, preexec_fn=limit,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    late = threading.Event()

    def end():
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def end_late():
        late.set()
        end()

    timer = threading.Timer(WAITING * longest, end_late)
    timer.start()
    failed = None
    try:
        for line in child.stdout:
            test = re.match(r"test (\S+)(?: - should panic)? \.\.\. FAILED", line)
            if test:
                failed = test[1]
                break
    finally:
        timer.cancel()
        if failed:
            end()
        child.stdout.close()
        child.wait()
    if failed:
        return "failed", failed
    # With equal limits the kernel kills at once.
    if late.is_set() or child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "timed out", None
    return ("passed", None) if child.returncode == 0 else ("failed", None)


def outcome(ended):
    return {"failed": "caught", "timed out": "timed out", "passed": "survived"}[ended]


def cargo_env(scope, **more):
    env = {**os.environ, "CARGO_TARGET_DIR": str(HOME / scope / "target"), "RUST_BACKTRACE": "0", **more}
    # A mutant may break a lint.
    for name in ("RUSTC_WORKSPACE_WRAPPER", "CLIPPY_ARGS"):
        env.pop(name, None)
    env.setdefault("PROPTEST_RNG_SEED", "20260101")
    return env


def executables(output):
    """The test binaries that cargo made, by target."""
    found = {}
    for line in output.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("reason") == "compiler-artifact" and message.get("executable"):
            found[message["target"]["name"]] = message["executable"]
    return found


def compile_errors(text):
    return re.search(r"could not compile `", text) is not None


class RuleJudge:
    """Compiles contracts/core for this machine, without optimisation, and runs its tests."""

    def __init__(self):
        self.tree = tree("rules")
        self.folder = self.tree / "contracts/core"

    def build(self):
        command = ["cargo", "test", "--no-run", "--locked", "--message-format=json", "--lib", "--all-features"]
        command += ["--package", RULES[0], "--config", "profile.dev.package.patronage-core.opt-level=0"]
        command += ["--config", "profile.dev.debug=false"]
        env = cargo_env("rules", CARGO_INCREMENTAL="1")
        done = subprocess.run(command, cwd=self.tree, env=env, capture_output=True, text=True)
        self.messages = done.stderr
        if done.returncode == 0:
            return executables(done.stdout)["patronage_core"]
        if not compile_errors(done.stderr):
            stop(f"cargo failed: {done.stderr}")
        return None

    def test(self, program, cases, tests=()):
        env = cargo_env("rules", PATRONAGE_CASES=str(cases), CARGO_MANIFEST_DIR=str(self.folder))
        return run_tests(program, ["--exact", *tests] if tests else [], self.folder, env, LONGEST["rules"])

    def prepare(self, mutants):
        program = self.build() or stop(f"contracts/core does not compile: {self.messages}")
        for cases in (CASES, MORE * CASES):
            ended, test = self.test(program, cases)
            if ended != "passed":
                stop(f"without a mutant, the tests of contracts/core have {ended}: {test}")

    def judge(self, mutant, killers):
        program = self.build()
        if program is None:
            return "does not compile", None
        for cases, tests in ([(CASES, killers)] if killers else []) + [(CASES, ()), (MORE * CASES, ())]:
            ended, test = self.test(program, cases, tests)
            if ended != "passed":
                break
        return outcome(ended), test


class ShellJudge:
    """Compiles a contract for the chain, and runs the tests of e2e-tests on it. These read bundles, so they are compiled once."""

    def __init__(self):
        self.folder = ROOT / "e2e-tests"
        self.tree, self.bundles = tree("shells"), HOME / "shells/bundles"
        self.codes, self.interfaces = {}, {}

    def bundle(self, package):
        """Builds the bundle from the copy of the tree. Returns the hashes of its codes."""
        command = [TARGET / "debug/ink-bundle", "--manifest-path", self.tree / "Cargo.toml", package]
        env = cargo_env("shells", CARGO=str(self.cargo), INTERFACE=str(self.interfaces[package]))
        done = subprocess.run(command, cwd=self.tree, env=env, capture_output=True, text=True)
        self.messages = done.stderr
        if done.returncode == 0:
            return re.findall(r"0x[0-9a-f]{64}", done.stdout)
        if not compile_errors(done.stderr) and "would refuse" not in done.stderr:
            stop(f"ink-bundle failed: {done.stderr}")
        return None

    def describe(self):
        """A mutant changes no interface, so the builder need not compile the program that describes it: it gets a cargo that has it."""
        folder = HOME / "shells"
        self.cargo, program = folder / "cargo", folder / "describe"
        target = {"kind": ["bin"], "crate_types": ["bin"], "name": "describe", "src_path": str(program), "edition": "2021"}
        target |= {"doc": False, "doctest": False, "test": False}
        profile = {"opt_level": "0", "debuginfo": 0, "debug_assertions": True, "overflow_checks": True, "test": False}
        artifact = {"reason": "compiler-artifact", "package_id": "describe", "manifest_path": str(program), "target": target}
        artifact |= {"profile": profile, "features": [], "filenames": [str(program)], "executable": str(program), "fresh": True}
        cases = f"fetch) exit ;; build) echo '{json.dumps(artifact)}' ;; *) exec cargo \"$@\" ;;"
        for path, lines in ((self.cargo, f'case "$1" in {cases} esac'), (program, 'exec cat "$INTERFACE"')):
            path.write_text(f"#!/bin/sh\n{lines}\n")
            path.chmod(0o755)

    def prepare(self, mutants):
        packages = [package for package in SHELLS if any(mutant.package == package for mutant in mutants)]
        subprocess.run([ROOT / "scripts/build", "--all"], check=True, stdout=subprocess.DEVNULL)
        seed(HOME / "shells/target")
        self.describe()
        names = sorted({name for package in packages for name in SHELLS[package]})
        # For the whole workspace, and in the caller's environment: these binaries are made by the other scripts, too.
        command = ["cargo", "test", "--workspace", "--no-run", "--message-format=json"]
        command += [word for name in names for word in ("--test", name)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            stop("the tests do not compile")
        self.programs = executables(done.stdout)
        libraries = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True).stdout.strip()
        self.libraries = f"{TARGET / 'debug/deps'}:{libraries}/lib"
        for package in packages:
            # The paths of a tree are not in the codes, so the copy's codes without a mutant are these.
            name = package.replace("-", "_")
            metadata = json.loads((TARGET / "ink" / name / f"{name}.json").read_text())
            source = metadata.pop("source")
            self.codes[package] = [source["hash"], source["build_info"]["cold_code_hash"]]
            del metadata["contract"]
            self.interfaces[package] = HOME / "shells" / f"{name}.json"
            self.interfaces[package].write_text(json.dumps(metadata))
        ended, test = self.test(None, names, [])
        if ended != "passed":
            stop(f"without a mutant, the tests have {ended}: {test}")

    def test(self, package, binaries, killers):
        """Runs test binaries with the mutated bundle of the package, if there is one: first `killers`, then all tests."""
        mutated = package and package.replace("-", "_")
        shutil.rmtree(self.bundles, ignore_errors=True)
        self.bundles.mkdir()
        for bundle in (TARGET / "ink").iterdir():
            if bundle.is_dir() and bundle.name != mutated:
                (self.bundles / bundle.name).symlink_to(bundle)
        if mutated:
            (self.bundles / mutated).symlink_to(HOME / "shells/target/ink" / mutated)
        env = {**os.environ, "PATRONAGE_BUNDLES": str(self.bundles), "CARGO_MANIFEST_DIR": str(self.folder)}
        env["LD_LIBRARY_PATH"] = self.libraries
        env["RUST_BACKTRACE"] = "0"
        env.setdefault("PROPTEST_RNG_SEED", "20260101")
        env.setdefault("RUST_TEST_THREADS", str(os.cpu_count() or 1))
        first = {}
        for killer in killers:
            binary, _, test = killer.partition(" ")
            if binary in binaries:
                first.setdefault(binary, []).append(test)
        runs = [(binary, ["--exact", *tests]) for binary, tests in first.items()]
        runs += [(binary, [word for test in NOT_BEHAVIOUR + SLOW for word in ("--skip", test)]) for binary in binaries]
        runs += [(binary, SLOW) for binary in binaries]
        for binary, arguments in runs:
            program = self.programs[binary]
            ended, test = run_tests(program, arguments, self.folder, env, LONGEST["shells"])
            if ended != "passed":
                return ended, f"{binary} {test}" if test else None
        return "passed", None

    def judge(self, mutant, killers):
        codes = self.bundle(mutant.package)
        if codes is None:
            return "does not compile", None
        if codes == self.codes[mutant.package]:
            return "same code", None
        ended, test = self.test(mutant.package, SHELLS[mutant.package], killers)
        return outcome(ended), test


# The copy of the tree.


def lock(scope):
    """Two runs at the same time would undo each other's mutants. The lock ends with the file that is returned."""
    (HOME / scope).mkdir(parents=True, exist_ok=True)
    file = open(HOME / scope / "lock", "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stop(f"another run judges {scope}")
    return file


def seed(target):
    """Begins a target folder with the macros that are compiled for this machine already."""
    old, new = TARGET / "release", target / "release.new"
    if (target / "release").exists() or not (old / "deps").exists():
        return
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(old / ".fingerprint", new / ".fingerprint")
    for source in [*(old / "deps").rglob("*"), *(old / "build").rglob("*")]:
        if source.is_file():
            copy = new / source.relative_to(old)
            copy.parent.mkdir(parents=True, exist_ok=True)
            # Compilers write a new file and rename it, so the other folder keeps its own.
            os.link(source, copy)
    new.rename(target / "release")


# What a change touches.


def touches(difference, folders):
    """Whether a file of the folders changes that is not for tests alone. If not, cargo-mutants need not be compiled."""
    files = re.findall(r"^\+\+\+ b/(contracts/(?:" + "|".join(folders) + r")/.*\.rs)$", difference, re.MULTILINE)
    return any(not any(fnmatch.fnmatch(file, glob.replace("**/", "*").replace("**", "*")) for glob in TESTS) for file in files)


# The report.


def record(scopes):
    """Writes the score of all that was judged."""
    results, entries = Results(), equivalents()
    rows = []
    for label, packages in scopes:
        counts, last = {}, ""
        listed = mutants_of(packages)
        for mutant in listed:
            result = results.of(mutant)
            if reason_of(mutant, entries):
                result = "equivalent"
            counts[result] = counts.get(result, 0) + 1
            if result in JUDGED:
                last = max(last, results.known[mutant.key]["at"])
        judged = sum(counts.get(result, 0) for result in JUDGED)
        noticed = sum(counts.get(result, 0) for result in NOTICED)
        equal = counts.get("equivalent", 0) + counts.get("same code", 0)
        score = f"{100 * noticed / judged:.1f} %" if judged else "none"
        cells = [label, len(listed), equal, counts.get("does not compile", 0), counts.get(None, 0), judged]
        cells += [counts.get(result, 0) for result in JUDGED] + [f"**{score}**", last]
        rows.append("| " + " | ".join(map(str, cells)) + " |")
        say(f"{label}: {judged} judged of {len(listed)}, score {score}")
    head = ["", "mutants", "equivalent", "do not compile", "not tried", "judged", *JUDGED, "noticed", "last (UTC)"]
    write_section("mutants", ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *rows])


# The program.


def judge(scope, mutants, options, seconds):
    """Judges the mutants, and begins none after `seconds`. Returns those that survived and are not listed."""
    entries, results = equivalents(), Results()
    again = lambda mutant: options.retry and results.of(mutant) == "survived"  # noqa: E731
    todo = [mutant for mutant in mutants if not reason_of(mutant, entries) and (results.of(mutant) is None or again(mutant))]
    # What survived comes first: somebody waits for it.
    todo.sort(key=lambda mutant: results.of(mutant) is None)
    counts = {}
    if not todo:
        say(f"{scope}: none of {len(mutants)} mutants is left to judge")
    else:
        say(f"{scope}: {len(todo)} of {len(mutants)} mutants to judge")
        judge_ = RuleJudge() if scope == "rules" else ShellJudge()
        turn = lock(scope)  # noqa: F841
        copy_tree(tree(scope), NOT_COPIED)
        began = time.monotonic()
        judge_.prepare(todo)
        say(f"{scope}: ready after {time.monotonic() - began:.0f} s; the tests pass without a mutant")
    started = time.monotonic()
    for number, mutant in enumerate(todo):
        if seconds is not None and time.monotonic() - started > seconds:
            say(f"{scope}: the time is over; {len(todo) - number} of {len(todo)} mutants were not tried")
            break
        began = time.monotonic()
        undo = mutant.apply()
        try:
            result, by = judge_.judge(mutant, results.killers(mutant))
        finally:
            undo()
        took = time.monotonic() - began
        results.keep(mutant, result, by, took)
        counts[result] = counts.get(result, 0) + 1
        say(f"{number + 1}/{len(todo)} {result} in {took:.0f} s: {mutant.name}" + (f" ({by})" if by else ""))
    if todo:
        say(f"{scope}: " + ", ".join(f"{count} {result}" for result, count in sorted(counts.items())))
    return [mutant for mutant in mutants if results.of(mutant) == "survived" and not reason_of(mutant, entries)]


def parse():
    parser = argparse.ArgumentParser(prog="scripts/mutants", usage="see the head of scripts/mutants")
    parser.add_argument("--shells", action="store_true")
    parser.add_argument("--shard")
    parser.add_argument("--diff")
    parser.add_argument("--change", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--retry", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.shard and not re.fullmatch(r"\d+/[1-9]\d*", options.shard):
        parser.error("--shard is K/N, such as 0/10")
    return options


def main():
    options = parse()
    scopes = {"rules": RULES, "shells": list(SHELLS)}
    chosen = list(scopes) if options.change else ["shells" if options.shells else "rules"]
    base = options.diff
    if options.change:
        base, what = base_of_change()
        if base is None:
            return say("the commit before this one is unknown, so no mutant is tried")
        say(f"what differs from {base[:7]}: {what}")
    difference = None
    if base:
        difference = git("diff", base, "--", "contracts")
        if difference is None:
            stop(f"git knows no commit {base}")
    # Preparations do not count, and each scope has its part.
    seconds = options.seconds / len(chosen) if options.seconds else None
    survivors = []
    for scope in chosen:
        folders = {"rules": ["core"], "shells": list(SHELLS)}[scope]
        if base and not touches(difference, folders):
            say(f"nothing of the {scope} differs from {base[:7]}")
            continue
        listed = mutants_of(scopes[scope], difference + "\n" if base else None)
        listed = [mutant for mutant in listed if (options.only or "") in mutant.name]
        if options.shard:
            index, count = map(int, options.shard.split("/"))
            listed = listed[index::count]
        if options.list:
            entries, results = equivalents(), Results()
            for mutant in listed:
                print("equivalent" if reason_of(mutant, entries) else results.of(mutant) or "not tried", mutant.name, sep="\t")
            continue
        survivors += judge(scope, listed, options, seconds)
    if options.record:
        labels = {"creator-token": "token", "patronage-vault": "vault", "content-registry": "registry"}
        record([("rules", RULES), *((labels[package], [package]) for package in SHELLS), ("all three contracts", list(SHELLS))])
    for mutant in survivors:
        say(f"no test notices {mutant.name}")
    if survivors:
        sys.exit(1)


main()
