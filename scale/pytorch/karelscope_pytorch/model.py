"""The model: Hugging Face's CodeGen with the sizes of a run, and its first weights. Chapter 6."""

from hashlib import sha256
from pathlib import Path

import torch
from transformers import CodeGenConfig, CodeGenForCausalLM
from transformers.utils import logging

from .corpus import BOS, END, sample_length
from .errors import ScaleError
from .settings import RunPlan, Settings

logging.disable_progress_bar()  # of loading, which is over at once

VOCABULARY_SIZE = {"straight": 26, "control": 42}
"""Tokens of a model that reads and writes programs of a kind, see src/karel/vocabulary.ts."""


def model_config(settings: Settings) -> CodeGenConfig:
    """As src/study/model-config.ts. The embedding is not tied to the head, which has a bias; nothing drops out."""
    longest = {
        "examples": settings.examples,
        "width": settings.gridWidth,
        "height": settings.gridHeight,
        "maxLength": max(settings.maxLength, settings.maxProgramLength),
    }
    return CodeGenConfig(
        architectures=["CodeGenForCausalLM"],
        vocab_size=VOCABULARY_SIZE[settings.programs],
        n_positions=sample_length(longest),
        n_ctx=sample_length(longest),
        n_embd=settings.n_embd,
        n_layer=settings.n_layer,
        n_head=settings.n_head,
        rotary_dim=settings.rotary_dim,
        initializer_range=settings.initializer_range,
        activation_function="gelu_new",
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=BOS,
        eos_token_id=END,
        tie_word_embeddings=False,
    )


def new_model(plan: RunPlan) -> CodeGenForCausalLM:
    """
    First values as src/transformer/parameters.ts distributes them, drawn by PyTorch's generator: matrices normal with deviation
    `initializer_range`, those whose output is added to the residual stream divided by sqrt(2 x layers); norms' weights one,
    every bias zero.
    """
    model = CodeGenForCausalLM(model_config(plan.settings))
    digest = sha256(f"{plan.seed}/model".encode()).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest[:8], "little", signed=True))
    deviation = plan.settings.initializer_range
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name.endswith(".bias"):
                value.zero_()
            elif value.dim() == 1:
                value.fill_(1)
            elif name.endswith(("attn.out_proj.weight", "mlp.fc_out.weight")):
                value.normal_(0, deviation / (2 * plan.settings.n_layer) ** 0.5, generator=generator)
            else:
                value.normal_(0, deviation, generator=generator)
    return model


def stored_model(folder: Path, settings: Settings) -> CodeGenForCausalLM:
    """
    The model in a checkpoint folder of karelscope or of `transformers`: both store it alike, down to the order of queries, values
    and keys in `qkv_proj`. Raises ScaleError when there is none, or it has other sizes than `settings`.
    """
    try:
        model = CodeGenForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise ScaleError(f"{folder}: no model: {str(error).splitlines()[0]}") from error
    expected = model_config(settings)
    for name in (
        "vocab_size",
        "n_positions",
        "n_embd",
        "n_layer",
        "n_head",
        "rotary_dim",
        "n_inner",
        "layer_norm_epsilon",
    ):
        found, wanted = getattr(model.config, name), getattr(expected, name)
        if found != wanted:
            raise ScaleError(f"{folder}: {name} is {found}, and the run has {wanted}")
    return model
