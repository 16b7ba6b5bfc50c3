/** Returns the groups in which a support code is read aloud: three digits each, a rest in the last. */
export function groups(code: string): string[] {
  return code.match(/.{1,3}/gs) ?? [];
}
