"""A run's settings.json, as karelscope writes it: the settings that training reads, under their names there. Appendix B."""

import json
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path

from .errors import ScaleError


@dataclass(frozen=True)
class Settings:
    """Meanings and units: src/study/settings.ts, or `karelscope train --help`. karelscope leaves the last ones unsaid."""

    gridWidth: int
    gridHeight: int
    examples: int
    programs: str
    maxLength: int
    maxProgramLength: int
    n_embd: int
    n_layer: int
    n_head: int
    rotary_dim: int
    initializer_range: float
    steps: int
    batchSize: int
    learningRate: float
    warmupSteps: int
    beta1: float
    beta2: float
    adamEpsilon: float
    weightDecay: float
    clipNorm: float
    lossOn: str
    checkpoints: int
    optimizer: str = "adamw"


@dataclass(frozen=True)
class RunPlan:
    folder: Path
    preset: str
    seed: str
    settings: Settings
    settings_sha256: str

    def checkpoint_steps(self) -> list[int]:
        """The steps at which a run keeps a checkpoint: 0, then evenly spaced up to the last; as src/study/run.ts."""
        steps, checkpoints = self.settings.steps, self.settings.checkpoints
        return [int(index * steps / checkpoints + 0.5) for index in range(checkpoints + 1)]


def read_plan(folder: Path) -> RunPlan:
    """The plan of the run in `folder`. Raises ScaleError when there is none, or a setting is missing."""
    path = folder / "settings.json"
    try:
        content = path.read_bytes()
        stored = json.loads(content)
    except (OSError, ValueError) as error:
        raise ScaleError(f"{path}: no settings of a run (make them with karelscope data make): {error}") from error
    if stored.get("format") != "karelscope-run" or stored.get("version") != 1:
        raise ScaleError(f"{path}: format {stored.get('format')} version {stored.get('version')} is not known")
    known = {field.name for field in fields(Settings)}
    try:
        settings = Settings(**{name: value for name, value in stored["settings"].items() if name in known})
    except TypeError as error:
        raise ScaleError(f"{path}: {error}".replace("Settings.__init__() ", "")) from error
    return RunPlan(folder, stored["preset"], str(stored["seed"]), settings, sha256(content).hexdigest())
