/**
 * The loader for pages whose import map stands in the body. Some browsers disable an import map that comes after the first module they
 * were asked for, so the sender is not asked for until the page has its import maps. auto.js finds the tag and reads its settings.
 * See: https://github.com/web-platform-tests/interop/issues/1399
 */
{
  // In a block, since names at the top of a classic script are the page's.
  const load = (): void => {
    // Relative to this file, whatever a <base> says; and let in by the policy that let this file in.
    import("./auto.js").catch((error: unknown) => console.warn("qwelp: no support button: the sender cannot be loaded", error));
  };
  if (document.readyState === "complete") load();
  // Whichever is still to come: when a script has added the tag, the first may be over. A second call changes nothing.
  else for (const type of ["DOMContentLoaded", "load"]) addEventListener(type, load, { once: true });
}
