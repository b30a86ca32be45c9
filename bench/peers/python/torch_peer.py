"""The contender PyTorch: `torch_peer.py THREADS eager|compile`."""

import sys

import numpy as np
import torch
import torch.nn.functional as F

from protocol import answer


class TorchPeer:
    def __init__(self, threads, compiled):
        torch.set_num_threads(threads)
        self.compiled = compiled

    def load_product(self, m, n, k, transpose_b, a, b):
        self.a = torch.from_numpy(a).view(m, k)
        b = torch.from_numpy(b)
        self.b = b.view(n, k).T if transpose_b else b.view(k, n)

    def product(self):
        return (self.a @ self.b).numpy()

    def load_task(self, task):
        self.clip = task.optimizer["clip"]
        self.parameters = {
            name: torch.from_numpy(values.copy()).requires_grad_() for name, values in task.parameters.items()
        }
        self.optimizer = torch.optim.AdamW(
            self.parameters.values(),
            lr=task.optimizer["learningRate"],
            betas=(task.optimizer["beta1"], task.optimizer["beta2"]),
            eps=task.optimizer["epsilon"],
            weight_decay=task.optimizer["weightDecay"],
            fused=True,
        )
        loss = loss_of(task)
        self.loss = torch.compile(loss) if self.compiled else loss

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.parameters)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), self.clip)
        self.optimizer.step()
        return loss.item()


def loss_of(task):
    """The mean cross-entropy of the batch as a function of the parameters."""
    config, layout = task.config, task.layout
    heads, head_size, groups = layout["heads"], layout["headSize"], layout["groups"]
    batch, length, width = task.batch, task.length, config["n_embd"]
    rotary_dim, epsilon = config["rotary_dim"], config["layer_norm_epsilon"]
    ids = torch.from_numpy(task.ids.astype(np.int64))
    targets = torch.from_numpy(task.targets.astype(np.int64)).view(-1)
    cos, sin = (torch.from_numpy(table) for table in task.rotary_angles())

    def rotate(x):  # [batch, heads, length, head_size]
        pairs, rest = x[..., :rotary_dim].unflatten(-1, (-1, 2)), x[..., rotary_dim:]
        a, b = pairs.unbind(-1)
        turned = torch.stack((a * cos - b * sin, b * cos + a * sin), dim=-1).flatten(-2)
        return torch.cat((turned, rest), dim=-1)

    def attention(qkv):
        parts = qkv.view(batch, length, groups, 3, heads // groups, head_size).unbind(3)
        query, value, key = (part.flatten(2, 3).transpose(1, 2) for part in parts)  # in CodeGen's order
        out = F.scaled_dot_product_attention(rotate(query), rotate(key), value, is_causal=True)
        return out.transpose(1, 2).reshape(batch, length, width)

    def loss(p):
        def linear(x, name):
            return F.linear(x, p[f"{name}.weight"], p.get(f"{name}.bias"))

        def norm(x, name):
            return F.layer_norm(x, (width,), p[f"{name}.weight"], p[f"{name}.bias"], epsilon)

        x = F.embedding(ids, p["transformer.wte.weight"])
        for layer in range(config["n_layer"]):
            h = f"transformer.h.{layer}"
            normed = norm(x, f"{h}.ln_1")
            attended = linear(attention(linear(normed, f"{h}.attn.qkv_proj")), f"{h}.attn.out_proj")
            inner = F.gelu(linear(normed, f"{h}.mlp.fc_in"), approximate="tanh")
            x = x + attended + linear(inner, f"{h}.mlp.fc_out")
        logits = linear(norm(x, "transformer.ln_f"), "lm_head")
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets, ignore_index=-1)

    return loss


if __name__ == "__main__":
    answer(TorchPeer(int(sys.argv[1]), sys.argv[2] == "compile"))
