"""A company of real processes on a network that fails, killed again and again: nothing is lost.

Run it as `python tests/proofs/sync_processes.py --sales 20000 --tills 8`; `--sales 100000` is the
long form. Each till is a process of its own with a store, a seller and the engine; head office is
`pos-app server run` over a durable PostgreSQL; between them stands a proxy that drops, cuts,
doubles and loses requests and answers. Tills, head office and the database are killed as `kill -9`
does, and the network goes away altogether, as often as asked. Then all is left in peace until each
till says by itself that head office has everything, and both sides are laid beside each other.
Exit status 1 and the first faults if anything is lost, doubled or different.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

os.environ.setdefault("POS_APP_KEYS", "file")
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.server.database import Office, open_office
from pos_app.server.enrolment_codes import make_code
from pos_app.store.store import create_store
from tests.proofs.small_shop import SHOP, now, open_shop
from tests.proofs.sync_evidence import (
    TillEvidence,
    examine,
    examine_office,
    is_judged,
    is_pulled,
)
from tests.proofs.sync_machines import MachineStuck, OfficeProcess, TillProcess, wait_until
from tests.server.postgres import Cluster, cluster_folder
from tests.simulators.fault_proxy import FAIR, Fault, FaultProxy, Weather

AWAY = 9  # a port where nobody serves
HEAL_S = 300.0
REST_S = 3.0  # a till that is told something tells it on sooner than that
HEAD = ("", "entries", "there", "sales", "there", "sum", "there", "lost", "doubled", "heads")
_ROW = "{:8} {:>8} {:>8} {:>7} {:>7} {:>13} {:>13} {:>5} {:>8}  {}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen; `chance` is that of a request to meet a fault."""

    sales: int
    tills: int
    seed: int
    till_kills: int
    office_kills: int
    database_kills: int
    outages: int
    chance: float
    pause_ms: float = 0.0
    in_memory: bool = False

    @property
    def sales_each(self) -> int:
        return -(-self.sales // self.tills)


@dataclass(slots=True)
class Report:
    """What was done and found; times in seconds."""

    tills: list[TillEvidence] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    hits: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    selling_s: float = 0.0
    healing_s: float = 0.0
    load: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return sum(till.lost for till in self.tills)

    @property
    def doubled(self) -> int:
        return sum(till.doubled for till in self.tills)

    @property
    def difference_minor(self) -> int:
        return sum(till.due - till.office_due for till in self.tills)


class Company:
    """All machines of one company, running."""

    def __init__(self, plan: Plan, folder: Path, cluster: Cluster) -> None:
        self.plan, self.folder, self.cluster = plan, folder, cluster
        self.dice = random.Random(plan.seed)
        self.database_kills = self.outages = 0
        url = cluster.server.create_database("head_office").url
        self.office = OfficeProcess(url, folder / "office.log")
        founded = self.office.command("init", "--company", "Harbour Shops")
        self.company_id, self.shop = str(founded["company"]), str(founded["shop"])
        self.office.start()
        self.books: Office = open_office(url, pool=2)
        self.proxy = FaultProxy(self.office.port, plan.seed)
        self.proxy.start()
        self.tills = [self._till(number) for number in range(1, plan.tills + 1)]

    def _till(self, number: int) -> TillProcess:
        path = self.folder / f"till{number}" / "shop.db"
        path.parent.mkdir()
        if number == 1:
            open_shop(path).close()  # the others hear of its catalogue from head office
        else:
            create_store(path, SHOP, till=str(number), now=now()).close()
        with self.books.company(self.company_id) as connection:
            code = make_code(connection, self.company_id, self.shop, now()).code
        words = ["--office", self.proxy.url, "--code", code]
        words += ["--sales", str(self.plan.sales_each), "--seed", f"{self.plan.seed}{number}"]
        words += ["--pause-ms", str(self.plan.pause_ms)]
        return TillProcess(f"till {number}", path, words, path.with_name("log"))

    @property
    def sold(self) -> int:
        return sum(len(till.heard.sold) for till in self.tills)

    @property
    def is_sold_out(self) -> bool:
        return all(till.heard.is_done for till in self.tills)

    def harm(self, what: str) -> None:
        """Let one thing go wrong, and mend what does not mend itself."""
        pause_s = self.dice.uniform(0, 2)
        match what:
            case "till":
                till = self.dice.choice([one for one in self.tills if one.is_alive])
                till.kill()
                time.sleep(pause_s / 4)
                till.start()
            case "office":
                self.office.kill()
                time.sleep(pause_s)
                self.office.start(is_waited_for=False)
            case "database":
                self.office.wait()  # one that starts without a database says so and ends
                self.cluster.kill()
                time.sleep(pause_s / 2)
                self.cluster.start()
                self.database_kills += 1
            case "outage":
                self.proxy.server_port = AWAY
                self.proxy.hang_up()
                time.sleep(pause_s)
                self.proxy.server_port = self.office.port
                self.outages += 1

    def check_alive(self) -> None:
        """Raise MachineStuck where something died that nobody killed."""
        for till in self.tills:
            if not till.is_alive:
                raise MachineStuck(f"{till.name} died by itself: {till.last_words()}")
        self.office.check_alive()

    def put_away(self) -> None:
        """End every process."""
        for till in self.tills:
            till.put_away()
        self.proxy.close()
        self.office.stop()
        self.books.close()


def run(plan: Plan, folder: Path) -> Report:
    """Do what is planned in `folder`; raises MachineStuck where it does not come to an end."""
    report = Report()
    with cluster_folder(in_memory=plan.in_memory) as place, Cluster(place) as cluster:
        company = Company(plan, folder, cluster)
        with contextlib.closing(_Closing(company)):
            began = time.monotonic()
            _sell(company)
            report.selling_s = round(time.monotonic() - began, 1)
            report.healing_s = _heal(company)
            report.load = round(os.getloadavg()[0], 1)
            _rest(company)
            for till in company.tills:
                till.end()
            _examine(company, report)
    return report


@dataclass(frozen=True, slots=True)
class _Closing:
    company: Company

    def close(self) -> None:
        self.company.put_away()


def _sell(company: Company) -> None:
    """Let the tills sell, and let things go wrong at moments spread over all sales."""
    plan = company.plan
    company.proxy.weather = Weather(plan.chance, silence_s=1.0)
    for till in company.tills:
        till.start()
    harms = [(plan.sales * at, what) for at, what in _harms(plan, company.dice)]
    limit = time.monotonic() + HEAL_S + plan.sales / 10
    while not company.is_sold_out or harms:
        if harms and (company.sold >= harms[0][0] or company.is_sold_out):
            company.harm(harms.pop(0)[1])
        company.check_alive()
        time.sleep(0.02)
        if time.monotonic() > limit:
            raise MachineStuck(f"{company.sold} of {plan.sales} sales: {_standing(company)}")


def _harms(plan: Plan, dice: random.Random) -> list[tuple[float, str]]:
    """Return what goes wrong, each with how much is sold by then (0 to 1)."""
    kinds = ["till"] * plan.till_kills + ["office"] * plan.office_kills
    kinds += ["database"] * plan.database_kills + ["outage"] * plan.outages
    return sorted((dice.uniform(0.02, 0.98), kind) for kind in kinds)


def _heal(company: Company) -> float:
    """Leave all in peace until each till has proof that head office has everything."""
    company.proxy.weather = FAIR
    began = time.monotonic()
    limit_s = HEAL_S + company.plan.sales / 50
    try:
        wait_until(lambda: all(till.heard.has_healed for till in company.tills), "healed", limit_s)
    except MachineStuck as failure:
        raise MachineStuck(f"{failure}; {_standing(company)}") from failure
    return round(time.monotonic() - began, 1)


def _rest(company: Company) -> None:
    """Wait until nobody has anything more to tell: what a till is told, it tells its journal."""
    books, company_id = company.books, company.company_id
    quiet_since = time.monotonic()

    def is_at_rest() -> bool:
        nonlocal quiet_since
        is_quiet = is_judged(books, company_id) and is_pulled(books, company_id)
        if not (is_quiet and all(till.heard.has_healed for till in company.tills)):
            quiet_since = time.monotonic()
        return time.monotonic() - quiet_since >= REST_S

    wait_until(is_at_rest, "all comes to rest", HEAL_S)


def _standing(company: Company) -> str:
    return "; ".join(f"{till.name}: {till.heard.status}" for till in company.tills)


def _examine(company: Company, report: Report) -> None:
    for till in company.tills:
        found = examine(till.name, till.store, company.books, till.heard.sold)
        report.tills.append(found)
        report.faults += found.faults
        report.faults += [f"{till.name} told of {number} twice" for number in till.heard.twice]
    report.faults += examine_office(company.books, company.company_id)
    report.kills = {
        "tills": sum(till.kills for till in company.tills),
        "head office": company.office.kills,
        "database": company.database_kills,
        "network": company.outages,
    }
    report.hits = {fault.value: company.proxy.hits[fault] for fault in Fault}
    report.requests = company.proxy.requests
    for what, count in (("lost", report.lost), ("doubled", report.doubled)):
        if count:
            report.faults.append(f"{count} {what}")
    if report.difference_minor:
        report.faults.append(f"the sums differ by {report.difference_minor / 100:.2f}")


def as_text(report: Report) -> str:
    """Return the report as a table."""
    rows = [_ROW.format(*HEAD)]
    rows += [
        _ROW.format(
            till.name,
            *(f"{n:,}" for n in (till.entries, till.office_entries, till.sales, till.office_sales)),
            *(f"{minor / 100:,.2f}" for minor in (till.due, till.office_due)),
            till.lost,
            till.doubled,
            till.heads,
        )
        for till in [*report.tills, _sum_of(report.tills)]
    ]
    hits = ", ".join(f"{name} {count}" for name, count in report.hits.items() if count)
    kills = ", ".join(f"{name} {count}" for name, count in report.kills.items())
    harmed = f"{report.requests:,} requests, {sum(report.hits.values()):,} of them harmed ({hits})"
    when = f"sold in {report.selling_s} s, healed {report.healing_s} s later, load {report.load}"
    difference = f"difference {report.difference_minor / 100:.2f}"
    found = f"lost {report.lost}, doubled {report.doubled}, {difference}"
    rows += [f"killed: {kills}; {harmed}", f"{when}; {found}, {len(report.faults)} faults"]
    return "\n".join([*rows, *report.faults[:20]])


def _sum_of(tills: list[TillEvidence]) -> TillEvidence:
    total = TillEvidence("together")
    for till in tills:
        for name in ("entries", "sales", "due", "office_entries", "office_sales", "office_due",
                     "lost", "doubled"):  # fmt: skip
            setattr(total, name, getattr(total, name) + getattr(till, name))
    return total


@contextlib.contextmanager
def _place(kept: Path | None) -> Iterator[Path]:
    """Lend a folder, which stays where one was named."""
    if kept is not None:
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="pos-sync-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=20_000)
    parser.add_argument("--tills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--till-kills", type=int, default=24)
    parser.add_argument("--office-kills", type=int, default=8)
    parser.add_argument("--database-kills", type=int, default=6)
    parser.add_argument("--outages", type=int, default=6)
    parser.add_argument("--chance", type=float, default=0.15, help="of a request to meet a fault")
    parser.add_argument("--pause-ms", type=float, default=0.0, help="between two gestures")
    parser.add_argument("--in-memory", action="store_true", help="the database's files too")
    parser.add_argument("--folder", type=Path, help="where stores and logs are made, and stay")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    words = vars(options)
    plan = Plan(**{name: words[name] for name in Plan.__slots__})
    with _place(options.folder) as folder:
        report = run(plan, folder)
    print(json.dumps(asdict(report)) if options.json else as_text(report))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
