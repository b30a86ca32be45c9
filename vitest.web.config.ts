import { defineConfig } from 'vitest/config';

/** The page, in a browser: `npm run test:web`. */
export default defineConfig({
  test: {
    include: ['tests/web/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
