import { createRequire } from 'node:module';
import type * as Xmldom from '@xmldom/xmldom';

/** The reader and writer of XML: loaded when the first document comes, since few runs have any. */
export function xmldom(): typeof Xmldom {
  return createRequire(import.meta.url)('@xmldom/xmldom') as typeof Xmldom;
}

/** What is used of the library for XPath. Its own types would bring those of a browser. */
interface XPath {
  useNamespaces(namespaces: Readonly<Record<string, string>>): (expression: string, node: Xmldom.Node) => unknown;
}

/** XPath over documents of `xmldom`. */
export function xpath(): XPath {
  return createRequire(import.meta.url)('xpath') as XPath;
}
