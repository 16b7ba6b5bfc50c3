/** Methods of elements by themselves: a form's fields hide those that are called like them. */
export const { closest, getAttribute, getAttributeNames, hasAttribute, matches, querySelectorAll } = Element.prototype;
