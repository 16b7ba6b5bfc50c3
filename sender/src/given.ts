import { browserColour } from "./page/canvas.js";
import { checkSettings, overlay } from "./settings.js";
import type { QwelpSettings } from "./settings.gen.js";

/** Reads the settings that a page has given so far, the later ones laid over those before. What is wrong is named in the console, once. */
export function readerOf(given: readonly unknown[]): () => QwelpSettings {
  let settings: QwelpSettings = {};
  let read = 0;
  return () => {
    for (; read < given.length; read++) {
      settings = overlay(settings, checkSettings(given[read], (text) => browserColour(text) !== undefined, (message) => console.warn(`qwelp: ${message}`)));
    }
    return settings;
  };
}
