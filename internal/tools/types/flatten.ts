/** One top-level statement of a declaration file. */
interface Statement {
  readonly name: string;
  /** The doc comment before the declaration, with its line break, or "". */
  readonly comment: string;
  /** The declaration without "export". */
  readonly code: string;
  readonly exported: boolean;
}

/** A declaration file, taken apart. */
interface Module {
  readonly statements: Statement[];
  /** Where names come from that are imported here or exported from elsewhere. */
  readonly origins: Map<string, string>;
  /** Names exported in a list, in order. */
  readonly listed: string[];
  /** Files all of whose exports are exported here. */
  readonly stars: string[];
}

/**
 * Joins the declaration files that tsc emits into one that needs no other. Kept are the exports of entry and what
 * they use; only the former stay exported. read returns the declarations of a file, named as in an import, from the
 * directory of entry: "./dialog/button.js". Throws an Error at what it cannot join, such as an import of a package or
 * two declarations of one name.
 */
export function flatten(entry: string, read: (file: string) => string): string {
  const modules = new Map<string, Module>();
  const load = (file: string): Module => {
    let module = modules.get(file);
    if (module === undefined) {
      module = parse(file, read(file));
      modules.set(file, module);
    }
    return module;
  };

  const exportsOf = (file: string): string[] => {
    const module = load(file);
    const names = module.statements.filter((s) => s.exported).map((s) => s.name);
    return [...new Set([...names, ...module.listed, ...module.stars.flatMap(exportsOf)])];
  };

  /** The file that declares name, as seen from file; undefined for names of the language and the browser. */
  const declaring = (file: string, name: string): string | undefined => {
    const module = load(file);
    if (module.statements.some((s) => s.name === name)) return file;
    const origin = module.origins.get(name);
    if (origin !== undefined) return declaring(origin, name);
    return module.stars.map((star) => declaring(star, name)).find((found) => found !== undefined);
  };

  const published = new Set(exportsOf(entry));
  const placed = new Map<string, string>();
  const parts: string[] = [];
  const place = (file: string, name: string): void => {
    const home = declaring(file, name);
    if (home === undefined) return;
    const before = placed.get(name);
    if (before === home) return;
    if (before !== undefined) throw new Error(`types: ${name} is declared in ${before} and in ${home}`);
    placed.set(name, home);
    const declarations = load(home).statements.filter((s) => s.name === name);
    for (const { code } of declarations) {
      for (const [, from = "", imported = ""] of code.matchAll(inlineImport)) place(resolve(home, from), imported);
      for (const [word] of code.replace(comments, "").replace(inlineImport, "").matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)) place(home, word);
    }
    for (const { comment, code } of declarations) {
      parts.push(comment + (published.has(name) ? "export " : "") + code.replace(inlineImport, "$2") + "\n");
    }
  };
  for (const name of published) {
    place(entry, name);
    if (!placed.has(name)) throw new Error(`types: ${entry} exports ${name}, which is declared nowhere`);
  }
  // Without it everything would count as exported, the helpers too.
  return [...parts, "export {};\n"].join("\n");
}

const inlineImport = /import\("(\.[^"]+)"\)\.(\w+)/g;
const comments = /\/\*[^]*?\*\//g;
const statementStart = /^(?:export|import|declare|abstract|interface|type|enum|class|function|const|let|namespace)\b/;
const declaration = /^(?:declare )?(?:abstract )?(?:class|interface|type|function|const enum|const|let|enum|namespace) ([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const list = /^(?:import|export)(?: type)? \{([^}]*)\}(?: from "([^"]+)")?;$/;
const star = /^export(?: type)? \* from "([^"]+)";$/;

function parse(file: string, text: string): Module {
  const module: Module = { statements: [], origins: new Map(), listed: [], stars: [] };
  for (const { comment, code } of split(text)) {
    const names = list.exec(code);
    const all = star.exec(code);
    const exported = code.startsWith("export ");
    const bare = exported ? code.slice("export ".length) : code;
    const name = declaration.exec(bare)?.[1];
    if (names !== null) {
      for (const item of (names[1] ?? "").split(",").map((part) => part.trim().replace(/^type /, "")).filter(Boolean)) {
        if (!/^[\p{ID_Continue}$]+$/u.test(item)) throw new Error(`types: ${file}: cannot join ${code}`);
        if (names[2] !== undefined) module.origins.set(item, resolve(file, names[2]));
        if (exported) module.listed.push(item);
      }
    } else if (all !== null) {
      module.stars.push(resolve(file, all[1] ?? ""));
    } else if (name !== undefined) {
      module.statements.push({ name, comment, code: bare, exported });
    } else if (!/^import "\.[^"]*";$/.test(code)) {
      throw new Error(`types: ${file}: cannot join ${code}`);
    }
  }
  return module;
}

/** Splits at the lines that start a statement: tsc indents everything inside of one. */
function split(text: string): { comment: string; code: string }[] {
  const statements: { comment: string; code: string }[] = [];
  let comment = "";
  let inComment = false;
  for (const line of text.split("\n")) {
    if (inComment || line.startsWith("/*")) {
      // A comment that another one follows belongs to no declaration.
      comment = inComment ? comment + line + "\n" : line + "\n";
      inComment = !line.includes("*/");
    } else if (statementStart.test(line)) {
      statements.push({ comment, code: line });
      comment = "";
    } else if (line !== "" && !line.startsWith("//")) {
      const last = statements.at(-1);
      if (last === undefined) throw new Error(`types: cannot read ${line}`);
      last.code += "\n" + line;
    }
  }
  return statements;
}

/** The file that a relative import in file names. */
function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) throw new Error(`types: ${file} imports ${specifier}, which is not ours`);
  const path = file.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === ".." && path.length > 0 && path.at(-1) !== "." && path.at(-1) !== "..") path.pop();
    else if (step !== ".") path.push(step);
  }
  if (path[0] === "." && path[1] === "..") path.shift();
  return path.join("/");
}
