"""How the examples behaved while they ran."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Faults, check, warning
from ..model import Skill
from ..outcomes import SLOW, Ending, Outcome
from ..parts import Located


@check
def escaping_read(skill: Skill) -> Faults:
    """While it runs, an example reads only its own temporary folder, Python and its libraries.

    A file elsewhere that a line of the page opens or lists is refused and reported. Breach: `open("/etc/passwd")`.
    Mend it: take the path, or what stands there, as a parameter.
    """
    yield from _incidents(skill, "escaping-read")


@check
def escaping_write(skill: Skill) -> Faults:
    """While it runs, an example writes only to its own temporary folder.

    A write elsewhere is refused and reported. Breach: `Path("/tmp/x").write_text(...)`. Mend it: take the path as a
    parameter.
    """
    yield from _incidents(skill, "escaping-write")


@check
def distant_connection(skill: Skill) -> Faults:
    """While it runs, an example connects only to this machine.

    A connection elsewhere is refused and reported. Breach: `httpx2.get("https://example.com")`. Mend it: take the
    address as a parameter, and serve it in the proof.
    """
    yield from _incidents(skill, "distant-connection")


@check
def started_process(skill: Skill) -> Faults:
    """While it runs, an example starts no program and makes no copy of itself. The attempt is refused and reported.

    Breach: `subprocess.run(["ls"])`. Pools of processes are fine; what the proof starts is the proof's. Mend it:
    take what the program would say as a
    parameter.
    """
    yield from _incidents(skill, "started-process")


@check
def stray_process(skill: Skill) -> Faults:
    """When a side of a proof has ended, so have the processes that it started.

    Those that have not are ended. Breach: `Popen(["sleep", "60"])` in a library, that nobody waits for. Mend it: end
    what the example started.
    """
    yield from _incidents(skill, "stray-process")


@check
def left_running(skill: Skill) -> Faults:
    """When a proof has passed, its example has no task and no thread running.

    Breach: `asyncio.create_task` without an end, a thread that nobody joins. Incorrect examples may leave what
    their
    trap is about. Mend it: await the task, join the thread.
    """
    yield from _incidents(skill, "left-running")


@warning
def raised_warning(skill: Skill) -> Faults:
    """While it runs, an example raises no warning that its proof does not expect with `pytest.warns`.

    Breach: a deprecated call, a file that is not closed, a coroutine that is never awaited. The last two may be
    what
    an Incorrect example is about. Mend it: use what the warning asks for.
    """
    yield from _incidents(skill, "raised-warning")


@warning
def slow_example(skill: Skill) -> Faults:
    """Each side of a proof that holds does so within 5 seconds, a test of a project within 15.

    Breach: `sleep` where an event could be awaited. `--slowest 10` names the slowest. Mend it: wait for an event
    instead of the clock.
    """
    for outcome in _outcomes(skill):
        if outcome.seconds > SLOW * (3 if outcome.example.files else 1) and outcome.ending is Ending.HELD:
            yield outcome.example, f"{outcome.name}: took {outcome.seconds:.1f} s"


def _incidents(skill: Skill, name: str) -> Iterator[tuple[Located, str]]:
    told = set()
    for outcome in _outcomes(skill):
        for incident in outcome.incidents:
            found = (incident.path, incident.line, incident.message)
            if incident.check == name and found not in told:
                told.add(found)
                yield incident, incident.message


def _outcomes(skill: Skill) -> tuple[Outcome, ...]:
    return skill.run.outcomes if skill.run else ()
