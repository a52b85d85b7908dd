"""Comments that silence."""

from __future__ import annotations

import pytest
from scanner.silencing import silenced
from scans import traps

TLS = "import aiohttp\nc = aiohttp.TCPConnector(ssl=False){}\n"
SAID = "2: certificate-unchecked"


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        pytest.param("", [SAID], id="none"),
        pytest.param("  # scan: ignore[certificate-unchecked] a stub on localhost", [], id="with a reason"),
        pytest.param("  # scan: ignore[certificate-unchecked]", ["2: unexplained-silencer"], id="without a reason"),
        pytest.param(
            "  # scan: ignore[shield-alone] no", ["2: certificate-unchecked", "2: idle-silencer"], id="of another trap"
        ),
        pytest.param("  # scan: ignore[shield-alone, certificate-unchecked] no", ["2: idle-silencer"], id="one of two"),
        pytest.param("  # scan: ignore[] all of it", [SAID, "2: idle-silencer"], id="of no trap"),
        pytest.param("  # scan: ignore certificate-unchecked", [SAID, "2: idle-silencer"], id="without brackets"),
        pytest.param("  # scan: ignore[late-comit] yes", [SAID, "2: idle-silencer"], id="of a trap that is misspelt"),
        pytest.param("  # scan: ignored by the gateway", [SAID], id="another word"),
    ],
)
def test_on_the_line(comment: str, said: list[str]) -> None:
    assert traps(TLS.format(comment)) == said


def test_alone_on_the_line_above() -> None:
    assert traps("import aiohttp\n# scan: ignore[certificate-unchecked] local\n" + TLS.split("\n")[1].format("")) == []


def test_behind_code_on_the_line_above_it_is_about_that_line() -> None:
    code = "import aiohttp  # scan: ignore[certificate-unchecked] local\n" + TLS.split("\n")[1].format("")

    assert traps(code) == ["1: idle-silencer", SAID]


def test_in_a_string_it_is_no_comment() -> None:
    code = (
        'import aiohttp\nx = """\n# scan: ignore[certificate-unchecked] no\n"""\nc = aiohttp.TCPConnector(ssl=False)\n'
    )

    assert traps(code) == ["5: certificate-unchecked"]


def test_a_comment_where_nothing_can_be_found_is_idle() -> None:
    assert traps("x = 1  # scan: ignore[shield-alone] why\n") == ["1: idle-silencer"]


def test_a_comment_about_what_other_modules_make_a_defect_is_let_be() -> None:
    assert traps("x = 1  # scan: ignore[late-commit] the client retries\n") == []


def test_what_another_module_makes_a_defect_is_silenced_where_it_stands() -> None:
    deps = (
        "from sqlalchemy.ext.asyncio import AsyncSession\n"
        "async def get_db():\n"
        "    async with AsyncSession() as db:\n"
        "        yield db\n"
        "        await db.commit(){}\n"
    )
    uses = "from fastapi import Depends\nfrom deps import get_db\nDb = Depends(get_db)\n"

    assert traps(uses, {"deps": deps.format("")}) == ["5: late-commit"]
    assert traps(uses, {"deps": deps.format("  # scan: ignore[late-commit] the client retries")}) == []


def test_where_the_tokens_end_too_soon_what_was_read_counts() -> None:
    assert traps("# scan: ignore[shield-alone] why\nx = (\n") == ["2: broken-file"]


def test_comments_before_the_tokens_end_too_soon_count() -> None:
    found = silenced("a.py", "# scan: ignore[shield-alone] why\nx = (\n", [], {"shield-alone"})

    assert [(f.line, f.trap) for f in found] == [(1, "idle-silencer")]
