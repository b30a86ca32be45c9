/** @file CodeGen as an editable model. Chapter 14. */
import { Variable } from '../../autograd/index.ts';
import type { Engine } from '../../tensor/engine.ts';
import {
  type CodeGen,
  cachedAtATime,
  cachedDecoder,
  chunks,
  type TapName,
  type Taps,
} from '../../transformer/index.ts';
import { ProbeError } from '../errors.ts';
import type { Edit, EditableModel, Next } from './editable-model.ts';

/**
 * Edits change `hidden_states.0` to `hidden_states.{n_layer}`, the last one after the final norm. Tokens before the last of
 * a prefix are read once: no edit reaches them, so their keys and values are those of all edits. `read` throws
 * {@link ProbeError} for a prefix of fewer than 2 tokens.
 */
export function editableCodeGen(engine: Engine, model: CodeGen): EditableModel {
  const { n_layer, n_embd, vocab_size } = model.config;
  return {
    layers: n_layer,
    width: n_embd,
    vocabulary: vocab_size,
    read(prefixes, { room, together = 1 }, body) {
      const short = prefixes.findIndex(({ length }) => length < 2);
      if (short >= 0) throw new ProbeError(`edit: prefix ${short} has ${prefixes[short]!.length} tokens, 2 are needed`);
      const size = Math.max(1, Math.floor(cachedAtATime(engine, model, prefixes, room) / together)) * together;
      for (const { first, items } of chunks(prefixes, size)) {
        engine.scope(() => {
          const samples = items.map((prefix) => ({ prompt: prefix.slice(0, -1), tokens: [0], done: false }));
          const decode = cachedDecoder(engine, model, samples, room + 1);
          engine.scope(() => decode([]));
          const next: Next = (written, edit) =>
            engine.scope(() => {
              samples.forEach(({ tokens }, row) => {
                tokens.splice(0, tokens.length, items[row]!.at(-1)!, ...written[row]!);
              });
              return decode([], edit && tapsOf(engine, n_layer, edit)).logits.slice();
            });
          body(next, first, items.length);
        });
      }
    },
  };
}

function tapsOf(engine: Engine, layers: number, edit: Edit): Taps {
  const taps: { -readonly [name in TapName]?: Taps[name] } = {};
  for (let layer = 0; layer <= layers; layer++) {
    taps[`hidden_states.${layer}`] = ({ value }) => {
      const edited = engine.tensor(value.shape, value.data); // [sequences, n_embd]
      edit(layer, edited.data);
      return new Variable(edited);
    };
  }
  return taps;
}
