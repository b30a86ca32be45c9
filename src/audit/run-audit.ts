/** @file A finished run, opened for an audit: its models, passes and results, each made when it is first asked for. Appendix D. */
import { clipScale, gradientNorm } from '../autograd/index.ts';

import { promptLength, type Split } from '../karel/index.ts';
import { type KeptProbe, readProbes } from '../probe/index.ts';
import type { Results } from '../results/index.ts';
import { loadModel } from '../study/checkpoints.ts';
import { type CorpusReader, withCorpus } from '../study/corpus-reader.ts';
import { layerOf } from '../study/model-config.ts';
import { corpusFile, evaluationFile, modelFiles, probeWeightsFile, RESULTS_FILE } from '../study/names.ts';
import { checkpointSteps, type Run, readJson } from '../study/run.ts';
import { generationOptions } from '../study/stages/trace.ts';
import type { Arithmetic } from '../tensor/exact/index.ts';
import type { Engine } from '../tensor/index.ts';
import { type CodeGen, generate, recordGeneration, recordTraining } from '../transformer/index.ts';
import { arithmeticOf } from './arithmetic.ts';
import { AuditError } from './errors.ts';
import { PassExplainer } from './pass-explainer.ts';
import { SequenceExplainer } from './sequence-explainer.ts';
import { type Batch, Training } from './training.ts';

/** Parameters and moments after some steps, outside of the engine's memory. */
export interface TrainingState {
  /** `NAME`, `m/NAME`, `v/NAME` and `momentum/NAME`, with their shapes. */
  readonly numbers: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>;
}

/** A training step: what it computed before the optimizers moved anything. */
export interface TrainingPass {
  readonly explainer: PassExplainer;
  readonly batch: Batch;
  /** Of all gradients together. */
  readonly gradientNorm: number;
  /** What every gradient is multiplied by, so that the norm is at most the setting `clipNorm`. */
  readonly clip: number;
  readonly learningRate: number;
}

/** How much is kept of each kind: walks go back and forth between few steps and samples. */
const KEPT = 6;

export class RunAudit {
  readonly run: Run;
  readonly arithmetic: Arithmetic['name'];
  readonly engine: Engine;
  readonly training: () => Training;
  readonly #models = new Map<number, CodeGen>();
  readonly #sequences = new Map<string, SequenceExplainer>();
  readonly #passes = new Map<number, TrainingPass>();
  readonly #states = new Map<number, TrainingState>();
  #results: Results | undefined;

  /** `engine` has the run's arithmetic; `onStep` hears of training steps that are done again. */
  constructor(run: Run, engine: Engine, onStep?: (step: number, of: number) => void) {
    const arithmetic = arithmeticOf(run);
    if (engine.arithmetic !== arithmetic) {
      throw new AuditError(`audit: the run was computed with ${arithmetic}, this engine has ${engine.arithmetic}`);
    }
    this.run = run;
    this.arithmetic = arithmetic;
    this.engine = engine;
    let training: Training | undefined;
    this.training = () => (training ??= new Training(run, engine, onStep));
  }

  get settings() {
    return this.run.plan.settings;
  }

  /** The last checkpoint that there is. */
  get lastStep(): number {
    const last = checkpointSteps(this.run.plan)
      .filter((step) => modelFiles(step).every(this.run.has))
      .at(-1);
    if (last === undefined) throw new AuditError(`audit: ${this.run.store.place} has no checkpoint yet`);
    return last;
  }

  results(): Results {
    return (this.#results ??= readJson<Results>(this.run, RESULTS_FILE));
  }

  /** Of a checkpoint. Throws {@link AuditError} where there is none at this step. */
  model(step: number): CodeGen {
    this.checkpoint(step);
    return kept(this.#models, step, () => loadModel(this.run, step, this.engine));
  }

  /** Throws {@link AuditError} unless there is a checkpoint at this step. */
  checkpoint(step: number): void {
    if (modelFiles(step).every(this.run.has)) return;
    const known = checkpointSteps(this.run.plan).join(', ');
    throw new AuditError(`audit: there is no checkpoint at step ${step}; checkpoints are at ${known}`);
  }

  /** What a checkpoint writes for a test specification, prompt and all. Throws {@link AuditError}. */
  sequence(step: number, sample: number): SequenceExplainer {
    return kept(this.#sequences, `${step}/${sample}`, () => {
      const model = this.model(step);
      const prompt = Array.from(this.promptOf('test', sample));
      const written = generate(this.engine, model, [prompt], generationOptions(this.settings))[0]!.tokens;
      const layer = layerOf(this.settings);
      return new SequenceExplainer(model, recordGeneration(this.engine, model, prompt, written), {
        arithmetic: this.arithmetic,
        prefix: `step ${step}/sample ${sample}/`,
        parameterPrefix: `step ${step}/`,
        probes: this.probes(step),
        state: `hidden_states.${layer}`,
        written,
      });
    });
  }

  /** The tokens that specify what a program should do. Throws {@link AuditError}. */
  promptOf(split: Split, sample: number): Uint8Array {
    return this.withCorpus(split, sample, (corpus) =>
      corpus.tokens(sample).subarray(0, promptLength(corpus.header.settings)),
    );
  }

  withCorpus<T>(split: Split, sample: number, body: (corpus: CorpusReader) => T): T {
    if (!this.run.has(corpusFile(split))) throw new AuditError(`audit: ${this.run.store.place} has no ${split} corpus`);
    return withCorpus(this.run, split, (corpus) => {
      if (!(sample >= 0 && sample < corpus.count)) {
        throw new AuditError(`audit: there is no sample ${sample} in ${corpusFile(split)}, which has ${corpus.count}`);
      }
      return body(corpus);
    });
  }

  probes(step: number): readonly KeptProbe[] {
    const file = probeWeightsFile(step);
    return this.run.has(file) ? readProbes(this.run.read(file), file).probes : [];
  }

  evaluated(step: number): boolean {
    return this.run.has(evaluationFile(step));
  }

  /** The step from `step` on, with everything that it computed. Throws {@link AuditError} for a run that does not take it. */
  pass(step: number): TrainingPass {
    if (step >= this.settings.steps) {
      throw new AuditError(
        `audit: training ends after ${this.settings.steps} steps, there is none from step ${step} on`,
      );
    }
    return kept(this.#passes, step, () => {
      const trainer = this.training().at(step);
      const batch = this.training().batch(step);
      const pass = recordTraining(this.engine, trainer.model, batch.batch);
      const explainer = new PassExplainer(pass, this.arithmetic, {
        activation: (sample, token) => `step ${step}/batch ${sample}/token ${token}/`,
        parameter: `step ${step}/`,
        gradientOfActivation: (sample, token) => `step ${step}/gradient/batch ${sample}/token ${token}/`,
        gradientOfParameter: `step ${step}/gradient/`,
      });
      const norm = gradientNorm(this.engine, trainer.model.parameters);
      const clip = clipScale(norm, trainer.settings.clip);
      return { explainer, batch, gradientNorm: norm, clip, learningRate: trainer.settings.schedule(step) };
    });
  }

  /** Parameters and moments as they stand after so many steps; parameters alone where the model was imported. Throws {@link AuditError}. */
  state(step: number): TrainingState {
    return kept(this.#states, step, () => {
      const copy = (shape: readonly number[], data: ArrayLike<number>) => ({ shape, data: Float32Array.from(data) });
      const parametersOf = (model: CodeGen) =>
        model.parameters.map(({ name, value }) => [name!, copy(value.shape, value.data)] as const);
      if (this.run.plan.imported) return { numbers: new Map(parametersOf(this.model(step))) };
      const trainer = this.training().at(step);
      const parameters = parametersOf(trainer.model);
      const moments = Array.from(trainer.state().moments, ([name, { shape, data }]) => {
        return [name.replace('.', '/'), copy(shape, data)] as const; // m.NAME as m/NAME
      });
      return { numbers: new Map([...parameters, ...moments]) };
    });
  }
}

/** The value of a key, made when it is not there; the oldest ones are forgotten. */
function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make();
  map.delete(key);
  map.set(key, known);
  if (map.size > KEPT) map.delete(map.keys().next().value as K);
  return known;
}
