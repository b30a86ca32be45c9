"""Learning rate, clipping and update of a run: src/study/stages/train.ts and src/autograd/optimizer.ts. Chapter 7."""

import torch

from .muon import Muon
from .settings import Settings


def learning_rate(settings: Settings, step: int) -> float:
    """Of the step after `step` steps: a linear warm-up, then a linear decay that would reach zero a step after the last."""
    peak, warmup, total = settings.learningRate, settings.warmupSteps, settings.steps + 1
    if step + 1 < warmup:
        return peak * ((step + 1) / warmup)
    return peak * max(0, (total - (step + 1)) / max(1, total - warmup))


class Optimizers:
    """AdamW, and Muon where it is chosen for the matrices of the blocks; only matrices decay."""

    def __init__(self, model: torch.nn.Module, settings: Settings) -> None:
        self._settings = settings
        groups: dict[str, list[torch.nn.Parameter]] = {"muon": [], "matrices": [], "rest": []}
        for name, value in model.named_parameters():
            by_muon = settings.optimizer == "muon" and name.startswith("transformer.h.")
            groups["rest" if value.dim() < 2 else "muon" if by_muon else "matrices"].append(value)
        decaying = [{"params": groups["matrices"], "weight_decay": settings.weightDecay}]
        rest = [{"params": groups["rest"], "weight_decay": 0.0}]
        betas = (settings.beta1, settings.beta2)
        self._parameters = list(model.parameters())
        self._each: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(decaying + rest, lr=0.0, betas=betas, eps=settings.adamEpsilon)
        ]
        if groups["muon"]:
            self._each.append(Muon(groups["muon"], settings.weightDecay))

    def clip(self) -> float:
        """The norm of all gradients together, which are scaled down to `clipNorm` where that is not 0."""
        limit = self._settings.clipNorm or float("inf")
        return float(torch.nn.utils.clip_grad_norm_(self._parameters, limit))

    def step(self, rate: float) -> None:
        """Moves the parameters, and forgets their gradients."""
        for optimizer in self._each:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
            optimizer.zero_grad()

    def state(self) -> list[dict]:
        return [optimizer.state_dict() for optimizer in self._each]

    def restore(self, state: list[dict]) -> None:
        for optimizer, own in zip(self._each, state, strict=True):
            optimizer.load_state_dict(own)
