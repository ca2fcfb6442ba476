"""The tables of what a till knows of its remotes: none of it is a fact of the shop."""

from pos_app.store.columns import flag, keyed, numbered, row_key, text, whole

# One row for each value: addresses, tokens, cursors, the last signed head, the last contact.
remote_values = keyed(
    "remote_values",
    text("remote", key=True),
    text("name", key=True),
    text("value"),
)
# Which revision of a thing at head office the till's own copy goes back to; `lost` is a JSON list
# of what gave way in the latest quarrel about it, or empty.
received = keyed(
    "received",
    text("kind", key=True),
    text("id", key=True),
    whole("revision"),
    text("lost"),
)
# Things from head office that cannot stand beside what the till has (a code is somebody else's):
# each waits as it came, and is tried again. `thing` is JSON.
waiting_things = keyed(
    "waiting_things",
    text("kind", key=True),
    text("id", key=True),
    whole("revision"),
    text("thing"),
)
# What the other tills of the shop moved of a product in sum, in millionths of its unit.
elsewhere = keyed(
    "elsewhere",
    text("product_id", key=True),
    text("location", key=True),
    text("till", key=True),
    whole("quantity_micro"),
    text("heard_at"),
)
# Entries that a remote could not take: they wait for a person, and the rest goes on.
refusals = keyed(
    "refusals",
    text("remote", key=True),
    text("id", key=True),
    whole("epoch"),
    whole("seq"),
    text("kind"),
    text("at"),
    text("reason"),
    text("remedy"),
    whole("is_settled"),
    flag("is_settled"),
)
# What happened between till and remote, the last some hundred lines.
sync_log = numbered(
    "sync_log",
    row_key(),
    text("remote"),
    text("at"),
    text("level"),
    text("text"),
    reuses_numbers=False,
)
