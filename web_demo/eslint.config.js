import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "node_modules", "public"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers in sentences are wanted.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // One expression that returns nothing is the natural body of a handler.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  // Code is placed by the thread it may run in; these keep it there.
  restrict("src/shared", ["**/page/**", "**/engine/**", "**/worker/**", "@tensorflow/*"]),
  restrict("src/engine", ["**/page/**", "**/worker/**", "@tensorflow/*"]),
  restrict("src/page", ["**/worker/**", "@tensorflow/*"]),
  restrict("src/worker", ["**/page/**", "**/engine/**"]),
  { files: ["*.js", "scripts/*.mjs"], ...tseslint.configs.disableTypeChecked },
);

function restrict(folder, patterns) {
  return {
    files: [`${folder}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: patterns, message: `${folder} must not import this` }] }] },
  };
}
