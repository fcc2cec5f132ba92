import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from './site.ts';

/** Files and folders of ours that are still on a host, wherever a user can write. */
export async function leftFiles(site: Site, host: string): Promise<readonly string[]> {
  const found = await site.on(host, "find / -path /proc -prune -o -path /sys -prune -o -name '.rollcall*' -print 2>/dev/null");
  return found.split('\n').filter((line) => line !== '');
}

/** What runs on a host, without kernel threads, sleeps of its init and the looking itself; each as its words. */
export async function processes(site: Site, host: string): Promise<readonly string[]> {
  const listed = await site.on(host, 'ps -eo args=');
  return listed.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^ps -eo|^sh -c ps|^sleep 1000000$|\[.*\] <defunct>/.test(line)).sort();
}

/** Waits until a host runs exactly what it ran at another time; gives what differs when it does not come to that. */
export async function orphans(site: Site, host: string, before: readonly string[], seconds = 5): Promise<readonly string[]> {
  for (const deadline = Date.now() + seconds * 1000; ;) {
    const left = [...before];
    const extra = (await processes(site, host)).filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    if (extra.length === 0 || Date.now() > deadline) return extra;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/**
 * Looks at the words of every process of this machine, those in the hosts' namespaces among them, until told to stop. Gives the words that
 * held one of the texts, and how often it looked.
 */
export function watchWords(texts: readonly string[]): () => { seen: readonly string[]; looks: number } {
  const seen = new Set<string>();
  let looks = 0;
  const timer = setInterval(() => {
    looks++;
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
      const words = wordsOf(pid);
      if (texts.some((text) => words.includes(text))) seen.add(words.replaceAll('\0', ' '));
    }
  }, 15);
  return () => {
    clearInterval(timer);
    return { seen: [...seen], looks };
  };
}

function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Every form in which a text could be written down. */
export function forms(secret: string): readonly string[] {
  return [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret), Buffer.from(secret).toString('hex')];
}

/** Files below a folder that hold one of the texts; the lab's own folder is left out. */
export function filesWith(folder: string, texts: readonly string[], except: readonly string[] = []): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (except.includes(path)) return [];
    if (entry.isDirectory()) return filesWith(path, texts, except);
    return entry.isFile() && texts.some((text) => readFileSync(path, 'utf8').includes(text)) ? [path] : [];
  });
}

/** Gives a user of every host another password. */
export async function setPassword(site: Site, user: string, password: string): Promise<void> {
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' }).trim();
  for (const { name } of site.lab.hosts) await site.on(name, `sed -i 's|^${user}:[^:]*:|${user}:${hash}:|' /etc/shadow`);
}
