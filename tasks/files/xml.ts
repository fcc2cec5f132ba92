import { z } from 'zod';
import type { Change } from '../../runner/task/change.ts';
import { defineTask } from '../../runner/task/define.ts';
import { TaskFailure } from '../../runner/task/failure.ts';
import { Flag, Text, params } from '../../runner/task/params.ts';
import { editXml, type XmlEdited } from '../parse/xml-edit.ts';
import { attributeFields } from './common/attributes.ts';
import { contentChanges } from './common/content.ts';
import { lookAtText, type TextFile } from './common/text-file.ts';

const schema = params({
  path: Text.optional().meta({ aliases: ['dest', 'file'] }).describe('The file; it must be there.'),
  xmlstring: Text.optional().describe('A document instead of a file; what came of it is registered as `xmlstring`.'),
  xpath: Text.optional().describe('What in the document is meant.'),
  namespaces: z.record(z.string(), z.string()).default({}).describe('Prefixes in `xpath` and in names, and the namespaces they stand for.'),
  state: z.enum(['present', 'absent']).default('present').meta({ aliases: ['ensure'] }).describe('Whether what is meant shall be there; what is missing is made, when the expression says what it is.'),
  attribute: Text.optional().describe('The attribute that `value` is for.'),
  value: Text.optional().describe('The text of the element, or the value of the attribute.'),
  add_children: z.array(z.json()).optional().describe('Elements to add, each time: names, or `name: text`, or `name:` with attributes, `+value` for a text and `_` for children.'),
  set_children: z.array(z.json()).optional().describe('The elements that shall be in it, and no others.'),
  count: Flag.default(false).describe('Only count.'),
  print_match: Flag.default(false).describe('Only tell where it is.'),
  content: z.enum(['attribute', 'text']).optional().describe('Only tell the attributes or the texts.'),
  input_type: z.enum(['yaml', 'xml']).default('yaml').describe('How children are written.'),
  pretty_print: Flag.default(false).describe('Write the document with one element a line, indented.'),
  strip_cdata_tags: Flag.default(false).describe('Write texts out of CDATA sections as plain texts.'),
  insertbefore: Flag.default(false).describe('Add children before the first element that is meant.'),
  insertafter: Flag.default(false).describe('Add children behind the last element that is meant.'),
  backup: Flag.default(false).describe('Keep the old file beside it.'),
  ...attributeFields,
})
  .refine(({ path, xmlstring }) => (path === undefined) !== (xmlstring === undefined), 'one of the following is required, and only one: path, xmlstring')
  .refine((given) => given.xpath !== undefined || given.pretty_print, 'xpath is required, unless pretty_print is all that is wanted')
  .refine((given) => given.attribute === undefined || given.value !== undefined, "missing parameter(s) required by 'attribute': value")
  .refine((given) => !(given.insertbefore && given.insertafter), 'parameters are mutually exclusive: insertbefore|insertafter')
  .refine((given) => [given.add_children, given.set_children, given.value, given.content, given.count || undefined, given.print_match || undefined].filter((each) => each !== undefined).length <= 1,
    'parameters are mutually exclusive: add_children|content|count|print_match|set_children|value');
type Params = z.output<typeof schema>;

function edited(given: Params, text: string): XmlEdited {
  try {
    return editXml(text, given);
  } catch (error) {
    if (error instanceof RangeError) throw new TaskFailure(error.message);
    throw error;
  }
}

/** Parts of an XML file. */
export default defineTask<Params, TextFile | null>({
  name: 'xml',
  summary: 'Elements, attributes and texts of an XML file, by XPath.',
  description: `The document is read and written here: nothing but the shell is needed on the host. It is written only when an element, an attribute or a text
is to change, then as a whole and in UTF-8. \`add_children\` adds each time.`,
  examples: `
- xml: { path: /etc/app.xml, xpath: /app/server/port, value: '8443' }
- xml: { path: /etc/app.xml, xpath: "/app/server[@name='old']", state: absent }
- xml:
    path: /etc/app.xml
    xpath: /x:app/x:users
    namespaces: { x: 'http://example.com/app' }
    set_children: [{ user: { name: kim, _: [{ role: admin }] } }]
`,
  params: schema,
  probe: async (given, host) => (given.path === undefined ? null : lookAtText(given.path, host, given)),
  plan(given, seen): readonly Change[] {
    const before = textOf(given, seen);
    const { text, changed } = edited(given, before);
    if (!seen?.content) return [];
    const content = changed ? Buffer.from(text) : seen.content;
    const changes = contentChanges(seen, seen.content, { ...given, content });
    return given.add_children === undefined ? changes : changes.map((each) => ({ ...each, repeats: true }));
  },
  result(given, seen) {
    const { xpath = null, namespaces, state } = given;
    const { told, text } = edited(given, textOf(given, seen));
    return { actions: { xpath, namespaces, state }, ...told, ...(given.xmlstring !== undefined && { xmlstring: text }) };
  },
});

/** The document. @throws TaskFailure when there is none, or when it is written in another encoding */
function textOf({ path, xmlstring }: Params, seen: TextFile | null): string {
  if (xmlstring !== undefined) return xmlstring;
  if (!seen?.content) throw new TaskFailure(`The target XML source '${path}' does not exist.`);
  const encoding = /^<\?xml[^>]*encoding=["']([\w.-]+)["']/.exec(seen.content.toString('latin1', 0, 200))?.[1] ?? 'utf-8';
  if (!/^(?:utf-?8|us-ascii|ascii)$/i.test(encoding)) throw new TaskFailure(`'${path}' is written in ${encoding}: only UTF-8 is read here`);
  return seen.content.toString().replace(/^\ufeff/, '');
}
