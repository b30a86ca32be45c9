/** @file The manifest: what a run has made, from what, and with which digests. Appendix B. */
import { SEAL_PLACEHOLDER, seal, verifySeal } from '../transformer/seal.ts';
import { StoreError } from './errors.ts';
import { type Digest, encodeText, parseJson, type Store } from './store.ts';

export const MANIFEST = 'manifest.json';

/** Bytes under a name, and where they came from. */
export interface Artefact extends Digest {
  readonly name: string;
  /** Which stage made it. */
  readonly stage: string;
  /** SHA-256 of each artefact that the stage had read, by name. */
  readonly from: Readonly<Record<string, string>>;
}

/**
 * Nothing that could differ between two runs with the same settings and arithmetic: artefacts are sorted by name, and there
 * are no times, paths or machines.
 */
export interface Manifest {
  /** The version of karelscope that made all of it. */
  readonly karelscope: string;
  /** See `Engine.arithmetic`; null until something was computed. */
  readonly arithmetic: string | null;
  readonly artefacts: readonly Artefact[];
}

const FORMAT = 'karelscope-manifest';
const VERSION = 1;
const HEX = /^[0-9a-f]{64}$/;

/** One line an artefact, and a seal: any altered byte of the file is noticed. */
export function encodeManifest({ karelscope, arithmetic, artefacts }: Manifest): Uint8Array {
  const sorted = [...artefacts].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = sorted.map(({ name, bytes, sha256, stage, from }) =>
    JSON.stringify({ name, bytes, sha256, stage, from: Object.fromEntries(Object.entries(from).sort()) }),
  );
  const header = { sha256: SEAL_PLACEHOLDER, format: FORMAT, version: VERSION, karelscope, arithmetic };
  const opening = JSON.stringify(header).slice(0, -1);
  return seal(encodeText(`${opening},"artefacts":[\n${lines.join(',\n')}\n]}\n`));
}

/** Throws {@link StoreError}, naming `file`, for anything that {@link encodeManifest} did not write. */
export function decodeManifest(bytes: Uint8Array, file: string): Manifest {
  const found = parseJson<Partial<Manifest> & { format?: string; version?: number }>(bytes, file);
  if (found === null || typeof found !== 'object' || found.format !== FORMAT || found.version !== VERSION) {
    throw new StoreError(file, `is no ${FORMAT} of version ${VERSION}`);
  }
  try {
    verifySeal(bytes, file);
  } catch {
    throw new StoreError(file, 'altered: its checksum is another');
  }
  const { karelscope, arithmetic, artefacts } = found as Manifest;
  const whole =
    typeof karelscope === 'string' &&
    (arithmetic === null || typeof arithmetic === 'string') &&
    Array.isArray(artefacts) &&
    artefacts.every(isArtefact);
  if (!whole) throw new StoreError(file, 'lacks a part that every manifest has');
  return { karelscope, arithmetic, artefacts };
}

/** What can still be read of a damaged manifest, line by line; nothing of it may be believed that the files do not bear out. */
export function salvageManifest(bytes: Uint8Array): Manifest | undefined {
  const [first = '', ...lines] = new TextDecoder().decode(bytes).split('\n');
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  const header = parse(`${first.replace(/,"artefacts":\[$/, '')}}`) as Partial<Manifest> | undefined;
  if (typeof header?.karelscope !== 'string' || header.arithmetic === undefined) return undefined;
  const artefacts = lines.map((line) => parse(line.replace(/,$/, ''))).filter(isArtefact);
  return { karelscope: header.karelscope, arithmetic: header.arithmetic, artefacts };
}

function isArtefact(value: unknown): value is Artefact {
  if (typeof value !== 'object' || value === null) return false;
  const { name, bytes, sha256, stage, from } = value as Artefact;
  if (typeof name !== 'string' || typeof stage !== 'string' || !Number.isInteger(bytes)) return false;
  if (!HEX.test(sha256) || typeof from !== 'object' || from === null) return false;
  return Object.values(from).every((digest) => HEX.test(digest));
}

/** The manifest of a store; undefined where there is none. Throws {@link StoreError} when it is damaged. */
export function readManifest(store: Store): Manifest | undefined {
  const bytes = store.read(MANIFEST);
  return bytes && decodeManifest(bytes, `${store.place}/${MANIFEST}`);
}
