"""Who may do what at head office: a table of roles and actions."""

from enum import StrEnum

from pos_app.domain.errors import PosError


class Role(StrEnum):
    """What a person is at head office; an owner may all, an auditor only looks."""

    OWNER = "owner"
    MANAGER = "manager"
    AUDITOR = "auditor"


class Action(StrEnum):
    """What a route lets a person do."""

    SEE = "see"  # company, shops, tills, heads, catalogue, inbox, quarrels
    SEE_LOG = "see_log"
    SEE_ACCOUNTS = "see_accounts"
    CHANGE_ACCOUNTS = "change_accounts"
    CHANGE_SHOPS = "change_shops"
    CHANGE_CATALOGUE = "change_catalogue"
    ENROL_TILLS = "enrol_tills"
    REVOKE_TILLS = "revoke_tills"
    SETTLE = "settle"
    CHANGE_KEYS = "change_keys"


class NotAllowed(PosError):
    """Somebody whose role does not let them."""

    sentence = "Your role ({role}) does not let you do this. Ask an owner of the company."


_LOOK = frozenset({Action.SEE, Action.SEE_LOG})
_RUN = frozenset(
    {
        Action.CHANGE_CATALOGUE,
        Action.CHANGE_KEYS,
        Action.CHANGE_SHOPS,
        Action.ENROL_TILLS,
        Action.REVOKE_TILLS,
        Action.SETTLE,
    }
)
PERMISSIONS: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.MANAGER: _LOOK | _RUN | {Action.SEE_ACCOUNTS},
    Role.AUDITOR: _LOOK,
}


def check_may(role: Role, action: Action) -> None:
    """Refuse what a role does not allow; raises NotAllowed."""
    if action not in PERMISSIONS[role]:
        raise NotAllowed(role=role.value)
