import { defineConfig } from 'vitest/config';

// One worker, and patience: machines do other things too.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: process.env['PATRONAGE_NO_CHAIN'] ? [] : ['tests/setup.ts'],
    exclude: process.env['PATRONAGE_NO_CHAIN'] ? ['tests/chain/**'] : [],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
