import type { QwelpSettings } from "../settings.gen.js";

/** What may be said of the customer on a page. */
export interface Known {
  readonly metaData: QwelpSettings["metaData"];
  /** What the app's server has signed of it. */
  readonly signed: string | undefined;
}

/** What is known here now. The page that came last has its tag last, where a page that is put in another's place has one. */
export function knownHere({ metaData }: QwelpSettings): Known {
  const tags = document.querySelectorAll<HTMLElement>("script[data-qwelp-settings]");
  return { metaData, signed: tags[tags.length - 1]?.dataset["qwelpSigned"] };
}

/** Known as messages have it. */
export const fieldsOf = ({ metaData, signed }: Known): { metaData?: NonNullable<Known["metaData"]>; signed?: string } => ({
  ...(metaData && { metaData }), ...(signed && { signed }),
});
