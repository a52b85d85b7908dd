"""Middleware, error handlers, and what a route is called."""

from __future__ import annotations

from scans import Codes, silent, told

FAULTS: Codes = {
    "collapsed-routes": {
        "the scope's": """
            def label(scope) -> str:
                return scope["route"].path_format  # here
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
    },
}

NEAR_MISSES: Codes = {
    "open-websocket": {
        "it passes on": """
            class Time(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
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
    },
}


test_faults = told(FAULTS)
test_near_misses = silent(NEAR_MISSES)
