/**
 * The program that asks a web server while an expression waits: JavaScript, since it runs in a process of its own (`node -e`). It takes
 * its request as JSON on standard input, so that no password is seen in a list of processes, and answers with JSON.
 */
export const URL_PROGRAM = `
const http = require('node:http'), https = require('node:https'), fs = require('node:fs'), tls = require('node:tls');
const request = JSON.parse(fs.readFileSync(0, 'utf8'));
const answer = (what) => { process.stdout.write(JSON.stringify(what), () => process.exit(0)); };
const ca = () => {
  const files = fs.statSync(request.caPath).isDirectory() ? fs.readdirSync(request.caPath).map((name) => request.caPath + '/' + name) : [request.caPath];
  return [...tls.rootCertificates, ...files.map((file) => fs.readFileSync(file))];
};
const proxyOf = (url) => {
  if (!request.useProxy) return undefined;
  const env = (name) => process.env[name] || process.env[name.toUpperCase()];
  const none = (env('no_proxy') || '').split(',').map((each) => each.trim().replace(/^\\*?\\./, '')).filter(Boolean);
  if (none.some((each) => each === '*' || url.hostname === each || url.hostname.endsWith('.' + each))) return undefined;
  const proxy = env(url.protocol.slice(0, -1) + '_proxy') || env('all_proxy');
  return proxy && new URL(/:\\/\\//.test(proxy) ? proxy : 'http://' + proxy);
};
const basic = (user, password) => 'Basic ' + Buffer.from(user + ':' + password).toString('base64');
const netrc = (host) => {
  try {
    const words = fs.readFileSync(process.env.NETRC || process.env.HOME + '/.netrc', 'utf8').replace(/#.*/g, '').split(/\\s+/);
    let machine, found = {}, any = {};
    for (let at = 0; at < words.length; at++) {
      if (words[at] === 'machine') machine = words[++at] === host ? found : {};
      else if (words[at] === 'default') machine = any;
      else if (machine && ['login', 'password', 'account'].includes(words[at])) machine[words[at]] = words[++at];
    }
    const entry = found.login || found.password ? found : any;
    return entry.login || entry.password ? [entry.login || '', entry.password || ''] : undefined;
  } catch { return undefined; }
};
const tunnel = (proxy, url) => new Promise((resolve, reject) => {
  const headers = proxy.username ? { 'proxy-authorization': basic(decodeURIComponent(proxy.username), decodeURIComponent(proxy.password)) } : {};
  const ask = http.request({ host: proxy.hostname, port: proxy.port || 80, method: 'CONNECT', path: url.hostname + ':' + (url.port || 443), headers });
  ask.on('connect', (reply, socket) => reply.statusCode === 200 ? resolve(socket) : reject(new Error('the proxy answered ' + reply.statusCode)));
  ask.on('error', reject);
  ask.end();
});
const ask = async (url, left, redirected, authorized) => {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return answer({ failed: 'unknown url type: ' + url.protocol.slice(0, -1) });
  const headers = { 'user-agent': request.agent, 'accept-encoding': 'identity', connection: 'close' };
  if (request.force) headers['cache-control'] = 'no-cache';
  for (const [name, value] of Object.entries(request.headers)) {
    if (!(redirected && request.unredirected.includes(name.toLowerCase()))) headers[name.toLowerCase()] = String(value);
  }
  const own = request.username !== null ? [request.username, request.password || ''] : url.username ? [decodeURIComponent(url.username), decodeURIComponent(url.password)] : undefined;
  const known = own || (request.useNetrc ? netrc(url.hostname) : undefined);
  if (known && !redirected && (authorized || request.forceBasic || (!own && known))) headers.authorization = basic(...known);
  const secure = url.protocol === 'https:';
  const options = { method: 'GET', headers, rejectUnauthorized: request.validate, servername: url.hostname.replace(/^\\[|\\]$/g, ''), ...(request.ciphers && { ciphers: request.ciphers }), ...(request.caPath && { ca: ca() }) };
  const proxy = request.socket ? undefined : proxyOf(url);
  if (request.socket) options.socketPath = request.socket;
  let target = url;
  if (proxy && secure) options.createConnection = ((socket) => () => tls.connect({ ...options, socket }))(await tunnel(proxy, url));
  else if (proxy) {
    if (proxy.username) headers['proxy-authorization'] = basic(decodeURIComponent(proxy.username), decodeURIComponent(proxy.password));
    target = new URL(proxy.origin);
    Object.assign(options, { path: url.href, headers: { ...headers, host: url.host } });
  }
  const sent = (secure ? https : http).request(target, options, (reply) => {
    const status = reply.statusCode;
    if (status === 401 && known && !authorized && !headers.authorization) { reply.resume(); return ask(url, left, redirected, true).catch(failed); }
    const { location } = reply.headers;
    const follows = { none: false, no: false, false: false }[request.follow] ?? true;
    if ([301, 302, 303, 307, 308].includes(status) && location && follows) {
      reply.resume();
      if (left === 0) return answer({ failed: 'too many redirections' });
      return ask(new URL(location, url), left - 1, true, false).catch(failed);
    }
    const parts = [];
    reply.on('data', (part) => parts.push(part));
    reply.on('error', failed);
    reply.on('end', () => status >= 200 && status < 300 ? answer({ body: Buffer.concat(parts).toString('utf8') }) : answer({ http: 'HTTP Error ' + status + ': ' + (reply.statusMessage || '') }));
  });
  sent.setTimeout(request.timeout * 1000, () => sent.destroy(new Error('timed out')));
  sent.on('error', failed);
  sent.end();
};
const failed = (error) => answer(/CERT|SELF_SIGNED|UNABLE_TO|HOSTNAME/i.test(String(error.code)) ? { certificate: error.message } : { failed: error.message || String(error.code) });
let first;
try { first = new URL(request.url); } catch { answer({ failed: 'this is no URL' }); }
if (first) ask(first, 10, false, false).catch(failed);
`;
