/** @file What the widgets know of the committed model's run: its settings and its test specifications. Appendix C. */
import { committedPage } from '../../scripts/site.mjs';
import type { PageData } from '../../src/results/page-data.ts';

declare const data: PageData;

export { data };

export default {
  load(): PageData {
    const { data: all } = committedPage();
    const columns = Object.fromEntries(Object.keys(all.rows.columns).map((column) => [column, { text: '' }]));
    const rows = { count: 0, columns: columns as PageData['rows']['columns'] };
    return { ...all, rows, runs: [], claims: [], secondary: [] };
  },
};
