import type { QwelpSettings } from "../settings.gen.js";

/** What may be said of the customer on a page. */
export interface Known {
  readonly metaData: QwelpSettings["metaData"];
  /** What the app's server has signed of it. */
  readonly signed: string | undefined;
}

/** What is known here now. The page that came last has its tag last, where a page that is put in another's place has one. later is called when there is more. */
export function knownHere({ metaData, identity }: QwelpSettings, later: () => void): Known {
  const tags = document.querySelectorAll<HTMLElement>("script[data-qwelp-settings]");
  return { metaData, signed: (typeof identity === "function" ? answerOf(identity, later) : identity) || tags[tags.length - 1]?.dataset["qwelpSigned"] };
}

const answers = new WeakMap<object, string>();

/** What the page's function has answered so far. */
function answerOf(identity: () => unknown, later: () => void): string | undefined {
  if (!answers.has(identity)) {
    answers.set(identity, "");
    new Promise((resolve) => resolve(identity())).then((text) => {
      if (typeof text !== "string") throw new TypeError("not a text");
      answers.set(identity, text);
      later();
    }).catch((error: unknown) => console.warn("qwelp: settings.identity gives none:", error));
  }
  return answers.get(identity);
}

/** Known as messages have it. */
export const fieldsOf = ({ metaData, signed }: Known): { metaData?: NonNullable<Known["metaData"]>; signed?: string } => ({
  ...(metaData && { metaData }), ...(signed && { signed }),
});
