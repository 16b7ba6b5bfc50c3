import type { QwelpTexts } from "../settings.gen.js";
import type { Language } from "./language/language.js";

const longest = 300; // characters

/** In these {agents} stands for the names of the agents. */
const ofAgents: readonly string[] = ["asks", "viewing"];

/** What there is to replace, as the Go package sender has it. */
const names: readonly (keyof QwelpTexts)[] = ["start", "newCode", "again", "end", "cancel", "done", "pause", "resume", "allow", "decline", "copy", "read", "asks", "viewing", "ended"];

/** A language with the app's own texts in place of ours; warns of those that are none. */
export function withTexts(language: Language, texts: QwelpTexts | undefined, warn: (message: string) => void): Language {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(texts ?? {})) {
    const text: unknown = value;
    if (text === "" || text === undefined || text === null) continue;
    if (!names.includes(name as keyof QwelpTexts)) warn(`settings.branding.texts.${name} is not a setting`);
    else if (typeof text !== "string" || [...text].length > longest || /[^\P{Cc}\t\n\r]/u.test(text)) warn(`settings.branding.texts.${name} is not valid; its default is used`);
    else own[name] = ofAgents.includes(name) ? (who: string): string => text.split("{agents}").join(who) : text;
  }
  return { ...language, ...own };
}
