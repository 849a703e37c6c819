/**
 * Lets React work on a page that the browser translates. A translator puts `<font>` elements in the place of text nodes.
 * React still holds the text nodes: it throws a NotFoundError when it removes one or inserts before one, and it updates text
 * that nobody sees (https://github.com/facebook/react/issues/11538). So each replaced text node is remembered with its
 * replacement. React's next update puts it back, untranslated; the translator then translates it again.
 */
export function followTranslators({ Node, Text, MutationObserver, document }: Window & typeof globalThis): void {
  const replacements = new WeakMap<Node, Element>();
  const { removeChild, insertBefore } = Node.prototype;
  const nodeValue = Object.getOwnPropertyDescriptor(Node.prototype, "nodeValue");
  if (!nodeValue?.get || !nodeValue.set) return;
  const { get, set } = nodeValue;

  const remember = (records: MutationRecord[]) => {
    for (const { removedNodes, addedNodes, previousSibling, nextSibling } of records) {
      for (const removed of removedNodes) {
        if (removed.nodeType !== Node.TEXT_NODE) continue;
        const font = [...addedNodes, previousSibling, nextSibling].find(isFont);
        if (font) replacements.set(removed, font);
      }
    }
  };
  const observer = new MutationObserver(remember);
  observer.observe(document, { childList: true, subtree: true });

  /** Returns the child of `parent` that stands in the place of `node`; null where there is none. */
  const standIn = (parent: Node, node: Node): Node | null => {
    remember(observer.takeRecords());
    // Some translators move the text into their element instead of replacing it.
    let inside: Node | null = replacements.get(node) ?? node;
    while (inside && inside.parentNode !== parent && isFont(inside.parentNode)) inside = inside.parentNode;
    return inside?.parentNode === parent ? inside : null;
  };

  Node.prototype.removeChild = function <Child extends Node>(this: Node, child: Child): Child {
    const present = child.parentNode === this ? child : standIn(this, child);
    // A node that the translator threw away needs no removal.
    if (present) removeChild.call(this, present);
    return child;
  };
  Node.prototype.insertBefore = function <Child extends Node>(this: Node, child: Child, before: Node | null): Child {
    const place = before === null || before.parentNode === this ? before : standIn(this, before);
    insertBefore.call(this, child, place);
    return child;
  };
  Object.defineProperty(Text.prototype, "nodeValue", {
    configurable: true,
    enumerable: true,
    get,
    set(this: Text, value: string | null) {
      if (!this.isConnected || isFont(this.parentNode)) putBack(this);
      set.call(this, value);
    },
  });

  const putBack = (text: Text) => {
    remember(observer.takeRecords());
    let font = replacements.get(text) ?? (isFont(text.parentNode) ? text.parentNode : null);
    while (isFont(font?.parentNode)) font = font.parentNode;
    if (!font?.isConnected) return;
    font.replaceWith(text);
    replacements.delete(text);
  };
}

/** No page of ours has this element. */
function isFont(node: Node | null | undefined): node is Element {
  return node?.nodeName === "FONT";
}
