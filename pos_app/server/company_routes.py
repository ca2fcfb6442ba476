"""Routes of a company: itself, its shops, its tills, codes for new tills, and its log."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter

from pos_app.server.companies import (
    Company,
    Shop,
    add_shop,
    change_shop,
    company_of,
    list_shops,
    rename_company,
    shop_of,
)
from pos_app.server.enrolment_codes import make_code, withdraw_codes
from pos_app.server.office_log import LogLine, list_log
from pos_app.server.office_shapes import (
    After,
    CodeAsked,
    CodeMade,
    CodesWithdrawn,
    CompanyChanged,
    Key,
    Page,
    PageLimit,
    ShopChanged,
    ShopMade,
    page_of,
)
from pos_app.server.qr_picture import qr_svg
from pos_app.server.refusals import answers
from pos_app.server.roles import Action
from pos_app.server.stamps import stamp
from pos_app.server.till_list import (
    TillLine,
    list_tills,
    restore_till,
    revoke_till,
    till_line,
)
from pos_app.server.visitors import Visitor, may

router = APIRouter(prefix="/office/v1", tags=["company"])
_See = Annotated[Visitor, may(Action.SEE)]
_ChangeShops = Annotated[Visitor, may(Action.CHANGE_SHOPS)]
_Enrol = Annotated[Visitor, may(Action.ENROL_TILLS)]
_Revoke = Annotated[Visitor, may(Action.REVOKE_TILLS)]


@router.get("/company", responses=answers(401, 403))
def company(visitor: _See) -> Company:
    """Show the company."""
    with visitor.company() as connection:
        return company_of(connection, visitor.company_id)


@router.patch("/company", responses=answers(401, 403, 422))
def changed_company(asked: CompanyChanged, visitor: _ChangeShops) -> Company:
    """Give the company another name."""
    with visitor.change("company renamed", asked.name) as connection:
        return rename_company(connection, visitor.company_id, asked.name)


@router.get("/shops", responses=answers(401, 403, 422))
def shops(visitor: _See, after: After = "", limit: PageLimit = 100) -> Page[Shop]:
    """List the shops in order of their codes."""
    with visitor.company() as connection:
        found = list_shops(connection, visitor.company_id, after, limit)
    return page_of(found, limit, "code")


@router.post("/shops", status_code=201, responses=answers(401, 403, 409, 422))
def make_shop(asked: ShopMade, visitor: _ChangeShops) -> Shop:
    """Make a shop."""
    shop = Shop(asked.code, asked.name, asked.time_zone, stamp(visitor.now))
    with visitor.change("shop made", asked.code) as connection:
        add_shop(connection, visitor.company_id, shop)
    return shop


@router.get("/shops/{code}", responses=answers(401, 403, 404, 422))
def one_shop(code: Key, visitor: _See) -> Shop:
    """Show a shop."""
    with visitor.company() as connection:
        return shop_of(connection, visitor.company_id, code)


@router.patch("/shops/{code}", responses=answers(401, 403, 404, 409, 422))
def changed_shop(code: Key, asked: ShopChanged, visitor: _ChangeShops) -> Shop:
    """Give a shop another name or time zone."""
    with visitor.change("shop changed", code) as connection:
        return change_shop(
            connection, visitor.company_id, code, name=asked.name, time_zone=asked.time_zone
        )


@router.post("/shops/{code}/withdraw-codes", responses=answers(401, 403, 404, 422))
def withdrawn_codes(code: Key, visitor: _Enrol) -> CodesWithdrawn:
    """Take every unused enrolment code of a shop away."""
    with visitor.change("enrolment codes withdrawn", code) as connection:
        return CodesWithdrawn(count=withdraw_codes(connection, visitor.company_id, code))


@router.post("/enrolment-codes", status_code=201, responses=answers(401, 403, 404, 409, 422))
def make_enrolment_code(asked: CodeAsked, visitor: _Enrol) -> CodeMade:
    """Make a code by which one till comes to a shop."""
    with visitor.change("enrolment code made", asked.shop) as connection:
        made = make_code(
            connection,
            visitor.company_id,
            asked.shop,
            visitor.now,
            lasts=timedelta(minutes=asked.minutes),
            url=visitor.serving.settings.public_url,
        )
    return CodeMade(
        code=made.code,
        shop=made.shop,
        expires_at=made.expires_at,
        url=made.url,
        invitation=made.invitation,
        qr_svg=qr_svg(made.invitation),
    )


@router.get("/tills", responses=answers(401, 403, 422))
def tills(
    visitor: _See, after: After = "", limit: PageLimit = 100, shop: Key = ""
) -> Page[TillLine]:
    """List tills with what head office has of them, all or those of one shop."""
    with visitor.company() as connection:
        found = list_tills(connection, visitor.company_id, after, limit, shop)
    return page_of(found, limit, "id")


@router.get("/tills/{till_id}", responses=answers(401, 403, 404, 422))
def one_till(till_id: Key, visitor: _See) -> TillLine:
    """Show a till."""
    with visitor.company() as connection:
        return till_line(connection, visitor.company_id, till_id)


@router.post("/tills/{till_id}/revoke", responses=answers(401, 403, 404, 422))
def revoked_till(till_id: Key, visitor: _Revoke) -> TillLine:
    """Shut a till out at once; what it told stays."""
    with visitor.change("till revoked", till_id) as connection:
        return revoke_till(connection, visitor.company_id, till_id)


@router.post("/tills/{till_id}/restore", responses=answers(401, 403, 404, 409, 422))
def restored_till(till_id: Key, visitor: _Revoke) -> TillLine:
    """Let a till come back; it knows itself by its key, so it needs no code."""
    with visitor.change("till restored", till_id) as connection:
        return restore_till(connection, visitor.company_id, till_id)


@router.get("/log", responses=answers(401, 403, 422))
def log(
    visitor: Annotated[Visitor, may(Action.SEE_LOG)], after: After = "", limit: PageLimit = 100
) -> Page[LogLine]:
    """List what people did at head office, the latest first."""
    with visitor.company() as connection:
        found = list_log(connection, visitor.company_id, after, limit)
    return page_of(found, limit, "id")
