"""Refusals of the store, each with a sentence that says what to do next."""

from pos_app.domain.errors import PosError


class StoreRefusal(PosError):
    """The store could not do what was asked; nothing was half-written."""

    sentence = "The store {path} could not be used. Try again."


class StoreMissing(StoreRefusal):
    """There is no file at the path."""

    sentence = "There is no store at {path}. Check the path, or start a new shop there."


class StoreExists(StoreRefusal):
    """A new store would overwrite a file."""

    sentence = "There is already a file at {path}. Open it, or choose another name."


class StoreFolderMissing(StoreRefusal):
    """The folder of the store does not exist."""

    sentence = "The folder {folder} does not exist. Create it or choose another place."


class StoreReadOnly(StoreRefusal):
    """The file or its folder may not be written."""

    sentence = "{path} cannot be written. Give this user the right to write it and its folder."


class StoreNewer(StoreRefusal):
    """A newer program has written the store."""

    sentence = (
        "The store {path} has version {theirs}; this program knows versions up to {ours}. "
        "Install the newer program."
    )


class StoreDamaged(StoreRefusal):
    """The file is not a whole store of ours."""

    sentence = "{path} is damaged or is not a store: {detail}. Restore the latest backup."


class StoreInUse(StoreRefusal):
    """Another window or process has the store open for writing."""

    sentence = "{path} is already open in another window. Close that window and try again."


class StoreIsReadOnlyView(StoreRefusal):
    """A view for reading was asked to write."""

    sentence = "{path} is open for reading only. Use the window that sells to change something."


class SqliteTooOld(StoreRefusal):
    """The SQLite library can lose committed sales (its WAL-reset bug)."""

    sentence = (
        "SQLite {found} can lose committed sales. Install the pysqlite3 package with "
        "SQLite {needed} or newer."
    )


class SettingsUnreadable(StoreRefusal):
    """The settings in the store are not what the till wrote there."""

    sentence = "The settings in {path} cannot be read ({detail}). Restore the latest backup."


class DiskFull(StoreRefusal):
    """There is no room for what should be written; nothing of it was."""

    sentence = "The disk of {path} is full; nothing was saved. Make room and try again."


class DiskFailed(StoreRefusal):
    """The operating system could not read or write the file."""

    sentence = "The disk of {path} did not answer ({detail}). Check the disk, then try again."


class KeyMissing(StoreRefusal):
    """The till's signing key is not on this machine, so nothing can be sold."""

    sentence = (
        "The signing key of this till is not on this machine, so {path} can be read but not sold "
        "from. Bring the key back, or restore the store with `pos-app restore` to start a new key."
    )


class BarcodeTaken(StoreRefusal):
    """A barcode or code already belongs to another active product."""

    sentence = "{code} already belongs to {name}. Remove it there first, or use another code."


class NumberTaken(StoreRefusal):
    """A customer number or card code already belongs to another customer."""

    sentence = "{code} already belongs to customer {name}. Use another number."


class FigureTooLarge(StoreRefusal):
    """A figure is beyond what the store can hold (64 bits)."""

    sentence = "A figure is too large to be stored. Enter a smaller quantity or price."


class QuantityTooFineToStore(StoreRefusal):
    """A stock quantity has more than six decimal places."""

    sentence = "{quantity} has more than 6 decimal places. Round it first."


class RowRefused(StoreRefusal):
    """A rule of the database refused a row; the sentence carries the rule's own words."""

    sentence = "The store refused to save that: {detail}. Nothing was changed."


class TextNotStorable(StoreRefusal):
    """A text holds half a character (a lone surrogate) that no file can hold."""

    sentence = "A text holds a broken character. Type it again without that character."


class NotOurBackup(StoreRefusal):
    """A backup would have replaced a file that is not an older copy of the same store."""

    sentence = "{path} is not an older backup of this store, so it stays. Choose another name."


class BackupDamaged(StoreRefusal):
    """A backup is not whole, so nothing was replaced."""

    sentence = "The backup {path} is not whole: {detail}. Choose another backup."
