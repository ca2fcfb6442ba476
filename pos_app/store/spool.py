"""Print jobs that wait for their printer; they survive a restart."""

from dataclasses import dataclass
from datetime import datetime

from pos_app.store.connection import Database, Row

_SELECT = "SELECT id, printer, kind, payload, attempts, error, created_at, sale_id FROM print_jobs"


@dataclass(frozen=True, slots=True)
class PrintJob:
    """Bytes for a printer; `id` 0 means not kept yet, `error` says why the last try failed."""

    printer: str
    kind: str
    payload: bytes
    created_at: datetime
    sale_id: str | None = None
    id: int = 0
    attempts: int = 0
    error: str = ""


class Spool:
    """The spool for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self, limit: int = 1000, printer: str | None = None) -> list[PrintJob]:
        """Return the jobs that wait, oldest first: all, or those of one printer."""
        where = "" if printer is None else " WHERE printer = ?"
        values = (limit,) if printer is None else (printer, limit)
        rows = self._db.rows(f"{_SELECT}{where} ORDER BY id LIMIT ?", values)
        return [_job(row) for row in rows]

    def printers(self) -> list[str]:
        """Return the names of the printers that jobs wait for."""
        rows = self._db.rows("SELECT printer FROM print_jobs GROUP BY printer ORDER BY min(id)")
        return [name for (name,) in rows]

    def get(self, job_id: int) -> PrintJob | None:
        """Return one waiting job."""
        row = self._db.row(f"{_SELECT} WHERE id = ?", (job_id,))
        return None if row is None else _job(row)

    def count(self) -> int:
        """Return how many jobs wait."""
        return int(self._db.value("SELECT count(*) FROM print_jobs"))


class SpoolWriter(Spool):
    """The spool inside a transaction."""

    def add(self, job: PrintJob) -> int:
        """Keep a job and return its id."""
        return int(
            self._db.value(
                "INSERT INTO print_jobs (printer, kind, payload, attempts, error, created_at, "
                "sale_id) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    job.printer,
                    job.kind,
                    job.payload,
                    job.attempts,
                    job.error,
                    job.created_at.isoformat(),
                    job.sale_id,
                ),
            )
        )

    def done(self, job_id: int) -> None:
        """Forget a job that was printed."""
        self._db.run("DELETE FROM print_jobs WHERE id = ?", (job_id,))

    def skip(self, job_id: int) -> None:
        """Forget a job that nobody wants any more; the document can be printed again later."""
        self.done(job_id)

    def failed(self, job_id: int, error: str) -> None:
        """Remember why a try failed."""
        self._db.run(
            "UPDATE print_jobs SET attempts = attempts + 1, error = ? WHERE id = ?",
            (error, job_id),
        )

    def send_to(self, job_id: int, printer: str, payload: bytes) -> None:
        """Give a job to another printer, with the bytes made for that one."""
        self._db.run(
            "UPDATE print_jobs SET printer = ?, payload = ?, error = '' WHERE id = ?",
            (printer, payload, job_id),
        )


def _job(row: Row) -> PrintJob:
    job_id, printer, kind, payload, attempts, error, created_at, sale_id = row
    return PrintJob(
        printer=printer,
        kind=kind,
        payload=payload,
        created_at=datetime.fromisoformat(created_at),
        sale_id=sale_id,
        id=job_id,
        attempts=attempts,
        error=error,
    )
