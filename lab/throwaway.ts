import { resolve } from 'node:path';
import { LabError } from './lab-dir.ts';
import { labDown, labUp, type Lab, type LabOptions } from './lab.ts';

/** Hosts made for one purpose: they go when their maker does. */
export interface Throwaway extends Lab {
  down(): Promise<void>;
}

/** Networks that are tried one after the other, when another lab has the first ones. */
const SUBNETS = [6, 106, 156, 206];

/** Makes hosts, on the first free network, that may end with this process at the latest; a sentence that says why where that cannot be. */
export async function throwaway(options: Omit<LabOptions, 'owner' | 'subnet'> & { readonly dir: string }, endsWithUs: boolean): Promise<Throwaway | string> {
  let reason = '';
  for (const subnet of SUBNETS) {
    try {
      const lab = await labUp({ ...options, subnet, ...(endsWithUs && { owner: process.pid }) });
      return { ...lab, down: () => labDown(resolve(options.dir)) };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      reason = error.message;
      // Only a network that is taken is a reason to try another one.
      if (!/in use|network cannot be made/.test(reason)) return reason;
    }
  }
  return reason;
}
