import { SecretValue } from "../../../signal/wire/wire.gen.js";

type Field = HTMLInputElement | HTMLTextAreaElement;

// Once secret, always secret: pages turn password fields into text fields to show what was typed.
const secrets = new WeakSet<Field>();

/** Whether what a field holds may never be sent: passwords, one-time codes, card data, hidden values and file names. */
export function isSecret(field: Field): boolean {
  if (secrets.has(field)) return true;
  const type = field.type;
  const secret =
    type === "password" || type === "hidden" || type === "file" ||
    /(^|\s)(cc-\S+|one-time-code|current-password|new-password)(\s|$)/i.test(field.autocomplete);
  if (secret) secrets.add(field);
  return secret;
}

/** What may be told of a field's value. */
export function valueToSend(field: Field): string {
  if (field.value === "" || !isSecret(field)) return field.value;
  return SecretValue;
}
