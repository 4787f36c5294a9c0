import { defineConfig } from "vitest/config";

/** Drives Firefox and WebKitGTK on the built page; one after the other, since they share its processor. */
export default defineConfig({
  test: {
    include: ["tests/smoke/**/*.test.ts"],
    environment: "node",
    globalSetup: "tests/browser/require_build.ts",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
