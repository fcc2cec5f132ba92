import * as fc from 'fast-check';
import { editXml, type XmlEdit } from '../../../tasks/parse/xml-edit.ts';
import { readDocument, writeDocument } from '../../../tasks/parse/xml-document.ts';
import { runs } from '../../runs.ts';

const NAMES = ['a', 'b', 'c-d', 'e.f'];
const text = fc.string({ unit: fc.constantFrom('x', ' ', '\n', '<', '>', '&', '"', "'", 'ß', '\t', ']'), maxLength: 6 });

const escaped = (given: string): string => given.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;');

/** A document as somebody may have written it. */
const { document } = fc.letrec<{ document: string; element: string; content: string }>((tie) => ({
  document: tie('element').map((root) => `<?xml version="1.0"?>\n<!-- c -->\n${root}\n`),
  element: fc.tuple(fc.constantFrom(...NAMES), fc.uniqueArray(fc.constantFrom('k', 'l'), { maxLength: 2 }), text, fc.array(tie('content'), { maxLength: 4 }), fc.boolean())
    .map(([name, attributes, value, content, blank]) => `<${name}${attributes.map((each) => `  ${each}='${escaped(value).replaceAll("'", '&apos;')}'`).join('')}>${content.join(blank ? '\n  ' : '')}</${name}>`),
  content: fc.oneof({ depthSize: 'small', maxDepth: 3 }, text.map((each) => each.replace(/[<>&\]]/g, '')), fc.constantFrom('<!-- n -->', '<![CDATA[<x>]]>', '<?p q?>', '&lt;&amp;'), tie('element')),
}));

const EDIT: XmlEdit = { namespaces: {}, state: 'present', input_type: 'yaml', count: false, print_match: false, pretty_print: false, strip_cdata_tags: false, insertbefore: false, insertafter: false };

test('what is written and read again is written the same', () => {
  fc.assert(fc.property(document, fc.boolean(), (given, pretty) => {
    const once = writeDocument(readDocument(given), pretty);
    expect(writeDocument(readDocument(once), false)).toBe(once.replace(/\n$/, '').replace('-->\n<', pretty ? '--><' : '-->\n<'));
  }), runs(200));
});

test('an edit that was made has nothing left to do', () => {
  const edits = fc.constantFrom<Partial<XmlEdit>>(
    { xpath: '//b', value: 'new <&> text' }, { xpath: '/a/b/c-d', value: 'x' }, { xpath: '//b', attribute: 'k', value: 'v"' }, { xpath: '//b/@k', state: 'absent' }, { xpath: '//b', state: 'absent' },
    { xpath: '//b', set_children: ['c-d', { 'e.f': { k: 'v', _: [{ x: 't' }] } }] }, { xpath: '/a/new[@k="1" and b/text()="2"]' }, { pretty_print: true },
  );
  let done = 0;
  fc.assert(fc.property(document.filter((each) => each.includes('<a')), edits, (given, edit) => {
    try {
      const { text: after } = editXml(given, { ...EDIT, ...edit });
      expect(editXml(after, { ...EDIT, ...edit })).toMatchObject({ changed: false, text: after });
      done++;
    } catch (error) {
      // A root that is not there cannot be made, nor taken away.
      if (!(error instanceof RangeError)) throw error;
    }
  }), runs(200));
  expect(done).toBeGreaterThan(50);
});
