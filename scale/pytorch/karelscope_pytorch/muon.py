"""Muon, as src/autograd/muon.ts has it: `torch.optim.Muon` rounds to bfloat16, and the losses would not be ours. Chapter 7."""

import torch

MOMENTUM = 0.95
STEPS = 5
A, B, C = 3.4445, -4.775, 2.0315
EPSILON = 1e-7
ADAMW_SIZE = 0.2
"""Root mean square of an AdamW update, about. Liu et al. 2025, arXiv 2502.16982, section 2.2."""


def orthogonalize(x: torch.Tensor) -> torch.Tensor:
    """About U V^T where x = U S V^T, by Newton and Schulz's iteration (Jordan et al. 2024): [rows, columns]."""
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + EPSILON)
    for _ in range(STEPS):
        square = x @ x.T  # [side, side]
        x = A * x + (B * square + C * square @ square) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """For matrices alone: m <- mu m + g, then w <- (1 - eta lambda) w - eta 0.2 sqrt(max(rows, columns)) orthogonal(mu m + g)."""

    def __init__(self, params: list[torch.nn.Parameter], weight_decay: float) -> None:
        super().__init__(params, {"lr": 0.0, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for weight in group["params"]:
                state = self.state[weight]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(weight)
                momentum = state["momentum"].mul_(MOMENTUM).add_(weight.grad)
                update = orthogonalize(MOMENTUM * momentum + weight.grad)
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                weight.add_(update, alpha=-group["lr"] * ADAMW_SIZE * max(weight.shape) ** 0.5)
