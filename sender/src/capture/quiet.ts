let quiet = false;

/** Runs code of ours: what it calls and asks is not what the page does, and is reported to nobody. */
export function quietly<T>(run: () => T): T {
  const before = quiet;
  quiet = true;
  try {
    return run();
  } finally {
    quiet = before;
  }
}

/** Whether code of ours runs. */
export function isQuiet(): boolean {
  return quiet;
}
