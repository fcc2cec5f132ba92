/** What a web server answered. */
export interface HttpAnswer {
  readonly status: number;
  /** By name in lower case; the last answer's, where there were redirects. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The address that answered at last. */
  readonly url: string;
}

/** What curl's trailer is told apart by. */
export const TRAILER = '\n<rollcall>%{http_code} %{url_effective}';

/** Reads what `curl -D - -w TRAILER` prints: header blocks, the last one's body, the trailer; undefined when it got no answer. */
export function parseHttpAnswer(text: string): HttpAnswer | undefined {
  const [, content, status = '', url = ''] = /^([\s\S]*)\n<rollcall>(\d{3}) (\S*)\s*$/.exec(text) ?? [];
  if (content === undefined || status === '000') return undefined;
  let rest = content;
  let headers: Record<string, string> = {};
  for (let block = /^HTTP\/[\d.]+ [\s\S]*?\r?\n\r?\n/.exec(rest); block; block = /^HTTP\/[\d.]+ [\s\S]*?\r?\n\r?\n/.exec(rest)) {
    rest = rest.slice(block[0].length);
    headers = {};
    for (const line of block[0].split(/\r?\n/).slice(1)) {
      const [, name, value = ''] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
      if (name !== undefined) headers[name.toLowerCase()] = headers[name.toLowerCase()] === undefined ? value : `${headers[name.toLowerCase()]}, ${value}`;
    }
  }
  return { status: Number(status), headers, body: rest, url };
}
