"""Middleware: what it keeps, guards and refuses."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "guard-opened-by-a-prefix": {
        "subscripted": """
            class Guard:
                async def __call__(self, scope, receive, send):
                    if scope["path"].startswith("/admin"):  # here
                        return
                    await self.app(scope, receive, send)
        """,
        "kept in a variable": """
            class Guard:
                async def __call__(self, scope, receive, send) -> None:
                    inside = scope["path"].startswith("/internal")  # here
                    await self.app(scope, receive, send)
        """,
    },
    "first-address-believed": {
        "an argument": """
            import uvicorn
            uvicorn.run(app, forwarded_allow_ips="*")  # here
        """,
    },
    "lifespan-refused": {
        "headers": """
            class Guard:
                async def __call__(self, scope, receive, send):
                    print(scope["headers"])  # here
                    await self.app(scope, receive, send)
        """,
        "headers by keyword": """
            from starlette.datastructures import Headers
            class Ids:
                def __init__(self, app) -> None:
                    self._app = app
                async def __call__(self, scope, receive, send) -> None:
                    headers = Headers(scope=scope)  # here
                    await self._app(scope, receive, send)
        """,
    },
    "star-with-credentials": {
        "added": """
            app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # here
        """,
        "a constant": """
            ORIGINS = ["*"]
            service = CORSMiddleware(app, allow_origins=ORIGINS, allow_credentials=True)  # here
        """,
    },
    "raised-outside-the-handlers": {
        "in dispatch": """
            class Guard(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
                    raise HTTPException(401)  # here
        """,
    },
    "traceback-without-its-id": {
        "a variable that says what it is": """
            request_id_var: ContextVar[str] = ContextVar("request_id")
            class Ids:
                def __init__(self, app) -> None:
                    self.app = app
                async def __call__(self, scope, receive, send) -> None:
                    token = request_id_var.set("1")
                    try:
                        await self.app(scope, receive, send)
                    finally:
                        request_id_var.reset(token)  # here
        """,
    },
    "slash-after-the-origin": {
        "settings of another class": """
            class Settings(BaseSettings):
                origins: list[AnyHttpUrl] = []
            def create_app(settings: Settings) -> FastAPI:
                app = FastAPI()
                app.add_middleware(CORSMiddleware, allow_origins=[str(o) for o in settings.origins])  # here
                return app
        """,
    },
}

NEAR_MISSES: Codes = {
    "replay-without-an-end": {
        "a test's": """
            async def receive():
                return {"type": "http.request", "body": b""}
        """,
        "another message": """
            class Log:
                async def __call__(self, scope, receive, send) -> None:
                    async def ended():
                        return {"type": "http.disconnect"}
                    await self.app(scope, ended, send)
        """,
    },
    "guard-opened-by-a-prefix": {
        "the paths that need no guard are let by": """
            class Guard:
                async def __call__(self, scope, receive, send):
                    if scope["path"].startswith("/health"):
                        return await self.app(scope, receive, send)
                    await self.refuse(send)
                    await self.app(scope, receive, send)
        """,
    },
    "lifespan-refused": {
        "asks what the scope has": """
            class Redirect:
                async def __call__(self, scope, receive, send):
                    if "path" not in scope:
                        return await self.app(scope, receive, send)
                    print(scope["path"])
                    await self.app(scope, receive, send)
        """,
        "no middleware": """
            class Endpoint:
                async def __call__(self, scope, receive, send):
                    request = Request(scope, receive)
                    await JSONResponse({})(scope, receive, send)
        """,
        "the path is written": """
            class Rewrite:
                async def __call__(self, scope, receive, send):
                    scope["path"] = "/"
                    await self.app(scope, receive, send)
        """,
    },
    "slash-after-the-origin": {
        "text": """
            class Settings(BaseSettings):
                origins: list[str]
                home: AnyHttpUrl
            def cors(settings: Settings):
                return CORSMiddleware(app, allow_origins=[str(o) for o in settings.origins])
        """,
        "plain texts of a class beside URLs": """
            class Upstream(BaseSettings):
                origins: list[AnyHttpUrl] = []
            class Settings(BaseSettings):
                origins: list[str] = []
            def create_app(settings: Settings) -> FastAPI:
                app = FastAPI()
                app.add_middleware(CORSMiddleware, allow_origins=[str(o) for o in settings.origins])
                return app
        """,
    },
    "star-with-credentials": {
        "without credentials": """
            service = CORSMiddleware(app, allow_origins=["*"])
        """,
    },
    "raised-outside-the-handlers": {
        "caught there": """
            class Guard(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
                    try:
                        raise HTTPException(401)
                    except HTTPException:
                        return JSONResponse({}, 401)
        """,
    },
    "traceback-without-its-id": {
        "a variable that is no id": """
            tenant: ContextVar[str] = ContextVar("tenant")
            class Tenants:
                async def __call__(self, scope, receive, send) -> None:
                    token = tenant.set("acme")
                    try:
                        await self.app(scope, receive, send)
                    finally:
                        tenant.reset(token)
                        self.clock.reset(token)
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
