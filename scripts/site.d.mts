import type { PageData } from '../src/results/page-data.ts';
export function committedPage(): { data: PageData; name: string; script: string };
