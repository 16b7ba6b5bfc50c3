/** The name of the support button and its dialog in the languages there are, unless the app has one of its own (branding.dialogTitle). */
export const titles = {
  en: "Get support",
  ar: "طلب المساعدة",
  de: "Hilfe anfordern",
  es: "Pedir ayuda",
  fr: "Obtenir de l’aide",
  it: "Chiedi assistenza",
  ja: "サポートを受ける",
  nl: "Hulp vragen",
  pl: "Poproś o pomoc",
  "pt-BR": "Pedir ajuda", // before those of all others who speak it
  pt: "Pedir ajuda",
  tr: "Destek al",
  zh: "获取支持",
};

/** A language by its tag (BCP 47). */
export type Tag = keyof typeof titles;

export const dirOf = (tag: Tag): "ltr" | "rtl" => (tag === "ar" ? "rtl" : "ltr");

/** Picks the first language there is of those that are wished for, by the first parts of their tags; else English. */
export function pick(wished: readonly string[]): Tag {
  const parts = (tag: string): string => `${tag.toLowerCase().replace(/_/g, "-")}-`;
  for (const wish of wished) {
    const tag = (Object.keys(titles) as Tag[]).find((there) => parts(wish).startsWith(parts(there)));
    if (tag) return tag;
  }
  return "en";
}

/** The language of the page; where that says none, or one that is not there, of the browser. */
export const tongue = (): Tag => pick([document.documentElement.lang, ...navigator.languages]);
