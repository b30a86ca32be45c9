"""The contender JAX: `jax_peer.py THREADS`. XLA takes its number of threads from the cores that the process may use."""

import os
import sys

if __name__ == "__main__":
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[1])])

import jax
import jax.numpy as jnp

from protocol import answer


class JaxPeer:
    def load_product(self, m, n, k, transpose_b, a, b):
        self.a = jnp.asarray(a).reshape(m, k)
        self.b = jnp.asarray(b).reshape((n, k) if transpose_b else (k, n))
        self.multiply = jax.jit(lambda a, b: a @ b.T if transpose_b else a @ b)

    def product(self):
        return self.multiply(self.a, self.b).block_until_ready()

    def load_task(self, task):
        parameters = {name: jnp.asarray(values) for name, values in task.parameters.items()}
        zeros = jax.tree.map(jnp.zeros_like, parameters)
        self.state = (parameters, zeros, jax.tree.map(jnp.copy, zeros), jnp.zeros((), jnp.int32))
        self.update = jax.jit(step_of(task), donate_argnums=0)

    def step(self):
        loss, self.state = self.update(self.state)
        jax.block_until_ready(self.state)
        return float(loss)


def step_of(task):
    """Loss, gradient, clipping and AdamW as one function of parameters, moments and the number of steps."""
    o = task.optimizer
    differentiate = jax.value_and_grad(loss_of(task))

    def step(state):
        parameters, m, v, count = state
        loss, gradients = differentiate(parameters)
        norm = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(gradients)))
        factor = jnp.minimum(1.0, o["clip"] / (norm + 1e-6))
        gradients = jax.tree.map(lambda g: g * factor, gradients)
        count = count + 1
        m = jax.tree.map(lambda m, g: o["beta1"] * m + (1 - o["beta1"]) * g, m, gradients)
        v = jax.tree.map(lambda v, g: o["beta2"] * v + (1 - o["beta2"]) * g * g, v, gradients)
        corrections = [1 - o[beta] ** count.astype(jnp.float32) for beta in ("beta1", "beta2")]

        def moved(p, m, v):
            decay = 1 - o["learningRate"] * o["weightDecay"] if p.ndim >= 2 else 1
            change = (m / corrections[0]) / (jnp.sqrt(v / corrections[1]) + o["epsilon"])
            return p * decay - o["learningRate"] * change

        return loss, (jax.tree.map(moved, parameters, m, v), m, v, count)

    return step


def loss_of(task):
    """The mean cross-entropy of the batch as a function of the parameters."""
    config, layout = task.config, task.layout
    heads, head_size, groups = layout["heads"], layout["headSize"], layout["groups"]
    batch, length, width = task.batch, task.length, config["n_embd"]
    rotary_dim, epsilon = config["rotary_dim"], config["layer_norm_epsilon"]
    ids, targets = jnp.asarray(task.ids), jnp.asarray(task.targets)
    cos, sin = (jnp.asarray(table)[:, None, :] for table in task.rotary_angles())

    def rotate(x):  # [batch, length, heads, head_size]
        pairs, rest = x[..., :rotary_dim].reshape(*x.shape[:-1], -1, 2), x[..., rotary_dim:]
        a, b = pairs[..., 0], pairs[..., 1]
        turned = jnp.stack((a * cos - b * sin, b * cos + a * sin), axis=-1).reshape(*x.shape[:-1], rotary_dim)
        return jnp.concatenate((turned, rest), axis=-1)

    def attention(qkv):
        parts = qkv.reshape(batch, length, groups, 3, heads // groups, head_size)
        query, value, key = (parts[:, :, :, i].reshape(batch, length, heads, head_size) for i in range(3))
        out = jax.nn.dot_product_attention(rotate(query), rotate(key), value, is_causal=True)
        return out.reshape(batch, length, width)

    def loss(p):
        def linear(x, name):
            return x @ p[f"{name}.weight"].T + p.get(f"{name}.bias", 0)

        def norm(x, name):
            mean = x.mean(-1, keepdims=True)
            deviation = x - mean
            variance = (deviation * deviation).mean(-1, keepdims=True)
            return deviation * jax.lax.rsqrt(variance + epsilon) * p[f"{name}.weight"] + p[f"{name}.bias"]

        x = p["transformer.wte.weight"][ids]
        for layer in range(config["n_layer"]):
            h = f"transformer.h.{layer}"
            normed = norm(x, f"{h}.ln_1")
            attended = linear(attention(linear(normed, f"{h}.attn.qkv_proj")), f"{h}.attn.out_proj")
            inner = jax.nn.gelu(linear(normed, f"{h}.mlp.fc_in"), approximate=True)
            x = x + attended + linear(inner, f"{h}.mlp.fc_out")
        logits = linear(norm(x, "transformer.ln_f"), "lm_head")
        chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), jnp.maximum(targets, 0)[..., None], axis=-1)[..., 0]
        counts = targets >= 0
        return -jnp.sum(chosen * counts) / jnp.sum(counts)

    return loss


if __name__ == "__main__":
    answer(JaxPeer())
