/** Methods of elements by themselves: a form's fields hide those that are called like them. */
export const { getAttribute, getAttributeNames, hasAttribute, matches } = Element.prototype;
