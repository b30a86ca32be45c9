"""The losses of two trainings side by side, and how far apart they are. Chapter 7."""

from pathlib import Path

from .errors import ScaleError
from .output import read_metrics


def compare(one: Path, other: Path, steps: int | None, within: float) -> bool:
    """Prints the losses that both have, and whether all differ by at most `within`. Raises ScaleError when there are none."""
    first, second = ({line["step"]: line["loss"] for line in read_metrics(folder)} for folder in (one, other))
    both = [step for step in sorted(first) if step in second and (steps is None or step <= steps)]
    if not both:
        raise ScaleError(f"{one} and {other} have no step in common")
    print(f"{'step':>6}  {one.name:>12}  {other.name:>12}  difference")
    for step in both:
        print(f"{step:>6}  {first[step]:>12.6f}  {second[step]:>12.6f}  {second[step] - first[step]:>10.1e}")
    furthest = max(both, key=lambda step: abs(second[step] - first[step]))
    difference = abs(second[furthest] - first[furthest])
    verdict = "at most" if difference <= within else "above"
    print(f"largest difference of {len(both)} steps: {difference:.1e}, at step {furthest}: {verdict} {within:g}")
    return difference <= within
