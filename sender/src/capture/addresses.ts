/** Whether an attribute holds what runs, or a document: it is never sent what that is. */
export const carriesCode = (name: string): boolean => /^(on|srcdoc$|nonce$)/i.test(name);

/** As browsers read an address. */
export const asRead = (text: string): string => text.replace(/[\t\n\r]|^[\0- ]+/g, "");

/** An address without user, query, parameters of the path and hash; of those that lead to no server, the scheme. */
export function addressIn(text: string): string {
  const value = asRead(text);
  const [scheme] = /^(?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:/i.exec(value) ?? [];
  if (scheme) return /^javascript:(void\b[\s(]*0?\)?)?;?$/i.test(value) ? value : scheme;
  return withoutParameters(value.replace(/[?#].*$/s, "")).replace(/^(https?:[/\\]*|[/\\]{2,})[^/\\]*@/i, "$1");
}

/** A path without its parameters, such as ";jsessionid=…". */
export function withoutParameters(path: string): string {
  return path.replace(/;[^/;=]*=[^/;]*/g, "");
}
