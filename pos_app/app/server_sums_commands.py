"""`pos-app server day-sums`: compare the sums of days with the journals, or make them anew."""

import argparse
from typing import Any

from pos_app.app.server_commands import DONE, office_command, open_database, write_out
from pos_app.app.server_key_commands import company_named

WRONG = 1
_SHOWN = 20  # faults in words; as JSON all of them


def add_day_sums_command(commands: Any) -> None:
    """Describe `pos-app server day-sums`."""
    parser = office_command(
        commands, "day-sums", day_sums, "compare the sums of business days with the journals"
    )
    parser.add_argument("--company", default="", metavar="NAME", help="its name or its id")
    parser.add_argument(
        "--repair", action="store_true", help="make those anew that are not the journal's"
    )


def day_sums(options: argparse.Namespace) -> int:
    """Say which sums are not those of the journals, and with `--repair` make them so.

    Ends with 1 where something is wrong and stays so. Raises CompanyNotNamed and what
    `open_database` does.
    """
    from pos_app.server.day_recomputing import check_day_sums

    office = open_database(options)
    try:
        company_id = company_named(office, options.company)
        found = check_day_sums(office, company_id, repairs=options.repair)
    finally:
        office.close()
    plain = {"tills": found.tills, "faults": found.faults, "repaired": found.repaired}
    words = [f"Wrong: {fault}." for fault in found.faults[:_SHOWN]]
    if len(found.faults) > _SHOWN:
        words.append(f"And {len(found.faults) - _SHOWN} more.")
    if not found.faults:
        words.append(f"The sums of {found.tills} journals are what the journals say.")
    elif found.repaired:
        words.append(f"The sums of {len(found.repaired)} journals were made anew.")
    else:
        words.append("Make them anew: pos-app server day-sums --repair")
    write_out(options, plain, "\n".join(words))
    return DONE if found.repaired or not found.faults else WRONG
