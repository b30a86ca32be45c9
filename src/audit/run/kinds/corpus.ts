/** @file The corpus, drawn again from the seed. Appendix E. */
import { type CorpusHeader, recordLength, tokensToText } from '../../../karel/index.ts';
import { piecesOf } from '../../../store/index.ts';
import { corpusHeaders, corpusStage } from '../../../study/stages/corpus.ts';
import { differencesOf, firstDifference } from '../difference.ts';
import { type Grounds, secondsPerWork } from '../grounds.ts';
import { type Difference, type Kind, MOST_DIFFERENCES } from '../kind.ts';
import { workplaceOf } from '../workplace.ts';

/**
 * A sample is drawn from where the one before it has left the stream, and train avoids what the other splits hold: so a split is
 * drawn from its start to its end, after those before it.
 */
export function corpusKind(grounds: Grounds): Kind {
  const { run } = grounds;
  const headers = corpusHeaders(run.plan);
  const stage = corpusStage(run.plan);
  const each = secondsPerWork(grounds, 'corpus');
  return {
    name: 'corpus splits',
    path: 'exact',
    count: run.has(stage.makes[0]!) ? headers.length : 0,
    address: (split) => stage.makes[split]!,
    seconds: (split) => each * headers.slice(0, split + 1).reduce((sum, { count }) => sum + count, 0),
    check: async (split) => {
      const made = Object.entries(await stage.make(run, workplaceOf(grounds.fast)));
      for (const [, content] of made.slice(0, split)) for (const _ of piecesOf(content)); // what they draw, this one avoids
      const [name, content] = made[split]!;
      return compare(grounds, name, headers[split]!, piecesOf(content));
    },
  };
}

/** Piece by piece, so that a corpus of any size takes no memory: its header, samples, its trailer. */
function compare({ run }: Grounds, name: string, { split, settings }: CorpusHeader, pieces: Iterable<Uint8Array>) {
  const size = recordLength(settings, split);
  const file = run.open(name);
  const found: Difference[] = [];
  let [at, sample] = [0, 0];
  try {
    for (const piece of pieces) {
      const stored = new Uint8Array(Math.min(piece.length, Math.max(0, file.size - at)));
      file.read(stored, at);
      const isSamples = at > 0 && piece.length >= size;
      if (firstDifference(stored, piece) !== -1) {
        const place = `${name}: ${at === 0 ? 'header' : 'checksum'}`;
        found.push(
          ...(isSamples ? samplesThatDiffer(name, stored, piece, sample, size) : differencesOf(place, stored, piece)),
        );
      }
      if (isSamples) sample += piece.length / size;
      at += piece.length;
    }
    const ends = file.size === at ? [] : [{ address: name, recorded: `${file.size} bytes`, computed: `${at} bytes` }];
    return [...found.slice(0, MOST_DIFFERENCES), ...ends];
  } finally {
    file.close();
  }
}

function samplesThatDiffer(name: string, stored: Uint8Array, drawn: Uint8Array, first: number, size: number) {
  return Array.from({ length: drawn.length / size }, (_, at): Difference[] => {
    const [a, b] = [stored, drawn].map((bytes) => bytes.subarray(at * size, (at + 1) * size));
    if (firstDifference(a!, b!) === -1) return [];
    return [{ address: `${name}: sample ${first + at}`, recorded: tokensToText(a!), computed: tokensToText(b!) }];
  }).flat();
}
