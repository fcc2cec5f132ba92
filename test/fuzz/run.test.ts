import * as fc from 'fast-check';
import type { RunSettings } from '../../runner/engine/request.ts';
import { foreseeRun } from '../../runner/cli/run/foresee-run.ts';
import { loadRun } from '../../runner/cli/load/load-run.ts';
import { memoryFiles } from '../inventory/memory-files.ts';
import { runs } from '../runs.ts';
import { bundles } from './corpus.ts';
import { mutatedOne } from './mutate.ts';
import { orRefusedLater, shown } from './refusal.ts';

/** Reads and checks all that is read before a host is contacted. */
async function foresee(files: Readonly<Record<string, string>>): Promise<void> {
  const sources = { cwd: '/w', playbooks: ['site.yml'], inventories: ['hosts'], taskPaths: [], rolesPath: ['/w/roles'], extraVars: new Map(), vaultSecrets: [], selection: { only: [], skip: [] } };
  const loaded = await loadRun({ ...sources, files: memoryFiles(files) }, () => undefined);
  shown(foreseeRun(loaded, { mode: 'run', settings: {} as RunSettings, inventories: sources.inventories }));
}

const all = bundles();
const RUNS = 350;

test('a playbook with its roles, variables, templates and inventory is read or refused, whatever is wrong in one of its files', async () => {
  await fc.assert(fc.asyncProperty(mutatedOne(all), async ({ files }) => {
    await orRefusedLater(() => foresee(files));
  }), runs(RUNS));
});

test('the specification of arguments of a role is read or refused', async () => {
  const specified = all.flatMap((files) => Object.entries(files).filter(([path, text]) => /argument_specs|meta\/main/.test(path) && text.includes('argument_specs')).map(([path, text]) => ({ files, path, text })));
  expect(specified.length).toBeGreaterThan(0);
  await fc.assert(fc.asyncProperty(fc.constantFrom(...specified).chain(({ files, path, text }) => mutatedOne([{ [path]: text }]).map((each) => ({ ...files, ...each.files }))), async (files) => {
    await orRefusedLater(() => foresee(files));
  }), runs(80));
});
