"""Which file an import leads to, and which modules are kept."""

from __future__ import annotations

import pytest
from scanner import project
from scanner.project import Project
from scans import last_expression


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


def test_a_package_in_the_current_folder_has_no_name() -> None:
    assert Project(texts={"__init__.py": "x = 1"}).find("a.x", "b.py") == "a.x"


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
