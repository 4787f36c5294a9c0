/** The page's rules; the files that Node runs are typed by their comments, which tsc checks. */
import { createRequire } from "node:module";
import base from "../../web_demo/eslint.config.js";

const require = createRequire(`${import.meta.dirname}/../../web_demo/node_modules/any.js`);
const { configs } = require("typescript-eslint");

export default [
  ...base,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  { files: ["**/*.js", "**/*.mjs"], ...configs.disableTypeChecked },
  // tsc knows what exists where; what studio.mjs sends into the page is both Node's file and the page's code.
  { files: ["studio.mjs", "first_visit.mjs", "slow_line.mjs"], rules: { "no-undef": "off" } },
  { files: ["**/*.mjs"], languageOptions: { globals: { process: "readonly", URL: "readonly", console: "readonly" } } },
];
