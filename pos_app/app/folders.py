"""Making the folders that the till and its commands write to."""

from pathlib import Path

from pos_app.domain.errors import PosError


class FolderNotWritable(PosError):
    """A folder cannot be made."""

    sentence = "The folder {folder} cannot be made ({why}). Choose another one."


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing; raises FolderNotWritable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise FolderNotWritable(folder=folder, why=wrong.strerror) from None
