"""What a step learns from: the tokens and targets of karelscope."""

import json

import numpy as np
import pytest

from karelscope_pytorch.batch import IGNORED, counted_tokens, micro_batches, training_batch
from karelscope_pytorch.corpus import Corpus
from karelscope_pytorch.errors import ScaleError


@pytest.mark.parametrize("programs", ["straight", "control"])
@pytest.mark.parametrize("loss_on", ["all", "outputs", "program"])
def test_tokens_and_targets_are_karelscopes(golden, evaluated, loss_on, programs):
    run = golden(programs=programs, max_length=8)
    corpus = Corpus(run / "corpus" / "train.karel")
    batch = training_batch(corpus.tokens(list(range(corpus.count))), counted_tokens(loss_on, corpus.shape))
    expression = f"""(() => {{
      const corpus = new CorpusReader(new DiskStore({json.dumps(str(run))}).open('corpus/train.karel'), 'train');
      const counts = countedTokens({json.dumps(loss_on)}, corpus.header.settings);
      const tokens = Array.from({{ length: corpus.count }}, (_, at) => corpus.tokens(at));
      const {{ sequences, targets }} = trainingBatch(tokens, counts);
      return {{ sequences: sequences.map((each) => [...each]), targets: targets.map((each) => [...each]) }};
    }})()"""
    ours = evaluated(expression, "study/corpus-reader.js", "study/stages/train.js", "node/disk-store.js")
    lengths = batch.attention_mask.sum(axis=1)
    assert len(set(lengths)) > 1  # some are padded
    assert [list(ids[:n]) for ids, n in zip(batch.input_ids, lengths, strict=True)] == ours["sequences"]
    assert [list(labels[:n]) for labels, n in zip(batch.labels, lengths, strict=True)] == ours["targets"]
    for ids, labels, n in zip(batch.input_ids, batch.labels, lengths, strict=True):
        assert not ids[n:].any()
        assert (labels[n:] == IGNORED).all()
    assert batch.tokens == sum(map(len, ours["sequences"]))


@pytest.mark.parametrize(
    ("samples", "devices", "largest"), [(39, 8, 2), (39, 4, None), (16, 1, 5), (3, 2, 1), (5, 4, 1)]
)
def test_every_sample_goes_to_one_device_once_in_runs_of_at_most_the_largest(samples, devices, largest):
    runs = [micro_batches(samples, devices, device, largest) for device in range(devices)]
    assert [at for own in runs for rows in own for at in range(rows.start, rows.stop)] == list(range(samples))
    assert len({len(own) for own in runs}) == 1
    assert all(rows.stop - rows.start <= (largest or samples) for own in runs for rows in own)


@pytest.mark.parametrize("at", [3, 40, -20, -1])
def test_a_corpus_with_one_altered_byte_is_refused(golden, tmp_path, at):
    content = bytearray((golden() / "corpus" / "train.karel").read_bytes())
    content[at] ^= 1
    path = tmp_path / "train.karel"
    path.write_bytes(content)
    with pytest.raises(ScaleError, match="train.karel"):
        Corpus(path)


def test_a_truncated_corpus_is_refused(golden, tmp_path):
    path = tmp_path / "train.karel"
    path.write_bytes((golden() / "corpus" / "train.karel").read_bytes()[:-30])
    with pytest.raises(ScaleError, match="truncated"):
        Corpus(path)


def test_samples_are_read_by_number(golden):
    corpus = Corpus(golden() / "corpus" / "train.karel")
    assert np.array_equal(corpus.tokens([5, 2])[1], corpus.tokens([2])[0])
