"""Tables of how people come in: their second step, their recovery codes and their sessions."""

from pos_app.server.table_parts import (
    of_company,
    small_column,
    text_column,
    whole_column,
)

# The shared secret of an authenticator app (RFC 6238), sealed with the company's key.
second_steps = of_company(
    "second_steps",
    text_column("account_id"),
    text_column("secret"),
    text_column("confirmed_at", ""),  # empty until a code proved that the app has it
    whole_column("last_step", "0"),  # the time step of the last code: each works once
    small_column("wrong", "0"),  # wrong codes since the last right one
    text_column("wrong_at", ""),
    key="account_id",
)
recovery_codes = of_company(
    "recovery_codes",
    text_column("account_id"),
    text_column("hash"),
    text_column("used_at", ""),
    key="account_id hash",
)
# What a session is, for the person whose it is; that it opens anything is said by `doors`.
sessions = of_company(
    "sessions",
    text_column("hash"),  # of its door
    text_column("account_id"),
    text_column("began_at"),
    text_column("seen_at"),
    text_column("agent", ""),  # what the browser or program calls itself
    key="hash",
)
DOOR_TABLES = (second_steps, recovery_codes, sessions)
