"""The command that stands in for a card terminal, for trying a till out."""

import argparse

from pos_app.services.card_simulator import SCENARIOS, CardSimulator

DONE = 0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--port", type=int, default=9100, help="where it answers (0: any)")
    parser.add_argument(
        "--scenario",
        choices=SCENARIOS,
        default="approve",
        help="what it does with every payment (default: %(default)s)",
    )


def card_simulator(options: argparse.Namespace) -> int:
    """Answer until it is interrupted, and say what was charged in all."""
    simulator = CardSimulator(options.scenario, log=lambda line: print(line, flush=True))
    with simulator.serve(options.port) as server:
        print(f"card terminal at {server.target}, scenario {options.scenario}", flush=True)
        try:
            server.wait()
        finally:
            print(f"charged in all, in minor units: {simulator.net}", flush=True)
    return DONE
