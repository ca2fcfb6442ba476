"""The figures as a table: plain on the terminal, Markdown for the published page."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, Size, read

HEAD = ("what", "measured", "floor", "ratio", "bar", "", "notes")
WORDS = {Size.TINY: "tiny", Size.QUICK: "the usual form", Size.FULL: "the long form"}
LIBRARIES = ("PySide6-Essentials", "SQLAlchemy", "pysqlite3", "cryptography")
_MISSED_PAGE = Path(__file__).with_name("missed.md")
INTRODUCTION = """# Benchmarks

Made by `python tests/benchmarks/run.py --write`; do not edit. Ratios are against a floor
measured in turns within the same run, medians of many rounds, byte code compiled. `bar` is what
must not be passed (for the ratio where there is a floor, else for the value); rows without one
only inform. The garbage collector rests while a sale is timed, as it does in the till.
"""


def rows_of(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    return [
        (
            figure.what,
            f"{_number(figure.value)} {figure.unit}",
            f"{_number(figure.floor)} {figure.unit}" if figure.floor else "",
            f"{figure.ratio:.2f} ×" if figure.ratio else "",
            _bar(figure),
            figure.verdict,
            figure.note,
        )
        for figure in figures
    ]


def as_text(results: Mapping[str, Sequence[Figure]]) -> str:
    """The table for a terminal."""
    rows = [row for figures in results.values() for row in rows_of(figures)]
    widths = [max(len(row[place]) for row in [HEAD, *rows]) for place in range(len(HEAD))]
    lines = ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in [HEAD, *rows]]  # fmt: skip
    return "\n".join(lines)


def measured_now(figures: Sequence[Figure], size: Size) -> dict[str, object]:
    """Figures with when and on what they were measured, as plain values."""
    return {"on": machine(size), "figures": [asdict(figure) for figure in figures]}


def as_page(measured: Mapping[str, Mapping[str, Any]]) -> str:
    """The published page: every figure, when and on what it was measured."""
    parts = [INTRODUCTION]
    for name, told in measured.items():
        on = "; ".join(f"{what}: {value}" for what, value in told["on"])
        lines = [f"## {name.capitalize()}", "", f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
        lines += [f"| {' | '.join(row)} |" for row in rows_of(read(told["figures"]))]
        parts.append("\n".join([*lines, "", f"<sub>{on}</sub>"]) + "\n")
    if _MISSED_PAGE.exists():
        parts.append(_MISSED_PAGE.read_text("utf-8"))
    return "\n".join(parts)


def machine(size: Size) -> list[tuple[str, str]]:
    """When and on what it was measured."""
    load = (
        ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else ""
    )
    return [
        ("date", datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")),
        ("form", WORDS[size]),
        ("machine", ", ".join((f"{os.cpu_count()} × {_processor()}", _memory_gb(), _system()))),
        ("load when it ended (1, 5, 15 minutes)", load or "unknown"),
        ("Python", platform.python_version()),
        ("SQLite", _sqlite()),
        *((name, version(name)) for name in LIBRARIES),
    ]  # fmt: skip


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def _bar(figure: Figure) -> str:
    if figure.bar is None:
        return ""
    sign = " ×" if figure.floor else f" {figure.unit}"
    aim = f" (aim {figure.aim:g})" if figure.aim else ""
    return f"≤ {figure.bar:g}{sign}{aim}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory_gb() -> str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return "memory unknown"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GB"


def _system() -> str:
    return f"{platform.system()} {platform.release().split('-')[0]}"


def _sqlite() -> str:
    import pysqlite3

    return str(pysqlite3.sqlite_version)
