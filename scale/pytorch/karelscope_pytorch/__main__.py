"""The command line. Appendix B."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from .errors import ScaleError


def main() -> int:
    parser = ArgumentParser(prog="karelscope-pytorch", description="Trains karelscope's models with PyTorch.")
    commands = parser.add_subparsers(required=True, metavar="command")

    train = commands.add_parser("train", help="train the model of a run; goes on where it was interrupted")
    train.add_argument("run", type=Path, help="a folder that karelscope data make, or train, has made")
    train.add_argument("--out", type=Path, help="where checkpoints and metrics go (default: <run>-pytorch)")
    train.add_argument("--init", type=Path, help="a checkpoint folder with the initial weights (default: draw them)")
    train.add_argument("--until", type=positive, help="the step at which to stop, if not the last")
    train.add_argument(
        "--precision", choices=["float32", "bfloat16"], default="float32", help="of products (default: float32)"
    )
    train.add_argument(
        "--micro-batch", type=positive, help="most samples at once on a device (default: its share of the batch)"
    )
    train.add_argument(
        "--keep-seconds", type=float, default=300, help="no more than that is lost when it is killed (default: 300)"
    )
    train.add_argument("--cpu", action="store_true", help="even where there is a GPU")
    train.set_defaults(command=run_training)

    compare = commands.add_parser(
        "compare", help="the losses of two trainings side by side; ends with 1 when they differ"
    )
    compare.add_argument("one", type=Path, help="a run of karelscope, or the --out of a training")
    compare.add_argument("other", type=Path)
    compare.add_argument("--steps", type=positive, help="only so many (default: all that both have)")
    compare.add_argument("--within", type=float, default=1e-4, help="largest difference allowed (default: 1e-4)")
    compare.set_defaults(command=run_comparison)

    options = parser.parse_args()
    try:
        return options.command(options)
    except ScaleError as error:
        print(f"karelscope-pytorch: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command goes on from what was kept", file=sys.stderr)
        return 130


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def run_training(options: Namespace) -> int:
    from .training import Request, train  # PyTorch takes seconds to load

    out = options.out or options.run.with_name(f"{options.run.name}-pytorch")
    rest = {name: value for name, value in vars(options).items() if name not in ("command", "out")}
    train(Request(out=out, **rest))
    return 0


def run_comparison(options: Namespace) -> int:
    from .compare import compare

    return 0 if compare(options.one, options.other, options.steps, options.within) else 1


if __name__ == "__main__":
    sys.exit(main())
