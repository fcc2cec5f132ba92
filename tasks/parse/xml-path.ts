import type { Document, Element, Node } from '@xmldom/xmldom';
import { own } from '../../runner/util/own.ts';
import { isElement, setText, textOf } from './xml-document.ts';
import { xpath } from './xml-libraries.ts';

/** Prefixes of an XPath expression, and the namespaces they stand for. */
export type Namespaces = Readonly<Record<string, string>>;

/** What an expression selects: nodes, none for a text or a number. @throws RangeError for what is no XPath */
export function select(expression: string, from: Document | Element, namespaces: Namespaces): readonly Node[] {
  // As lxml has it: what does not begin at the root begins at the root's element.
  const context = isElement(from) || expression.trim().startsWith('/') ? from : ((from as Document).documentElement ?? from);
  try {
    const found = xpath().useNamespaces(namespaces)(expression, context);
    return Array.isArray(found) ? (found as readonly Node[]) : [];
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message.split('\n')[0] : String(error));
  }
}

/** Whether the first thing that it selects is an element. */
export function selectsElement(expression: string, from: Document | Element, namespaces: Namespaces): boolean {
  return isElement(select(expression, from, namespaces)[0]);
}

const NAME = '[a-zA-Z-][\\w.-]*';
const QUALIFIED = `(?:${NAME}:)?${NAME}`;
const TEXT = `('.*'|".*")`;

/** What the last step of a path asks for. */
type Wanted =
  | { readonly kind: 'element'; readonly name: string; readonly text?: string; readonly inner: readonly string[] }
  | { readonly kind: 'attribute'; readonly name: string; readonly value: string }
  | { readonly kind: 'text'; readonly text: string };

function lastStep(path: string): { readonly above: string; readonly wanted: Wanted } | undefined {
  const match = (pattern: string): string[] | undefined => new RegExp(`^(.*)/${pattern}$`, 's').exec(path.trim())?.slice(1);
  const plain = (quoted = ''): string => quoted.slice(1, -1);
  for (const [pattern, make] of [
    [`(${QUALIFIED})`, ([, name = '']) => ({ kind: 'element', name, inner: [] })],
    [`(${QUALIFIED})/text\\(\\)=${TEXT}`, ([, name = '', text]) => ({ kind: 'element', name, text: plain(text), inner: [] })],
    [`@(${QUALIFIED})`, ([, name = '']) => ({ kind: 'attribute', name, value: '' })],
    [`@(${QUALIFIED})=${TEXT}`, ([, name = '', value]) => ({ kind: 'attribute', name, value: plain(value) })],
    [`(${QUALIFIED})\\[(.*)\\]`, ([, name = '', inner = '']) => ({ kind: 'element', name, inner: inner.split(' and ').map((each) => each.trim()) })],
    [`text\\(\\)=${TEXT}`, ([, text]) => ({ kind: 'text', text: plain(text) })],
  ] as readonly (readonly [string, (found: readonly string[]) => Wanted])[]) {
    const found = match(pattern);
    if (found) return { above: found[0] ?? '', wanted: make(found) };
  }
  return undefined;
}

/** Makes what a path asks for, with all that is missing above it. @throws RangeError when the path does not say what that is */
export function spawn(path: string, from: Document | Element, namespaces: Namespaces): void {
  const step = lastStep(path);
  if (!step) throw new RangeError(`Can't process Xpath ${path} in order to spawn nodes!`);
  const { above, wanted } = step;
  if (above === '') throw new RangeError(`Xpath ${path} does not lead into this document: its root element is another`);
  if (!selectsElement(above, from, namespaces)) spawn(above, from, namespaces);
  for (const node of select(above, from, namespaces)) {
    if (!isElement(node)) continue;
    if (wanted.kind === 'text') {
      if (textOf(node) !== wanted.text) setText(node, wanted.text);
    } else if (wanted.kind === 'attribute') setAttribute(node, wanted.name, wanted.value, namespaces);
    else {
      const child = makeElement(node, wanted.name, namespaces);
      node.appendChild(child);
      if (wanted.text !== undefined) setText(child, wanted.text);
      for (const each of wanted.inner) spawn(`./${each}`, child, namespaces);
    }
  }
}

/** Sets an attribute, in a namespace when its name has a prefix. */
export function setAttribute(element: Element, name: string, value: string, namespaces: Namespaces): void {
  const { uri, prefix, local } = resolve(name, namespaces);
  if (uri === null) {
    element.setAttribute(name, value);
    return;
  }
  const known = element.lookupPrefix(uri);
  if (!known) declare(element, prefix, uri);
  element.setAttributeNS(uri, `${known ?? prefix}:${local}`, value);
}

/** The value of an attribute; null when there is none. */
export function attributeOf(element: Element, name: string, namespaces: Namespaces): string | null {
  const { uri, local } = resolve(name, namespaces);
  if (uri === null) return element.hasAttribute(name) ? element.getAttribute(name) : null;
  return element.hasAttributeNS(uri, local) ? element.getAttributeNS(uri, local) : null;
}

/** A new element that will stand in `parent`, in the namespace of its prefix. */
export function makeElement(parent: Element, name: string, namespaces: Namespaces): Element {
  const { uri, prefix, local } = resolve(name, namespaces);
  const document = parent.ownerDocument;
  if (!document) throw new RangeError('an element outside of a document');
  if (uri === null) return document.createElement(name);
  const known = parent.lookupPrefix(uri);
  if (known) return document.createElementNS(uri, `${known}:${local}`);
  if (parent.lookupNamespaceURI('') === uri) return document.createElementNS(uri, local);
  const made = document.createElementNS(uri, `${prefix}:${local}`);
  declare(made, prefix, uri);
  return made;
}

function declare(element: Element, prefix: string, uri: string): void {
  element.setAttributeNS('http://www.w3.org/2000/xmlns/', `xmlns:${prefix}`, uri);
}

/** What a name with a prefix means. @throws RangeError for a prefix that nobody has told about */
function resolve(name: string, namespaces: Namespaces): { readonly uri: string | null; readonly prefix: string; readonly local: string } {
  const [prefix = '', local] = name.split(':');
  if (local === undefined) return { uri: null, prefix: '', local: name };
  const uri = own(namespaces, prefix);
  if (uri === undefined) throw new RangeError(`the prefix '${prefix}' is not in namespaces`);
  return { uri, prefix, local };
}
