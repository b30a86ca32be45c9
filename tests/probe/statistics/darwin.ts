/** @file Darwin's maize: crossed minus self-fertilised heights, in eighths of an inch. Fisher 1935. */
export const DARWIN: readonly number[] = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
