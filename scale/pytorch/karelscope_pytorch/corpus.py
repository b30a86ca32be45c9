"""A corpus file of karelscope, mapped into memory. The format: src/karel/corpus-format.ts. Chapter 2."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np

from .errors import ScaleError

MAGIC = b"KARELSCO"
VERSION = 1
FIXED_LENGTH = 16
"""Bytes before the JSON of the header: magic, version, length of the JSON."""

PAD, BOS, END = 0, 1, 5
"""Of src/karel/vocabulary.ts."""


def prompt_length(shape: dict) -> int:
    """Tokens of `BOS (IN grid OUT grid) x examples CODE`."""
    return 1 + shape["examples"] * 2 * (1 + shape["width"] * shape["height"]) + 1


def sample_length(shape: dict) -> int:
    """Tokens of the longest sample: the prompt, `maxLength` words, END."""
    return prompt_length(shape) + shape["maxLength"] + 1


class Corpus:
    """The samples of a training split, which stay on disk until they are read."""

    def __init__(self, path: Path) -> None:
        """Reads all of it once, to compare its checksums. Raises ScaleError, naming `path`, when it is no intact corpus."""
        try:
            data = np.memmap(path, dtype=np.uint8, mode="r")
        except (OSError, ValueError) as error:
            raise ScaleError(f"{path}: no corpus (make it with karelscope data make): {error}") from error
        if bytes(data[:8]) != MAGIC or len(data) < FIXED_LENGTH:
            raise ScaleError(f"{path}: not a corpus: it does not begin with '{MAGIC.decode()}'")
        version, json_length = struct.unpack("<II", data[8:FIXED_LENGTH])
        if version != VERSION:
            raise ScaleError(f"{path}: format version {version}, expected {VERSION}")
        checked = FIXED_LENGTH + json_length
        begin = checked + 4
        _require_checksum(path, "header", data[:checked], data[checked:begin])
        self.header = json.loads(bytes(data[FIXED_LENGTH:checked]))
        """`split`, `count`, `seed` and `settings`, see CorpusHeader."""
        if self.header["split"] != "train":
            raise ScaleError(f"{path}: the split {self.header['split']}, expected train")
        self.shape = self.header["settings"]
        self.count = self.header["count"]
        length = sample_length(self.shape)  # records of the training split have no unseen worlds
        end = begin + self.count * length
        if len(data) != end + 4:
            raise ScaleError(f"{path}: {len(data)} bytes, expected {end + 4}: truncated or altered")
        _require_checksum(path, "records", data[begin:end], data[end:])
        self.crc32 = int.from_bytes(bytes(data[end:]), "little")
        self._samples = data[begin:end].reshape(self.count, length)

    def tokens(self, numbers: list[int]) -> np.ndarray:
        """The tokens of these samples, filled up with PAD: [samples, sample_length], of type uint8."""
        return np.asarray(self._samples[numbers])


def _require_checksum(path: Path, what: str, content: np.ndarray, written: np.ndarray) -> None:
    if len(written) != 4 or zlib.crc32(content) != int.from_bytes(bytes(written), "little"):
        raise ScaleError(f"{path}: truncated or altered: the checksum of its {what} is another")
