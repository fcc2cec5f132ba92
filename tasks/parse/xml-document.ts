import type { Document, Element, Node } from '@xmldom/xmldom';
import { xmldom } from './xml-libraries.ts';

/** Kinds of nodes, by their numbers in the DOM. */
export const KIND = { element: 1, attribute: 2, text: 3, cdata: 4, instruction: 7, comment: 8, doctype: 10 } as const;

/** Reads a document. @throws RangeError with the reader's words when it is none */
export function readDocument(text: string): Document {
  const { DOMParser } = xmldom();
  const problems: string[] = [];
  const onError = (_level: string, message: string): void => void problems.push(message.split('\n')[0] ?? message);
  try {
    const document = new DOMParser({ onError }).parseFromString(text, 'text/xml');
    if (problems.length === 0 && document.documentElement) return document;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.push(error.message.split('\n')[0] ?? error.message);
  }
  throw new RangeError(problems[0] ?? 'there is no root element');
}

/** True for an element. */
export function isElement(node: Node | null | undefined): node is Element {
  return node?.nodeType === KIND.element;
}

/** True for text and for a CDATA section. */
export function isText(node: Node | null | undefined): boolean {
  return node?.nodeType === KIND.text || node?.nodeType === KIND.cdata;
}

const isBlank = (node: Node): boolean => node.nodeType === KIND.text && (node.nodeValue ?? '').trim() === '';

/** Nodes that are written: blank text between elements is left out when asked. */
function contentOf(parent: Node, bare: boolean): Node[] {
  const all = Array.from(parent.childNodes);
  const mixed = all.some((each) => isText(each) && !isBlank(each));
  return bare && !mixed && all.some((each) => !isText(each)) ? all.filter((each) => !isBlank(each)) : all;
}

/** Takes the blank text between elements out of a document. */
export function dropBlanks(parent: Node): void {
  const kept = new Set(contentOf(parent, true));
  for (const child of Array.from(parent.childNodes)) {
    if (kept.has(child)) dropBlanks(child);
    else parent.removeChild(child);
  }
}

const HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n";

/** A document as lxml writes it, with its declaration; `pretty` indents what holds no text. */
export function writeDocument(document: Document, pretty: boolean): string {
  const parts = Array.from(document.childNodes).filter((each) => !isText(each) && each.nodeName !== 'xml');
  return HEAD + parts.map((each) => writeNode(each, pretty ? 0 : undefined)).join(pretty ? '\n' : '') + (pretty ? '\n' : '');
}

/** An element without regard to blank text between elements: equal texts, equal content. */
export function writeBare(node: Node): string {
  return writeNode(node, undefined, true);
}

/** `depth`: how far it stands inside, where lines are indented. */
function writeNode(node: Node, depth: number | undefined, bare = false): string {
  switch (node.nodeType) {
    case KIND.element: return writeElement(node as Element, depth, bare);
    case KIND.text: return escapeText(node.nodeValue ?? '');
    case KIND.cdata: return `<![CDATA[${node.nodeValue ?? ''}]]>`;
    case KIND.comment: return `<!--${node.nodeValue ?? ''}-->`;
    case KIND.instruction: return `<?${node.nodeName}${node.nodeValue ? ` ${node.nodeValue}` : ''}?>`;
    default: return new (xmldom().XMLSerializer)().serializeToString(node);
  }
}

function writeElement(element: Element, depth: number | undefined, bare: boolean): string {
  const attributes = Array.from(element.attributes).map(({ name, value }) => ` ${name}="${escapeText(value).replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')}"`);
  const head = `${element.nodeName}${attributes.join('')}`;
  const children = contentOf(element, bare);
  if (children.length === 0) return `<${head}/>`;
  const inner = depth === undefined || children.some(isText) ? undefined : depth + 1;
  const parts = children.map((each) => writeNode(each, inner, bare));
  if (inner === undefined) return `<${head}>${parts.join('')}</${element.nodeName}>`;
  return `<${head}>\n${parts.map((part) => `${'  '.repeat(inner)}${part}\n`).join('')}${'  '.repeat(inner - 1)}</${element.nodeName}>`;
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;');
}

/** The text of an element before its first child that is no text; null for none. */
export function textOf(element: Element): string | null {
  const texts = leadingTexts(element);
  return texts.length === 0 ? null : texts.map((each) => each.nodeValue ?? '').join('');
}

/** Puts a text in the place of that. */
export function setText(element: Element, text: string): void {
  for (const each of leadingTexts(element)) element.removeChild(each);
  const document = element.ownerDocument;
  if (text !== '' && document) element.insertBefore(document.createTextNode(text), element.firstChild);
}

function leadingTexts(element: Element): Node[] {
  const all = Array.from(element.childNodes);
  const end = all.findIndex((each) => !isText(each));
  return end === -1 ? all : all.slice(0, end);
}

/** Takes a node out, with the text that follows it: in lxml it belongs to it. */
export function removeNode(node: Node): void {
  const parent = node.parentNode;
  while (isText(node.nextSibling)) if (node.nextSibling) parent?.removeChild(node.nextSibling);
  parent?.removeChild(node);
}

/** A name as lxml shows it: `{namespace}name`. */
export function clarkName(element: Element): string {
  return element.namespaceURI ? `{${element.namespaceURI}}${element.localName}` : element.nodeName;
}

/** Where an element stands: `/a/b[2]`. */
export function pathOf(node: Node): string {
  if (node.nodeType === KIND.attribute) {
    const { ownerElement } = node as unknown as { readonly ownerElement: Element | null };
    return `${ownerElement ? pathOf(ownerElement) : ''}/@${node.nodeName}`;
  }
  if (!isElement(node)) return '';
  const name = node.namespaceURI && !node.prefix ? '*' : node.nodeName;
  const siblings = Array.from(node.parentNode?.childNodes ?? []).filter((each) => isElement(each) && (name === '*' || each.nodeName === node.nodeName));
  return `${node.parentNode ? pathOf(node.parentNode) : ''}/${name}${siblings.length > 1 ? `[${siblings.indexOf(node) + 1}]` : ''}`;
}
