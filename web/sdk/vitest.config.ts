import { defineConfig } from 'vitest/config';

// One worker, and minutes of patience: the local chain runs a runtime in an interpreter, on machines that do other things too.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: process.env['PATRONAGE_NO_CHAIN'] ? [] : ['tests/setup.ts'],
    exclude: process.env['PATRONAGE_NO_CHAIN'] ? ['tests/chain/**'] : [],
    fileParallelism: false,
    testTimeout: 480_000,
    hookTimeout: 480_000,
  },
});
