import { browserColour } from "./page/canvas.js";
import type { fitMetaData } from "./metadata.js";
import { privateElsewhere } from "./places.js";
import { checkSettings, overlay } from "./settings.js";
import type { QwelpSettings } from "./settings.gen.js";

/**
 * Reads the settings that a page has given so far, the later ones laid over those before. What is wrong is named in the console, once; what cannot be read at all, such as an
 * object whose getters throw, may have named something private, so the page is; so is one that a script has led to where another tag would say so. Without fit there is no metaData.
 */
export function readerOf(given: readonly unknown[], fit?: typeof fitMetaData): () => QwelpSettings {
  let settings: QwelpSettings = {};
  let read = 0;
  return () => {
    while (read < given.length) settings = overlay(settings, checked(given[read++], fit));
    return privateElsewhere(location.pathname) ? { ...settings, privacy: { ...settings.privacy, default: "private", unredact: [] } } : settings;
  };
}

function checked(given: unknown, fit: typeof fitMetaData | undefined): QwelpSettings {
  const warn = (message: string): void => console.warn(`qwelp: ${message}`);
  try {
    return checkSettings(given, (text) => browserColour(text) !== undefined, warn, fit);
  } catch (error) {
    warn(`settings cannot be read; this page is private: ${error}`);
    return { privacy: { default: "private" } };
  }
}
