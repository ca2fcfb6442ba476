"""What must hold in the end: nothing lost, nothing doubled, and parked what nobody can decide."""

from collections import Counter

from pos_app.store.foreign import HeldState
from tests.proofs.foreign_world.all_books import BOOKS
from tests.proofs.foreign_world.books import Due, Print
from tests.proofs.foreign_world.remotes import Independent
from tests.proofs.foreign_world.till import Till
from tests.proofs.foreign_world.wire import Ending, is_change
from tests.proofs.foreign_world.world import World


def faults_of(world: World, api: str) -> list[str]:
    """Compare what was sold with what the server holds and with what waits for a person."""
    books = BOOKS[api]
    faults = [fault for till in world.tills for fault in _odd_holds(till)]
    due: Counter[Print] = Counter()
    parked: Counter[Print] = Counter()
    shared: set[Print] = set()
    for till in world.tills:
        doubtful = {one.number for one in till.held(HeldState.DOUBTFUL)}
        waiting = {one.number for one in till.held(HeldState.WAITS)}
        wanted = list(books.due(till))
        due.update(one.print for one in wanted)
        shared |= {one.print for one in wanted if one.is_shared}
        parked.update(one.print for one in wanted if one.number in doubtful | waiting)
        faults += _wrongly_parked(till, api, wanted, doubtful, has_twin=_has_twin(world, till))
        if waiting and not doubtful:
            faults.append(f"{', '.join(sorted(waiting))} waits, and nothing is in doubt")
    remote = world.remote
    if isinstance(remote, Independent):
        there = Counter(books.independent(remote))
    else:
        assert world.office is not None
        there = Counter(books.office(world.office))
    for one in due.keys() | there.keys():
        least, most = due[one] - parked[one], due[one]
        if one in shared:
            least = min(least, 1)
        if not least <= there[one] <= most:
            word = "lost" if there[one] < least else "doubled" if most else "invented"
            faults.append(f"{word}: {_said(one)} is there {there[one]} times of {least} to {most}")
    return faults


def _odd_holds(till: Till) -> list[str]:
    """Return what was put aside for a reason that no weather gives."""
    allowed = {HeldState.DOUBTFUL, HeldState.WAITS}
    return [
        f"{one.kind} {one.number} was put aside as {one.state}: {one.reason}"
        for one in till.held()
        if one.state not in allowed
    ]


def _wrongly_parked(
    till: Till, api: str, wanted: list[Due], doubtful: set[str], *, has_twin: bool
) -> list[str]:
    """Compare what waits for a person with what nobody who saw only the answers could decide.

    What a twin leaves in doubt may be parked.
    """
    undecidable = _undecidable(till) if api == "xtrakit" else set()
    faults = []
    for one in wanted:
        is_parked = one.number in doubtful
        if is_parked and one.number not in undecidable and not has_twin:
            faults.append(f"{one.number} waits for a person, and it can be known")
        if not is_parked and one.number in undecidable:
            faults.append(f"{one.number} does not wait for a person, and nobody can know")
    return faults


def _has_twin(world: World, till: Till) -> bool:
    """Whether a customer whose creation is in doubt was created by another till just as well."""
    in_doubt = {name for name, ending in _created(till) if ending is Ending.UNCLEAR}
    others = (one for one in world.tills if one is not till)
    return any(name in in_doubt for other in others for name, _ in _created(other))


def _created(till: Till) -> list[tuple[str, Ending]]:
    asked = (one for one in till.wire.sent if one.method == "POST")
    return [(one.body["name"], one.ending) for one in asked if one.target.endswith("/customers")]


def _undecidable(till: Till) -> set[str]:
    """Return the numbers of what was sent once with an ending that is no answer."""
    unclear = {
        str(one.body.get("invoice_number"))
        for one in till.wire.sent
        if is_change(one) and one.ending is Ending.UNCLEAR
    }
    return unclear | till.cut_off


def _said(one: Print) -> str:
    return " ".join(str(part) for part in one)
