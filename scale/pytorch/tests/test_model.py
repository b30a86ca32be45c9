"""Sizes and first weights of a model."""

import json

import pytest
import torch

from karelscope_pytorch.errors import ScaleError
from karelscope_pytorch.model import new_model, stored_model
from karelscope_pytorch.settings import read_plan

ALIKE = {"torch_dtype", "dtype", "transformers_version"}
"""Keys of config.json that `transformers` has renamed, or added."""


@pytest.mark.parametrize(
    "settings", [{}, {"programs": "control", "max_length": 8}, {"max_program_length": 6, "examples": 3}]
)
def test_sizes_are_those_of_karelscopes_config(golden, settings):
    run = golden(**settings)
    theirs = json.loads((run / "checkpoints/step-0000000/config.json").read_text())
    ours = new_model(read_plan(run)).config.to_dict()
    assert {name: ours[name] for name in theirs if name not in ALIKE} == {
        name: theirs[name] for name in theirs if name not in ALIKE
    }


def test_first_weights_are_distributed_as_karelscopes(golden):
    run = golden(n_embd=64)
    plan = read_plan(run)
    drawn = dict(new_model(plan).named_parameters())
    stored = dict(stored_model(run / "checkpoints/step-0000000", plan.settings).named_parameters())
    assert drawn.keys() == stored.keys()
    for name, value in drawn.items():
        if value.dim() == 1:
            assert torch.equal(value, stored[name]), name
        else:
            assert value.std().item() == pytest.approx(stored[name].std().item(), rel=0.08), name
            assert not torch.equal(value, stored[name]), name


def test_first_weights_follow_from_the_seed(golden):
    one, same, other = (new_model(read_plan(golden(seed=seed))).lm_head.weight for seed in ("1", "1", "2"))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_a_model_of_other_sizes_is_refused(golden):
    with pytest.raises(ScaleError, match="n_embd is 64, and the run has 32"):
        stored_model(golden(n_embd=64) / "checkpoints/step-0000000", read_plan(golden()).settings)
