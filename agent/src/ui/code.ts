/** How many digits a support code has. */
export const codeLength = 9;
const group = 3;
const most = 15; // digits that are kept, so that one too many can be seen and corrected

/** The digits of a text, whatever separates them and whatever width they have. */
export function digitsOf(text: string): string {
  return text.normalize("NFKC").replace(/[^0-9]/g, "");
}

/** Groups the digits of what a person has typed, and keeps the caret behind the same digit. */
export function groupCode(text: string, caret: number): { readonly text: string; readonly caret: number } {
  const digits = digitsOf(text).slice(0, most);
  const before = Math.min(digitsOf(text.slice(0, caret)).length, digits.length);
  return { text: digits.replace(/(\d{3})(?=\d)/g, "$1 "), caret: before + Math.max(0, Math.ceil(before / group) - 1) };
}

/** Where the caret has to be for the next deletion to meet a digit, not a gap between groups. */
export function caretForDeletion(text: string, caret: number, forward: boolean): number {
  if (forward) return text[caret] === " " ? caret + 1 : caret;
  return text[caret - 1] === " " ? caret - 1 : caret;
}
