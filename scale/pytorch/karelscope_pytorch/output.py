"""
What training leaves in a folder. Appendix B.

    training.json               what decides the losses: training goes on from what lies here only where it is the same
    checkpoints/step-0000200/   config.json and model.safetensors, as `transformers` saves them
    metrics/step-0000200.jsonl  a line for each step since the checkpoint before, see src/study/metrics.ts
    unfinished/step-0000137/    model, optimizers and metrics between two checkpoints, from which an interrupted training goes on
"""

import json
import os
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import CodeGenForCausalLM

from .errors import ScaleError

Metrics = list[dict]


def step_name(step: int) -> str:
    return f"step-{step:07}"


def metrics_text(metrics: Metrics) -> str:
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in metrics)


def parse_metrics(path: Path) -> Metrics:
    return [json.loads(line) for line in path.read_text().splitlines()]


def read_metrics(folder: Path) -> Metrics:
    """All steps, of a run of karelscope or of ours. Raises ScaleError when there are none."""
    files = [*(folder / "metrics").glob("step-*.jsonl"), *(folder / "unfinished").glob("step-*/metrics.jsonl")]
    by_step = {line["step"]: line for path in files for line in parse_metrics(path)}
    if not by_step:
        raise ScaleError(f"{folder}: no metrics of training")
    return [by_step[step] for step in sorted(by_step)]


def write_model(folder: Path, model: CodeGenForCausalLM) -> None:
    """config.json and model.safetensors, which karelscope import and `from_pretrained` read."""
    model.config.save_pretrained(folder)
    weights = {name: value.detach().cpu().contiguous() for name, value in model.named_parameters()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


class Output:
    def __init__(self, folder: Path, facts: dict) -> None:
        """Nothing is written yet. Raises ScaleError when another training lies in `folder`."""
        self.folder = folder
        self._facts = facts
        path = folder / "training.json"
        if path.exists():
            for name, value in json.loads(path.read_text()).items():
                if facts.get(name) != value:
                    raise ScaleError(
                        f"{folder} was made with {name} {value}, not {facts.get(name)}: give another --out"
                    )
        elif folder.exists() and any(folder.iterdir()):
            raise ScaleError(f"{folder} is not empty and holds no training (no training.json): give another --out")

    def begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "training.json"
        path.with_suffix(".partial").write_text(json.dumps(self._facts, indent=2) + "\n")
        path.with_suffix(".partial").replace(path)

    def has(self, step: int) -> bool:
        """Whether there is a checkpoint of this step."""
        return self._checkpoint(step).exists()

    def write_checkpoint(self, step: int, model: CodeGenForCausalLM, metrics: Metrics) -> None:
        if metrics:
            path = self.folder / "metrics" / f"{step_name(step)}.jsonl"
            path.parent.mkdir(exist_ok=True)
            path.with_suffix(".partial").write_text(metrics_text(metrics))
            path.with_suffix(".partial").replace(path)
        with _Whole(self._checkpoint(step)) as folder:
            write_model(folder, model)

    def keep(self, step: int, model: CodeGenForCausalLM, optimizers: list[dict], metrics: Metrics) -> None:
        """Keeps training as it stands, in the place of what was kept before."""
        before = self._kept()
        with _Whole(self.folder / "unfinished" / step_name(step)) as folder:
            write_model(folder, model)
            torch.save(optimizers, folder / "optimizers.pt")
            (folder / "metrics.jsonl").write_text(metrics_text(metrics))
        for path in before:
            if path.name != step_name(step):
                shutil.rmtree(path)

    def kept(self) -> tuple[int, Path] | None:
        """The last step that was kept, and where."""
        kept = self._kept()
        return (int(kept[-1].name.removeprefix("step-")), kept[-1]) if kept else None

    def forget_kept(self) -> None:
        shutil.rmtree(self.folder / "unfinished", ignore_errors=True)

    def _kept(self) -> list[Path]:
        return sorted(path for path in (self.folder / "unfinished").glob("step-*") if not path.suffix)

    def _checkpoint(self, step: int) -> Path:
        return self.folder / "checkpoints" / step_name(step)


class _Whole:
    """A folder that is there with all that is in it, or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_suffix(".partial")

    def __enter__(self) -> Path:
        shutil.rmtree(self._partial, ignore_errors=True)
        self._partial.mkdir(parents=True)
        return self._partial

    def __exit__(self, failure: object, *_: object) -> None:
        if failure is not None:
            return
        shutil.rmtree(self._path, ignore_errors=True)
        os.replace(self._partial, self._path)
