"""The one way the installer says no."""


class SetupRefusedError(Exception):
    """Setting up cannot go on; the message is one sentence with what to do next."""
