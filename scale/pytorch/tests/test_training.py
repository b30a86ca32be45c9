"""Training gives karelscope's losses: at once, interrupted, in parts, and on two devices."""

import json
import subprocess
import sys
from shutil import copyfile

import pytest
from accelerate.state import AcceleratorState
from conftest import SMALL, options_of
from safetensors.numpy import load_file

from karelscope_pytorch.compare import compare
from karelscope_pytorch.errors import ScaleError
from karelscope_pytorch.output import read_metrics
from karelscope_pytorch.training import Request, Trainer, train

BOUND = 1e-5
LAST = f"checkpoints/step-{SMALL['steps']:07}"


def request(run, out, **options):
    return Request(run=run, out=out, init=run / "checkpoints/step-0000000", cpu=True, **options)


@pytest.fixture
def trained(golden, tmp_path):
    train(request(golden(), tmp_path / "out"))
    return tmp_path / "out"


MUON = {"optimizer": "muon", "weight_decay": 0.1, "clip_norm": 0, "loss_on": "program"}


@pytest.mark.parametrize("settings", [{}, {"loss_on": "outputs", "weight_decay": 0.1}, MUON])
def test_every_line_of_metrics_is_karelscopes_within_1e_5(golden, tmp_path, settings):
    run = golden(**settings)
    train(request(run, tmp_path / "out"))
    ours, theirs = read_metrics(tmp_path / "out"), read_metrics(run)
    assert len(ours) == SMALL["steps"]
    for one, other in zip(ours, theirs, strict=True):
        assert list(one) == list(other)
        for name in ("step", "epoch", "tokens"):
            assert one[name] == other[name]
        assert one["learningRate"] == pytest.approx(other["learningRate"], rel=1e-12)
        assert one["gradientNorm"] == pytest.approx(other["gradientNorm"], rel=1e-4)
        assert abs(one["loss"] - other["loss"]) <= BOUND


def test_compare_says_so_and_sees_a_loss_that_is_off(golden, trained, tmp_path, capsys):
    assert compare(golden(), trained, None, BOUND)
    line = read_metrics(trained)[6]
    path = tmp_path / "other" / "metrics" / "step-0000020.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({**line, "loss": line["loss"] + 2 * BOUND}) + "\n")
    assert not compare(golden(), tmp_path / "other", None, BOUND)
    assert "at step 7: above 1e-05" in capsys.readouterr().out


def test_killed_at_any_step_it_goes_on_with_the_same_bits(golden, trained, tmp_path, monkeypatch):
    class Killed(Exception):
        pass

    whole, step = tmp_path / "again", Trainer.train_step
    for killed_at in (3, 10, 17):

        def killed(trainer, at=killed_at):
            if trainer.step == at:
                raise Killed
            return step(trainer)

        monkeypatch.setattr(Trainer, "train_step", killed)
        with pytest.raises(Killed):
            train(request(golden(), whole, keep_seconds=0))
    monkeypatch.undo()
    train(request(golden(), whole))
    assert read_metrics(whole) == read_metrics(trained)
    for name in (LAST + "/model.safetensors", LAST + "/config.json", "metrics/step-0000010.jsonl"):
        assert (whole / name).read_bytes() == (trained / name).read_bytes()
    assert not (whole / "unfinished").exists()


def test_other_settings_do_not_go_on_with_it(golden, trained):
    with pytest.raises(ScaleError, match="seed 1, not 2"):
        train(request(golden(seed="2"), trained))


def test_the_corpus_of_another_run_is_refused_and_nothing_is_written(golden, tmp_path):
    run = tmp_path / "run"
    (run / "corpus").mkdir(parents=True)
    copyfile(golden(max_length=8) / "settings.json", run / "settings.json")
    copyfile(golden() / "corpus/train.karel", run / "corpus/train.karel")
    with pytest.raises(ScaleError, match="maxLength 3, and settings.json 8"):
        train(Request(run=run, out=tmp_path / "out", cpu=True))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("micro_batch", [1, 5])
def test_in_parts_the_losses_are_those_of_the_batch(golden, trained, tmp_path, micro_batch):
    train(request(golden(), tmp_path / "parts", micro_batch=micro_batch))
    assert compare(trained, tmp_path / "parts", None, BOUND)


def test_on_two_devices_the_losses_are_those_of_one(golden, trained, tmp_path):
    run, out = golden(), tmp_path / "two"
    launch = [
        sys.executable,
        "-m",
        "accelerate.commands.launch",
        "--cpu",
        "--num_processes",
        "2",
        "--num_machines",
        "1",
    ]
    options = ["--mixed_precision", "no", "--dynamo_backend", "no", "--num_cpu_threads_per_process", "1"]
    command = [
        "-m",
        "karelscope_pytorch",
        "train",
        run,
        "--out",
        out,
        "--init",
        run / "checkpoints/step-0000000",
        "--micro-batch",
        "3",
        "--cpu",
    ]
    done = subprocess.run([*launch, *options, *map(str, command)], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert compare(trained, out, None, BOUND)


def test_with_bfloat16_the_losses_are_near_and_weights_stay_float32(golden, trained, tmp_path):
    AcceleratorState._reset_state(reset_partial_state=True)
    train(request(golden(), tmp_path / "half", precision="bfloat16"))
    AcceleratorState._reset_state(reset_partial_state=True)
    assert compare(trained, tmp_path / "half", None, 0.05)
    assert not compare(trained, tmp_path / "half", None, BOUND)
    assert {str(value.dtype) for value in load_file(tmp_path / "half" / LAST / "model.safetensors").values()} == {
        "float32"
    }


def test_karelscope_imports_its_checkpoints(trained, karelscope, tmp_path):
    few = options_of(
        {name: value for name, value in SMALL.items() if name not in ("steps", "checkpoints", "batch-size")}
    )
    karelscope("import", trained / LAST, "smoke", *few, "--out", tmp_path / "run")
    read = load_file(tmp_path / "run" / "checkpoints/step-0000001/model.safetensors")
    written = load_file(trained / LAST / "model.safetensors")
    assert read.keys() == written.keys()
    assert all((read[name] == written[name]).all() for name in read)
