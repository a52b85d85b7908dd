"""Associations, cascades, hierarchies and tenant filters."""

from __future__ import annotations

import ast

from ..finding import Found, error, warning
from ..module import Module
from ..orm import attribute, fields, is_model, is_optional, on_session, option
from ..syntax import calls, decorated, dotted, has, is_true, keyword, last, receiver, value, walk, within

KEYS = {"PrimaryKeyConstraint", "UniqueConstraint"}


@error("Table ForeignKey")
def doubled_association(module: Module) -> Found:
    """Flags an association table of two foreign keys without a key: a pair that is stored twice is loaded twice."""
    for call in module.calls("Table"):
        parts = [a for a in call.args if isinstance(a, ast.Call)]
        columns = [p for p in parts if last(p) == "Column"]
        linked = [c for c in columns if any(isinstance(a, ast.Call) and last(a) == "ForeignKey" for a in ast.walk(c))]
        if not module.means(call, "sqlalchemy.Table") or len(columns) != 2 or len(linked) != 2:
            continue
        if any(isinstance(a, ast.Starred) for a in call.args) or any(last(p) in KEYS | {"Index"} for p in parts):
            continue
        if not any(is_true(keyword(c, "primary_key")) or is_true(keyword(c, "unique")) for c in columns):
            yield call, "nothing forbids the same pair twice: make both columns the primary key"


@error("do_orm_execute with_loader_criteria")
def writes_past_the_tenant_filter(module: Module) -> Found:
    """Flags a filter in `do_orm_execute` that asks `is_select` alone: UPDATE and DELETE pass by."""
    for function in module.functions:
        listens = any(
            any(value(a) == "do_orm_execute" for a in getattr(d, "args", ())) for d in function.decorator_list
        )
        if not listens or not decorated(function, "listens_for"):
            continue
        asked = {n.attr: n for n in walk(function) if isinstance(n, ast.Attribute)}
        if (
            "is_select" in asked
            and not {"is_update", "is_delete"} & asked.keys()
            and any(calls(function, "with_loader_criteria"))
        ):
            yield asked["is_select"], "UPDATE and DELETE pass by, and change other tenants' rows"


@error("commit")
def shown_but_not_stored(module: Module) -> Found:
    """Flags an object of a model that is made and dropped: through a relationship it is shown, and never stored."""
    for statement in module.nodes(ast.Expr):
        call = statement.value
        if not isinstance(call, ast.Call) or not call.keywords or not isinstance(call.func, ast.Name):
            continue
        found = module.target_class(call.func)
        if found and is_model(*found) and module.function(statement):
            known = fields(*found)
            if any(k.arg in known and known[k.arg].is_relationship for k in call.keywords if k.arg):
                yield call, "not in the session: it shows in the collection, and the commit stores nothing"


@warning("options get", "options get_one")
def options_ignored_by_get(module: Module) -> Found:
    """Flags `session.get(options=...)`: if the session has the object already, they are ignored."""
    for call in module.calls("get", "get_one"):
        session = receiver(call)
        if keyword(call, "options") is not None and on_session(module, session):
            if not is_true(keyword(call, "populate_existing")):
                yield call, "ignored when the session has the object already: select() always loads"


@warning("isinstance select")
def columns_of_a_subclass(module: Module) -> Found:
    """Flags a column of a subclass that is read from objects which a query for the base class loaded."""
    for call in module.calls("isinstance"):
        owner = module.target_class(call.args[1]) if len(call.args) == 2 else None
        function = module.coroutine(call) or next(
            (n for n in module.above(call) if isinstance(n, ast.AsyncFunctionDef)), None
        )
        if not owner or not function or not is_model(*owner) or not isinstance(call.args[0], ast.Name):
            continue
        own = {n.target.id for n in owner[1].body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)}
        bases = {dotted(b) for b in owner[1].bases}
        queried = any(
            last(n) == "select" and {dotted(a) for a in n.args} & bases
            for n in ast.walk(function)
            if isinstance(n, ast.Call)
        )
        if not queried or "polymorphic" in ast.dump(function):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and node.attr in own and dotted(node.value) == call.args[0].id:
                yield (
                    node,
                    f"a query for the base class has not loaded it: MissingGreenlet on the first {owner[1].name}",
                )
                break


@warning("joinedload")
def collections_multiplied(module: Module) -> Found:
    """Flags `joinedload` of two collections of one class in one statement: every pair is fetched."""
    first: dict[tuple[int, str], ast.Call] = {}
    for call in sorted(module.calls("joinedload"), key=lambda c: (c.lineno, c.col_offset)):
        name = call.args[0] if call.args else None
        field = attribute(module, name) if name else None
        chained = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
        if field is None or not field.is_collection or chained or not isinstance(name, ast.Attribute):
            continue
        key = (id(module.scope(call)), dotted(name.value))
        other = first.setdefault(key, call)
        statement = next(n for n in module.above(call) if isinstance(n, ast.stmt))
        if other is not call and dotted(other.args[0]) != dotted(name) and other in list(within(statement)):
            yield call, f"fetches every pair with {dotted(other.args[0])}: selectinload one of them"


@warning("relationship cascade delete")
def loaded_to_be_deleted(module: Module) -> Found:
    """Flags a delete cascade in Python over a foreign key that cascades in the database: all children are loaded."""
    for model in module.nodes(ast.ClassDef):
        for name, field in fields(module, model).items() if is_model(module, model) else ():
            call = field.value
            if not field.is_relationship or not isinstance(call, ast.Call) or field.module is not module:
                continue
            cascades = "delete" in str(option(call, "cascade") or "") or "all" in str(option(call, "cascade") or "")
            if cascades and field.is_collection and not has(call, "passive_deletes", "secondary"):
                if module.klass(call) is model and _database_cascades(field.annotation, module, model):
                    yield call, f"loads every one of {name!r} to delete it: passive_deletes=True"


@warning("relationship raise")
def raise_where_nothing_is_loaded(module: Module) -> Found:
    """Flags `lazy="raise"` on a relationship that may be None: it raises for NULL too, where nothing is to load."""
    for call in module.calls("relationship"):
        above = module.parent(call)
        optional = isinstance(above, ast.AnnAssign) and is_optional(above.annotation)
        if value(keyword(call, "lazy")) == "raise" and optional:
            yield call, 'raises for NULL too, where there is nothing to load: "raise_on_sql"'


def _database_cascades(annotation: ast.expr | None, module: Module, model: ast.ClassDef) -> bool:
    """Whether the class in a collection's annotation has a foreign key to `model` that cascades in the database."""
    table = next(
        (
            str(value(n.value))
            for n in model.body
            if isinstance(n, ast.Assign) and last(n.targets[0]) == "__tablename__"
        ),
        "",
    )
    inner = {str(value(n)) if isinstance(n, ast.Constant) else last(n) for n in ast.walk(annotation or ast.Pass())}
    for name in inner:
        if child := module.class_called(name):
            keys = (n for n in ast.walk(child) if isinstance(n, ast.Call) and last(n) == "ForeignKey" and n.args)
            if any(str(value(k.args[0])).startswith(f"{table}.") and option(k, "ondelete") == "CASCADE" for k in keys):
                return True
    return False
