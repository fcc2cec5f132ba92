import type { BaseAgent, ParsedKey } from 'ssh2';
import type { Ssh2 } from './load.ts';


/** An agent restricted to the keys whose public halves are given (IdentitiesOnly). */
export function restrictedAgent(ssh2: Ssh2, socket: string, allowed: readonly Buffer[]): BaseAgent {
  const agent = ssh2.createAgent(socket);
  class Restricted extends ssh2.BaseAgent<ParsedKey> {
    getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
      agent.getIdentities((error, keys = []) => {
        if (error) callback(error);
        else callback(null, (keys as ParsedKey[]).filter((key) => allowed.some((each) => each.equals(publicHalf(key)))));
      });
    }

    sign(key: ParsedKey, data: Buffer, options: unknown, callback?: unknown): void {
      // Handed through as it came: both forms of the call.
      (agent.sign as (...all: readonly unknown[]) => void)(key, data, options, callback);
    }
  }
  return new Restricted();
}

/** The public half as on the wire. Agents give keys as buffers or parsed. */
function publicHalf(key: ParsedKey | Buffer): Buffer {
  return Buffer.isBuffer(key) ? key : key.getPublicSSH();
}
