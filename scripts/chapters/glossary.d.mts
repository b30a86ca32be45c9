export function patternOf(term: string): RegExp;
