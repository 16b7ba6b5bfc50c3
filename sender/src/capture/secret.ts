type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

// Once secret, always secret: pages turn password fields into text fields to show what was typed.
const secrets = new WeakSet<Field>();

/** Whether what a field holds may never be sent: passwords, one-time codes, card data, hidden values and file names. */
export function isSecret(field: Field): boolean {
  if (secrets.has(field)) return true;
  const told = [field.autocomplete, field.getAttribute("autocomplete"), field.name, field.id].join(" ");
  const secret =
    /^(password|hidden|file)$/.test(field.type) ||
    /(^|\s)(cc-\S|one-time-code|(current|new)-password)|passw(or)?d|passphrase|\b(cvc|cvv|otp)\b/i.test(told);
  if (secret) secrets.add(field);
  return secret;
}
