"""Start `pos-app`, also as `python -m pos_app`."""

import sys


def main() -> int:
    """Run the command line; returns the exit status."""
    if getattr(sys, "frozen", False):
        # The process that makes papers is this program once more (services/paper_press.py).
        from multiprocessing import freeze_support

        freeze_support()
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Answered before anything heavy is imported.
        from pos_app import __version__

        print(f"pos-app {__version__}")
        return 0
    from pos_app.app.kept_code import use_kept_code

    use_kept_code()
    from pos_app.app.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
