"""What a dependency covers, and when it runs."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "key-burnt-by-a-422": {
        "a commit": """
            class New(BaseModel):
                cents: int
            async def claim() -> None:
                session: AsyncSession = Session()
                await session.commit()  # here
            @app.post("/", dependencies=[Depends(claim)])
            async def create(order: New): ...
        """,
    },
    "scopes-nobody-reads": {
        "further down neither": """
            def token() -> str: ...
            def user(token: Annotated[str, Depends(token)]) -> str: ...
            @app.get("/")
            def read(user: Annotated[str, Security(user, scopes=["all"])]): ...  # here
        """,
        "imported under another name": """
            from fastapi import Security as Guard
            async def user() -> str: ...
            Admin = Annotated[str, Guard(user, scopes=["admin"])]  # here
        """,
    },
    "sibling-refused": {
        "forbidden by the configuration": """
            class Filters(BaseModel):
                model_config = ConfigDict(extra="forbid")
            @app.get("/")
            async def read(filters: Annotated[Filters, Query()], page: int = 1): ...  # here
        """,
        "a neighbour that may be None": """
            class Page(BaseModel):
                model_config = ConfigDict(extra="forbid")
            @app.get("/")
            async def read(page: Annotated[Page, Query()], search: str | None = None): ...  # here
        """,
        "Optional": """
            from typing import Optional
            class Page(BaseModel):
                model_config = ConfigDict(extra="forbid")
            @app.get("/")
            async def read(page: Annotated[Page, Query()], search: Optional[str] = None): ...  # here
        """,
    },
    "import-for-checkers-only": {
        "a router derived from FastAPI's": """
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from starlette.requests import HTTPConnection
            class Routes(APIRouter): ...
            router = Routes()
            @router.get("/")
            async def read(*, connection: HTTPConnection): ...  # here
        """,
        "a router of which nothing is known": """
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from starlette.requests import HTTPConnection
            def mount(router) -> None:
                @router.get("/")
                async def read(*, connection: HTTPConnection): ...  # here
        """,
    },
}

NEAR_MISSES: Codes = {
    "mount-outside-the-guard": {
        "no guard to be outside of": """
            admin = FastAPI()
            app.mount("/admin", admin)
        """,
        "files": """
            guarded = FastAPI(dependencies=[Depends(print)])
            guarded.mount("/static", StaticFiles())
        """,
    },
    "error-inside-a-stream": {
        "a socket": """
            @app.websocket("/")
            async def serve(socket: WebSocket):
                raise HTTPException(404)
                yield
        """,
        "no stream": """
            @app.get("/")
            async def read() -> int:
                raise HTTPException(404)
        """,
        "a dependency": """
            async def existing() -> AsyncIterator[int]:
                raise HTTPException(404)
                yield 1
        """,
    },
    "limits-in-two-orders": {
        "the same order": """
            async def a(): yield
            async def b(): yield
            A = Annotated[None, Depends(a, max_concurrency=1)]
            B = Annotated[None, Depends(b, max_concurrency=1)]
            @app.get("/1")
            async def one(a: A, b: B): ...
            @app.get("/2")
            async def two(a: A, b: B): ...
        """,
    },
    "limit-per-route": {
        "in two applications": """
            async def a(): yield
            def one(app: FastAPI):
                @app.get("/")
                async def read(a: Annotated[None, Depends(a, max_concurrency=1)]): ...
            def two(app: FastAPI):
                @app.get("/")
                async def read(a: Annotated[None, Depends(a, max_concurrency=1)]): ...
        """,
        "without a function": """
            async def read(a=Depends(max_concurrency=1), b=Depends(max_concurrency=1)): ...
        """,
    },
    "context-set-in-a-thread": {
        "read only": """
            TENANT = ContextVar("tenant")
            def tenant() -> str:
                return TENANT.get()
            @app.get("/")
            async def read(tenant: Annotated[str, Depends(tenant)]): ...
        """,
        "what has a set() of its own": """
            def note(flag: asyncio.Event) -> None:
                flag.set()
            Note = Depends(note)
        """,
    },
    "scopes-nobody-reads": {
        "not to be seen": """
            from elsewhere import token
            def user(token: Annotated[str, Depends(token)]) -> str: ...
            @app.get("/")
            def read(user: Annotated[str, Security(user, scopes=["all"])]): ...
        """,
        "further down": """
            from fastapi.security import SecurityScopes
            def token(scopes: SecurityScopes) -> str: ...
            def user(token: Annotated[str, Depends(token)]) -> str: ...
            @app.get("/")
            def read(user: Annotated[str, Security(user, scopes=["all"])]): ...
        """,
        "a scheme of the library": """
            from fastapi.security import OAuth2PasswordBearer
            @app.get("/")
            def read(user: Annotated[str, Security(OAuth2PasswordBearer("token"), scopes=["all"])]): ...
        """,
        "without scopes, or of what is not seen": """
            async def user() -> str: ...
            One = Annotated[str, Security(user, scopes=[])]
            Other = Annotated[str, Security(imported_from_nowhere, scopes=["admin"])]
        """,
        "a dependency on itself": """
            async def user(again=Depends(user)) -> str: ...
            Admin = Annotated[str, Security(user, scopes=["admin"])]
        """,
    },
    "sibling-refused": {
        "a path parameter": """
            class Filters(BaseModel, extra="forbid"):
                status: str = "new"
            @app.get("/orders/{number}")
            async def read(number: int, filters: Annotated[Filters, Query()]): ...
        """,
    },
    "import-for-checkers-only": {
        "a router that is not FastAPI's": """
            from typing import TYPE_CHECKING
            from starlette.routing import Router
            if TYPE_CHECKING:
                from starlette.requests import HTTPConnection
            class Routes(Router): ...
            router = Routes()
            @router.get("/")
            async def read(*, connection: HTTPConnection): ...
        """,
        "imported otherwise too": """
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from starlette.requests import HTTPConnection
            else:
                from fastapi.requests import HTTPConnection
            @app.get("/")
            async def read(connection: HTTPConnection): ...
        """,
        "a default that is a dependency": """
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from models import User
            def user(): ...
            @app.get("/")
            async def read(user: "User" = Depends(user)): ...
        """,
    },
    "override-of-a-twin": {
        "a function": """
            def mailer(): ...
            app.dependency_overrides[mailer] = print
        """,
        "of a call that nobody knows": """
            app.dependency_overrides[make()] = print
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
