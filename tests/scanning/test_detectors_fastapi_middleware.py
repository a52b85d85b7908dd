"""Middleware, error handlers, and what a route is called."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "early-log": {
        "in the end of a block": """
            @app.middleware("http")
            async def trace(request: Request, call_next):
                try:
                    return await call_next(request)
                finally:
                    logger.info("done")  # here
        """,
    },
    "collapsed-routes": {
        "the scope's": """
            def label(scope) -> str:
                return scope["route"].path_format  # here
        """,
        "the route in a variable": """
            def label(request: Request) -> str:
                route = request.scope.get("route")
                return route.path  # here
        """,
    },
    "charge-after-timeout": {
        "wait_for in a function": """
            @app.middleware("http")
            async def limit(request: Request, call_next):
                return await asyncio.wait_for(call_next(request), 1)  # here
        """,
    },
    "missed-problems": {
        "logged errors are no answer": """
            from fastapi.exceptions import RequestValidationError
            @app.exception_handler(HTTPException)  # here
            async def refuse(request: Request, exc: HTTPException) -> JSONResponse: ...
        """,
        "added by a call": """
            async def answer(request: Request, error: HTTPException): ...
            app.add_exception_handler(HTTPException, answer)  # here
        """,
        "a handler with raw errors that is added by a call": """
            from fastapi.exceptions import RequestValidationError
            async def answer(request: Request, error: RequestValidationError):
                return JSONResponse({"errors": error.errors()}, 422)  # here
            app.add_exception_handler(RequestValidationError, answer)
        """,
    },
    "naked-errors": {
        "imported under another name": """
            from fastapi.middleware.cors import CORSMiddleware as Cors
            app.add_middleware(Cors, allow_origins=["https://shop.example"])  # here
        """,
    },
    "open-websocket": {
        "derived from one of its own": """
            class Base_(BaseHTTPMiddleware): ...
            class Guard(Base_):
                async def dispatch(self, request: Request, call_next):
                    if "authorization" not in request.headers:
                        return JSONResponse({}, 401)  # here
                    return await call_next(request)
        """,
    },
}

NEAR_MISSES: Codes = {
    "early-log": {
        "behind one that is handed on": """
            @app.middleware("http")
            async def trace(request: Request, call_next):
                if request.url.path == "/healthz":
                    return await call_next(request)
                log.info("begins")
                return await call_next(request)
        """,
    },
    "open-websocket": {
        "it passes on": """
            class Time(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
                    return await call_next(request)
        """,
        "another refusal": """
            @app.middleware("http")
            async def limit(request: Request, call_next):
                if request.headers:
                    return JSONResponse({}, status_code=429)
                return await call_next(request)
        """,
    },
    "charge-after-timeout": {
        "another call": """
            class Auth(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
                    async with asyncio.timeout(1):
                        await self.verify(request)
                    return await call_next(request)
        """,
        "without a timeout, and not in middleware": """
            @app.middleware("http")
            async def trace(request: Request, call_next):
                answer = await call_next(request)
                return answer
            async def other(call_next):
                async with asyncio.timeout(1):
                    await call_next()
        """,
    },
    "missed-problems": {
        "logged": """
            from fastapi.exceptions import RequestValidationError
            @app.exception_handler(RequestValidationError)
            async def invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
                log.warning(exc.errors())
                return JSONResponse({}, 422)
        """,
        "nothing is handled": """
            @app.exception_handler(404)
            async def gone(request: Request, exc: Exception) -> JSONResponse: ...
        """,
        "a handler for validation that is not seen": """
            from fastapi.exceptions import RequestValidationError
            app.add_exception_handler(RequestValidationError, imported_from_nowhere)
        """,
    },
    "collapsed-routes": {
        "a path of something else": """
            def label(request: Request, node) -> str:
                return getattr(node, "path", "")
        """,
        "the path of something else by its name": """
            def label(route) -> str:
                return getattr(route, "path", "")
        """,
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
