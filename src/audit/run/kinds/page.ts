/** @file The report: drawn again from what the run holds now. Appendix E. */
import { encodeText } from '../../../store/index.ts';
import { REPORT_FOLDER } from '../../../study/names.ts';
import { pageFiles } from '../../../study/page.ts';
import { differencesOf } from '../difference.ts';
import type { Grounds } from '../grounds.ts';
import type { Difference, Kind } from '../kind.ts';

/** Pages are no artefacts, so no digest guards them; but they say nothing that the run does not. */
export function pageKind({ run, page }: Grounds): Kind {
  const stored = run.store.list(`${REPORT_FOLDER}/`);
  let drawn: Record<string, Uint8Array> | undefined;
  const again = () => (drawn ??= pageFiles([run], page!()));
  const names = stored.length > 0 && page ? [...new Set([...stored, ...Object.keys(again())])].sort() : [];
  return {
    name: 'files of the report',
    path: 'again',
    count: names.length,
    address: (item) => names[item]!,
    seconds: () => 0.1,
    check: (item) => {
      const name = names[item]!;
      const [recorded, computed] = [run.store.read(name), again()[name]];
      if (!computed) return [{ address: name, recorded: 'a file', computed: 'no such file' }];
      return recorded ? filledIn(name, recorded, computed) : differencesOf(name, recorded, computed);
    },
  };
}

/** What a page or a script was filled with, figure by figure; or the bytes, where it is not filled as it should be. */
function filledIn(name: string, recorded: Uint8Array, computed: Uint8Array): Difference[] {
  const whole = differencesOf(name, recorded, computed);
  if (whole.length === 0) return [];
  const [before, now] = [recorded, computed].map((bytes) => dataOf(new TextDecoder().decode(bytes)));
  if (!before || !now) return whole;
  const found = differencesOf(`${name}.json`, encodeText(before), encodeText(now));
  const named = found.map(({ address, ...values }) => ({ address: address.replace(`${name}.json`, name), ...values }));
  return named.some(({ address }) => address.includes(': byte ')) ? whole : named;
}

/** Of `web/index.html`'s element, or what a checkpoint's script hands over: JSON both. */
const FILLED = [/<script type="application\/json" id="data">(.*?)<\/script>/s, /^karelscope\("[^"]*", (\{.*\})\);\n$/];

const dataOf = (text: string): string | undefined => FILLED.flatMap((pattern) => pattern.exec(text)?.[1] ?? [])[0];
