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
  return { metaData, signed: (typeof identity === "function" ? answerOf(identity, later) : identity?.trim()) || tags[tags.length - 1]?.dataset["qwelpSigned"] };
}

const token = /^\s*[\w-]+\.[\w-]+\.[\w-]+\s*$/;
const longest = 12_046; // as the server takes

/** Whether a value may be a JSON Web Token, with white space around it. */
export const isToken = (value: unknown): value is string => typeof value === "string" && value.length <= longest && token.test(value);

let answers = new WeakMap<object, string>();

/** A session begins: what pages have answered before may have expired. */
export function askAnew(): void {
  answers = new WeakMap();
}

/** What the page's function has answered so far. Something else than a token, such as the page of a sign-in, is not sent: a large one would cost the connection. */
function answerOf(identity: () => unknown, later: () => void): string | undefined {
  const said = answers;
  if (!said.has(identity)) {
    said.set(identity, "");
    new Promise((resolve) => resolve(identity())).then((text) => {
      if (!text) return; // nobody has signed in
      if (!isToken(text)) throw new TypeError("not a JSON Web Token");
      said.set(identity, text.trim());
      later();
    }).catch((error: unknown) => console.warn("qwelp: settings.identity gives none:", error));
  }
  return said.get(identity);
}

/** Known as messages have it. */
export const fieldsOf = ({ metaData, signed }: Known): { metaData?: NonNullable<Known["metaData"]>; signed?: string } => ({
  ...(metaData && { metaData }), ...(signed && { signed }),
});
