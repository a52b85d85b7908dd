"""What the sides of a trap say of themselves, and whether a proof could tell them apart."""

from __future__ import annotations

from packages import package
from skill_validator.model import Skill
from strangers import python
from tables import Faults, NearMisses, silent, told

LIMITS = "rules/refunds-limits.md"


def correct(code: str) -> Skill:
    """The package whose Correct example of refunds ends with this, from line 24 on."""
    return package({LIMITS: ("    return min(paid, asked)\n", code)})


def incorrect(comment: str) -> Skill:
    """The package with a comment in its Incorrect example of refunds, in line 17."""
    return package({LIMITS: ("    return asked\n", f"    return asked  {comment}\n")})


def equality(body: str) -> Skill:
    """The package with a class in its Correct example, whose `__eq__` stands in line 28."""
    method = f"    def __eq__(self, other: object) -> bool:\n        {body}\n"
    return correct(f"    return min(paid, asked)\n\n\nclass Money(int):\n{method}")


FAULTS: Faults = {
    "contradicted-verdict": {
        "a Correct side that is wrong": (
            correct("    return max(paid, asked)  # wrong\n"),
            [f"{LIMITS}:24: labelled Correct, and a comment says 'wrong'"],
        ),
        "a Correct side with a bug": (
            correct("    # BUG: more than was paid\n    return max(paid, asked)\n"),
            [f"{LIMITS}:24: labelled Correct, and a comment says 'BUG'"],
        ),
        "a cross": (
            correct("    return max(paid, asked)  # ❌ more than was paid\n"),
            [f"{LIMITS}:24: labelled Correct, and a comment says '❌'"],
        ),
        "an Incorrect side that is fixed": (
            incorrect("# fixed"),
            [f"{LIMITS}:17: labelled Incorrect, and a comment says 'fixed'"],
        ),
    },
    "boundless-equality": {
        "a class that equals everything": (
            equality("return True"),
            [f"{LIMITS}:28: equal to everything: Money"],
        ),
        "the one of mocks": (
            correct("    from unittest.mock import ANY\n\n    return ANY\n"),
            [f"{LIMITS}:24: equal to everything: ANY"],
        ),
        "the same by its whole name": (
            correct("    import unittest.mock\n\n    return unittest.mock.ANY\n"),
            [f"{LIMITS}:26: equal to everything: ANY"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "contradicted-verdict": {
        "the package is sound": package(),
        "a Correct side that says so": correct("    return min(paid, asked)  # correct: never more\n"),
        "what is wrong is something else": correct("    # wrong amounts are refused\n    return min(paid, asked)\n"),
        "an Incorrect side that says so": incorrect("# wrong"),
        "a stranger's block": python("x = 1  # wrong"),
    },
    "boundless-equality": {
        "the package is sound": package(),
        "a comparison": equality("return int(self) == other"),
        "a comparison of classes": equality("if other is None:\n            return False\n        return True"),
        "another name": correct("    ANY = 1\n    return min(paid, asked, ANY)\n"),
        "a syntax error has its own check": correct("    return ANY +\n"),
        "a stranger's block": python("from unittest.mock import ANY\n\nx = ANY"),
    },
}

test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
