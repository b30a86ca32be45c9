/** @file What the optimizers did to one number, once more with the exact kernels. Appendix D. */
import { Muon, Variable } from '../autograd/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Again } from './explanation.ts';
import { recordRoundings } from './roundings.ts';
import type { RunAudit } from './run-audit.ts';

/** AdamW's step from `step` on, of one element by itself. */
export function adamwAgain(
  audit: RunAudit,
  step: number,
  name: string,
  index: readonly number[],
): { readonly parameter: Again; readonly m: Again; readonly v: Again } {
  const { engine, roundings, count } = recordRoundings(audit.arithmetic);
  const { explainer, clip, learningRate } = audit.pass(step);
  const { numbers } = audit.state(step);
  const one = (key: string) => {
    const { shape, data } = numbers.get(key)!;
    return engine.tensor([1], [data[index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0)]!]).data;
  };
  const { variable, at } = explainer.parameter(name, index);
  const gradient = engine.tensor([1], [variable.gradient!.data[at]!]).data;
  const [w, m, v] = [one(name), one(`m/${name}`), one(`v/${name}`)];
  const { beta1, beta2, adamEpsilon: epsilon, weightDecay } = audit.settings;
  engine.kernels.adamw(w, gradient, m, v, {
    learningRate,
    beta1,
    beta2,
    epsilon,
    weightDecay: index.length >= 2 ? weightDecay : 0,
    step: step + 1,
    gradientScale: clip,
  });
  const again = (data: ArrayLike<number>): Again => ({ value: data[0]!, count: count(), roundings });
  return { parameter: again(w), m: again(m), v: again(v) };
}

/** Muon's step, of the whole matrix: its elements depend on one another. */
export function orthogonalAgain(
  audit: RunAudit,
  step: number,
  name: string,
  index: readonly number[],
  wanted: 'parameter' | 'momentum' = 'parameter',
): Again {
  const { engine, roundings, count } = recordRoundings(audit.arithmetic);
  const { explainer, clip, learningRate } = audit.pass(step);
  const { numbers } = audit.state(step);
  const copy = (key: string): Tensor => {
    const { shape, data } = numbers.get(key)!;
    return engine.tensor(shape, data);
  };
  const { variable, at } = explainer.parameter(name, index);
  const gradient = engine.tensor(variable.value.shape, variable.gradient!.data);
  const parameter = new Variable(copy(name), { requiresGradient: true, gradient, name });
  const muon = new Muon(engine, [parameter], { weightDecay: audit.settings.weightDecay });
  muon.momentum[0]!.data.set(copy(`momentum/${name}`).data);
  muon.step(learningRate, clip);
  return { value: (wanted === 'parameter' ? parameter.value : muon.momentum[0]!).data[at]!, count: count(), roundings };
}
