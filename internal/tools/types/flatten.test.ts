import assert from "node:assert/strict";
import { test } from "node:test";
import { flatten } from "./flatten.js";

/** Flattens files that are given by name; the entry is "./index.js". */
function join(files: Record<string, string>): string {
  return flatten("./index.js", (file) => {
    const text = files[file];
    if (text === undefined) throw new Error(`no ${file}`);
    return text;
  });
}

test("what the exports use comes along, before them and unexported", () => {
  const got = join({
    "./index.js": `import type { Word } from "./words/word.js";
export { say } from "./say.js";
/** Starts. */
export declare function start(word?: Word): void;
`,
    "./say.js": `import { type Word } from "./words/word.js";
export declare function say(word: Word): void;
export declare function say(words: Word[]): void;
export declare const unused: number;
`,
    "./words/word.js": `import type { Base } from "../base.js";
/**
 * A word.
 */
export type Word = {
    text: string;
} | Base;
`,
    "./base.js": `interface Base {
    readonly n: number;
}
export type { Base };
`,
  });
  assert.equal(
    got,
    `interface Base {
    readonly n: number;
}

/**
 * A word.
 */
type Word = {
    text: string;
} | Base;

/** Starts. */
export declare function start(word?: Word): void;

export declare function say(word: Word): void;

export declare function say(words: Word[]): void;

export {};
`,
  );
});

test("everything behind a star is exported", () => {
  const got = join({ "./index.js": 'export * from "./a.js";\n', "./a.js": "export interface A {\n}\nexport type B = A;\n" });
  assert.equal(got, "export interface A {\n}\n\nexport type B = A;\n\nexport {};\n");
});

test("a type that tsc imports in place is followed", () => {
  const got = join({ "./index.js": 'export declare const a: import("./a.js").A;\n', "./a.js": "export type A = 1;\n" });
  assert.equal(got, "type A = 1;\n\nexport declare const a: A;\n\nexport {};\n");
});

test("a name inside a comment is not followed", () => {
  const got = join({ "./index.js": '/** Like A. */\nexport type B = 2;\n', "./a.js": "export type A = 1;\n" });
  assert.equal(got, "/** Like A. */\nexport type B = 2;\n\nexport {};\n");
});

test("files two directories up are found", () => {
  const got = join({ "./index.js": 'export type { A } from "../../signal/wire/a.js";\n', "../../signal/wire/a.js": 'export type { A } from "./b.js";\n', "../../signal/wire/b.js": "export type A = 1;\n" });
  assert.equal(got, "export type A = 1;\n\nexport {};\n");
});

const refused: [name: string, files: Record<string, string>, message: RegExp][] = [
  ["a package", { "./index.js": 'export { A } from "lib";\n' }, /imports lib, which is not ours/],
  ["a new name", { "./index.js": 'export { A as B } from "./a.js";\n' }, /cannot join/],
  ["a default export", { "./index.js": "export default 1;\n" }, /cannot join/],
  ["a global", { "./index.js": "declare global {\n    var x: number;\n}\n" }, /cannot join/],
  ["a name that nothing declares", { "./index.js": 'export { A } from "./a.js";\n', "./a.js": "export {};\n" }, /exports A, which is declared nowhere/],
  [
    "two declarations of one name",
    {
      "./index.js": 'export { A } from "./a.js";\nexport { B } from "./b.js";\n',
      "./a.js": "type X = 1;\nexport type A = X;\n",
      "./b.js": "type X = 2;\nexport type B = X;\n",
    },
    /X is declared in .\/a.js and in .\/b.js/,
  ],
];
for (const [name, files, message] of refused) {
  test(`${name} is refused`, () => {
    assert.throws(() => join(files), message);
  });
}
