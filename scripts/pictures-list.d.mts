import type { PageData } from '../src/results/page-data.ts';
export const PICTURES: readonly { name: string; hash: string; element?: string; width: number; height: number }[];
export function digestOf(name: string, data: PageData): string;
