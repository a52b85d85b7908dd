"""What the proofs say of the examples. The first two checks read; the others report a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..derived import listed
from ..diagnostics import Faults, check, warning
from ..model import Skill
from ..outcomes import Ending, Outcome
from ..parts import Example, Located

REFUSED = {"distant-connection", "escaping-read", "escaping-write", "started-process"}


@check
def missing_proof(skill: Skill) -> Faults:
    """Every section with a Python example has a proof: a test named after it in the module that mirrors its page.

    Breach: a trap `## Late commit` in `rules/fastapi-dependencies.md` without `test_late_commit` in
    `tests/proofs/test_fastapi_dependencies.py`. A project, blocks labelled with paths such as `app/main.py`, has one
    test or more in that module, of any name. Mend it: write the test, and let it fail on the Incorrect side first.
    """
    if skill.proofs is None:
        return
    proven = _proven(skill)
    rows = listed(skill)
    unlisted = {rule.path for rule in skill.rules if rows and rule.path.stem not in rows}
    examples = (e for e in reversed(_examples(skill)) if e.path not in unlisted)
    sections = {(e.path, e.section): e for e in examples if (e.path, e.section) not in proven}
    for example in reversed(sections.values()):
        yield _heading(skill, example), f"no test_{example.section.replace('-', '_')} proves this section"
    tested = {proof.page for proof in skill.proofs}
    for path, project in _projects(skill).items():
        if path not in tested:
            yield project, "no test runs this project"


@check
def orphaned_proof(skill: Skill) -> Faults:
    """Every test in `tests/proofs` is named after a section, with Python examples, of the page that its module mirrors.

    The tests of a project have names of their own. Breach: a heading was renamed and its proof was not. Mend it: rename
    the test, or delete it.
    """
    projects = _projects(skill)
    sections = {(e.path, e.section) for e in _examples(skill)}
    blank = {d.path for d in skill.documents if d.is_blank or any(f.subject == "fence" for f in d.flaws)}
    gone = {f"test_{name.replace('-', '_')}" for name in listed(skill)}
    first = {proof.path: proof for proof in reversed(skill.proofs or ())}
    for proof in skill.proofs or ():
        if proof.page is None and proof.path.stem not in gone and proof == first[proof.path]:
            yield proof, f"no page is mirrored by {proof.path.name}"
        elif proof.page and proof.page not in blank | projects.keys() and (proof.page, proof.slug) not in sections:
            yield proof, f"no section of {proof.page.name} with an example makes the name {proof.slug!r}"


@check
def refuted_example(skill: Skill) -> Faults:
    """A Correct example passes its proof, and so does one without a verdict.

    Breach: the code does not cure the fault, or not on the installed versions. The message is the proof's. Mend it:
    correct the example until the proof passes.
    """
    yield from _ended(skill, Ending.FAILED)


@check
def toothless_proof(skill: Skill) -> Faults:
    """An Incorrect example fails its proof.

    Breach: the proof passes on it. Either the code has not the fault, or the proof does not look at it. Mend it: assert
    what the fault breaks.
    """
    yield from _ended(skill, Ending.TOOTHLESS)


@check
def wrong_reason(skill: Skill) -> Faults:
    """An Incorrect example fails by an assertion that stands in the proof itself.

    Breach: it dies of a NameError, of a timeout, of a warning, of an assertion inside a library. Mend it: let the proof
    observe from outside, and then assert.
    """
    yield from _ended(skill, Ending.WRONG_REASON)


@check
def hanging_example(skill: Skill) -> Faults:
    """Each side of a proof ends by itself within its deadline.

    Breach: an endless loop, an event that nobody sets. The process is killed. Mend it: give every wait an end.
    """
    yield from _ended(skill, Ending.HUNG)


@check
def vanished_example(skill: Skill) -> Faults:
    """Each side of a proof lives to report how it ended. A process that ended with status 0 has proven nothing.

    Breach: `os._exit(0)`, a crash of the interpreter, memory without end. Mend it: let the example return.
    """
    yield from _ended(skill, Ending.DIED)


@check
def unexecuted_example(skill: Skill) -> Faults:
    """A proof loads the example that it is given, and every Python file of a project is executed by one of its tests.

    Breach: a test that passes without calling `load(example)`, a module that no other one imports. Mend it: call
    `load(example)`, or import the module.
    """
    if skill.run is None:
        return
    yield from _idle_files(skill)
    seen = {o.example for o in skill.run.outcomes}
    for outcome in skill.run.outcomes:
        if outcome.ending is Ending.HELD and not outcome.executed:
            yield outcome.example, "its proof passed without loading it"
    proven = _proven(skill)
    for example in _examples(skill):
        if example not in seen and (example.path, example.section) in proven:
            yield example, "its proof was not run"


def _idle_files(skill: Skill) -> Iterator[tuple[Located, str]]:
    """The Python files of tested projects that no process executed."""
    executed = {file for outcome in _outcomes(skill) for file in outcome.files}
    tested = {proof.page for proof in skill.proofs or ()}
    for path, project in _projects(skill).items():
        for file in project.files:
            if path in tested and file.language == "python" and file not in executed:
                yield file, f"no test executed {file.file}"


@check
def swapped_examples(skill: Skill) -> Faults:
    """The example with the fault is the Incorrect one.

    Breach: the two sides stand under each other's label, so that Incorrect passes the proof and Correct fails it.
    Mend it: swap the labels.
    """
    for wrong, right in _swapped(skill):
        yield wrong.example, f"{wrong.name}: the proof passes, and fails on {right.example.side}: {right.message}"


@check
def flaky_example(skill: Skill) -> Faults:
    """Each side of a proof ends in the same way every time.

    Breach: code that draws lots, or depends on the order of a set or on the clock. Packages of up to 50 sides are run
    several times, with two seeds of the hash; `--rounds` says how often. Mend it: take the seed, the clock or the
    order as a parameter.
    """
    yield from _ended(skill, Ending.FLAKY)


@check
def tampered_harness(skill: Skill) -> Faults:
    """An example leaves alone what judges it: pytest, unittest, the built-in names, this validator, the tracer.

    Breach: `builtins.AssertionError = ...`, `sys.settrace(...)`. What such a side reports counts for nothing. Mend
    it: take what the example needs to replace as a parameter.
    """
    yield from _ended(skill, Ending.TAMPERED)


@check
def skipped_proof(skill: Skill) -> Faults:
    """Every proof is run, on both sides, wherever the programs are installed that it `needs`.

    A trap that was not run does not count as proven. Breach: `pytest.skip`, a `skipif`, or `needs` for one side only.
    Mend it: say `needs`, or let the test run.
    """
    yield from _ended(skill, Ending.SKIPPED)
    ran = {_section(o) for o in _outcomes(skill) if o.ending is not Ending.NOT_RUN}
    for outcome in _outcomes(skill):
        if outcome.ending is Ending.NOT_RUN and _section(outcome) in ran:
            yield outcome.place, f"{outcome.name}: not run, though its other side was"


@warning
def not_run(skill: Skill) -> Faults:
    """Every program that a proof needs is installed.

    A warning, since nothing is wrong with the skill; an error where the environment says `CI=true` or with `--strict`,
    for there nobody reads warnings. A trap that was not run does not count as proven. Breach: a proof of PgBouncer on a
    machine without it. Mend it: install what the message names.
    """
    yield from _ended(skill, Ending.NOT_RUN)


@warning
def unsupported_proof(skill: Skill) -> Faults:
    """The installed versions have what every page shows.

    What is newer than the oldest version that the package targets is proven on newer ones only, and does not count as
    proven on the others. Breach: `@pytest.mark.needs("sqlalchemy>=2.1")` where 2.0 is installed. Mend it: install what
    the message names, or leave it.
    """
    yield from _ended(skill, Ending.UNSUPPORTED)


def _examples(skill: Skill) -> list[Example]:
    return [e for d in skill.documents for e in d.provable]


def _projects(skill: Skill) -> dict[Path, Example]:
    """The documents that spell out a project."""
    return {d.path: d.project for d in skill.documents if d.project}


def _proven(skill: Skill) -> set[tuple[Path | None, str]]:
    """The sections that have a proof: page and slug."""
    return {(proof.page, proof.slug) for proof in skill.proofs or ()}


def _heading(skill: Skill, example: Example) -> Located:
    document = next(d for d in skill.documents if d.path == example.path)
    return next((h for h in document.headings if h.slug == example.section), example)


def _ended(skill: Skill, ending: Ending) -> Iterator[tuple[Located, str]]:
    """The sides that ended so; not those whose trespass was refused, or that are swapped: these are told once."""
    swapped = {o.example for pair in _swapped(skill) for o in pair}
    told = {Ending.FAILED, Ending.TOOTHLESS, Ending.WRONG_REASON}
    for outcome in _outcomes(skill):
        refused = any(i.check in REFUSED for i in outcome.incidents) or outcome.example in swapped
        if outcome.ending is ending and not (refused and ending in told):
            yield outcome.place, f"{outcome.name}: {outcome.message}"


def _section(outcome: Outcome) -> tuple[Path, str]:
    return outcome.example.path, outcome.example.section


def _swapped(skill: Skill) -> list[tuple[Outcome, Outcome]]:
    """Incorrect sides that pass, each with a Correct side of its section that fails by the proof's own assertion."""
    sections: dict[tuple[Path, str], list[Outcome]] = {}
    for outcome in _outcomes(skill):
        sections.setdefault((outcome.example.path, outcome.example.section), []).append(outcome)
    pairs = []
    for outcomes in sections.values():
        wrong = [o for o in outcomes if o.ending is Ending.TOOTHLESS]
        right = [o for o in outcomes if o.ending is Ending.FAILED and o.message.startswith("AssertionError")]
        pairs += list(zip(wrong, right, strict=False))
    return pairs


def _outcomes(skill: Skill) -> tuple[Outcome, ...]:
    return skill.run.outcomes if skill.run else ()
