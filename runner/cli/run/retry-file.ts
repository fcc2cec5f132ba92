import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunSummary } from '../../event/summary.ts';

/** Writes the hosts that failed to a file for `--limit @FILE`, as Ansible's retry files. Returns what to say. */
export function writeRetryFile(folder: string, { hosts, playbooks }: Pick<RunSummary, 'hosts' | 'playbooks'>): string {
  const [playbook] = playbooks;
  if (playbook === undefined) return '';
  const path = join(folder === '' ? dirname(resolve(playbook)) : folder, `${basename(playbook).replace(/\.[^.]+$/, '')}.retry`);
  const failed = [...hosts].filter(([, { standing }]) => standing !== 'active').map(([name]) => name).sort();
  if (failed.length === 0) return '';
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, failed.map((name) => `${name}\n`).join(''));
  return `to try the hosts that failed again, use: --limit @${path}\n`;
}
