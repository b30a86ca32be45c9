import { describe, expect, test } from 'vitest';
import { PRESETS, presetNamed } from '../../src/study/presets.ts';
import {
  checkSettings,
  optionName,
  parseSetting,
  SETTING_NAMES,
  type Settings,
  suggestion,
  withOverrides,
} from '../../src/study/settings.ts';

const tiny = presetNamed('tiny').settings;
const check = (changes: Record<string, unknown>) => () => checkSettings({ ...tiny, ...changes });

describe('settings', () => {
  test('every preset passes its own checks and has every setting', () => {
    for (const { settings } of PRESETS) {
      expect(Object.keys(checkSettings({ ...settings })).sort()).toEqual([...SETTING_NAMES].sort());
    }
  });

  test.each([
    [{ stepz: 1 }, 'unknown setting stepz (did you mean steps?)'],
    [{ steps: 1.5 }, 'steps: 1.5 is not a whole number'],
    [{ steps: 0 }, 'steps: 0, expected at least 1'],
    [{ steps: '9' }, 'steps: "9" is not a number'],
    [{ wallRatio: 1.5 }, 'wallRatio: 1.5, expected between 0 and 1'],
    [{ learningRate: Number.NaN }, 'learningRate: NaN is not a number'],
    [{ beta1: Number.POSITIVE_INFINITY }, 'beta1: Infinity is not a number'],
    [{ actionWeights: 'equal' }, 'actionWeights: "equal" is none of released, uniform'],
    [{ grammar: 1 }, 'grammar: 1 is neither true nor false'],
    [{ minLength: 9 }, 'minLength: 9 is above maxLength, 4'],
    [{ programs: 'loops' }, 'programs: "loops" is none of straight, control'],
    [
      { programs: 'control' },
      'maxLength: 4 words leave no room for control programs, the shortest branch or loop has 5',
    ],
    [{ beta1: 1 }, 'beta1: 1, expected at least 0 and below 1'],
    [{ beta2: 1 }, 'beta2: 1, expected at least 0 and below 1'],
    [{ initializer_range: 1 }, 'initializer_range: 1, expected at least 0 and below 1'],
    [{ semantics: 'flip adversarial' }, 'semantics: "flip adversarial" lacks original'],
    [{ semantics: 'original flip flip' }, 'semantics: flip is given twice in "original flip flip"'],
    [{ semantics: 'original move=move' }, 'semantics: move=move is given twice in "original move=move"'],
    [{ semantics: '' }, "semantics: semantics: '' is not"],
    [{ n_head: 6 }, 'n_head: 6 is no multiple of 4'],
    [{ n_embd: 66 }, 'n_embd: 66 is no multiple of n_head, 4'],
    [{ rotary_dim: 18 }, 'rotary_dim: 18 is not even and at most the head size, 16'],
    [{ initializer_range: 0 }, 'initializer_range: 0 is not in (0, 1)'],
    [{ traceTest: 10_000_000 }, /^traceTest: 10000000 is above testSamples/],
  ])('%j is refused, naming setting and value', (changes, message) => {
    expect(check(changes)).toThrow(message);
  });

  test('a missing setting is refused', () => {
    const { steps: _, ...rest } = tiny;
    expect(() => checkSettings(rest)).toThrow('setting steps is missing');
  });

  test('text becomes the value of the type that the setting has', () => {
    expect(parseSetting('learningRate', '2e-3')).toBe(0.002);
    expect(parseSetting('grammar', 'false')).toBe(false);
    expect(parseSetting('lossOn', 'outputs')).toBe('outputs');
    expect(() => parseSetting('lossOn', 'inputs')).toThrow('lossOn: "inputs" is none of all, outputs, program');
    expect(() => parseSetting('steps', 'many')).toThrow('steps: "many" is not a number');
    expect(() => parseSetting('steps', '')).toThrow('is not a number');
    expect(() => parseSetting('programs', '')).toThrow('programs: "" is none of straight, control');
    expect(() => parseSetting('grammar', 'no')).toThrow('grammar: "no" is neither true nor false');
  });

  test('option names are all different, in lower case with hyphens', () => {
    const names = SETTING_NAMES.map(optionName);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(optionName('n_embd')).toBe('n-embd');
    expect(optionName('trainSamples')).toBe('train-samples');
  });

  test('fewer steps shorten the warm-up and the number of checkpoints, unless these are given', () => {
    const short = withOverrides(tiny, { steps: 5 }) as unknown as Settings;
    expect(short.checkpoints).toBe(5);
    expect(short.warmupSteps).toBeLessThan(5);
    expect(checkSettings({ ...short })).toEqual(short);
    expect(() => checkSettings(withOverrides(tiny, { steps: 5, checkpoints: 9 }))).toThrow('checkpoints: 9 in 5 steps');
  });

  test('an unknown name is answered with the nearest known one, and one far from all with none', () => {
    expect(suggestion('batchsize')).toBe(' (did you mean batchSize?)');
    expect(suggestion('tinny', ['tiny', 'small'])).toBe(' (did you mean tiny?)');
    expect(suggestion('qqqqqq', ['tiny', 'small'])).toBe('');
    expect(() => presetNamed('tinny')).toThrow('unknown preset tinny (did you mean tiny?)');
  });
});
