/** A comment or a text inside an element, kept where nothing else is known about it. */
export type XmlNode = XmlElement | { readonly comment: string } | { readonly text: string };

/** An element as plain data. */
export interface XmlElement {
  readonly name: string;
  /** In the order they are written. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

/** What reading an XML text gave. */
export type XmlResult = { readonly root: XmlElement } | { readonly error: string; readonly line: number };

/** Makes an element. */
export function element(name: string, attributes: Readonly<Record<string, string | undefined>> = {}, children: readonly XmlNode[] = []): XmlElement {
  return { name, attributes: Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined)), children };
}

/** True for an element, as opposed to a comment or a text. */
export function isElement(node: XmlNode): node is XmlElement {
  return 'name' in node;
}

/** The elements of that name directly below. */
export function childrenOf(parent: XmlElement | undefined, name?: string): readonly XmlElement[] {
  return (parent?.children ?? []).filter(isElement).filter((child) => name === undefined || child.name === name);
}

/** The first element of that name directly below. */
export function childOf(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return childrenOf(parent, name)[0];
}

/** Reads an XML text. Whatever the parser only warns about (an attribute without quotes) counts as not well-formed: xmllint refuses it too. */
export async function parseXml(text: string): Promise<XmlResult> {
  // Loaded here: 28 ms that only cluster files need.
  const { DOMParser } = await import('@xmldom/xmldom');
  const problems: { error: string; line: number }[] = [];
  try {
    const onError = (_level: string, message: string, context: { locator?: { lineNumber?: number } }): void => {
      problems.push({ error: message.split('\n')[0] ?? message, line: context.locator?.lineNumber ?? 0 });
    };
    const root = new DOMParser({ onError }).parseFromString(text, 'text/xml').documentElement;
    if (problems[0] !== undefined) return problems[0];
    return root === null ? { error: 'there is no root element', line: 1 } : { root: plain(root) };
  } catch (error) {
    return problems[0] ?? { error: error instanceof Error ? error.message : String(error), line: 0 };
  }
}

interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
  readonly childNodes: ArrayLike<DomNode>;
  readonly attributes?: ArrayLike<{ readonly name: string; readonly value: string }> | null;
}

function plain(node: DomNode): XmlElement {
  const children: XmlNode[] = [];
  for (const child of Array.from(node.childNodes)) {
    if (child.nodeType === 1) children.push(plain(child));
    else if (child.nodeType === 8) children.push({ comment: child.nodeValue ?? '' });
    else if ((child.nodeType === 3 || child.nodeType === 4) && child.nodeValue?.trim()) children.push({ text: child.nodeValue.trim() });
  }
  return { name: node.nodeName, attributes: Object.fromEntries(Array.from(node.attributes ?? []).map(({ name, value }) => [name, value])), children };
}

/** Elements that ccs_tool writes with an end tag even when they are empty. */
const OPEN = new Set(['cluster', 'clusternodes', 'clusternode', 'fence', 'method', 'fencedevices', 'rm', 'failoverdomain', 'unfence']);
/** Elements of the root after which it leaves a blank line. */
const SPACED = new Set(['clusternodes', 'fencedevices']);

/** The text of a cluster.conf, laid out as `ccs_tool create` does. */
export function formatClusterXml(root: XmlElement): string {
  const body = root.children.flatMap((child) => [...lines(child, 1), ...(isElement(child) && SPACED.has(child.name) ? [''] : [])]);
  return ['<?xml version="1.0"?>', `<${head(root)}>`, '', ...body, `</${root.name}>`, ''].join('\n');
}

function lines(node: XmlNode, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  if ('comment' in node) return [`${indent}<!--${node.comment}-->`];
  if ('text' in node) return [`${indent}${escape(node.text)}`];
  if (node.children.length === 0 && !OPEN.has(node.name)) return [`${indent}<${head(node)}/>`];
  return [`${indent}<${head(node)}>`, ...node.children.flatMap((child) => lines(child, depth + 1)), `${indent}</${node.name}>`];
}

function head({ name, attributes }: XmlElement): string {
  return [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escape(value)}"`)].join(' ');
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;');
}
