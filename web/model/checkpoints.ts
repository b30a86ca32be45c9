/** @file Checkpoints: fetched as scripts from beside the page when they are wanted, or made in the page. Appendix C. */
import { page } from '../data.ts';

/** Files by name: `config.json`, `model.safetensors`, and what was found out about it. */
export type Parts = Readonly<Record<string, Uint8Array>>;

const known = new Map<string, Parts>();
const waiting = new Map<string, (parts: Parts) => void>();

declare global {
  interface Window {
    /** What a checkpoint's script calls, with files in base64. */
    karelscope?: (name: string, encoded: Readonly<Record<string, string>>) => void;
  }
}

window.karelscope = (name, encoded) => {
  const parts = Object.fromEntries(Object.entries(encoded).map(([part, text]) => [part, bytesOf(text)]));
  keepCheckpoint(name, parts);
  waiting.get(name)?.(parts);
};

function bytesOf(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function keepCheckpoint(name: string, parts: Parts): void {
  known.set(name, parts);
}

/** The files of a checkpoint of `page.data.checkpoints`. Rejects where its script is not there. */
export function openCheckpoint(name: string): Promise<Parts> {
  const found = known.get(name);
  if (found) return Promise.resolve(found);
  if (!page.data?.checkpoints.some((one) => one.name === name))
    return Promise.reject(new Error(`no checkpoint ${name}`));
  return new Promise((resolve, reject) => {
    waiting.set(name, resolve);
    const script = document.createElement('script');
    script.src = `checkpoints/${name}.js`;
    script.onerror = () => reject(new Error(`checkpoints/${name}.js is not beside the page`));
    document.head.append(script);
  });
}
