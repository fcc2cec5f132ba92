import type { Answer } from './answer.ts';
import { parseXml, readClusterConfig } from './config.ts';
import { Cluster } from './cluster.ts';
import { dump } from './dump.ts';
import { FenceDomain } from './fencing.ts';
import type { HostAccess } from './host-access.ts';
import { loadConfig } from './load.ts';
import { ResourceGroups } from './resource-groups.ts';
import { Ricci, syncTo } from './ricci.ts';
import { schemaErrors } from './schema.ts';
import { serviceRequest, type ServiceOperation } from './service-request.ts';


const STATE = 'run/rollcall-lab/cluster';
const DOWN: Answer = { code: 1, text: '' };

/** All simulated daemons of one host, started and stopped by what the host's init scripts and tools ask for. */
export class Daemons {
  readonly #host: HostAccess;
  readonly #ricci: Ricci;
  #running: { readonly cluster: Cluster; readonly fence: FenceDomain; readonly groups: ResourceGroups } | undefined;
  #shown = '';
  #reloading = false;

  constructor(host: HostAccess) {
    this.#host = host;
    this.#ricci = new Ricci(host);
  }

  /** Carries out one request of a tool. */
  async answer(verb: string, words: readonly string[]): Promise<Answer> {
    const [first = '', second = '', third = ''] = words;
    const running = this.#running;
    switch (verb) {
      case 'join':
        return this.#join();
      case 'leave':
        return this.#leave();
      case 'validate':
        return this.#validate(first, second === 'load');
      case 'reload':
        return this.#reload();
      case 'ricci':
        return this.#ricci.serve(first === 'start');
      case 'sync':
        return syncTo(this.#host, first, words.slice(1));
      default:
        break;
    }
    if (running === undefined) return DOWN;
    const { cluster, fence, groups } = running;
    switch (verb) {
      case 'fence-join':
        return { code: 0, text: await fence.join(Number(first)) };
      case 'fence-leave':
        cluster.fenceJoined = false;
        return { code: 0, text: '' };
      case 'fence-node': {
        const node = cluster.config.nodes.find((each) => each.name === first);
        const fenced = node !== undefined && (await fence.fence(node.id));
        return { code: fenced ? 0 : 1, text: `fence ${first} ${fenced ? 'success' : 'failed'}\n` };
      }
      case 'rgmanager':
        await (first === 'start' ? groups.start() : groups.stop());
        this.#show();
        return { code: 0, text: '' };
      case 'service': {
        const target = cluster.config.nodes.find((node) => node.name === third)?.id ?? 0;
        const reply = await serviceRequest(cluster, fence, first as ServiceOperation, second, target);
        this.#show();
        return { code: 0, text: `${reply.code} ${cluster.nodeName(reply.owner)}\n` };
      }
      default:
        return { code: 2, text: `unknown request ${verb}\n` };
    }
  }

  async #join(): Promise<Answer> {
    if (this.#running !== undefined) return { code: 0, text: '' };
    try {
      const cluster = await Cluster.join(this.#host);
      const fence = new FenceDomain(cluster);
      const groups = new ResourceGroups(cluster, fence);
      cluster.onTick = () => {
        fence.tick();
        groups.tick();
        this.#show();
      };
      cluster.onKilled = () => void this.#killed();
      cluster.onNewConfig = (version) => void this.#takeConfig(version);
      this.#running = { cluster, fence, groups };
      this.#show();
      return { code: 0, text: '' };
    } catch (error) {
      return { code: 1, text: `${messageOf(error)}\n` };
    }
  }

  async #leave(): Promise<Answer> {
    const running = this.#running;
    if (running === undefined) return DOWN;
    if (running.cluster.rgmanager) await running.groups.stop();
    this.#running = undefined;
    running.cluster.leave();
    this.#show();
    return { code: 0, text: '' };
  }

  async #killed(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.cluster.leave(true);
    this.#show();
    await running?.groups.drop();
    await this.#host.log('rgmanager', '#67: Shutting down uncleanly');
  }

  async #validate(file: string, load: boolean): Promise<Answer> {
    const text = await this.#host.read(file.replace(/^\//, ''));
    if (load) {
      try {
        await loadConfig(this.#host, file.replace(/^\//, ''));
      } catch (error) {
        return { code: 255, text: `${messageOf(error)}\n` };
      }
    }
    try {
      const errors = schemaErrors(parseXml(text ?? ''));
      return { code: errors.length === 0 ? 0 : 3, text: errors.map((error) => `${error}\n`).join('') };
    } catch (error) {
      return { code: 3, text: `parser error : ${messageOf(error)}\n` };
    }
  }

  /** The end of `cman_tool version -r`: this node takes its own file, the others take theirs when they hear of it. */
  async #reload(): Promise<Answer> {
    if (this.#running === undefined) return DOWN;
    const text = (await this.#host.read('etc/cluster/cluster.conf')) ?? '';
    await this.#takeConfig(readClusterConfig(text).version);
    return { code: 0, text: '' };
  }

  async #takeConfig(version: number): Promise<void> {
    const running = this.#running;
    if (running === undefined || this.#reloading || version <= running.cluster.config.version) return;
    this.#reloading = true;
    const before = running.cluster.config.services;
    try {
      await running.cluster.reload(version);
      this.#show();
      await running.groups.reconfigure(before);
    } catch (error) {
      await this.#host.log('corosync', `[CMAN  ] ${messageOf(error)}`);
      await new Promise((wake) => setTimeout(wake, 500));
    } finally {
      this.#reloading = false;
    }
  }

  #writing: Promise<void> = Promise.resolve();

  /** Puts the state where the tools read it, when it has changed. */
  #show(): void {
    const running = this.#running;
    const text = running === undefined ? '' : dump(running.cluster, running.fence);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#writing = this.#writing.then(() => (text === '' ? this.#host.remove(STATE) : this.#host.write(STATE, text)));
  }

  /** Resolves when what was last shown is on the disk. */
  async shown(): Promise<void> {
    this.#show();
    await this.#writing;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
