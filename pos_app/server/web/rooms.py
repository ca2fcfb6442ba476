"""All pages of head office in one router."""

from fastapi import APIRouter

from pos_app.server.web import (
    account_pages,
    day_pages,
    doorway,
    editing_rooms,
    overview,
    people_pages,
    review_pages,
    shop_pages,
    statics,
)

router = APIRouter()
for room in (
    statics.router,
    doorway.root,
    doorway.router,
    account_pages.router,
    overview.router,
    day_pages.router,
    shop_pages.router,
    review_pages.router,
    people_pages.router,
    editing_rooms.router,
):
    router.include_router(room)
