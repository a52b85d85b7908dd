"""What names mean and of which kind expressions are: from annotations, constructors and imports alone."""

from __future__ import annotations

import ast
import textwrap

import pytest
from scanner import project
from scanner.module import Module
from scanner.project import Project
from scanner.syntax import dotted, entries, value, within
from scanner.tree import parse

IMPORTS = """
import asyncio, asyncpg, sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from typing import Annotated, Optional
"""


def module(code: str, **others: str) -> Module:
    """The module `example.py` in a project with other modules."""
    texts = {"example.py": IMPORTS + textwrap.dedent(code)}
    texts |= {f"{name}.py": textwrap.dedent(text) for name, text in others.items()}
    project = Project(texts=texts)
    found = project.module("example.py")
    assert found is not None
    project.current = found
    return found


def last_expression(of: Module) -> ast.expr:
    """The value of the last expression statement, wherever it stands."""
    return max(of.nodes(ast.Expr), key=lambda n: n.lineno).value


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


@pytest.mark.parametrize(
    ("code", "wanted", "means"),
    [
        ("asyncio.timeout(1)", "asyncio.timeout", True),
        ("from asyncio import timeout as t\nt(1)", "asyncio.timeout", True),
        ("import asyncio.locks\nasyncio.locks.Lock()", "asyncio.Lock", True),
        ("anext(x)", "anext", True),
        ("def anext(x): ...\nanext(x)", "anext", False),
        ("timeout(1)", "asyncio.timeout", False),
        ("self.timeout(1)", "asyncio.timeout", False),
        ("'x'.timeout", "asyncio.timeout", False),
        ("from compat import timeout\ntimeout(1)", "asyncio.timeout", True),
    ],
)
def test_meaning(code: str, wanted: str, *, means: bool) -> None:
    of = module(code, compat="from asyncio import timeout")

    assert of.means(last_expression(of), wanted) is means


def test_of_two_modules_of_a_name_the_nearer_one_is_meant() -> None:
    texts = {"one/db.py": "class S: ...", "two/db.py": "class S: ...", "two/app.py": "from db import S\nS()"}
    project = Project(texts=texts)
    app = project.module("two/app.py")

    assert app is not None
    assert app.kind(last_expression(app)) == "two/db.py::S"


@pytest.mark.parametrize(
    ("importer", "module_", "level", "name"),
    [
        ("app/api/users.py", "db", 1, "app.api.db"),
        ("app/api/users.py", "db", 2, "app.db"),
        ("app/api/users.py", "", 1, "app.api"),
        ("app/api/users.py", "os", 0, "os"),
        ("/srv/app/users.py", "db", 1, "srv.app.db"),
        ("/srv/shop-2.8.0/app/users.py", "db", 1, "srv.shop-2_8_0.app.db"),
    ],
)
def test_a_relative_import(importer: str, module_: str, level: int, name: str) -> None:
    assert Project().absolute(importer, module_, level) == name


def test_imports_are_followed_below_a_folder_with_dots() -> None:
    texts = {"/srv/shop-2.8.0/code/db.py": "class S: ...", "/srv/shop-2.8.0/code/app.py": "from .db import S\nS()"}
    app = Project(texts=texts).module("/srv/shop-2.8.0/code/app.py")

    assert app is not None
    assert app.kind(last_expression(app)) == "/srv/shop-2.8.0/code/db.py::S"


def test_a_lambda_sees_its_parameters_and_what_is_around_it() -> None:
    of = module("def f(x: AsyncSession):\n  return lambda y: x\n")
    [name] = [n for n in of.nodes(ast.Name) if n.id == "x"]

    assert of.kind(name) == SESSION


def test_constants() -> None:
    assert [value(parse(code).body[0].value) for code in ("-1", "-x", "-'a'", "'a'")] == [-1, None, None, "a"]  # type: ignore[attr-defined]
    assert dotted(parse("a[0].b").body[0].value) == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ["\0", "(" * 1000 + ")" * 1000, "x = ("])
def test_what_is_no_python_is_a_syntax_error(code: str) -> None:
    with pytest.raises(SyntaxError):
        parse(code)


def test_attributes_have_what_their_class_and_its_methods_assign() -> None:
    of = module("class A:\n b = 1\n def __init__(self):\n  self.a: int\n  self.a = self.c = 2\n def f(self):\n  self.a")
    node = max(of.nodes(ast.Attribute), key=lambda n: n.lineno)

    assert [value(v) for v in of.values(node)] == [2]
    owner = of.klass(node)
    assert owner is not None
    assert {name: [b.how for b in bound] for name, bound in of.attributes(owner).items()} == {
        "a": ["annotation", "value"],
        "b": ["value"],
        "c": ["value"],
    }


def test_a_name_in_quotes_is_a_class_of_here_or_of_where_it_was_imported_from() -> None:
    of = module("from db import S, T\nclass U: ...\nx = 1", db="class S: ...\nT = 1")

    assert [getattr(of.class_called(name), "name", None) for name in "STUVx"] == ["S", None, "U", None, None]


def test_what_stands_in_no_function_stands_in_nothing() -> None:
    of = module("with a:\n if b:\n  c()")
    [call] = of.calls("c")

    assert [type(n) for n in of.around(call, ast.If)] == [ast.If]
    assert [dotted(item.context_expr) for _, item in of.entered(call)] == ["a"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param("{'a': 1, **b, 2: 3}", {"a": 1, "**": None, "2": 3}, id="a display"),
        pytest.param("dict(a=1, **b)", {"a": 1, "**": None}, id="a call"),
        pytest.param("other(a=1)", {}, id="another call"),
    ],
)
def test_entries(code: str, found: dict[str, object]) -> None:
    [statement] = parse(code).body
    assert isinstance(statement, ast.Expr)

    assert {name: value(given) for name, given in entries(statement.value).items()} == found


def test_modules_are_kept_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "KEPT", 10)
    of = Project(texts={"a.py": "a = 1", "b.py": "b = 1", "c.py": "c = 1", "d.py": "d = ("})
    kept = {path: of.module(path) for path in ("a.py", "b.py")}

    assert of.module("a.py") is kept["a.py"]
    assert of.module("c.py") is not None
    assert of.module("a.py") is kept["a.py"]
    assert of.module("b.py") is not kept["b.py"]
    assert (of.module("d.py"), of.module("d.py")) == (None, None)


def test_a_text_that_has_changed_is_parsed_anew() -> None:
    of = Project()
    first = of.parsed("a.py", "x = 1")

    assert of.parsed("a.py", "x = 1") is first
    assert of.parsed("a.py", "x = 2").text == "x = 2"


def test_a_star_brings_in_what_the_first_module_with_the_name_has() -> None:
    of = module("from app import S\nS()", app="from one import *\nfrom two import *", one="x = 1", two="class S: ...")

    assert of.kind(last_expression(of)).endswith("two.py::S")


def test_the_kind_of_what_an_application_keeps_is_that_of_whatever_is_known() -> None:
    of = module("app.state.db = given()\nasync def f(app):\n app.state.db = AsyncSession()\n app.state.db")

    assert of.kind(last_expression(of)) == SESSION


def test_a_class_of_a_function_is_found() -> None:
    of = module("def f():\n class S: ...\n x = S()\n x")
    found = of.class_of(last_expression(of))

    assert found is not None
    assert found[1].name == "S"


def test_a_text_of_another_module_is_read() -> None:
    of = module("from sql import SET, S\n(SET, S, of)", sql="SET = 'SET ROLE reader'\nclass S: ...")

    assert of.text_of(last_expression(of)) == "SET ROLE reader"


def test_what_stands_below_clauses_is_defined() -> None:
    code = "try:\n a = 1\nexcept E:\n def b(): ...\nmatch x:\n case 1:\n  class c: ...\ndef d():\n e = 1"

    assert list(module(code).definitions) == ["a", "b", "c", "d"]


def test_what_runs_with_a_block_is_not_what_functions_in_it_do() -> None:
    block = parse("def f():\n a()\nb()").body

    assert [dotted(n) for n in within(block) if isinstance(n, ast.Call)] == ["b"]


def test_a_package_in_the_current_folder_has_no_name() -> None:
    assert Project(texts={"__init__.py": "x = 1"}).find("a.x", "b.py") == "a.x"


def test_what_cannot_be_encoded_is_a_syntax_error() -> None:
    with pytest.raises(SyntaxError, match="surrogates"):
        parse("x = '\ud800'")
