"""Of which kind expressions are: from annotations, constructors and imports alone."""

from __future__ import annotations

import ast

import pytest
from scans import IMPORTS, last_expression, module

SESSION = "sqlalchemy.AsyncSession"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        pytest.param("def f(x: AsyncSession):\n x", SESSION, id="an annotation"),
        pytest.param("def f(x: 'AsyncSession'):\n x", SESSION, id="a quoted annotation"),
        pytest.param("def f(x: 'not python('):\n x", "", id="a quoted annotation that is none"),
        pytest.param("def f(x: 1):\n x", "", id="an annotation that names nothing"),
        pytest.param("def f(x: AsyncSession | None = None):\n x", SESSION, id="a union"),
        pytest.param("def f(x: Optional[AsyncSession]):\n x", SESSION, id="Optional"),
        pytest.param("A = Annotated[AsyncSession, 1]\ndef f(x: A):\n x", SESSION, id="an alias"),
        pytest.param("A = B\nB = A\ndef f(x: A):\n x", "", id="aliases in a circle"),
        pytest.param("x = AsyncSession()\nx", SESSION, id="a constructor"),
        pytest.param("x, y = 1, AsyncSession()\ny", SESSION, id="a pair"),
        pytest.param("def f():\n (x := AsyncSession())\n x", SESSION, id="a walrus"),
        pytest.param("def f():\n x: AsyncSession = make()\n x", SESSION, id="an annotated variable"),
        pytest.param("S = async_sessionmaker()\nx = S()\nx", SESSION, id="a maker's"),
        pytest.param(
            "async def f(S: async_sessionmaker[AsyncSession]):\n async with S.begin() as x:\n  x", SESSION, id="begin"
        ),
        pytest.param("class C:\n  s: AsyncSession\n  def f(self):\n    self.s", SESSION, id="a field's annotation"),
        pytest.param(
            "class C:\n  def __init__(self, s: AsyncSession):\n    self.s = s\n  def f(self):\n    self.s",
            SESSION,
            id="a field",
        ),
        pytest.param(
            "class C:\n  def __init__(self, s):\n    self.s: AsyncSession = s\n  def f(self):\n    self.s",
            SESSION,
            id="an annotated field",
        ),
        pytest.param("class C:\n  def f(self):\n    self.s", "", id="a field of nobody"),
        pytest.param("self.x", "", id="no class around"),
        pytest.param(
            "async def f(app):\n app.state.pool = await asyncpg.create_pool()\n app.state.pool",
            "asyncpg.Pool",
            id="state",
        ),
        pytest.param("def f(app):\n app.state.pool", "", id="state that nobody sets"),
        pytest.param("def make() -> AsyncSession: ...\nmake()", SESSION, id="a function's annotation"),
        pytest.param("class C: ...\nC()", "example.py::C", id="a class of the project"),
        pytest.param("def f():\n  class C: ...\n  C()", "example.py::C", id="a class in a function"),
        pytest.param("x = x\nx", "", id="itself"),
        pytest.param("x = y.z()\ny = x.z()\nx", "", id="each other"),
        pytest.param("x = 1\nx", "", id="a constant"),
        pytest.param(
            "e = None\ndef f():\n global e\n e = create_async_engine('x')\ndef g():\n e",
            "sqlalchemy.AsyncEngine",
            id="a global",
        ),
        pytest.param(
            "async def f(e: sa.ext.asyncio.AsyncEngine):\n async with e.connect() as c:\n  c",
            "sqlalchemy.AsyncConnection",
            id="a method",
        ),
    ],
)
def test_kind(code: str, kind: str) -> None:
    of = module(code)

    assert of.kind(last_expression(of)) == kind


@pytest.mark.parametrize(
    ("code", "others", "kind"),
    [
        pytest.param(
            "from db import make\nmake()", {"db": IMPORTS + "make = async_sessionmaker()"}, SESSION, id="imported"
        ),
        pytest.param("import db\ndb.make()", {"db": IMPORTS + "make = async_sessionmaker()"}, SESSION, id="a module's"),
        pytest.param(
            "from app.db import S\ndef f(x: S):\n x", {"app/db": IMPORTS + "S = AsyncSession"}, SESSION, id="an alias"
        ),
        pytest.param(
            "from app import S\nS()",
            {"app/__init__": "from .db import *", "app/db": IMPORTS + "class S: ..."},
            "app/db.py::S",
            id="a star",
        ),
        pytest.param(
            "from app import S\nS()",
            {"app": "from sqlalchemy.ext.asyncio import AsyncSession as S"},
            SESSION,
            id="handed on",
        ),
        pytest.param("from app import S\nS()", {"app": "def broken("}, "app.S", id="a broken module"),
        pytest.param("from app import gone\ngone()", {"app": "x = 1"}, "", id="a name that is not there"),
        pytest.param("from app import S\nS()", {"app": "from app import S"}, "app.S", id="itself for ever"),
    ],
)
def test_kind_of_what_another_module_defines(code: str, others: dict[str, str], kind: str) -> None:
    of = module(code, **others)

    assert of.kind(last_expression(of)) == kind


def test_a_lambda_sees_its_parameters_and_what_is_around_it() -> None:
    of = module("def f(x: AsyncSession):\n  return lambda y: x\n")
    [name] = [n for n in of.nodes(ast.Name) if n.id == "x"]

    assert of.kind(name) == SESSION


def test_a_star_brings_in_what_the_first_module_with_the_name_has() -> None:
    of = module("from app import S\nS()", app="from one import *\nfrom two import *", one="x = 1", two="class S: ...")

    assert of.kind(last_expression(of)).endswith("two.py::S")


def test_the_kind_of_what_an_application_keeps_is_that_of_whatever_is_known() -> None:
    of = module("app.state.db = given()\nasync def f(app):\n app.state.db = AsyncSession()\n app.state.db")

    assert of.kind(last_expression(of)) == SESSION
