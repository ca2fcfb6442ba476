"""How what belongs to stock is kept: rules, suppliers, deliveries, batches, costs, stock takes."""

from pos_app.domain.delivery import Batch, Delivery, DeliveryLine, DeliveryState, Supplier
from pos_app.domain.stock_rule import StockRule
from pos_app.domain.stock_take import StockCount, StockTake
from pos_app.domain.stock_value import AverageCost
from pos_app.store.records import RecordKind
from pos_app.store.stock import micro_of

RULE = RecordKind(
    "stock_rule",
    StockRule,
    id_of=lambda rule: rule.product_id,
    # The point of ordering in millionths: the low-stock list compares it without reading states.
    place_of=lambda rule: "" if rule.reorder_at is None else str(micro_of(rule.reorder_at)),
    # Open are those that the low-stock list has to look at.
    is_open_of=lambda rule: rule.reorder_at is not None,
)
SUPPLIER = RecordKind(
    "supplier",
    Supplier,
    id_of=lambda supplier: supplier.id,
    place_of=lambda supplier: supplier.name.casefold(),
    is_open_of=lambda supplier: supplier.is_active,
)
DELIVERY = RecordKind(
    "delivery",
    Delivery,
    id_of=lambda delivery: delivery.id,
    place_of=lambda delivery: delivery.id,
    is_open_of=lambda delivery: delivery.state is DeliveryState.OPEN,
)
DELIVERY_LINE = RecordKind(
    "delivery_line",
    DeliveryLine,
    id_of=lambda line: line.id,
    # By what is received: a scan finds the line it counts up without reading the others.
    place_of=lambda line: line.place,
)
BATCH = RecordKind("batch", Batch, id_of=lambda batch: batch.id, place_of=lambda batch: batch.id)
AVERAGE = RecordKind("average_cost", AverageCost, id_of=lambda cost: cost.product_id)
TAKE = RecordKind(
    "stock_take",
    StockTake,
    id_of=lambda take: take.id,
    place_of=lambda take: take.id,
    is_open_of=lambda take: take.is_open,
)
COUNT = RecordKind(
    "stock_count",
    StockCount,
    id_of=lambda count: count.id,
    place_of=lambda count: count.id,
)
