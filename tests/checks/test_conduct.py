"""Checks of what the sides of a run did meanwhile, here of a hand-made one."""

from __future__ import annotations

from dataclasses import replace

from packages import ROOT, package
from runs import LIMITS, SIDE, SILENT, incident, outcome, proven, ran
from skill_validator.outcomes import Ending, Incident, Run
from tables import Faults, NearMisses, silent, told

FAULTS: Faults = {
    "slow-example": {
        "a side took long": (ran(seconds=5.1), [f"{LIMITS}:16: {SIDE}: took 5.1 s"]),
    },
    "raised-warning": {
        "a side raised one": (
            incident("raised-warning", "raised UserWarning: old"),
            [f"{LIMITS}:17: raised UserWarning: old"],
        ),
        "two sides raised it in one line, a third in another": (
            replace(
                package(),
                run=Run(
                    tuple(
                        outcome(
                            e, incidents=(Incident(ROOT / LIMITS, line, "raised-warning", "raised UserWarning: old"),)
                        )
                        for e, line in zip(proven(package()), (17, 17, 18), strict=False)
                    ),
                    {},
                ),
            ),
            [f"{LIMITS}:17: raised UserWarning: old", f"{LIMITS}:18: raised UserWarning: old"],
        ),
    },
    "left-running": {
        "a side left a task": (incident("left-running", "left the task"), [f"{LIMITS}:17: left the task"]),
    },
    "escaping-read": {
        "a side read elsewhere": (incident("escaping-read", "read /etc"), [f"{LIMITS}:17: read /etc"]),
    },
    "started-process": {
        "a side started a program": (incident("started-process", "started ls"), [f"{LIMITS}:17: started ls"]),
    },
    "escaping-write": {
        "a side writes elsewhere": (incident("escaping-write", "write to /etc"), [f"{LIMITS}:17: write to /etc"]),
    },
    "distant-connection": {
        "a side connects elsewhere": (incident("distant-connection", "to 192.0.2.1"), [f"{LIMITS}:17: to 192.0.2.1"]),
    },
    "stray-process": {
        "a side leaves a process": (incident("stray-process", "process sleep"), [f"{LIMITS}:17: process sleep"]),
    },
}

NEAR_MISSES: NearMisses = {
    "slow-example": SILENT | {"slow, and then refuted": ran(Ending.FAILED, seconds=6.0), "not slow": ran(seconds=4.9)},
    "raised-warning": SILENT,
    "left-running": SILENT,
    "escaping-read": SILENT,
    "started-process": SILENT,
    "escaping-write": SILENT | {"another law was broken": incident("stray-process", "")},
    "distant-connection": SILENT,
    "stray-process": SILENT,
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
