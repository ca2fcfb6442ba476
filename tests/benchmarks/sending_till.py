"""A till that sends its whole outbox as fast as it can, as a process of its own.

`python sending_till.py STORE BATCH` says `ready`, waits for a line on standard input, sends all,
and says how many entries that were.
"""

import sys
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.store.store import open_store
from pos_app.sync.engine import Did, SyncEngine
from pos_app.sync.http_transport import HttpTransport
from tests.benchmarks.shops import now


def main(path: Path, batch: int) -> None:
    transport = HttpTransport()
    with open_store(path) as store:
        engine = SyncEngine(store, transport, now, Random(1), batch_entries=batch)
        print("ready", flush=True)
        sys.stdin.readline()
        while (step := engine.step()).did not in {Did.IDLE, Did.PULL}:
            if step.did is Did.FAILED:
                sys.exit(engine.status().sentence)
        print(store.journal_seq, flush=True)
    transport.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
