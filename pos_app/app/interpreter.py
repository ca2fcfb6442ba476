"""What the interpreter leaves undone while the till starts, because it would do it for nothing.

Measured on the whole start: a fifth of it was PySide reading source files and the garbage
collector looking for garbage among things that live as long as the program.
"""

import builtins
import gc


def start_without_garbage() -> None:
    """Let the collector rest; whoever keeps the loop running wakes it or takes over."""
    gc.disable()


def import_without_reading() -> None:
    """Put the ordinary `import` back in the place of PySide's own.

    PySide's reads the source text of every module that is imported after it, to see whether that
    uses PySide and could want its `__feature__` switches (snake_case names), and keeps the text in
    memory. No module here uses them. Where PySide changes this, nothing is put back.
    """
    ordinary = getattr(builtins, "__orig_import__", None)
    if ordinary is not None:
        builtins.__import__ = ordinary
