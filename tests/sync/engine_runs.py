"""A till's engine beside the head office in memory, run until nothing is due."""

from pos_app.store.store import Store
from pos_app.sync.engine import Did, Step, SyncEngine
from tests.sync.office_stand_in import Clock, Office


def run(engine: SyncEngine, clock: Clock, steps: int = 60) -> list[Step]:
    """Step until nothing is due, in the engine's own time."""
    done: list[Step] = []
    for _ in range(steps):
        step = engine.step()
        done.append(step)
        clock.pass_s(step.wait_s)
        if step.did in {Did.IDLE, Did.NOTHING}:
            return done
    raise AssertionError([step.did for step in done])


def told(office: Office) -> list[int]:
    return sorted(seq for _, seq in office.entries)


def everything(store: Store) -> list[int]:
    return list(range(1, store.journal_seq + 1))
