"""`pos-app server second-step`: the way back for an owner who lost phone and recovery codes."""

import argparse
from typing import TYPE_CHECKING, Any

from pos_app.app.server_commands import DONE, office_command, open_database, write_out
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.server.accounts import Account
    from pos_app.server.database import Office

_WHO = "pos-app server second-step"


class EmailUnknown(PosError):
    """An email that signs nobody in."""

    sentence = "Nobody signs in as {email}. Write the email of the account with --reset."


class SecondStepNotThere(PosError):
    """The second step of somebody is to be reset who has none."""

    sentence = "{email} has no second step. The password alone opens the door."


def add_second_step_command(commands: Any) -> None:
    """Describe `pos-app server second-step`."""
    about = "reset the second step of somebody who lost phone and recovery codes"
    parser = office_command(commands, "second-step", reset_second_step, about)
    parser.add_argument("--reset", required=True, metavar="EMAIL", help="whose second step")


def reset_second_step(options: argparse.Namespace) -> int:
    """Take an account's second step away and end its sessions; its password stays as it is.

    Raises EmailUnknown, SecondStepNotThere.
    """
    from pos_app.server.office_log import write_log
    from pos_app.server.second_step import drop_second_step, has_begun_second_step
    from pos_app.server.sessions import end_sessions
    from pos_app.server.stamps import utc_now

    office = open_database(options)
    try:
        account = _account_of_email(office, options.reset)
        with office.company(account.company_id) as connection:
            if not has_begun_second_step(connection, account.company_id, account.id):
                raise SecondStepNotThere(email=account.email)
            drop_second_step(connection, account.company_id, account.id)
            ended = end_sessions(connection, account.company_id, account.id)
            write_log(
                connection, account.company_id, _WHO, "second step reset", account.id, utc_now()
            )
    finally:
        office.close()
    plain = {"company": account.company_id, "account": account.id, "email": account.email}
    words = (
        f"The second step of {account.name} <{account.email}> is reset: they sign in with their "
        "password alone until they set it up again."
    )
    write_out(options, {**plain, "sessions_ended": ended}, words)
    return DONE


def _account_of_email(office: "Office", email: str) -> "Account":
    from pos_app.server.accounts import account_of
    from pos_app.server.doors import DoorKind, find_door

    with office.shared() as connection:
        door = find_door(connection, DoorKind.SIGN_IN, email)
    if door is None:
        raise EmailUnknown(email=email)
    with office.company(door.company_id) as connection:
        return account_of(connection, door.company_id, door.subject)
