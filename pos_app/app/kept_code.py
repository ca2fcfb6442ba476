"""Keeps byte code that Python would make anew in every process, as it keeps that of modules.

There is some of it in two places, a quarter of the till's start together. For each class
`dataclasses` writes half a dozen functions as text, which are then compiled; and PySide compiles
its own Python part, which lies in an archive inside its library. Here the text is the key and the
code what `compile` made of it, kept in `__pycache__` beside the modules' own. A text that is not
there is compiled as ever, so an old file, a damaged one, another Python or a folder that cannot be
written cost time and nothing else.
"""

import builtins
import dataclasses
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType
from typing import Any
from zlib import crc32

Key = tuple[str, str | bytes]

_known: dict[Key, CodeType] = {}
_fresh: dict[Key, CodeType] = {}
_asked: set[Key] = set()
_compile, _execute = compile, exec
_MOST_BYTES = 4_000_000  # a file larger than that holds what older versions needed
_SUM_BYTES = 4
_WRITTEN = "<string>"  # the file name of code that has none, as `exec` gives it


def use_kept_code() -> None:
    """Let `dataclasses` take code from the file from now on."""
    try:
        kept = _file().read_bytes()
    except OSError:
        kept = b""
    head, code = kept[: len(MAGIC_NUMBER) + _SUM_BYTES], kept[len(MAGIC_NUMBER) + _SUM_BYTES :]
    if head == MAGIC_NUMBER + _sum_of(code):
        _known.update(marshal.loads(code))  # noqa: S302 - as Python reads .pyc files
    vars(dataclasses)["exec"] = _run


@contextmanager
def compiling_once() -> Iterator[None]:
    """Let what is imported inside take its code from the file too; for one thread only."""
    vars(builtins)["compile"] = _compiled
    try:
        yield
    finally:
        vars(builtins)["compile"] = _compile


def keep_code() -> None:
    """Write down what had to be compiled; call it when nothing else is to be done."""
    if not _fresh or sys.dont_write_bytecode:
        return
    file = _file()
    part = file.with_name(f"{file.name}.{os.getpid()}")
    code = marshal.dumps(_known)
    if len(code) > _MOST_BYTES:
        code = marshal.dumps({key: made for key, made in _known.items() if key in _asked})
    try:
        file.parent.mkdir(exist_ok=True)
        part.write_bytes(MAGIC_NUMBER + _sum_of(code) + code)
        part.replace(file)
    except OSError:
        return
    _fresh.clear()


def _run(text: str, names: dict[str, Any], into: dict[str, Any] | None = None) -> None:
    """Stand in for `exec` in the module `dataclasses`."""
    _execute(_code_of(_WRITTEN, text), names, into)


def _compiled(source: Any, filename: Any, mode: str, *how: Any, **further: Any) -> Any:
    """Stand in for `compile`; whole modules given as bytes are looked up, nothing else."""
    if mode == "exec" and isinstance(source, bytes) and not how and not further:
        return _code_of(str(filename), source)
    return _compile(source, filename, mode, *how, **further)


def _code_of(filename: str, source: str | bytes) -> CodeType:
    key = (filename, source)
    _asked.add(key)
    code = _known.get(key)
    if code is None:
        code = _known[key] = _fresh[key] = _compile(source, filename, "exec", dont_inherit=True)
    return code


def _sum_of(code: bytes) -> bytes:
    """Damaged code would not be refused by Python but crash it."""
    return crc32(code).to_bytes(_SUM_BYTES, "little")


def _file() -> Path:
    return Path(cache_from_source(str(Path(__file__).with_name("code_of_others.py"))))
