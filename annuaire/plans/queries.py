"""What the pages and the worker of plans ask of the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from annuaire.plans.models import PurchasePlan, PurchasePlanLine


def plan_by_token(token: str) -> Select[*tuple[Any, ...]]:
    """The plan of an address, without its file."""
    return select(
        PurchasePlan.id,
        PurchasePlan.token,
        PurchasePlan.name,
        PurchasePlan.place,
        PurchasePlan.buyer,
        PurchasePlan.state,
        PurchasePlan.message,
        PurchasePlan.created_at,
        PurchasePlan.expires_at,
    ).where(PurchasePlan.token == token)


def counts_of(plan_id: int) -> Select[int, int, int]:
    """How many lines a plan has, how many are done (refused ones are, from the start), and how many
    of these are refused: a page asks it every two seconds, so no answer is read for it."""
    done = func.count().filter(PurchasePlanLine.done)
    refused = func.count().filter(PurchasePlanLine.given["refusals"].as_string() != "[]")
    counts = (func.count().label("total"), done.label("done"), refused.label("refused"))
    return select(*counts).where(PurchasePlanLine.plan_id == plan_id)


def lines_of(plan_id: int, after: int, limit: int) -> Select[int, bool, dict[str, Any], Any]:
    """Lines of a plan by position, those after one: position, done, given, answer."""
    return (
        select(
            PurchasePlanLine.position,
            PurchasePlanLine.done,
            PurchasePlanLine.given,
            PurchasePlanLine.answer,
        )
        .where(PurchasePlanLine.plan_id == plan_id, PurchasePlanLine.position > after)
        .order_by(PurchasePlanLine.position)
        .limit(limit)
    )


def lines_to_do(plan_id: int, limit: int) -> Select[int, dict[str, Any]]:
    """The next lines of a plan that await their answer: identifier, given."""
    return (
        select(PurchasePlanLine.id, PurchasePlanLine.given)
        .where(PurchasePlanLine.plan_id == plan_id, PurchasePlanLine.done.is_(False))
        .order_by(PurchasePlanLine.position, PurchasePlanLine.id)
        .limit(limit)
    )


def free_plans(now: datetime) -> Select[int]:
    """The plans that a worker may take: those that wait, and those whose worker was lost."""
    lost = and_(PurchasePlan.state == "running", PurchasePlan.held_until < now)
    return (
        select(PurchasePlan.id)
        .where(or_(PurchasePlan.state == "waiting", lost), PurchasePlan.expires_at > now)
        .order_by(PurchasePlan.id)
        .limit(1)
    )
