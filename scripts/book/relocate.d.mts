export const BASE: string;
export function relocatedPage(html: string): string;
export function relocatedStyle(css: string, inFolder: boolean): string;
export function relocatedScript(code: string): string;
