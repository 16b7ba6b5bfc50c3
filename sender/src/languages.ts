import { ar } from "./dialog/language/ar.js";
import { de } from "./dialog/language/de.js";
import { es } from "./dialog/language/es.js";
import { fr } from "./dialog/language/fr.js";
import { it } from "./dialog/language/it.js";
import { ja } from "./dialog/language/ja.js";
import type { Language } from "./dialog/language/language.js";
import { nl } from "./dialog/language/nl.js";
import { pl } from "./dialog/language/pl.js";
import { pt } from "./dialog/language/pt.js";
import { ptBR } from "./dialog/language/pt-BR.js";
import { tr } from "./dialog/language/tr.js";
import { zh } from "./dialog/language/zh.js";
import type { Tag } from "./page/tongue.js";

/** The languages besides English, which pages in English never load. */
export const languages: Readonly<Record<Exclude<Tag, "en">, Language>> = { ar, de, es, fr, it, ja, nl, pl, pt, "pt-BR": ptBR, tr, zh };

/** What pointing.js says in them. */
export { others as pointing } from "./pointing/words.js";
