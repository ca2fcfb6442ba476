"""What somebody without the till's key can do to an auditor's export, one way per function.

Each way changes the files of an export in a folder and says what it did, and which words the
stand-alone verifier has to use about it: the file, its line, the entry or the document.
"""

import hashlib
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.journal import entry_hash
from tests.proofs.tampering import Done

SIGNED_WITH = b"pos-app auditor export 1\n"
Lines = list[dict[str, Any]]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _some_file(folder: Path, dice: random.Random) -> Path:
    return dice.choice([path for path in _files(folder) if path.stat().st_size])


def _some_lines(folder: Path, dice: random.Random, least: int = 1) -> Path | None:
    found = [
        path
        for path in _files(folder)
        if path.suffix == ".jsonl" and path.read_bytes().count(b"\n") >= least
    ]
    return dice.choice(found) if found else None


def _read(path: Path) -> Lines:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def _write(path: Path, lines: Lines) -> None:
    texts = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8", newline="\n")


def name_anew(folder: Path) -> None:
    """Make the manifest fit the files as they are now; nobody without the key can sign it."""
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    for name, about in told["files"].items():
        file = folder.joinpath(*name.split("/"))
        if file.exists():
            content = file.read_bytes()
            about["sha256"], about["bytes"] = hashlib.sha256(content).hexdigest(), len(content)
            about["lines"] = content.count(b"\n") if about["lines"] else 0
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def flip_bytes(folder: Path, dice: random.Random) -> Done:
    path = _some_file(folder, dice)
    content = bytearray(path.read_bytes())
    for _ in range(dice.choice((1, 1, 2, 8))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)
    return Done(f"bytes flipped in {_name(folder, path)}", (_name(folder, path),))


def cut_a_file(folder: Path, dice: random.Random) -> Done:
    path = _some_file(folder, dice)
    with path.open("rb+") as file:
        file.truncate(dice.randrange(path.stat().st_size))
    return Done(f"{_name(folder, path)} cut", (_name(folder, path),))


def remove_a_file(folder: Path, dice: random.Random) -> Done:
    path = dice.choice(_files(folder))
    path.unlink()
    return Done(f"{_name(folder, path)} removed", (_name(folder, path),))


def add_a_file(folder: Path, dice: random.Random) -> Done:
    name = dice.choice(("notes.txt", "rows/more.jsonl", "manifest.json.bak"))
    (folder / name).write_bytes(b"{}\n")
    return Done(f"{name} added", (name,))


def replace_a_file(folder: Path, dice: random.Random) -> Done | None:
    one, other = dice.sample(_files(folder), 2)
    if one.read_bytes() == other.read_bytes():
        return None
    one.write_bytes(other.read_bytes())
    return Done(f"{_name(folder, one)} replaced", (_name(folder, one),))


def remove_a_line(folder: Path, dice: random.Random) -> Done | None:
    path = _some_lines(folder, dice)
    if path is None:
        return None
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[dice.randrange(len(lines))]
    path.write_bytes(b"".join(lines))
    return Done(f"a line of {_name(folder, path)} removed", (_name(folder, path),))


def add_a_line(folder: Path, dice: random.Random) -> Done | None:
    path = _some_lines(folder, dice)
    if path is None:
        return None
    lines = path.read_bytes().splitlines(keepends=True)
    lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))
    path.write_bytes(b"".join(lines))
    return Done(f"a line of {_name(folder, path)} doubled", (_name(folder, path),))


def swap_two_lines(folder: Path, dice: random.Random) -> Done | None:
    path = _some_lines(folder, dice, least=2)
    if path is None:
        return None
    lines = path.read_bytes().splitlines(keepends=True)
    one, other = dice.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    if lines[one] == lines[other]:
        return None
    path.write_bytes(b"".join(lines))
    return Done(f"two lines of {_name(folder, path)} swapped", (_name(folder, path),))


def edit_a_line(folder: Path, dice: random.Random) -> Done | None:
    found = _edited(folder, dice)
    return found and Done(found[1], (found[0],))


def edit_the_manifest(folder: Path, dice: random.Random) -> Done:
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    where = dice.choice((told, told["journal"], told["documents"], *told["files"].values()))
    field = dice.choice([name for name in where if name not in ("format", "version", "files")])
    where[field] = _other(where[field], dice)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return Done(f"manifest.json: {field} changed", ("manifest.json",))


def edit_and_name_anew(folder: Path, dice: random.Random) -> Done | None:
    """Change a row and make the manifest fit: only its signature, and the journal, tell."""
    found = _edited(folder, dice)
    name_anew(folder)
    return found and Done(f"{found[1]}, the manifest made to fit", ("manifest.",))


def change_a_document(folder: Path, dice: random.Random) -> Done | None:
    """Change a figure of a document and make the manifest fit: the document must be named."""
    table = dice.choice(("sales", "sale_lines", "sale_taxes", "tenders"))
    path = folder / "rows" / f"{table}.jsonl"
    lines, sales = _read(path), _read(folder / "rows" / "sales.jsonl")
    if not lines:
        return None
    line = dice.choice(lines)
    numbers = {sale["row"]: sale["number"] for sale in sales}
    number = numbers[line["row" if table == "sales" else "sale"]]
    if dice.random() < 0.3:
        lines.remove(line)
        field = "whole line"
    else:
        keys = ("row", "sale", "line_no", "position", "id", "tax")
        field = dice.choice([name for name in line if name not in keys])
        line[field] = _other(line[field], dice)
    _write(path, lines)
    name_anew(folder)
    return Done(f"{table} of {number}: {field} changed, the manifest made to fit", (number,))


def change_an_entry(folder: Path, dice: random.Random) -> Done:
    """Change an entry and hash it, and sometimes the rest of the chain, again, without the key."""
    path = folder / "journal.jsonl"
    lines = _read(path)
    place = dice.randrange(len(lines))
    entry = lines[place]
    field = dice.choice(("payload", "payload", "at", "staff", "kind", "id"))
    entry[field] = _other_payload(entry[field], dice) if field == "payload" else f"{entry[field]}1"
    prev = entry["prev"]
    key = Ed25519PrivateKey.generate() if dice.random() < 0.5 else None
    for one in lines[place : None if dice.random() < 0.5 else place + 1]:
        one["prev"] = prev
        names = ("till", "epoch", "seq", "id", "kind", "at", "staff", "payload", "prev")
        prev = one["hash"] = entry_hash(*(one[name] for name in names))
        if key:
            one["signature"] = key.sign(bytes.fromhex(prev)).hex()
    _write(path, lines)
    if dice.random() < 0.7:
        name_anew(folder)
    return Done(f"entry {entry['seq']}: {field} changed and hashed", (f"entry {entry['seq']}",))


def hide_an_entry(folder: Path, dice: random.Random) -> Done:
    """Take an entry out and make the manifest fit."""
    path = folder / "journal.jsonl"
    lines = _read(path)
    gone = lines.pop(dice.randrange(len(lines)))
    _write(path, lines)
    name_anew(folder)
    return Done(f"entry {gone['seq']} taken out", (f"entry {gone['seq']}",))


def sign_with_another_key(folder: Path, dice: random.Random) -> Done:
    """Sign everything afresh with a key of one's own, and put it in the place of the till's."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    rows = _read(folder / "rows" / "till_epochs.jsonl")
    is_whole_chain = dice.random() < 0.7
    for row in rows:
        row["public_key"] = public
    _write(folder / "rows" / "till_epochs.jsonl", rows)
    for name in ("links.jsonl", "journal.jsonl"):
        if is_whole_chain and (folder / name).exists():
            lines = _read(folder / name)
            for one in lines:
                one["signature"] = key.sign(bytes.fromhex(one["hash"])).hex()
            _write(folder / name, lines)
    name_anew(folder)
    manifest = (folder / "manifest.json").read_bytes()
    told = json.loads((folder / "manifest.sig").read_bytes())
    signature = key.sign(SIGNED_WITH + manifest).hex()
    told = {**told, "public_key": public, "signature": signature}
    (folder / "manifest.sig").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return Done("signed with another key", ("key of epoch", "epoch"))


def _edited(folder: Path, dice: random.Random) -> tuple[str, str] | None:
    path = _some_lines(folder, dice)
    if path is None:
        return None
    lines = _read(path)
    line = dice.choice(lines)
    field = dice.choice(list(line))
    line[field] = _other(line[field], dice)
    _write(path, lines)
    name = _name(folder, path)
    return name, f"{name}: {field} changed"


def _other(value: Any, dice: random.Random) -> Any:
    if isinstance(value, bool) or value is None:
        return dice.choice(("7", 7))
    if isinstance(value, int):
        return value + dice.choice((-1, 1, 100))
    if isinstance(value, str):
        return dice.choice([text for text in (f"{value}1", f"{value} ", value[1:], value[::-1])
                            if text != value])  # fmt: skip
    return [value]


def _other_payload(payload: str, dice: random.Random) -> str:
    plain = json.loads(payload)
    name = dice.choice(sorted(plain)) if plain else "more"
    plain[name] = f"{plain.get(name)}!"
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def pack(folder: Path, path: Path, dice: random.Random) -> str:
    """Put an export's files into a ZIP file; sometimes with one of them twice. Says which."""
    twice = dice.choice(_files(folder)) if dice.random() < 0.05 else None
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in _files(folder):
            archive.write(file, _name(folder, file))
        if twice is not None:
            with archive.open(zipfile.ZipInfo(_name(folder, twice)), "w") as member:
                member.write(twice.read_bytes())
    return "" if twice is None else _name(folder, twice)


def members(path: Path) -> list[tuple[str, bytes]] | None:
    """What a ZIP file holds, or None where somebody else's reader cannot read it all."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted((name, archive.read(name)) for name in archive.namelist())
    except Exception:  # noqa: BLE001 - a damaged ZIP file raises nearly anything
        return None


WAYS: tuple[tuple[Callable[[Path, random.Random], Done | None], int], ...] = (
    (flip_bytes, 12),
    (cut_a_file, 5),
    (remove_a_file, 4),
    (add_a_file, 3),
    (replace_a_file, 5),
    (remove_a_line, 8),
    (add_a_line, 6),
    (swap_two_lines, 6),
    (edit_a_line, 10),
    (edit_the_manifest, 5),
    (edit_and_name_anew, 8),
    (change_a_document, 12),
    (change_an_entry, 8),
    (hide_an_entry, 4),
    (sign_with_another_key, 4),
)
