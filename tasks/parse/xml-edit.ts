import type { Document, Element, Node } from '@xmldom/xmldom';
import { isObject, type Json, type JsonObject } from '../../runner/util/json.ts';
import { clarkName, dropBlanks, isElement, KIND, pathOf, readDocument, removeNode, setText, textOf, isText, writeBare, writeDocument } from './xml-document.ts';
import { attributeOf, makeElement, select, selectsElement, setAttribute, spawn, type Namespaces } from './xml-path.ts';

/** What is to be done to a document, in the words of the module `xml`. */
export interface XmlEdit {
  readonly xpath?: string | undefined;
  readonly namespaces: Namespaces;
  readonly state: 'present' | 'absent';
  readonly attribute?: string | undefined;
  readonly value?: string | undefined;
  readonly add_children?: readonly Json[] | undefined;
  readonly set_children?: readonly Json[] | undefined;
  readonly input_type: 'yaml' | 'xml';
  readonly count: boolean;
  readonly print_match: boolean;
  readonly content?: 'attribute' | 'text' | undefined;
  readonly pretty_print: boolean;
  readonly strip_cdata_tags: boolean;
  readonly insertbefore: boolean;
  readonly insertafter: boolean;
}

/** What came of it. */
export interface XmlEdited {
  /** The document as it is written; the same whether it was changed or not. */
  readonly text: string;
  /** Whether its elements, attributes and texts are others than before. */
  readonly changed: boolean;
  /** What was found out. */
  readonly told: JsonObject;
}

/** Edits a document. @throws RangeError for a text that is no XML, and for what cannot be done */
export function editXml(text: string, edit: XmlEdit): XmlEdited {
  const document = readDocument(text);
  if (edit.strip_cdata_tags) stripCdata(document);
  if (edit.pretty_print) dropBlanks(document);
  const before = shape(document);
  const told = act(document, edit);
  const written = writeDocument(document, edit.pretty_print);
  // Without an expression there is nothing to do but to write it anew.
  const changed = edit.xpath === undefined ? written !== text : shape(document) !== before;
  return { text: written, changed, told };
}

const shape = (document: Document): string => Array.from(document.childNodes).map(writeBare).join('\n');

function act(document: Document, edit: XmlEdit): JsonObject {
  const { xpath, namespaces } = edit;
  if (xpath === undefined) return {};
  const found = (): readonly Node[] => select(xpath, document, namespaces);
  if (edit.print_match) return { matches: [], msg: `selector '${xpath}' match: [${found().map((node) => JSON.stringify(pathOf(node))).join(', ')}]` };
  if (edit.count) return { count: found().length, msg: `found ${found().length} nodes` };
  if (edit.content !== undefined) return tell(found(), xpath, edit.content);
  if (edit.state === 'absent') remove(found(), xpath);
  else if (edit.set_children) setChildren(found().filter(isElement), edit, edit.set_children);
  else if (edit.add_children) addChildren(found(), edit, edit.add_children);
  else if (edit.value !== undefined) setValue(document, xpath, edit, edit.value);
  else if (!selectsElement(xpath, document, namespaces)) spawn(xpath, document, namespaces);
  return {};
}

function tell(found: readonly Node[], xpath: string, what: 'attribute' | 'text'): JsonObject {
  if (!isElement(found[0])) throw new RangeError(`Xpath ${xpath} does not reference a node!`);
  const matches = found.filter(isElement).map((element): JsonObject => ({
    [clarkName(element)]: what === 'text' ? textOf(element) : Object.fromEntries(Array.from(element.attributes).filter(({ name }) => !/^xmlns(?::|$)/.test(name)).map((each) => [each.namespaceURI ? `{${each.namespaceURI}}${each.localName ?? ''}` : each.name, each.value])),
  }));
  return { matches, count: matches.length, msg: matches.length };
}

function remove(found: readonly Node[], xpath: string): void {
  for (const node of found) {
    if (node.nodeType === KIND.attribute) {
      const attribute = node as unknown as { readonly ownerElement: Element | null; readonly name: string };
      attribute.ownerElement?.removeAttribute(attribute.name);
    } else if (isElement(node) || node.nodeType === KIND.comment) removeNode(node);
    else throw new RangeError(`Couldn't delete xpath target: ${xpath} selects neither elements nor attributes`);
  }
}

function setChildren(parents: readonly Element[], edit: XmlEdit, wanted: readonly Json[]): void {
  for (const parent of parents) {
    const children = wanted.map((child) => makeChild(child, parent, edit));
    const old = Array.from(parent.childNodes).filter((node) => !isText(node));
    if (old.length === children.length && old.every((node, index) => writeBare(node) === writeBare(children[index] ?? node))) continue;
    old.forEach(removeNode);
    for (const child of children) parent.appendChild(child);
  }
}

function addChildren(found: readonly Node[], edit: XmlEdit, wanted: readonly Json[]): void {
  const [first] = found;
  const last = found.at(-1);
  if (!isElement(first) || !isElement(last)) return;
  const target = edit.insertbefore ? first : last;
  const beside = edit.insertbefore || edit.insertafter;
  const parent = beside ? first.parentNode : target;
  if (!isElement(parent)) throw new RangeError('nothing can stand beside the root element');
  let next: Node | null = edit.insertbefore ? target : null;
  if (edit.insertafter) {
    next = target.nextSibling;
    // The text behind an element belongs to it.
    while (isText(next)) next = next?.nextSibling ?? null;
  }
  for (const child of wanted) parent.insertBefore(makeChild(child, parent, edit), next);
}

function setValue(document: Document, xpath: string, { attribute, namespaces }: XmlEdit, value: string): void {
  if (!selectsElement(xpath, document, namespaces)) spawn(xpath, document, namespaces);
  const found = select(xpath, document, namespaces);
  if (!isElement(found[0])) throw new RangeError(`Xpath ${xpath} does not reference a node!`);
  for (const element of found.filter(isElement)) {
    if (attribute === undefined) {
      if (textOf(element) !== value) setText(element, value);
    } else if (attributeOf(element, attribute, namespaces) !== value) setAttribute(element, attribute, value, namespaces);
  }
}

/** A child as `add_children` describes it: a name, or a name with its text, attributes and children; or XML. */
function makeChild(child: Json, parent: Element, edit: XmlEdit): Node {
  if (edit.input_type === 'xml') {
    const root = readDocument(text(child)).documentElement;
    const made = root && parent.ownerDocument?.importNode(root, true);
    if (!made) throw new RangeError('Error while parsing child element');
    return made;
  }
  if (!isObject(child)) return makeElement(parent, text(child), edit.namespaces);
  const [[name, inner] = ['', null], ...others] = Object.entries(child);
  if (others.length > 0 || name === '') throw new RangeError('Can only create children from hashes with one key');
  const made = makeElement(parent, name, edit.namespaces);
  if (!isObject(inner)) {
    if (inner !== null) setText(made, text(inner));
    return made;
  }
  const { _: children = [], '+value': value = null, ...attributes } = inner;
  for (const [attribute, given] of Object.entries(attributes)) setAttribute(made, attribute, text(given), edit.namespaces);
  if (!Array.isArray(children)) throw new RangeError('Invalid children type: must be list.');
  for (const each of children as readonly Json[]) made.appendChild(makeChild(each, made, edit));
  if (value !== null) setText(made, text(value));
  return made;
}

function text(value: Json): string {
  if (typeof value === 'object' && value !== null) throw new RangeError('Invalid child type. Children must be either strings or hashes.');
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value ?? '');
}

function stripCdata(parent: Node): void {
  for (const child of Array.from(parent.childNodes)) {
    const document = child.ownerDocument;
    if (child.nodeType === KIND.cdata && document) parent.replaceChild(document.createTextNode(child.nodeValue ?? ''), child);
    else stripCdata(child);
  }
}
