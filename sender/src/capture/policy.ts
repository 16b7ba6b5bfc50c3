/** What may be told of a node, from all of it to nothing. */
export type Policy = typeof Open | typeof Redacted | typeof Hidden | typeof Ignored;
export const Open = 0; // everything
export const Redacted = 1; // that it is there, and its size
export const Hidden = 2; // its size; nothing of what is inside
export const Ignored = 3; // nothing
