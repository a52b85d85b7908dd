"""Relationships: what a loaded collection holds, and what loading costs."""

from __future__ import annotations

from scans import Codes, silent

NEAR_MISSES: Codes = {
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
}


test_near_misses = silent(NEAR_MISSES)
