/** @file Opens the committed model, whose files are files of the site, when a widget first wants it. Appendix C. */

import { show } from '../../../web/data.ts';
import { keepCheckpoint } from '../../../web/model/checkpoints.ts';
import { data } from '../model.data.ts';

const FILES = import.meta.glob<string>('../../../results/tiny/checkpoint/*', {
  query: '?url',
  import: 'default',
  eager: true,
});
let opened: Promise<void> | undefined;

async function open(): Promise<void> {
  const parts = await Promise.all(
    Object.entries(FILES).map(async ([path, url]) => {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      return [path.slice(path.lastIndexOf('/') + 1), new Uint8Array(await answer.arrayBuffer())] as const;
    }),
  );
  keepCheckpoint(data.checkpoints[0]!.name, Object.fromEntries(parts));
  show(data);
}

export function openModel(): Promise<void> {
  opened ??= open();
  return opened;
}
