import type { Json, JsonObject } from '../../runner/util/json.ts';
import { factSections } from './facts-script.ts';
import { distributionFacts } from './facts-distribution.ts';
import { hardwareFacts } from './facts-hardware.ts';
import { localFacts } from './facts-local.ts';
import { networkFacts } from './facts-network.ts';
import { pythonFacts } from './facts-python.ts';
import { systemFacts } from './facts-system.ts';
import { virtualFacts } from './facts-virtual.ts';

/** The facts of a host from the output of `factsScript`, under Ansible's names without `ansible_`. A part that was not asked for is left out. */
export function parseFacts(output: string): JsonObject {
  const sections = factSections(output);
  const distribution = distributionFacts(sections);
  const facts: Record<string, Json> = { ...distribution, ...systemFacts(sections, distribution), ...pythonFacts(sections.get('python') ?? '') };
  if (sections.has('/proc/meminfo')) Object.assign(facts, hardwareFacts(sections));
  if (sections.has('links')) Object.assign(facts, networkFacts(sections));
  if (sections.has('container')) Object.assign(facts, virtualFacts(sections));
  facts['local'] = localFacts(sections);
  return facts;
}
