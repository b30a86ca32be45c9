"""Which samples a step takes: the numbers of karelscope."""

import json

import pytest

from karelscope_pytorch.order import BatchOrder, random_stream


@pytest.mark.parametrize("seed", ["1", "", "any text", "\u00fc \U0001f600"])
def test_a_stream_gives_the_bits_of_karelscopes(evaluated, seed):
    expression = f"(() => {{ const r = randomStream({json.dumps(seed)}, 'epoch/3'); return Array.from({{ length: 1000 }}, r) }})()"
    random = random_stream(seed, "epoch/3")
    assert [random() for _ in range(1000)] == evaluated(expression, "random.js")


@pytest.mark.parametrize(("count", "batch_size"), [(20_000, 32), (7, 3), (500_000, 39), (1, 2)])
def test_batches_hold_the_samples_of_karelscopes_in_every_epoch(evaluated, count, batch_size):
    steps = [0, 1, 2, 5, count // batch_size, count // batch_size + 1, 3 * count // batch_size, 80_000]
    order = BatchOrder(count, batch_size, "1")
    batches = (
        f"(() => {{ const o = new BatchOrder({count}, {batch_size}, '1'); return {steps}.map((s) => o.batch(s)) }})()"
    )
    assert [order.batch(step) for step in steps] == evaluated(batches, "study/batches.js")


def test_another_seed_gives_another_order():
    assert BatchOrder(100, 10, "1").batch(10) != BatchOrder(100, 10, "2").batch(10)
