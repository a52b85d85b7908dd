"""What a detector finds beyond its page's example, and what it must let be. The examples are checked with the pages."""

from __future__ import annotations

import pytest
from scanner.detectors import DETECTORS
from scanner.scanning import Scanner
from scans import lines, scanned

# Trap -> sentence -> code; the line with `# here` is the one that is found.
FAULTS: dict[str, dict[str, str]] = {
    "late-commit": {
        "in a plain generator with a default": """
            def get_db():
                with sa.orm.Session() as db:
                    yield db
                    db.commit()  # here
            @app.get("/")
            def read(db=Depends(get_db)): ...
        """,
        "in the happy branch": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    try:
                        yield db
                        await db.commit()  # here
                    except Exception:
                        await db.rollback()
                        raise
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "by the end of begin()": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session.begin() as db:  # here
                    yield db
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
    },
    "second-checkout": {
        "in one statement": """
            async def copy() -> None:
                async with Session() as one, Session() as two:  # here
                    await two.execute(text("select 1"))
        """,
    },
    "session-shared-by-tasks": {
        "two arguments of gather": """
            async def both(session: AsyncSession) -> None:
                await asyncio.gather(session.execute(select(Order)), session.execute(select(Customer)))  # here
        """,
        "given to each task": """
            async def work(session: AsyncSession, key: int) -> None: ...
            async def all(session: AsyncSession, keys: list[int]) -> None:
                async with asyncio.TaskGroup() as group:
                    for key in keys:
                        group.create_task(work(session, key))  # here
        """,
    },
    "swallowed-cancellation": {
        "in a function that is called inside the timeout": """
            async def balance() -> int | None:
                try:
                    await asyncio.sleep(5)
                    return 100
                except asyncio.CancelledError:  # here
                    return None
            async def read() -> int | None:
                async with asyncio.timeout(1):
                    return await balance()
        """,
    },
    "stop-flag-after-yield": {
        "a handler that forgets uvicorn's": """
            import signal
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, print)  # here
                yield
        """,
    },
    "shield-alone": {
        "a session": """
            async def pay(book) -> None:
                async with Session() as session:
                    await asyncio.shield(book(session))  # here
        """,
    },
    "yield-inside-a-timeout": {
        "a task group": """
            async def merged(feeds):
                async with asyncio.TaskGroup() as group:
                    for feed in feeds:
                        yield feed  # here
        """,
    },
    "timeout-inside-the-group": {
        "nested": """
            async def run(jobs) -> None:
                async with asyncio.TaskGroup() as group:
                    async with asyncio.timeout(1):  # here
                        for job in jobs:
                            group.create_task(job())
        """,
    },
    "validation-under-lock": {
        "by an argument": """
            def upgrade() -> None:
                op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"], postgresql_not_valid=True)
                op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk")  # here
        """,
    },
    "swallowed-database-error": {
        "a clause that continues": """
            async def store(session: AsyncSession, names: list[str]) -> None:
                for name in names:
                    try:
                        await session.execute(insert(Order).values(name=name))
                    except IntegrityError:  # here
                        continue
                await session.commit()
        """,
        "in a begin()": """
            async def store(names: list[str]) -> None:
                async with Session.begin() as session:
                    try:
                        await session.execute(insert(Order))
                    except SQLAlchemyError:  # here
                        pass
        """,
    },
    "leaked-tenant": {
        "a role": """
            async def act(session: AsyncSession) -> None:
                await session.execute(text("SET ROLE reader"))  # here
        """,
        "text in a constant": """
            PATH = text("SET search_path TO acme")
            async def act(session: AsyncSession) -> None:
                await session.execute(PATH)  # here
        """,
    },
    "certificate-unchecked": {
        "httpx": """
            client = httpx2.AsyncClient(verify=False)  # here
        """,
        "one request": """
            async def read(session: aiohttp.ClientSession) -> None:
                await session.get("https://shop.example", ssl=False)  # here
        """,
    },
    "unread-response": {
        "a session in an attribute": """
            class Client:
                def __init__(self, session: aiohttp.ClientSession) -> None:
                    self.session = session
                async def ping(self) -> bool:
                    answer = await self.session.get("/")  # here
                    return answer.status == 200
        """,
    },
    "charge-after-timeout": {
        "wait_for in a function": """
            @app.middleware("http")
            async def limit(request: Request, call_next):
                return await asyncio.wait_for(call_next(request), 1)  # here
        """,
    },
    "raised-outside-the-handlers": {
        "in dispatch": """
            class Guard(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
                    raise HTTPException(401)  # here
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
    "session-handed-to-a-task": {
        "by keyword": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.post("/")
            async def create(tasks: BackgroundTasks, db: AsyncSession = Depends(get_db, scope="function")):
                tasks.add_task(print, session=db)  # here
        """,
    },
    "scopes-nobody-reads": {
        "further down neither": """
            def token() -> str: ...
            def user(token: Annotated[str, Depends(token)]) -> str: ...
            @app.get("/")
            def read(user: Annotated[str, Security(user, scopes=["all"])]): ...  # here
        """,
    },
    "context-left-behind": {
        "a function of the module": """
            TENANT = ContextVar("tenant", default="public")
            def table() -> str:
                return TENANT.get()
            async def read() -> str:
                return await asyncio.get_running_loop().run_in_executor(None, table)  # here
        """,
    },
    "lock-on-a-loaded-row": {
        "a statement for objects": """
            async def take(session: AsyncSession, key: int) -> None:
                await session.scalars(select(Order).where(Order.id == key).with_for_update())  # here
        """,
    },
    "one-job-ends-them-all": {
        "a group kept under another name": """
            async def send(to: str) -> None:
                if "@" not in to:
                    raise ValueError(to)
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                async with asyncio.TaskGroup() as group:
                    app.state.jobs = group
                    yield
            async def mail(to: str) -> None:
                app.state.jobs.create_task(send(to))  # here
        """,
    },
    "endless-acquire": {
        "a pool in the application's state": """
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                async with asyncpg.create_pool() as app.state.pool:
                    yield
            async def read(request: Request) -> int:
                async with request.app.state.pool.acquire() as connection:  # here
                    return await connection.fetchval("select 1")
        """,
    },
    "worker-of-the-first-tenant": {
        "in a global": """
            TENANT = ContextVar("tenant")
            worker = None
            async def work() -> None:
                while True:
                    await asyncio.sleep(1)
            async def add() -> None:
                global worker
                if worker is None:
                    worker = asyncio.create_task(work())  # here
        """,
    },
    "pinned-connection": {
        "a stream": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.get("/export")
            async def export(db: Annotated[AsyncSession, Depends(get_db)]) -> StreamingResponse: ...  # here
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

NEAR_MISSES: dict[str, dict[str, str]] = {
    "reset-that-replaces": {
        "asyncpg's own query": """
            async def clean(connection) -> None:
                await connection.execute(connection.get_reset_query())
            async def make():
                return await asyncpg.create_pool(reset=clean)
        """,
        "in words": """
            async def clean(connection) -> None:
                await connection.execute("DISCARD ALL")
            async def make():
                return await asyncpg.create_pool(reset=clean)
        """,
        "as well": """
            async def clean(connection) -> None:
                await connection.reset()
            async def make():
                return await asyncpg.create_pool(reset=clean)
        """,
    },
    "queue-that-no-gauge-shows": {
        "counted elsewhere": """
            def more(pool) -> int:
                return pool.overflow()  # set_function
        """,
    },
    "late-commit": {
        "a function that yields nothing": """
            async def get_db() -> AsyncSession:
                db = Session()
                await db.commit()
                return db
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "function scope": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
                    await db.commit()
            Db = Annotated[AsyncSession, Depends(get_db, scope="function")]
        """,
        "used by nobody": """
            @asynccontextmanager
            async def session() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
                    await db.commit()
        """,
        "committed before the yield": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    await db.commit()
                    yield db
            Db = Annotated[AsyncSession, Depends(get_db)]
        """,
        "another commit": """
            async def get_log(log: object) -> AsyncIterator[object]:
                yield log
                await log.commit()
            Log = Annotated[object, Depends(get_log)]
        """,
    },
    "two-sessions": {
        "two functions": """
            async def reads() -> AsyncIterator[AsyncSession]:
                yield Session()
            async def writes() -> AsyncIterator[AsyncSession]:
                yield Session()
            @app.get("/")
            async def read(a: Annotated[AsyncSession, Depends(reads)], b: Annotated[AsyncSession, Depends(writes, scope="function")]): ...
        """,
    },
    "revived-session": {
        "a session that the stream does not use": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                yield Session()
            @app.get("/")
            async def read(db: Annotated[AsyncSession, Depends(get_db, scope="function")]):
                rows = await db.scalars(select(Order))
                return StreamingResponse(iter(rows))
        """,
    },
    "constructor-as-query": {
        "a class for parameters": """
            class Page:
                def __init__(self, size: int = 10) -> None: ...
            @app.get("/")
            async def read(page: Annotated[Page, Depends()]): ...
        """,
    },
    "shield-alone": {
        "a task of its own": """
            async def pay(book) -> None:
                async with Session() as session:
                    task = asyncio.shield(book(session))
        """,
        "work without the resource": """
            async def pay(book) -> None:
                async with Session() as session:
                    await asyncio.shield(book())
        """,
    },
    "yield-inside-a-timeout": {
        "a dependency that yields once": """
            async def group():
                async with asyncio.TaskGroup() as tasks:
                    yield tasks
        """,
        "a context manager": """
            @asynccontextmanager
            async def limited():
                async with asyncio.timeout(1):
                    while True:
                        yield
        """,
    },
    "swallowed-cancellation": {
        "joined": """
            async def stop(task) -> None:
                async with asyncio.timeout(1):
                    task.cancel()
                    try:
                        await task
                    except asyncio.CancelledError:
                        pass
        """,
        "raised again": """
            async def read() -> None:
                async with asyncio.timeout(1):
                    try:
                        await asyncio.sleep(1)
                    except asyncio.CancelledError:
                        print("late")
                        raise
        """,
    },
    "both-clauses-run": {
        "one of them only logs": """
            async def run() -> None:
                try:
                    async with asyncio.TaskGroup() as group: ...
                except* TimeoutError:
                    raise HTTPException(504)
                except* ValueError as failed:
                    print(failed)
        """,
    },
    "timeout-inside-the-group": {
        "something is awaited in it": """
            async def run(job) -> None:
                async with asyncio.TaskGroup() as group, asyncio.timeout(1):
                    await group.create_task(job())
        """,
    },
    "stop-flag-after-yield": {
        "an event of a worker": """
            stopping = asyncio.Event()
            async def work() -> None:
                await stopping.wait()
            @asynccontextmanager
            async def lifespan(app: FastAPI):
                yield
                stopping.set()
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
    "uncommitted-upgrade": {
        "a transaction of its own": """
            def run(connection) -> None:
                with connection.begin():
                    connection.execute(text("SET lock_timeout = 1"))
                context.configure(connection=connection)
                context.run_migrations()
        """,
    },
    "invalid-index": {
        "nothing is skipped": """
            def upgrade() -> None:
                op.create_index("ix", "orders", ["id"], postgresql_concurrently=True)
        """,
    },
    "validation-under-lock": {
        "not a migration's": """
            def downgrade() -> None:
                op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk")
        """,
    },
    "coroutine-upgrade": {
        "no revision": """
            class Client:
                async def upgrade(self) -> None: ...
        """,
    },
    "limit-over-joined-rows": {
        "to one": """
            async def page(session: AsyncSession) -> None:
                await session.scalars(select(Order).join(Order.customer).options(contains_eager(Order.customer)).limit(5))
        """,
        "another statement": """
            async def page(session: AsyncSession) -> None:
                whole = select(Customer).join(Customer.orders).options(contains_eager(Customer.orders))
                short = select(Customer).limit(5)
        """,
    },
    "serialised-after-create": {
        "refreshed by name": """
            async def create(session: AsyncSession) -> object:
                customer = Customer()
                session.add(customer)
                await session.commit()
                await session.refresh(customer, ["orders"])
                return customer.orders
        """,
        "a column": """
            async def create(session: AsyncSession) -> int:
                customer = Customer()
                session.add(customer)
                await session.commit()
                await session.refresh(customer)
                return customer.id
        """,
    },
    "swallowed-database-error": {
        "rolled back": """
            async def store(session: AsyncSession) -> None:
                try:
                    await session.execute(insert(Order))
                except IntegrityError:
                    await session.rollback()
                await session.commit()
        """,
        "the commit itself": """
            async def store(session: AsyncSession) -> None:
                try:
                    await session.execute(insert(Order))
                    await session.commit()
                except IntegrityError:
                    print("exists")
        """,
        "nothing is committed": """
            async def ping(session: AsyncSession) -> bool:
                try:
                    await session.execute(text("select 1"))
                except SQLAlchemyError:
                    print("down")
        """,
    },
    "session-shared-by-tasks": {
        "another gather": """
            async def both(session: AsyncSession, gather) -> None:
                await gather(session.execute(text("a")), session.execute(text("b")))
        """,
        "a session for each round": """
            async def work(session: AsyncSession) -> None: ...
            async def all(keys: list[int]) -> None:
                for key in keys:
                    async with Session() as session:
                        await asyncio.create_task(work(session))
        """,
        "one task": """
            async def work(session: AsyncSession) -> None: ...
            async def one(session: AsyncSession) -> None:
                await asyncio.gather(work(session), asyncio.sleep(1))
        """,
    },
    "expired-all-the-same": {
        "refreshed": """
            class Ticket(Base):
                __tablename__ = "tickets"
                edited: Mapped[int] = mapped_column(onupdate=func.now())
            async def rename(session: AsyncSession, ticket: Ticket) -> int:
                ticket.title = "x"
                await session.commit()
                await session.refresh(ticket)
                return ticket.edited
        """,
        "by Python": """
            class Ticket(Base):
                __tablename__ = "tickets"
                edited: Mapped[int] = mapped_column(onupdate=lambda: 1)
            async def rename(session: AsyncSession, ticket: Ticket) -> int:
                ticket.title = "x"
                await session.commit()
                return ticket.edited
        """,
    },
    "leaked-tenant": {
        "local": """
            async def act(session: AsyncSession) -> None:
                await session.execute(text("SET LOCAL ROLE reader"))
        """,
        "a transaction's mode": """
            async def act(session: AsyncSession) -> None:
                await session.execute(text("SET TRANSACTION READ ONLY"))
        """,
    },
    "uncaught-outage": {
        "asyncpg itself": """
            async def read(pool: asyncpg.Pool) -> int:
                try:
                    return await pool.fetchval("select 1")
                except asyncpg.PostgresError:
                    return 0
        """,
    },
    "lost-settings": {
        "a codec": """
            async def prepare(connection) -> None:
                await connection.set_type_codec("json", encoder=json.dumps, decoder=json.loads)
            async def make():
                return await asyncpg.create_pool(init=prepare)
        """,
    },
    "override-drops-the-total": {
        "reads are limited": """
            async def read(session: aiohttp.ClientSession) -> None:
                await session.get("/", timeout=aiohttp.ClientTimeout(connect=1, sock_read=5))
        """,
        "a client's own": """
            session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(connect=1))
        """,
    },
    "unread-response": {
        "given on": """
            async def fetch(session: aiohttp.ClientSession):
                answer = await session.get("/")
                return answer
        """,
        "read": """
            async def fetch(session: aiohttp.ClientSession):
                answer = await session.get("/")
                return await answer.json()
        """,
        "another client": """
            async def fetch(client: httpx2.AsyncClient):
                answer = await client.get("/")
                return answer.status_code
        """,
    },
    "certificate-unchecked": {
        "no address has a certificate": """
            def runner(host: str) -> aiohttp.TCPConnector:
                print(f"http://{host}/", "see https://example.com")
                return aiohttp.TCPConnector(ssl=False)
        """,
        "no client": """
            def parse(verify: bool) -> None: ...
            parse(verify=False)
        """,
    },
    "lost-writes": {
        "nothing came before": """
            async def place(session: AsyncSession, charge) -> None:
                for attempt in range(3):
                    try:
                        await charge(session)
                        break
                    except DBAPIError:
                        await session.rollback()
                await session.commit()
        """,
        "the error leaves": """
            async def place(session: AsyncSession, charges) -> None:
                await session.execute(text("insert into orders values (1)"))
                for charge in charges:
                    try:
                        await charge(session)
                    except DBAPIError:
                        await session.rollback()
                        raise
                await session.commit()
        """,
    },
    "second-checkout": {
        "one after the other": """
            async def copy() -> None:
                async with Session() as one:
                    await one.execute(text("select 1"))
                async with Session() as two:
                    await two.execute(text("select 1"))
        """,
        "another maker": """
            Audit = async_sessionmaker()
            async def copy() -> None:
                async with Session() as one, Audit() as two: ...
        """,
    },
    "context-left-behind": {
        "nothing is read": """
            TENANT = ContextVar("tenant")
            def table() -> str:
                return "public"
            async def read() -> str:
                return await asyncio.get_running_loop().run_in_executor(None, table)
        """,
    },
    "join-on-dead-workers": {
        "not awaited here": """
            async def stop(queue: asyncio.Queue):
                queue.task_done()
                return queue.join()
        """,
        "a thread's": """
            def stop(thread, queue: asyncio.Queue) -> None:
                thread.join()
                queue.task_done()
        """,
        "done in finally": """
            async def drain(queue: asyncio.Queue, handle) -> None:
                async def work() -> None:
                    while True:
                        item = await queue.get()
                        try:
                            await handle(item)
                        finally:
                            queue.task_done()
                asyncio.create_task(work())
                await queue.join()
        """,
    },
    "fallback-in-the-body": {
        "another task": """
            async def page(load, rating: asyncio.Task) -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(load())
                    try:
                        await rating
                    except ConnectionError:
                        pass
        """,
    },
    "failure-raised-twice": {
        "no except* around it": """
            async def page(load) -> None:
                async with anyio.create_task_group() as group:
                    handle = group.create_task(load())
                    await handle
        """,
    },
    "waiting-for-the-losers": {
        "all of them are waited for": """
            async def race(jobs):
                async with asyncio.TaskGroup() as group:
                    await asyncio.wait([group.create_task(j()) for j in jobs])
                    return asyncio.FIRST_COMPLETED
        """,
        "nothing is returned": """
            async def race(jobs) -> None:
                async with asyncio.TaskGroup() as group:
                    done, _ = await asyncio.wait([group.create_task(j()) for j in jobs], return_when=asyncio.FIRST_COMPLETED)
        """,
    },
    "stop-that-stops-nothing": {
        "raised again": """
            async def work(job) -> None:
                try:
                    await job()
                except asyncio.CancelledError as error:
                    raise asyncio.CancelledError from error
            async def run(job) -> None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(work(job))
        """,
        "no task of a group": """
            async def stop() -> None:
                raise asyncio.CancelledError
            async def run() -> None:
                async with asyncio.TaskGroup() as group: ...
        """,
    },
    "tasks-of-a-websocket": {
        "a route": """
            @app.post("/")
            async def create(tasks: BackgroundTasks): ...
        """,
    },
    "session-handed-to-a-task": {
        "request scope": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                yield Session()
            @app.post("/")
            async def create(tasks: BackgroundTasks, db: Annotated[AsyncSession, Depends(get_db)]):
                tasks.add_task(print, db)
        """,
    },
    "lifespan-of-a-router": {
        "included once": """
            router = APIRouter(lifespan=None)
            app.include_router(router)
        """,
    },
    "file-kept-by-a-bad-range": {
        "another task": """
            def read(path: str) -> FileResponse:
                return FileResponse(path, background=BackgroundTask(print, path))
        """,
    },
    "added-before-the-error": {
        "only in one branch": """
            async def login(password: str, tasks: BackgroundTasks):
                if password:
                    tasks.add_task(print)
                else:
                    raise HTTPException(401)
        """,
        "tasks of one's own": """
            async def login(tasks: list):
                tasks.add_task(print)
                raise HTTPException(401)
        """,
    },
    "mount-outside-the-guard": {
        "no guard to be outside of": """
            admin = FastAPI()
            app.mount("/admin", admin)
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
    },
    "context-set-in-a-thread": {
        "read only": """
            TENANT = ContextVar("tenant")
            def tenant() -> str:
                return TENANT.get()
            @app.get("/")
            async def read(tenant: Annotated[str, Depends(tenant)]): ...
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
    },
    "replay-without-an-end": {
        "a test's": """
            async def receive():
                return {"type": "http.request", "body": b""}
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
    "copy-that-commits-itself": {
        "the driver's own connection": """
            async def load(connection: asyncpg.Connection, rows) -> None:
                await connection.copy_records_to_table("prices", records=rows)
        """,
    },
    "setting-lost-at-the-block": {
        "used before it": """
            def upgrade() -> None:
                op.execute("SET LOCAL lock_timeout = 1")
                op.add_column("orders", sa.Column("note", sa.Text()))
                with op.get_context().autocommit_block():
                    op.execute("CREATE INDEX CONCURRENTLY ix ON orders (id)")
        """,
    },
    "doubled-association": {
        "unique together": """
            pairs = sa.Table("pairs", Base.metadata, sa.Column("a", ForeignKey("a.id")), sa.Column("b", ForeignKey("b.id")), sa.UniqueConstraint("a", "b"))
        """,
        "no association": """
            lines = sa.Table("lines", Base.metadata, sa.Column("a", ForeignKey("a.id")), sa.Column("count"))
        """,
    },
    "writes-past-the-tenant-filter": {
        "no filter": """
            @event.listens_for(Session, "do_orm_execute")
            def count(state) -> None:
                if state.is_select:
                    print("with_loader_criteria")
        """,
    },
    "shown-but-not-stored": {
        "by key": """
            async def place(session: AsyncSession) -> None:
                Order(customer_id=1)
                await session.commit()
        """,
    },
    "version-from-the-client": {
        "another column": """
            class Article(Base):
                __tablename__ = "articles"
                version: Mapped[int] = mapped_column()
                __mapper_args__ = {"version_id_col": version}
            async def edit(session: AsyncSession, key: int) -> None:
                article = await session.get_one(Article, key)
                article.title = "x"
        """,
    },
    "timeout-inside-a-transaction": {
        "around all of it": """
            async def place() -> None:
                async with asyncio.timeout(1), Session.begin() as session:
                    async with session.begin_nested():
                        await session.execute(text("select 1"))
        """,
    },
    "token-waits-for-itself": {
        "a session of its own": """
            async def sign(request: aiohttp.ClientRequest, send):
                async with aiohttp.ClientSession() as session:
                    await session.post("/token")
                return await send(request)
        """,
    },
    "gauge-blank-with-workers": {
        "one process": """
            from prometheus_client import Gauge
            used = Gauge("used", "used")
            used.set_function(lambda: 1)  # not multiprocess_mode
        """,
    },
    "free-connections-at-zero": {
        "counted elsewhere": """
            def idle(pool) -> int:
                return pool.checkedin()
        """,
    },
    "zero-is-no-limit": {
        "no overflow asked for": """
            engine = create_async_engine("x", pool_size=0, max_overflows=1)  # max_overflow
        """,
    },
    "lock-queue": {
        "a table that is new": """
            def upgrade() -> None:
                op.create_table("notes")
                op.add_column("notes", sa.Column("note", sa.Text()))
        """,
    },
    "first-failure-drops-the-rest": {
        "one in each branch": """
            def after(tasks: BackgroundTasks, paid: bool) -> None:
                if paid:
                    tasks.add_task(print)
                else:
                    tasks.add_task(repr)
        """,
    },
    "await-in-a-stream-finally": {
        "closing": """
            async def rows(source) -> AsyncIterator[int]:
                try:
                    async for row in source:
                        yield row
                finally:
                    await source.aclose()
        """,
    },
    "cancellederror-as-data": {
        "asked for as well": """
            async def run(calls) -> None:
                results = await asyncio.gather(*calls, return_exceptions=True)
                for result in results:
                    if isinstance(result, Exception) and not isinstance(result, asyncio.CancelledError):
                        print(result)
        """,
    },
    "forgotten-overflow": {
        "a small constant": """
            engine = create_async_engine("x", pool_size=5)
        """,
    },
    "siblings-go-on": {
        "only reads": """
            async def load(user, orders) -> None:
                await asyncio.gather(user(), orders())
        """,
    },
}


MORE_FAULTS: dict[str, dict[str, str]] = {
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
    "await-in-a-stream-finally": {
        "an await of work": """
            async def rows(pool) -> AsyncIterator[int]:
                try:
                    yield 1
                finally:
                    await pool.execute("delete")  # here
        """,
    },
    "suppress-while-joining": {
        "a clause that passes": """
            async def stop(task: asyncio.Task) -> None:
                task.cancel()
                try:
                    await task  # here
                except asyncio.CancelledError:
                    pass
        """,
    },
    "collapsed-routes": {
        "the scope's": """
            def label(scope) -> str:
                return scope["route"].path_format  # here
        """,
    },
    "first-address-believed": {
        "an argument": """
            import uvicorn
            uvicorn.run(app, forwarded_allow_ips="*")  # here
        """,
    },
    "guard-opened-by-a-prefix": {
        "subscripted": """
            class Guard:
                async def __call__(self, scope, receive, send):
                    if scope["path"].startswith("/admin"):  # here
                        return
                    await self.app(scope, receive, send)
        """,
    },
    "lifespan-refused": {
        "headers": """
            class Guard:
                async def __call__(self, scope, receive, send):
                    print(scope["headers"])  # here
                    await self.app(scope, receive, send)
        """,
    },
    "certificate-of-a-stranger": {
        "a pool": """
            async def make():
                return await asyncpg.create_pool(ssl="prefer")  # here
        """,
    },
    "too-many-parameters": {
        "a comprehension": """
            async def store(session: AsyncSession, keys: list[int]) -> None:
                await session.execute(insert(Order).values([{"id": key} for key in keys]))  # here
        """,
        "a variable": """
            async def store(session: AsyncSession, keys: list[int]) -> None:
                rows = [{"id": key} for key in keys]
                await session.execute(insert(Order).values(rows))  # here
        """,
    },
    "cancellederror-as-data": {
        "a loop": """
            async def run(calls) -> None:
                results = await asyncio.gather(*calls, return_exceptions=True)
                for result in results:
                    if isinstance(result, Exception):  # here
                        print(result)
        """,
    },
    "sibling-refused": {
        "forbidden by the configuration": """
            class Filters(BaseModel):
                model_config = ConfigDict(extra="forbid")
            @app.get("/")
            async def read(filters: Annotated[Filters, Query()], page: int = 1): ...  # here
        """,
    },
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
    "half-started-lifespan": {
        "told by the application's type": """
            @asynccontextmanager
            async def start(app: FastAPI):
                pool = await asyncpg.create_pool()
                yield
                await app.state.flush()
                await pool.close()  # here
        """,
    },
    "worker-ends-the-lifespan": {
        "told by what the application is given": """
            async def work(poll) -> None:
                while True:
                    await poll()
            @asynccontextmanager
            async def start(app):
                async with asyncio.TaskGroup() as group:
                    group.create_task(work(print))  # here
                    yield
            service = FastAPI(lifespan=start)
        """,
    },
    "session-shared-by-tasks": {
        "a comprehension": """
            async def work(session: AsyncSession, key: int) -> None: ...
            async def all(session: AsyncSession, keys: list[int]) -> None:
                await asyncio.gather(*(work(session, key) for key in keys))  # here
        """,
    },
    "constructor-as-query": {
        "derived from one's own base": """
            class Common(BaseSettings): ...
            class Limits(Common):
                most: int = 5
            @app.get("/")
            async def read(limits: Limits = Depends()): ...  # here
        """,
    },
    "lock-queue": {
        "the newest revision": """
            revision = "2"
            down_revision = "1"
            def upgrade() -> None:
                op.add_column("orders", sa.Column("note", sa.Text()))  # here
        """,
    },
    "foreign-loop": {
        "an engine in a global": """
            engine = None
            def configure(url: str) -> None:
                global engine
                engine = create_async_engine(url)
            async def count() -> int:
                async with engine.connect() as connection:
                    return await connection.scalar(text("select 1"))
            def task() -> int:
                return asyncio.run(count())  # here
        """,
    },
    "wait-that-is-none": {
        "in a counter of one's own": """
            @event.listens_for(object, "checkout")
            def begin(*_): ...
            @event.listens_for(object, "checkin")
            def end(*_):
                pool_wait.record(1)  # here
        """,
    },
    "fast-path-turned-off": {
        "on a router": """
            router = APIRouter(default_response_class=JSONResponse)  # here
        """,
    },
    "late-commit": {
        "on a path that is no constant": """
            PATH = "/"
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
                    await db.commit()  # here
            @app.get(PATH)
            async def read(db: Annotated[AsyncSession, Depends(get_db)]): ...
        """,
    },
    "revived-session": {
        "in a generator of its own": """
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.get("/")
            async def read(db: Annotated[AsyncSession, Depends(get_db, scope="function")]):  # here
                async def rows():
                    for row in await db.scalars(select(Order)):
                        yield row
                return StreamingResponse(rows())
        """,
        "on a path that is no constant": """
            PATH = "/"
            async def get_db() -> AsyncIterator[AsyncSession]:
                async with Session() as db:
                    yield db
            @app.get(PATH)
            async def read(db: Annotated[AsyncSession, Depends(get_db, scope="function")]):  # here
                yield await db.scalar(text("select 1"))
        """,
    },
}

MORE_NEAR_MISSES: dict[str, dict[str, str]] = {
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
    "session-nobody-closes": {
        "closed by a stack": """
            @asynccontextmanager
            async def lifespan(app):
                app.state.shop = aiohttp.ClientSession()
                stack.push_async_callback(app.state.shop.close)
                yield
        """,
        "closed": """
            @asynccontextmanager
            async def lifespan(app):
                app.state.shop = aiohttp.ClientSession()
                yield
                await app.state.shop.close()
        """,
    },
    "statement-of-another-worker": {
        "both": """
            engine = create_async_engine("x?prepared_statement_cache_size=0", connect_args={"statement_cache_size": 0})
        """,
    },
    "leak-without-an-address": {
        "no listener": """
            def where(traceback, checkout) -> str:
                return traceback.format_stack()
        """,
    },
    "swallowed-cancellation": {
        "another error": """
            async def read() -> None:
                async with asyncio.timeout(1):
                    try:
                        await asyncio.sleep(1)
                    except ValueError:
                        pass
                    print(asyncio.CancelledError)
        """,
    },
    "timeout-around-anext": {
        "once": """
            async def first(rows) -> int:
                return await asyncio.wait_for(anext(rows), 1)
        """,
    },
    "gil-held-in-a-thread": {
        "a process beside a thread": """
            async def find(pattern: str) -> list[str]:
                await asyncio.to_thread(print)
                return await anyio.to_process.run_sync(re.findall, pattern, "")
        """,
        "another process": """
            async def find(pattern: str) -> list[str]:
                return await anyio.to_process.run_sync(re.findall, pattern, "")
        """,
        "a function of one's own": """
            async def find(pattern: str) -> list[str]:
                return await asyncio.to_thread(scan.findall, pattern)
        """,
    },
    "one-job-ends-them-all": {
        "suppressed": """
            async def job(send) -> None:
                with suppress(Exception):
                    await send()
            async def lifespan(app):
                async with asyncio.TaskGroup() as app.state.jobs:
                    yield
            def start() -> None:
                app.state.jobs.create_task(job(print))
        """,
        "nobody knows the function": """
            async def lifespan(app):
                async with asyncio.TaskGroup() as app.state.jobs:
                    yield
            def start(job) -> None:
                app.state.jobs.create_task(job())
        """,
    },
    "worker-ends-the-lifespan": {
        "nobody knows the function": """
            @asynccontextmanager
            async def lifespan(app, job):
                async with asyncio.TaskGroup() as group:
                    group.create_task(job())
                    yield
        """,
    },
    "hidden-httpexception": {
        "a group of somebody else": """
            from groups import TaskGroup
            async def read(load) -> None:
                async with TaskGroup() as group:
                    group.create_task(load())
        """,
        "no group": """
            async def read(TaskGroup) -> None:
                raise HTTPException(404)
        """,
        "caught as a group": """
            async def read(load) -> None:
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(load())
                except ExceptionGroup:
                    raise HTTPException(404)
        """,
    },
    "lost-successes": {
        "two tasks": """
            async def read(a, b) -> None:
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(a())
                        group.create_task(b())
                except* Exception as failed:
                    print(failed.exceptions)
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
    "open-websocket": {
        "it passes on": """
            class Time(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
                    return await call_next(request)
        """,
    },
    "foreign-loop": {
        "the program's one loop": """
            engine = create_async_engine("x")
            async def count() -> int:
                return await engine.connect()
            def main() -> None:
                asyncio.run(count())
        """,
    },
    "override-drops-the-total": {
        "positional": """
            async def read(session: aiohttp.ClientSession) -> None:
                await session.get("/", timeout=aiohttp.ClientTimeout(5))
        """,
    },
    "retry-with-an-empty-body": {
        "all bodies are forms": """
            async def retry(request: aiohttp.ClientRequest, send) -> aiohttp.ClientResponse:
                await send(request)
                return await send(request)
            async def order(session: aiohttp.ClientSession) -> None:
                await session.post("/", data={"item": "lamp"})
            session = aiohttp.ClientSession(middlewares=(retry,))
        """,
    },
    "blocking-pop-cut-off": {
        "it waits for a second": """
            from redis.asyncio import Redis
            client = Redis.from_url("redis://x")
            async def job():
                return await client.blpop(["jobs"], timeout=1)
        """,
    },
    "too-many-parameters": {
        "an unknown value": """
            async def store(session: AsyncSession, row) -> None:
                await session.execute(insert(Order).values(row))
        """,
        "a row": """
            async def store(session: AsyncSession) -> None:
                await session.execute(insert(Order).values({"id": 1}))
        """,
    },
    "loaded-to-be-deleted": {
        "the database does not cascade": """
            class Folder(Base):
                __tablename__ = "folders"
                files: Mapped[list["File"]] = relationship(cascade="all, delete-orphan")
            class File(Base):
                __tablename__ = "files"
                folder_id: Mapped[int] = mapped_column(ForeignKey("folders.id"))
        """,
    },
    "columns-of-a-subclass": {
        "loaded by the query": """
            from sqlalchemy.orm import selectin_polymorphic
            class Gift(Order):
                note: Mapped[str]
            async def read(session: AsyncSession) -> None:
                for row in await session.scalars(select(Order).options(selectin_polymorphic(Order, [Gift]))):
                    if isinstance(row, Gift):
                        print(row.note)
        """,
        "no model": """
            async def read(session: AsyncSession) -> None:
                for row in await session.scalars(select(Order)):
                    if isinstance(row, dict):
                        print(row.x)
        """,
    },
    "refresher-that-died-unseen": {
        "no endless loop": """
            class Rates:
                def start(self) -> None:
                    self.task = asyncio.create_task(self.refresh())
                async def refresh(self) -> None:
                    await asyncio.sleep(1)
                    await self.load()
        """,
    },
    "cleanup-still-running": {
        "no timeout": """
            async def run(jobs, close) -> None:
                try:
                    await asyncio.gather(*jobs)
                finally:
                    await close()
        """,
    },
    "cancelled-neighbour": {
        "it asks for both": """
            async def watch(jobs: list[asyncio.Task]) -> None:
                for job in jobs:
                    try:
                        await job
                    except (Exception, asyncio.CancelledError):
                        pass
        """,
    },
    "push-only-websocket": {
        "nothing of the socket is in the loop": """
            async def push(socket: WebSocket, other) -> None:
                while True:
                    await other.send_text("x")
        """,
    },
    "deadline-lost-in-the-group": {
        "another error": """
            async def run() -> None:
                try:
                    async with asyncio.timeout(1), asyncio.TaskGroup() as group: ...
                except ValueError:
                    print("TimeoutError")
        """,
        "groups too": """
            async def run() -> None:
                try:
                    async with asyncio.timeout(1), asyncio.TaskGroup() as group: ...
                except (TimeoutError, ExceptionGroup):
                    print("late")
        """,
    },
    "break-out-of-a-generator": {
        "it holds nothing": """
            async def numbers() -> AsyncIterator[int]:
                yield 1
            async def first() -> None:
                async for number in numbers():
                    break
        """,
    },
    "utc-without-a-zone": {
        "a zone is replaced": """
            from datetime import UTC, datetime
            made = mapped_column(sa.DateTime(timezone=True), default=lambda: datetime.now().replace(tzinfo=UTC))
        """,
        "a column without one": """
            from datetime import datetime
            made = mapped_column(sa.DateTime(), default=datetime.utcnow)  # timezone
        """,
    },
    "imports-that-deadlock": {
        "no session": """
            def store(connection, rows: list) -> None:
                connection.execute(insert(Order).on_conflict_do_update(), rows)
        """,
        "one row": """
            async def store(session: AsyncSession) -> None:
                await session.execute(insert(Order).on_conflict_do_update(), {"id": 1})
        """,
    },
    "await-in-a-stream-finally": {
        "nothing is yielded in it": """
            async def rows(pool) -> AsyncIterator[int]:
                yield 1
                try:
                    await pool.fetch()
                finally:
                    await pool.execute("delete")
        """,
    },
    "suppress-while-joining": {
        "something else is awaited": """
            async def stop(task: asyncio.Task) -> None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(1)
                with suppress(asyncio.CancelledError):
                    print(task)
        """,
    },
    "group-that-ends-in-silence": {
        "not a task": """
            async def run(Task) -> None:
                async with anyio.create_task_group() as group:
                    group.start_soon(print)
                    group.start_soon()
        """,
    },
    "cancellederror-as-data": {
        "of nobody's results": """
            def is_bad(x, return_exceptions) -> bool:
                return isinstance(x, Exception)
        """,
        "BaseException first": """
            async def run(calls) -> None:
                results = await asyncio.gather(*calls, return_exceptions=True)
                for result in results:
                    if isinstance(result, BaseException):
                        if isinstance(result, Exception):
                            print(result)
        """,
    },
}


@pytest.mark.parametrize(
    ("trap", "code"),
    [
        pytest.param(t, code, id=f"{t}: {s}")
        for t, faults in (*FAULTS.items(), *MORE_FAULTS.items())
        for s, code in faults.items()
    ],
)
def test_fault(trap: str, code: str) -> None:
    wanted = [n for n, line in enumerate(code.lstrip("\n").split("\n"), 1) if "# here" in line]

    assert lines(code, trap) == wanted != []


@pytest.mark.parametrize(
    ("trap", "code"),
    [
        pytest.param(t, code, id=f"{t}: {s}")
        for t, misses in (*NEAR_MISSES.items(), *MORE_NEAR_MISSES.items())
        for s, code in misses.items()
    ],
)
def test_near_miss(trap: str, code: str) -> None:
    assert lines(code, trap) == []


def test_every_error_has_a_near_miss_of_its_own() -> None:
    errors = {d.trap for d in DETECTORS if d.severity == "error"}

    assert errors - NEAR_MISSES.keys() == set()


def test_every_trap_is_told_of_by_one_detector_with_a_manual() -> None:
    assert len({d.trap for d in DETECTORS}) == len(DETECTORS)
    assert [d.trap for d in DETECTORS if not d.manual.startswith("Flags ")] == []


ROUTES = """
from fastapi import FastAPI
from deps import Db
app = FastAPI()
@app.get("/orders")
async def read(db: Db): ...
"""
DEPS = """
from typing import Annotated
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from db import get_db
Db = Annotated[AsyncSession, Depends(get_db)]
"""
DB = """
from sqlalchemy.ext.asyncio import async_sessionmaker
make = async_sessionmaker()
async def get_db():
    async with make() as session:
        yield session
        await session.commit()
"""


def test_a_dependency_of_another_module_is_told_of_where_it_commits() -> None:
    [found] = scanned(DEPS, "late-commit", db=DB)

    assert (found.path, found.line, found.source) == ("db.py", 7, "await session.commit()")


def test_an_alias_of_another_module_is_a_session() -> None:
    streamed = ROUTES.replace("read(db: Db): ...", "read(db: Db):\n    yield await db.scalar('x')")

    assert [(f.line, f.trap) for f in scanned(streamed, "pinned-connection", deps=DEPS, db=DB)] == [
        (6, "pinned-connection")
    ]


def test_an_error_in_a_test_is_a_warning() -> None:
    code = "import aiohttp\nc = aiohttp.TCPConnector(ssl=False)\n"
    found = {name: Scanner(texts={name: code}).file(name) for name in ("app.py", "tests/test_app.py", "conftest.py")}

    assert {name: [f.severity for f in findings] for name, findings in found.items()} == {
        "app.py": ["error"],
        "tests/test_app.py": ["warning"],
        "conftest.py": ["warning"],
    }


REVISION = """
from alembic import op
revision = "{}"
down_revision = {}
def upgrade() -> None:
    op.add_column("orders", "note")
"""


@pytest.mark.parametrize(
    ("path", "others", "found"),
    [
        pytest.param("db/versions/b.py", {}, 1, id="the newest is what will run"),
        pytest.param("db/versions/a.py", {}, 0, id="history has run"),
        pytest.param("db/versions/b.py", {"db/env.py": "SET lock_timeout = '2s'"}, 0, id="env.py sets it for all"),
        pytest.param("db/versions/b.py", {"db/env.py": "context.configure()"}, 1, id="env.py does not"),
    ],
)
def test_locks_are_asked_of_the_newest_revision(path: str, others: dict[str, str], found: int) -> None:
    texts = {"db/versions/a.py": REVISION.format("a", None), "db/versions/b.py": REVISION.format("b", "'a'")}

    assert len(Scanner(traps=["lock-queue"], texts=texts | others).file(path)) == found
