/** @file Addresses of training: parameters, moments, gradients, losses and initial weights. Appendix D. */
import { randomStream } from '../random.ts';
import { modelConfig } from '../study/model-config.ts';
import { initialValues, optimizerOf, parameterSpecs } from '../transformer/index.ts';
import { AuditError } from './errors.ts';
import type { Explanation, Operand } from './explanation.ts';
import { adamwAgain, orthogonalAgain } from './optimizer-again.ts';
import { indexOf, type Route } from './route.ts';
import type { RunAudit } from './run-audit.ts';

type Found = Readonly<Record<string, string>>;
const NAME = '(?<name>(?:transformer|lm_head)\\.[\\w.]+)';
const INDEX = '\\[(?<index>\\d+(?:,\\d+)*)\\]';
const STEP = '^step (?<step>\\d+)/';
const at = (found: Found, key: string): number => Number(found[key]);

export const TRAINING_ROUTES: readonly Route<RunAudit>[] = [
  {
    pattern: new RegExp(`${STEP}gradient/batch (?<sample>\\d+)/token (?<token>\\d+)/(?<name>[\\w.]+)${INDEX}$`),
    example: 'step 1799/gradient/batch 0/token 3/h.2.mlp.act[17]',
    about: 'how the loss of the step from 1799 on changes with a number of the 1st sample of its batch',
    explain: (audit, found) => {
      const { explainer } = audit.pass(at(found, 'step'));
      const [column = 0] = indexOf(found['index']!);
      return explainer.explainGradient(
        explainer.activation(found['name']!, at(found, 'sample'), at(found, 'token'), column),
      );
    },
  },
  {
    pattern: new RegExp(`${STEP}gradient/${NAME}${INDEX}$`),
    example: 'step 1799/gradient/transformer.h.0.mlp.fc_in.weight[3,9]',
    about: 'how that loss changes with a parameter',
    explain: (audit, found) => {
      const { explainer } = audit.pass(at(found, 'step'));
      return explainer.explainGradient(explainer.parameter(found['name']!, indexOf(found['index']!)));
    },
  },
  {
    pattern: new RegExp(`${STEP}gradient/loss$`),
    example: 'step 1799/gradient/loss',
    about: 'where the backward pass begins: 1',
    explain: (audit, found) => {
      const { explainer } = audit.pass(at(found, 'step'));
      return explainer.explainGradient(explainer.parameter('loss', []));
    },
  },
  {
    pattern: new RegExp(`${STEP}batch (?<sample>\\d+)/token (?<token>\\d+)/(?<name>[\\w.]+)${INDEX}$`),
    example: 'step 1799/batch 0/token 3/h.2.mlp.act[17]',
    about: 'a number that the step computed on the way to its loss',
    explain: (audit, found) => {
      const { explainer, batch } = audit.pass(at(found, 'step'));
      const [column = 0] = indexOf(found['index']!);
      const place = explainer.activation(found['name']!, at(found, 'sample'), at(found, 'token'), column);
      const explanation = explainer.explain(place);
      if (found['name'] !== 'hidden_states.0') return explanation;
      const corpus = `corpus/train/${batch.samples[at(found, 'sample')]}/token ${found['token']}`;
      const token = {
        address: corpus,
        name: 'token',
        value: explainer.tokenOf(at(found, 'sample'), at(found, 'token')),
      };
      return { ...explanation, operands: [token, ...explanation.operands] }; // of a training step the sample is what counts
    },
  },
  {
    pattern: new RegExp(`${STEP}loss$`),
    example: 'step 1799/loss',
    about: 'the loss of a step, as its batch is before the optimizers move the parameters',
    explain: (audit, found) => {
      const { explainer } = audit.pass(at(found, 'step'));
      return explainer.explain(explainer.parameter('loss', []));
    },
  },
  {
    pattern: new RegExp(`${STEP}(?<what>gradient norm|clip|learning rate)$`),
    example: 'step 1799/gradient norm',
    about: 'also `clip`, by which gradients are multiplied, and `learning rate`',
    explain: (audit, found) => stepScalar(audit, at(found, 'step'), found['what']!),
  },
  {
    pattern: new RegExp(`${STEP}(?<moment>m|v|momentum)/${NAME}${INDEX}$`),
    example: 'step 1800/m/transformer.h.0.mlp.fc_in.weight[3,9]',
    about: 'what AdamW (`m`, `v`) or Muon (`momentum`) remembers of a parameter',
    explain: (audit, found) =>
      moment(audit, at(found, 'step'), found['moment']!, found['name']!, indexOf(found['index']!)),
  },
  {
    pattern: new RegExp(`${STEP}${NAME}${INDEX}$`),
    example: 'step 1800/transformer.h.0.mlp.fc_in.weight[3,9]',
    about: 'a parameter after so many steps',
    explain: (audit, found) => parameter(audit, at(found, 'step'), found['name']!, indexOf(found['index']!)),
  },
  {
    pattern: new RegExp(`^init/${NAME}${INDEX}$`),
    example: 'init/transformer.h.0.mlp.fc_in.weight[3,9]',
    about: 'the random number that a parameter began as, in double precision',
    explain: (audit, found) => initial(audit, found['name']!, indexOf(found['index']!)),
  },
  {
    pattern: /^init\/draw (?<number>\d+)$/,
    example: 'init/draw 17',
    about: 'a uniform random number behind it: where a walk ends',
    explain: (audit, found) => draw(audit, at(found, 'number')),
  },
];

function numberAt(audit: RunAudit, step: number, name: string, index: readonly number[]): number {
  const found = audit.state(step).numbers.get(name);
  if (!found) throw new AuditError(`audit: there is no ${name} at step ${step}`);
  const { shape, data } = found;
  if (index.length !== shape.length || index.some((i, axis) => i >= shape[axis]!)) {
    throw new AuditError(`audit: ${name} has the shape [${shape.join(', ')}], there is no [${index.join(', ')}]`);
  }
  return data[index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0)]!;
}

const operand = (audit: RunAudit, step: number, name: string, index: readonly number[]): Operand => ({
  address: `step ${step}/${name}[${index.join(',')}]`,
  name,
  value: numberAt(audit, step, name, index),
});

const scalar = (step: number, name: string, value: number): Operand => ({
  address: `step ${step}/${name}`,
  name,
  value,
});

function gradientOperand(audit: RunAudit, step: number, name: string, index: readonly number[]): Operand {
  const { explainer, clip } = audit.pass(step);
  const { value, address } = explainer.explainGradient(explainer.parameter(name, index));
  const factor = { address: `step ${step}/clip`, name: 'clip', value: clip };
  return { address, name: 'gradient', value, factor, part: value * clip };
}

const movedBy = (audit: RunAudit, name: string) => {
  const spec = parameterSpecs(modelConfig(audit.settings)).find((one) => one.name === name);
  if (!spec) throw new AuditError(`audit: the model has no parameter ${name}`);
  return optimizerOf(spec, audit.settings.optimizer);
};

/** A parameter is what the optimizer made of it at the step before, or a random number. */
function parameter(audit: RunAudit, step: number, name: string, index: readonly number[]): Explanation {
  const value = numberAt(audit, step, name, index);
  const base = { address: `step ${step}/${name}[${index.join(',')}]`, value, precision: 'float32' as const };
  if (audit.run.plan.imported && step > 0) {
    return { ...base, formula: 'imported: its training is not known', operands: [], again: null };
  }
  if (step === 0) {
    const { value: drawn, address } = initial(audit, name, index);
    return {
      ...base,
      formula: 'the initial value, rounded to single precision',
      operands: [{ address, name: 'initial value', value: drawn }],
      again: { value: Math.fround(drawn), count: 1, roundings: [] },
    };
  }
  const before = step - 1;
  const rate = scalar(before, 'learning rate', audit.pass(before).learningRate);
  const { beta1, beta2, adamEpsilon: epsilon, weightDecay: decay } = audit.settings;
  if (movedBy(audit, name) === 'muon') {
    return {
      ...base,
      formula: `w (1 - rate ${decay}) - rate 0.2 sqrt(max(rows, columns)) orthogonal(0.95 momentum + clip gradient)`,
      operands: [
        operand(audit, step, `momentum/${name}`, index),
        gradientOperand(audit, before, name, index),
        operand(audit, before, name, index),
        rate,
      ],
      again: orthogonalAgain(audit, before, name, index),
    };
  }
  const decays = index.length >= 2 ? decay : 0;
  return {
    ...base,
    formula: `w (1 - rate ${decays}) - rate (m / (1 - ${beta1}^${step})) / (sqrt(v / (1 - ${beta2}^${step})) + ${epsilon})`,
    operands: [
      operand(audit, step, `m/${name}`, index), // first: what moved it, and which way
      operand(audit, step, `v/${name}`, index),
      rate,
      operand(audit, before, name, index),
    ],
    again: adamwAgain(audit, before, name, index).parameter,
  };
}

function moment(audit: RunAudit, step: number, which: string, name: string, index: readonly number[]): Explanation {
  const value = numberAt(audit, step, `${which}/${name}`, index);
  const address = `step ${step}/${which}/${name}[${index.join(',')}]`;
  const base = { address, value, precision: 'float32' as const };
  if (step === 0) return { ...base, formula: 'zero before the first step', operands: [], again: null };
  const { beta1, beta2 } = audit.settings;
  const formulas: Record<string, string> = {
    m: `${beta1} m + (1 - ${beta1}) clip gradient`,
    v: `${beta2} v + (1 - ${beta2}) (clip gradient)^2`,
    momentum: '0.95 momentum + clip gradient',
  };
  const operands = [operand(audit, step - 1, `${which}/${name}`, index), gradientOperand(audit, step - 1, name, index)];
  const again =
    which === 'momentum'
      ? orthogonalAgain(audit, step - 1, name, index, 'momentum')
      : adamwAgain(audit, step - 1, name, index)[which as 'm' | 'v'];
  return { ...base, formula: formulas[which]!, operands, again };
}

function stepScalar(audit: RunAudit, step: number, what: string): Explanation {
  const { gradientNorm, clip, learningRate } = audit.pass(step);
  const base = { address: `step ${step}/${what}`, precision: 'float64' as const, operands: [], again: null };
  if (what === 'gradient norm') {
    return { ...base, value: gradientNorm, formula: 'square root of the sum of the squares of all gradients' };
  }
  const { clipNorm, learningRate: peak, warmupSteps, steps } = audit.settings;
  if (what === 'clip') {
    return {
      ...base,
      value: clip,
      formula: clipNorm === 0 ? '1: no clipping' : `at most 1: ${clipNorm} / (gradient norm + 1e-6)`,
      operands: [scalar(step, 'gradient norm', gradientNorm)],
    };
  }
  return {
    ...base,
    value: learningRate,
    formula: `${peak} (step + 1) / ${warmupSteps} up to step ${warmupSteps}, then down to 0 after step ${steps} in a straight line`,
  };
}

function initial(audit: RunAudit, name: string, index: readonly number[]): Explanation {
  const config = modelConfig(audit.settings);
  const specs = parameterSpecs(config);
  const which = specs.findIndex((one) => one.name === name);
  if (which < 0) throw new AuditError(`audit: the model has no parameter ${name}`);
  const { shape } = specs[which]!;
  const place = index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
  const { seed } = audit.run.plan;
  const value = initialValues(config, randomStream(seed, 'model'))[which]![place];
  if (value === undefined) throw new AuditError(`audit: there is no ${name}[${index.join(',')}]`);
  const base = { address: `init/${name}[${index.join(',')}]`, value, precision: 'float64' as const, again: null };
  if (shape.length === 1) {
    return {
      ...base,
      formula: name.endsWith('.bias') ? 'biases begin as 0' : 'weights of norms begin as 1',
      operands: [],
    };
  }
  const drawn = specs.slice(0, which).filter((one) => one.shape.length === 2);
  const number = drawn.reduce((sum, one) => sum + one.shape[0]! * one.shape[1]!, place);
  const first = 2 * Math.floor(number / 2);
  const residual = /(?:attn\.out_proj|mlp\.fc_out)\.weight$/.test(name);
  const deviation = residual
    ? `${config.initializer_range} / sqrt(2 x ${config.n_layer})`
    : `${config.initializer_range}`;
  const wave = number % 2 === 0 ? 'cos' : 'sin';
  return {
    ...base,
    formula: `${deviation} x sqrt(-2 log(1 - a)) ${wave}(2 pi b), by Box and Muller`,
    operands: [draw(audit, first), draw(audit, first + 1)].map((one, at) => ({
      address: one.address,
      name: 'ab'[at]!,
      value: one.value,
    })),
  };
}

function draw(audit: RunAudit, number: number): Explanation {
  const { seed } = audit.run.plan;
  const random = randomStream(seed, 'model');
  for (let before = 0; before < number; before++) random();
  return {
    address: `init/draw ${number}`,
    value: random(),
    precision: 'float64',
    formula: `number ${number} of the alea generator seeded with "${seed}/model"`,
    operands: [],
    again: null,
  };
}
