"""What a contender in Python answers: a line of JSON for each line that native.mjs sends, one question at a time."""

import json
import sys
from pathlib import Path

import numpy as np


def floats(request, name):
    """The float32 numbers of a file that the request names."""
    return np.fromfile(request[name], dtype=np.float32)


class Task:
    """One training step's architecture, first weights and batch, as task.mjs made them."""

    def __init__(self, folder):
        folder = Path(folder)
        task = json.loads((folder / "task.json").read_text())
        self.config, self.layout, self.optimizer = task["config"], task["layout"], task["optimizer"]
        self.batch, self.length = task["batch"], task["length"]
        shape = (self.batch, self.length)
        self.ids = np.fromfile(folder / "ids.i32", dtype=np.int32).reshape(shape)
        self.targets = np.fromfile(folder / "targets.i32", dtype=np.int32).reshape(shape)
        values = np.fromfile(folder / "parameters.f32", dtype=np.float32)
        self.parameters, at = {}, 0
        for parameter in task["parameters"]:
            size = int(np.prod(parameter["shape"]))
            self.parameters[parameter["name"]] = values[at : at + size].reshape(parameter["shape"])
            at += size

    def rotary_angles(self):
        """cos and sin of the angles, [length, rotary_dim / 2]: angle i of a position is position / 10000^(2 i / rotary_dim)."""
        rotary_dim = self.config["rotary_dim"]
        frequencies = 10000.0 ** (-np.arange(0, rotary_dim, 2) / rotary_dim)
        angles = np.outer(np.arange(self.length), frequencies)
        return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def answer(contender):
    """Answers until standard input ends. A contender has load_product(m, n, k, transpose_b, a, b), product() and load_task(task), step()."""
    for line in sys.stdin:
        request = json.loads(line)
        reply = {}
        match request["do"]:
            case "load product":
                a, b = floats(request, "a"), floats(request, "b")
                sizes = [request[name] for name in ("m", "n", "k")]
                contender.load_product(*sizes, request["transposeB"], a, b)
            case "product":
                contender.product()
            case "save product":
                np.ascontiguousarray(contender.product(), dtype=np.float32).tofile(request["out"])
            case "load task":
                contender.load_task(Task(request["folder"]))
            case "step":
                reply = {"loss": contender.step()}
        print(json.dumps(reply), flush=True)
