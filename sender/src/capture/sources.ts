import { damaged, pastComment, pastString } from "./css.js";

const dependent = /\b(var|env|attr|if|--[-\w]+)\(/i;
const most = 20_000; // rules that are remembered
const atOnce = 20_000; // characters that are read at once
const slice = 8; // ms

/**
 * Sources keeps what rules were written as. Browsers do not say what is in a shorthand with a variable once a longhand of it is set as well:
 * the text of the rule has empty declarations then.
 */
export class Sources {
  private readonly known = new Map<string, string>();
  private readonly asked = new Set<string>();
  private readonly parser = new CSSStyleSheet();

  /** read gives the text of a sheet by its address; learned is called when more is known of a sheet. */
  constructor(
    private readonly read: (href: string) => Promise<string>,
    private readonly learned: (sheet: CSSStyleSheet) => void,
  ) {}

  /** Script has given a sheet this text. */
  given(css: string): void {
    if (!dependent.test(css)) return;
    const steps = this.learn(css);
    if (css.length <= atOnce) for (const _ of steps) continue;
    else void inSlices(steps);
  }

  /** The text of a rule that its own text does not say all of. */
  readonly mend = (rule: CSSRule): string => {
    const { cssText } = rule;
    const known = this.known.get(cssText);
    if (known !== undefined) return known;
    const sheet = rule.parentStyleSheet;
    const href = sheet?.href ?? "";
    if (sheet && href && !this.asked.has(href)) {
      this.asked.add(href);
      void this.read(href).then(async (text) => {
        await inSlices(this.learn(text));
        this.learned(sheet);
      }).catch(() => undefined);
    }
    const { style, cssRules } = rule as CSSStyleRule;
    // A group of rules, one of which is meant.
    if (!style && cssRules) return `${cssText.slice(0, cssText.indexOf("{") + 1)}\n${Array.from(cssRules, (each) => (damaged.test(each.cssText) ? this.mend(each) : each.cssText)).join("\n")}\n}`;
    return computed(rule as CSSStyleRule);
  };

  private *learn(css: string): Generator<void> {
    for (const statement of statements(css)) {
      yield;
      if (!dependent.test(statement) || this.known.size > most) continue;
      try {
        this.parser.replaceSync(statement);
      } catch {
        continue;
      }
      const rule = this.parser.cssRules[0] as CSSStyleRule | undefined;
      if (!rule) continue;
      const { cssText, style, cssRules } = rule;
      if (damaged.test(cssText)) this.known.set(cssText, statement);
      const opens = statement.indexOf("{") + 1;
      if (!style && cssRules) yield* this.learn(statement.slice(opens, statement.lastIndexOf("}")));
    }
  }
}

/** Cuts CSS text into its statements. */
export function* statements(css: string): Generator<string> {
  const token = /["'\\{};]|\/\*/g;
  let depth = 0;
  let begins = 0;
  for (let match = token.exec(css); match; match = token.exec(css)) {
    const [found] = match;
    if (found === "\\") token.lastIndex++;
    else if (found === "/*") token.lastIndex = pastComment(css, token.lastIndex);
    else if (found === '"' || found === "'") token.lastIndex = pastString(css, token.lastIndex);
    else if (found === "{") depth++;
    else if (found === "}" && depth > 1) depth--;
    else if (found === "}" || depth === 0) {
      depth = 0;
      yield css.slice(begins, token.lastIndex);
      begins = token.lastIndex;
    }
  }
  if (css.slice(begins).trim()) yield css.slice(begins);
}

/** Where nothing says how a rule was written: what it comes to on an element that it matches. */
function computed(rule: CSSStyleRule): string {
  let element: Element | null = null;
  try {
    element = rule.selectorText ? document.querySelector(rule.selectorText) : null;
  } catch {
    // Older browsers do not know all that rules of others ask for.
  }
  const { cssText } = rule;
  if (!element) return cssText;
  const style = getComputedStyle(element);
  return cssText.replace(new RegExp(damaged, "g"), (declaration, name: string) => declaration.replace(/:\s*/, `: ${style.getPropertyValue(name)} `));
}

async function inSlices(steps: Iterator<void>): Promise<void> {
  for (let end = performance.now() + slice; !steps.next().done; ) {
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    end = performance.now() + slice;
  }
}
