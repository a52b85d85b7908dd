"""The scanner on texts in memory, and as a user calls it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Mapping

import pytest
from scanner.finding import Finding
from scanner.module import Module
from scanner.project import Project
from scanner.scanning import Scanner

HEAD = """\
import asyncio, json, re
import aiohttp, anyio, asyncpg, httpx2
import sqlalchemy as sa
from alembic import context, op
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar, copy_context
from typing import Annotated
from uuid import uuid4
from fastapi import BackgroundTasks, Depends, FastAPI, APIRouter, HTTPException, Query, Request, Security, WebSocket
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from fastapi.middleware.cors import CORSMiddleware
from pydantic import AnyHttpUrl, BaseModel, ConfigDict
from pydantic_settings import BaseSettings
from sqlalchemy import ForeignKey, func, select, text, update, event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, contains_eager, mapped_column, relationship, selectinload
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware
app = FastAPI()
Session = async_sessionmaker(expire_on_commit=False)
class Base(DeclarativeBase): ...
class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped["Customer"] = relationship(back_populates="orders")
class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")
"""

IMPORTS = """
import asyncio, asyncpg, sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from typing import Annotated, Optional
"""

TLS = "import aiohttp\nc = aiohttp.TCPConnector(ssl=False)\n"

Run = Callable[..., tuple[int, str, str]]  # a call of the command line: exit code, stdout, stderr
# Trap -> sentence -> code below the usual imports; in a fault the line with `# here` is the one that is found.
Codes = Mapping[str, Mapping[str, str]]


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


def scanned(code: str, trap: str = "", **others: str) -> list[Finding]:
    """What is found in a module `example.py` beside other modules (`deps="..."` is `deps.py`), sorted."""
    texts = {"example.py": textwrap.dedent(code)} | {f"{name}.py": textwrap.dedent(t) for name, t in others.items()}
    return sorted(Scanner(traps=[trap] if trap else None, texts=texts).file("example.py"))


def lines(code: str, trap: str, head: str = HEAD) -> list[int]:
    """The lines of `code`, below the usual imports, in which a trap is found; a failed detector is one too."""
    before = head.count("\n")
    return [f.line - before for f in scanned(head + textwrap.dedent(code).lstrip("\n"), trap)]


def traps(code: str, others: Mapping[str, str] | None = None) -> list[str]:
    """`line: trap` of everything found in a module."""
    return [f"{f.line}: {f.trap}" for f in scanned(code, **(others or {}))]


def told(table: Codes) -> Callable[[str, str], None]:
    """The test that every fault is found in the lines that say so, and in no other."""

    @_each(table)
    def test(trap: str, code: str) -> None:
        wanted = [n for n, line in enumerate(code.lstrip("\n").split("\n"), 1) if "# here" in line]

        assert lines(code, trap) == wanted != []

    return test


def silent(table: Codes) -> Callable[[str, str], None]:
    """The test that every near miss is let be."""

    @_each(table)
    def test(trap: str, code: str) -> None:
        assert lines(code, trap) == []

    return test


def _each(table: Codes) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("trap", "code"),
        [
            pytest.param(trap, code, id=f"{trap}: {sentence}")
            for trap, codes in table.items()
            for sentence, code in codes.items()
        ],
    )
