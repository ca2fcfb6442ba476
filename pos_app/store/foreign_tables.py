"""The tables of what a till knows of foreign servers: none of it is a fact of the shop."""

from sqlalchemy import Index

from pos_app.store.columns import keyed, text

# What a remote calls the things that it has from here: the key is that of the step that was done.
# A step that left no id behind has one row without a name.
remote_ids = keyed(
    "remote_ids",
    text("remote", key=True),
    text("key", key=True),
    text("name", key=True),
    text("value"),
)
Index("remote_ids_by_value", remote_ids.c.remote, remote_ids.c.value, remote_ids.c.name)
# Requests that change something and whose outcome is not known yet; written before they leave.
attempts = keyed(
    "attempts",
    text("remote", key=True),
    text("key", key=True),
    text("at"),
    text("asked"),
)
# Which step each thing that waits for a person (or for another thing) is about; the rest of it
# stands in `refusals` under the same id.
held_steps = keyed(
    "held_steps",
    text("remote", key=True),
    text("id", key=True),
    text("key"),
    text("number"),
    text("names"),
)
Index("held_steps_by_key", held_steps.c.remote, held_steps.c.key)
