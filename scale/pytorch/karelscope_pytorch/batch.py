"""What a step learns from: padded samples, the targets that count, and who gets which of them. Chapter 7."""

from dataclasses import dataclass

import numpy as np

from .corpus import END, PAD, prompt_length, sample_length

IGNORED = -100
"""Target of a position whose prediction does not count, as Hugging Face's."""


def counted_tokens(loss_on: str, shape: dict) -> np.ndarray:
    """Whether the loss counts how well the token at each place of a sample was predicted: [sample_length]."""
    at = np.arange(sample_length(shape))
    prompt = prompt_length(shape)
    cells = shape["width"] * shape["height"]
    within_pair = (at - 1) % (2 * (1 + cells))  # 0 is IN, then cells, OUT, and as many cells again
    input_cell = (at < prompt) & (within_pair >= 1) & (within_pair <= cells)
    return {"all": np.ones_like(input_cell), "outputs": ~input_cell, "program": at >= prompt}[loss_on]


@dataclass(frozen=True)
class Batch:
    """Each token predicts the next; the last has none to predict, and is not read."""

    input_ids: np.ndarray
    """PAD where a sample has ended: [samples, sample_length - 1]."""
    attention_mask: np.ndarray
    """1 where there is a token to read, else 0: [samples, sample_length - 1]."""
    labels: np.ndarray
    """What each position should predict, or IGNORED; already shifted: [samples, sample_length - 1]."""

    @property
    def tokens(self) -> int:
        """Tokens that go through the model, without padding."""
        return int(self.attention_mask.sum())

    @property
    def counted(self) -> int:
        """Predictions that the loss counts."""
        return int((self.labels != IGNORED).sum())

    def part(self, rows: slice) -> "Batch":
        return Batch(self.input_ids[rows], self.attention_mask[rows], self.labels[rows])


def training_batch(samples: np.ndarray, counted: np.ndarray) -> Batch:
    """Of samples [samples, sample_length] as a corpus has them, and `counted_tokens`."""
    length = samples.shape[1]
    samples = samples.astype(np.int64)
    lengths = length - (samples[:, ::-1] == END).argmax(axis=1)  # up to the last END, which is included
    read = np.arange(length - 1) < lengths[:, None] - 1
    input_ids = np.where(read, samples[:, :-1], PAD)
    labels = np.where(read & counted[1:], samples[:, 1:], IGNORED)
    return Batch(input_ids, read.astype(np.int64), labels)


def micro_batches(samples: int, devices: int, device: int, largest: int | None) -> list[slice]:
    """
    The samples of a batch that one of `devices` takes, in runs of at most `largest`. All devices have equally many runs,
    since they wait for each other; where samples do not go round, a run may be shorter by one, or empty.
    """
    share = -(-samples // devices)
    runs = -(-share // (largest or share))
    bounds = [at * samples // (devices * runs) for at in range(devices * runs + 1)]
    own = bounds[device * runs : (device + 1) * runs + 1]
    return [slice(begin, end) for begin, end in zip(own, own[1:], strict=False)]
