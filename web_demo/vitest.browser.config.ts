import { defineConfig } from "vitest/config";

/** Drives Chromium on the built page; one file at a time, since they share its processor. */
export default defineConfig({
  test: {
    include: ["tests/browser/**/*.test.ts"],
    environment: "node",
    globalSetup: "tests/browser/require_build.ts",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
