"""Training of a run's model: one step is forward, backward, clip and update; on one device, or shared among many. Chapter 7."""

import sys
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic

import torch
from accelerate import Accelerator
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from .batch import IGNORED, Batch, counted_tokens, micro_batches, training_batch
from .corpus import Corpus
from .errors import ScaleError
from .model import new_model, stored_model
from .optimizer import Optimizers, learning_rate
from .order import BatchOrder
from .output import Metrics, Output, parse_metrics
from .settings import Settings, read_plan


@dataclass(frozen=True)
class Request:
    run: Path
    """A folder with settings.json and corpus/train.karel."""
    out: Path
    init: Path | None = None
    """A checkpoint folder with the initial weights; where there is none, they are drawn."""
    until: int | None = None
    """The step at which to stop, if not the last."""
    precision: str = "float32"
    """Or bfloat16, of products and activations alone: weights, their gradients and moments stay float32."""
    micro_batch: int | None = None
    """Most samples that go through the model at once on a device; all of its share where there is none."""
    keep_seconds: float = 300
    cpu: bool = False


class Trainer:
    """The model on its device, and what training remembers from step to step. The same on every device."""

    def __init__(self, request: Request) -> None:
        self.plan = read_plan(request.run)
        settings = self.settings = self.plan.settings
        self.corpus = Corpus(request.run / "corpus" / "train.karel")
        _require_shape(self.corpus, settings)
        self.order = BatchOrder(self.corpus.count, settings.batchSize, self.plan.seed)
        self._counted = counted_tokens(settings.lossOn, self.corpus.shape)
        self._micro_batch = request.micro_batch
        self.output = Output(request.out, self._facts(request))

        mixed = "bf16" if request.precision == "bfloat16" else "no"
        self.accelerator = Accelerator(cpu=request.cpu, mixed_precision=mixed)
        kept = self.output.kept()
        self.step, self.metrics = 0, Metrics()
        if kept:
            self.step, folder = kept
            self.metrics = parse_metrics(folder / "metrics.jsonl")
            model = stored_model(folder, settings)
        else:
            model = stored_model(request.init, settings) if request.init else new_model(self.plan)
        self._forward = self.accelerator.prepare(model.train())
        self.model = self.accelerator.unwrap_model(self._forward)
        self.optimizers = Optimizers(self.model, settings)
        if kept:
            device = self.accelerator.device
            self.optimizers.restore(torch.load(folder / "optimizers.pt", map_location=device, weights_only=True))

    def _facts(self, request: Request) -> dict:
        """What decides the losses, besides rounding."""
        init = request.init and request.init / "model.safetensors"
        if init and not init.exists():
            raise ScaleError(f"{init}: no such file")
        return {
            "preset": self.plan.preset,
            "seed": self.plan.seed,
            "settings_sha256": self.plan.settings_sha256,
            "corpus_crc32": self.corpus.crc32,
            "init_sha256": sha256(init.read_bytes()).hexdigest() if init else None,
            "precision": request.precision,
        }

    def train_step(self) -> dict:
        """One step, and its line of metrics. Raises ScaleError when the loss is not finite, before anything has changed."""
        numbers = self.order.batch(self.step)
        batch = training_batch(self.corpus.tokens(numbers), self._counted)
        loss = self._differentiate(batch)
        norm = self.optimizers.clip()
        if not (torch.isfinite(torch.tensor([loss, norm])).all()):
            where = f"in the batch that begins with sample {numbers[0]} of {self.plan.folder}/corpus/train.karel"
            raise ScaleError(f"step {self.step + 1}: loss {loss}, gradient norm {norm}, {where}")
        rate = learning_rate(self.settings, self.step)
        self.optimizers.step(rate)
        line = {
            "step": self.step + 1,
            "epoch": self.order.epoch(self.step),
            "loss": loss,
            "learningRate": rate,
            "gradientNorm": norm,
            "tokens": batch.tokens,
        }
        self.step += 1
        self.metrics.append(line)
        return line

    def _differentiate(self, batch: Batch) -> float:
        """
        The mean over all counted tokens of the batch, wherever they are: each device sums the losses of its samples, and
        divides by what the whole batch counts. Gradients, of which devices take the mean, are those of that loss.
        """
        accelerator = self.accelerator
        devices, device = accelerator.num_processes, accelerator.process_index
        counted = batch.counted
        runs = micro_batches(len(batch.labels), devices, device, self._micro_batch)
        total = torch.zeros((), device=accelerator.device)
        for at, rows in enumerate(runs):
            last = at == len(runs) - 1
            with nullcontext() if last else accelerator.no_sync(self._forward):
                losses = self._losses(batch.part(rows) if rows.start < rows.stop else _nothing(batch))  # []
                accelerator.backward(losses * (devices / counted))
                total += losses.detach()
        return float(accelerator.reduce(total, "sum")) / counted

    def _losses(self, batch: Batch) -> torch.Tensor:
        """The sum of the counted tokens' losses, in nats."""
        device = self.accelerator.device
        inputs, mask, labels = (
            torch.from_numpy(each).to(device) for each in (batch.input_ids, batch.attention_mask, batch.labels)
        )
        logits = self._forward(
            input_ids=inputs, attention_mask=mask, use_cache=False
        ).logits  # [samples, tokens, vocabulary]
        return cross_entropy(logits.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="sum")


def _require_shape(corpus: Corpus, settings: Settings) -> None:
    names = {"width": "gridWidth", "height": "gridHeight", "examples": "examples", "maxLength": "maxLength"}
    for name, setting in names.items():
        found, wanted = corpus.shape[name], getattr(settings, setting)
        if found != wanted:
            raise ScaleError(f"the corpus has {setting} {found}, and settings.json {wanted}")


def _nothing(batch: Batch) -> Batch:
    """A sample that does not count, for a device that has none: all have to take part."""
    one = batch.part(slice(0, 1))
    return Batch(one.input_ids, one.attention_mask, one.labels * 0 + IGNORED)


def train(request: Request) -> None:
    """Trains to the last step, or `until`, from what lies in `out`. Raises ScaleError before anything is written."""
    trainer = Trainer(request)
    settings, output = trainer.settings, trainer.output
    alone = trainer.accelerator.is_main_process  # writes and tells
    until = min(request.until or settings.steps, settings.steps)
    checkpoints = set(trainer.plan.checkpoint_steps())
    if output.has(settings.steps) or trainer.step >= until:
        if alone:
            print(f"{request.out} is trained to step {max(trainer.step, until)} already")
        return
    if alone:
        output.begin()
        if trainer.step == 0:
            output.write_checkpoint(0, trainer.model, [])
    bar = tqdm(
        total=settings.steps,
        initial=trainer.step,
        unit="steps",
        disable=not alone,
        mininterval=0.1 if sys.stderr.isatty() else 30,
    )
    kept_at, tokens, since = monotonic(), 0, monotonic()
    while trainer.step < until:
        line = trainer.train_step()
        tokens += line["tokens"]
        rate = tokens / (monotonic() - since)
        bar.set_postfix_str(f"loss {line['loss']:.3f}, {rate:,.0f} tokens/s", refresh=False)
        if bar.update(1):  # it was shown
            tokens, since = 0, monotonic()
        if not alone:
            continue
        if trainer.step in checkpoints:
            output.write_checkpoint(trainer.step, trainer.model, trainer.metrics)
            trainer.metrics = []
        if trainer.step == settings.steps:
            output.forget_kept()
        elif trainer.step in checkpoints or trainer.step == until or monotonic() - kept_at >= request.keep_seconds:
            output.keep(trainer.step, trainer.model, trainer.optimizers.state(), trainer.metrics)
            kept_at = monotonic()
    bar.close()
    trainer.accelerator.end_training()
