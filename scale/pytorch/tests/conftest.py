"""Goldens, which karelscope itself makes in a temporary folder."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAIN = ROOT / "dist" / "main.js"

SMALL = {
    **{"train-samples": 72, "validation-samples": 8, "test-samples": 8, "perplexity-samples": 4},
    **{"trace-train": 4, "trace-validation": 4, "trace-test": 4, "batch-size": 16, "steps": 20, "checkpoints": 2},
}
"""A few seconds, in which the corpus is gone through four times."""


def options_of(settings: dict) -> list[str]:
    return [word for name, value in settings.items() for word in (f"--{name}", str(value))]


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None or not MAIN.exists():
        pytest.skip(
            f"goldens are made by karelscope, and {MAIN} is not there: npm ci, npm run build" if found else "no node"
        )
    return found


@pytest.fixture(scope="session")
def karelscope(node: str) -> Callable[..., str]:
    """Runs a command of karelscope, and gives what it prints."""

    def run(*words: object) -> str:
        command = [node, str(MAIN), *map(str, words), "--threads", "1"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def evaluated(node: str) -> Callable[..., object]:
    """The value of a JavaScript expression that may use what these files of dist/ export."""

    def evaluate(expression: str, *files: str) -> object:
        imports = "".join(
            f"Object.assign(globalThis, await import({json.dumps((ROOT / 'dist' / file).as_uri())}));" for file in files
        )
        script = f"{imports} console.log(JSON.stringify({expression}))"
        command = [node, "--input-type=module", "--eval", script]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)

    return evaluate


@pytest.fixture(scope="session")
def golden(karelscope: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A short training of the preset smoke with some settings replaced, once for each."""
    made: dict[str, Path] = {}

    def train(**settings: object) -> Path:
        key = json.dumps(settings)
        if key not in made:
            made[key] = tmp_path_factory.mktemp("golden") / "run"
            given = {**SMALL, **{name.replace("_", "-"): value for name, value in settings.items()}}
            karelscope("train", "smoke", *options_of(given), "--out", made[key])
        return made[key]

    return train
