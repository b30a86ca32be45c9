"""Which samples make up the batch of a step: a port of src/random.ts and src/study/batches.ts, number by number. Chapter 7."""

from collections.abc import Callable
from math import gcd

TWO_32 = 2.0**32
TWO_MINUS_32 = 2.3283064365386963e-10


def random_stream(seed: str, name: str) -> Callable[[], float]:
    """Uniform numbers in [0, 1) of 32 random bits: Baagoe's `alea` of 2010, as the npm package seedrandom 3 has it."""
    mash = _mash()
    state = [mash(" ") for _ in range(3)]
    text = f"{seed}/{name}"
    for index in range(3):
        state[index] -= mash(text)
        if state[index] < 0:
            state[index] += 1
    s0, s1, s2 = state
    carry = 1

    def following() -> float:
        nonlocal s0, s1, s2, carry
        total = 2091639 * s0 + carry * TWO_MINUS_32
        carry = int(total)
        s0, s1, s2 = s1, s2, total - carry
        return s2

    return following


def _mash() -> Callable[[str], float]:
    """JavaScript's `x >>> 0` is `int(x) % 2**32`; its strings are sequences of 16-bit units."""
    n: float = 0xEFC8249D

    def mash(text: str) -> float:
        nonlocal n
        units = text.encode("utf-16-le")
        for low, high in zip(units[::2], units[1::2], strict=True):
            n += low + 256 * high
            h = 0.02519603282416938 * n
            n = int(h) % 2**32
            h -= n
            h *= n
            n = int(h) % 2**32
            h -= n
            n += h * TWO_32
        return (int(n) % 2**32) * TWO_MINUS_32

    return mash


class BatchOrder:
    """The first epoch takes the samples as they were drawn, each later one as x -> (a x + b) mod count."""

    def __init__(self, count: int, batch_size: int, seed: str) -> None:
        self._count = count
        self._batch_size = batch_size
        self._seed = seed
        self._orders: dict[int, tuple[int, int]] = {0: (1, 0)}

    def epoch(self, step: int) -> int:
        """How many times the corpus was gone through completely before the batch of `step`, counted from 0."""
        return step * self._batch_size // self._count

    def batch(self, step: int) -> list[int]:
        """The samples of the batch of step `step`, counted from 0."""
        numbers = []
        for drawn in range(step * self._batch_size, (step + 1) * self._batch_size):
            a, b = self._order(drawn // self._count)
            numbers.append((a * (drawn % self._count) + b) % self._count)
        return numbers

    def _order(self, epoch: int) -> tuple[int, int]:
        if epoch not in self._orders:
            random = random_stream(self._seed, f"epoch/{epoch}")
            a = 1 + int(random() * self._count)
            while gcd(a, self._count) != 1:
                a = 1 + int(random() * self._count)
            self._orders[epoch] = (a, int(random() * self._count))
        return self._orders[epoch]
