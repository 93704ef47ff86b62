/**
 * Runs something that makes style elements, so that they carry the nonce the page's policy asks for. The terminal has
 * an option for a document of one's own, but makes one of its styles with the window's all the same; so the document
 * itself makes them differently, for as long as `act` runs and no longer.
 */
export function withNonce(act: () => void): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  const make = document.createElement.bind(document);
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = make(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  Object.defineProperty(document, 'createElement', { value: createElement, configurable: true });
  try {
    act();
  } finally {
    // What is below is the document's own again.
    Reflect.deleteProperty(document, 'createElement');
  }
}
