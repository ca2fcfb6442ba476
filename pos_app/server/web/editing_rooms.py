"""The pages on which head office edits what tills sell by, in one router."""

from fastapi import APIRouter

from pos_app.server.web import (
    connections,
    customers,
    goods_lists,
    keys,
    prices,
    products,
    shop_settings,
    staff,
)

router = APIRouter()
for room in (products, prices, goods_lists, customers, staff, shop_settings, connections, keys):
    router.include_router(room.router)
