import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Become } from '../../runner/inventory/target.ts';
import { HostFailure } from '../../runner/transport/channel.ts';
import type { HostSession } from '../../runner/transport/session.ts';
import type { Shell } from '../../runner/transport/shell.ts';
import { scriptWord } from '../../runner/transport/shell/encode.ts';

/** One way to a shell. The host must be this machine. */
export interface Subject {
  readonly session: HostSession;
  readonly become?: Become;
}

/** Expects a host failure of a kind and gives its message. */
export async function failureOf(promise: Promise<unknown>, kind: HostFailure['kind']): Promise<string> {
  const error = await promise.then(() => new Error('it did not fail'), (reason: unknown) => reason);
  if (!(error instanceof HostFailure)) throw error;
  expect([error.kind, error.message]).toEqual([kind, error.message]);
  return error.message;
}

/** Whether a process is there and no zombie. */
function runs(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** A subject that is open, and a folder of its own. */
interface Open extends Subject {
  readonly folder: string;
  readonly shell: () => Promise<Shell>;
}

/** What every shell promises, whatever the way to it. The subjects are tried side by side, for most of the time is waiting. */
export function shellContract(subjects: Readonly<Record<string, () => Promise<Subject>>>): void {
  describe(Object.keys(subjects).join('; '), () => {
    const opened: [string, Open][] = [];
    const test = (name: string, body: (subject: Open) => Promise<void>): void => {
      globalThis.test(name, async () => {
        const results = await Promise.allSettled(opened.map(([, subject]) => body(subject)));
        const failed = results.flatMap((result, index) => (result.status === 'rejected' ? [[opened[index]?.[0], result.reason as unknown] as const] : []));
        for (const [where, reason] of failed) {
          if (reason instanceof Error) reason.message = `[${where}] ${reason.message}`;
          throw reason;
        }
      });
    };
    beforeAll(async () => {
      await Promise.all(
        Object.entries(subjects).map(async ([name, open]) => {
          const subject = await open();
          const shell = (): Promise<Shell> => subject.session.shell(subject.become);
          const folder = (await (await shell()).effect('mktemp -d')).stdout.trim();
          opened.push([name, { ...subject, folder, shell }]);
        }),
      );
    });
    afterAll(async () => {
      for (const [, { session, folder }] of opened) {
        await session.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });

    test('bytes, codes, signals and errors come back as they were', async ({ shell }) => {
      const sh = await shell();
      const every = Buffer.from(Array.from({ length: 256 }, (_none, byte) => byte));
      const [read, written, killed, syntax, eof, both] = await Promise.all([
        sh.read(String.raw`i=0; while [ $i -lt 256 ]; do printf "\\$(printf %03o $i)"; i=$((i+1)); done; echo oops >&2; exit 3`),
        sh.effect('cat; exit 7', { stdin: every }),
        sh.effect("sh -c 'kill -9 $$'"),
        sh.read('if true; then echo '),
        sh.read('cat'),
        sh.effect('echo out; echo err >&2; printf more'),
      ]);
      expect([read?.stdoutBytes, read?.stderr, read?.code]).toEqual([every, 'oops\n', 3]);
      expect([written?.stdoutBytes, written?.code]).toEqual([every, 7]);
      expect(killed?.code).toBe(137);
      expect(syntax?.code).not.toBe(0);
      expect(syntax?.stderr).toMatch(/syntax|unexpected|unterminated/i);
      expect([eof?.code, eof?.stdout]).toEqual([0, '']);
      expect([both?.stdout, both?.stderr, both?.code]).toEqual(['out\nmore', 'err\n', 0]);
    });

    test('odd scripts arrive as they were written', async ({ shell }) => {
      const sh = await shell();
      const odd = 'a\'b"c\\d\te\nf $HOME `id` é ☃ \u0001 \u007f % -n\r\n';
      expect((await sh.read(`printf %s ${scriptWord(odd)}`)).stdoutBytes.toString()).toBe(odd);
      expect((await sh.effect(`cat <<'E'\n${odd}\nE`)).stdout).toBe(`${odd}\n`);
      expect((await sh.read('echo $LC_ALL; case :$PATH: in *:/sbin:*) echo sbin;; esac; env | grep -c "^_r"')).stdout).toBe('C\nsbin\n0\n');
    });

    test('what a script does to its shell stays in it', async ({ shell }) => {
      const sh = await shell();
      await sh.read('cd /; x=1; exit 5');
      await sh.effect('set -eu; exec >/dev/null; trap "" 15; umask 0; alias printf=false; unset PATH');
      expect((await sh.read('echo "${x-none} $PATH" | grep -c none.*/bin; umask')).stdout).toMatch(/^1\n0?0[0-7]+\n$/);
    });

    test('large output, a huge line and a limit', async ({ shell }) => {
      const sh = await shell();
      const wanted = createHash('sha256').update(Buffer.alloc(5_000_000, 'x')).digest('hex');
      const [big, cut, effect] = await Promise.all([
        sh.read("head -c 5000000 /dev/zero | tr '\\0' x"),
        sh.read("printf begin; head -c 100000 /dev/zero | tr '\\0' x; printf end", { limit: 20 }),
        sh.effect("head -c 5000000 /dev/zero | tr '\\0' x; head -c 70000 /dev/zero >&2"),
      ]);
      expect(createHash('sha256').update(big.stdoutBytes).digest('hex')).toBe(wanted);
      expect(cut.stdout).toBe('beginxxxxx\n[... 99988 bytes of output were cut here ...]\nxxxxxxxend');
      expect(createHash('sha256').update(effect.stdoutBytes).digest('hex')).toBe(wanted);
      expect(effect.stderr.length).toBe(70_000);
    });

    test('overlapping reads travel together and each gets its own answer', async ({ shell }) => {
      const sh = await shell();
      const before = sh.roundTrips;
      const answers = await Promise.all(Array.from({ length: 200 }, (_none, index) => sh.read(`echo ${index}; exit ${index % 7}`)));
      expect(answers.map(({ stdout, code }) => [stdout, code])).toEqual(answers.map((_answer, index) => [`${index}\n`, index % 7]));
      expect(sh.roundTrips - before).toBe(1);
    });

    test('standard input of any size, also when it is not read', async ({ shell, folder }) => {
      const sh = await shell();
      const data = Buffer.alloc(1_000_000, 'a\0\n\xff', 'latin1');
      const [all, none, some, after] = await Promise.all([
        sh.effect(`cat >${folder}/in; cksum <${folder}/in`, { stdin: data }),
        sh.effect('exit 4', { stdin: data }),
        sh.effect('head -c 5', { stdin: 'abcdefgh' }),
        sh.read('echo still here'),
      ]);
      expect(all.code).toBe(0);
      expect(readFileSync(join(folder, 'in')).equals(data)).toBe(true);
      expect([none.code, some.stdout, after.stdout]).toEqual([4, 'abcde', 'still here\n']);
    });

    test('an effect does not wait for what it leaves running, nor is it disturbed by it later', async ({ shell }) => {
      const sh = await shell();
      const started = Date.now();
      const daemon = await sh.effect('sleep 60 & echo $!; (sleep 0.2; echo late; echo late >&2) &');
      expect(Date.now() - started).toBeLessThan(3000);
      const answers = await Promise.all([sh.effect('sleep 0.4; echo a'), sh.read('echo b'), sh.effect('echo c >&2')]);
      expect(answers.map(({ stdout, stderr }) => stdout + stderr)).toEqual(['a\n', 'b\n', 'c\n']);
      expect((await sh.effect(`kill ${daemon.stdout.trim()}`)).code).toBe(0);
    });

    test('a deadline ends the whole tree, and the shell lives on', async ({ shell, folder }) => {
      const sh = await shell();
      const script = `sh -c 'echo $$ >${folder}/one; sleep 71; :' & echo start; sh -c 'echo $$ >${folder}/two; sleep 72; :'; echo end`;
      const message = await failureOf(sh.effect(script, { timeout: 0.5 }), 'timeout');
      expect(message).toContain('0.5 s');
      for (const file of ['one', 'two']) expect(runs(readFileSync(join(folder, file), 'utf8').trim())).toBe(false);
      await failureOf(sh.read('sleep 73', { timeout: 0.3 }), 'timeout');
      expect((await sh.read('echo well')).stdout).toBe('well\n');
      expect(await shell()).toBe(sh);
    });

    test('cancelling stops what runs, and what waits is never run', async ({ shell, folder }) => {
      const sh = await shell();
      const first = new AbortController();
      const second = new AbortController();
      const running = sh.effect(`echo $$ >${folder}/r; sleep 74`, { signal: first.signal });
      const waiting = sh.effect(`touch ${folder}/never`, { signal: second.signal });
      await sleep(200);
      second.abort();
      await failureOf(waiting, 'cancelled');
      first.abort();
      await failureOf(running, 'cancelled');
      expect((await sh.read('echo well')).stdout).toBe('well\n');
      expect(existsSync(join(folder, 'never'))).toBe(false);
      await failureOf(sh.read('echo', { signal: first.signal }), 'cancelled');
    });

    test('a consumer of pieces sets the pace', async ({ shell }) => {
      const sh = await shell();
      let size = 0;
      let most = 0;
      let open = 0;
      const answer = await sh.read('head -c 3000000 /dev/zero', {
        onChunk: async (chunk) => {
          most = Math.max(most, ++open);
          size += chunk.length;
          await sleep(1);
          open--;
        },
      });
      expect([size, answer.code, answer.stdout]).toEqual([3_000_000, 0, '']);
      // Not the whole stream at once: what was in flight when it was paused.
      expect(most).toBeLessThan(60);
    });

    test('a script that only calls a program costs one process; what it cannot call is told as by any shell', async ({ shell }) => {
      const sh = await shell();
      const self = (await sh.read('echo $$')).stdout;
      expect((await sh.effect("sh -c 'echo $PPID'")).stdout).toBe(self);
      expect((await sh.effect("sh -c 'echo $PPID'; true")).stdout).not.toBe(self);
      const folder = (await sh.effect('d=$(mktemp -d); cd "$d"; printf "echo plain \\"\\$1\\"" >script; chmod +x script; echo no >text; echo "$d"')).stdout.trim();
      // A script without a first line that says whose it is.
      expect(await sh.effect(`${folder}/script 'two words'`)).toMatchObject({ code: 0, stdout: 'plain two words\n', stderr: '' });
      expect(await sh.effect(`${folder}/text`)).toMatchObject({ code: 126, stdout: '', stderr: expect.stringMatching(/denied/i) });
      expect(await sh.effect(`${folder}/nothing a`)).toMatchObject({ code: 127, stdout: '', stderr: expect.stringMatching(/not found|no such/i) });
      expect(await sh.effect('no-such-program-anywhere')).toMatchObject({ code: 127, stdout: '' });
      expect(await sh.effect('exit 7')).toMatchObject({ code: 7 });
      await sh.effect(`rm -r ${folder}`);
    });

    test('the files for output are private, empty between effects, and gone at the end', async ({ shell }) => {
      const sh = await shell();
      await sh.effect('echo secret; echo secret >&2');
      const left = await sh.read('echo "$_rt"; ls -l "$_rt"* | cut -c1-10 | sort -u; cat "$_rt"* | grep -c secret');
      const [prefix = '', ...said] = left.stdout.trim().split('\n');
      expect(prefix).toContain('rollcall');
      expect(said).toEqual(['-rw-------', '0']);
      await sh.close();
      expect(startingWith(prefix)).toEqual([]);
      expect((await (await shell()).read('echo again')).stdout).toBe('again\n');
    });

    test('a file that somebody else has put where output would go is not written to', async ({ shell }) => {
      const sh = await shell();
      await sh.effect('true');
      const [prefix = '', pid = ''] = (await sh.read('echo "$_rt"; echo $$')).stdout.trim().split('\n');
      const trap = `${prefix}trap`;
      writeFileSync(trap, 'kept');
      chmodSync(trap, 0o666);
      const last = Math.max(...startingWith(`${prefix}o`).map((name) => Number(/(\d+)\.\d+$/.exec(name)?.[1])));
      const traps = Array.from({ length: 9 }, (_none, index) => `${prefix}o${last + 1 + index}.${pid}`);
      for (const path of traps) symlinkSync(trap, path);
      expect((await sh.effect('echo said; echo too >&2')).stdout).toBe('said\n');
      expect(readFileSync(trap, 'utf8')).toBe('kept');
      await sh.close();
      for (const path of [...traps, trap]) rmSync(path, { force: true });
    });

    test('a connection that is cut fails what runs as unknown; the next call has a new one', async ({ shell, session }) => {
      const sh = await shell();
      const running = sh.effect('sleep 1');
      await sleep(150);
      await session.reconnect();
      expect(await failureOf(running, 'lost')).toContain('unknown');
      expect((await (await shell()).read('echo back')).stdout).toBe('back\n');
    });
  });
}

/** What needs more than a second each: once per kind of shell is enough. */
export function slowShellContract(name: string, open: () => Promise<Subject>): void {
  test(`${name}: live output arrives while the effect runs, and all of it once`, async () => {
    const { session, become } = await open();
    const shell = await session.shell(become);
    const heard: [string, string][] = [];
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-live-'));
    chmodSync(folder, 0o755);
    const flag = join(folder, 'heard');
    // Ends when it has been heard; more than one look fetches.
    const script = `echo é1; echo e1 >&2; head -c 700000 /dev/zero | tr '\\0' x; until [ -e ${flag} ]; do sleep 0.1; done; printf é2`;
    const answer = await shell.effect(script, {
      onOutput: (stream, text) => {
        heard.push([stream, text]);
        if (text.includes('é1')) writeFileSync(flag, '');
      },
    });
    const all = `é1\n${'x'.repeat(700_000)}é2`;
    const text = (stream: string): string => heard.filter(([which]) => which === stream).map(([, said]) => said).join('');
    expect([answer.stdout === all, text('stdout') === all, text('stderr')]).toEqual([true, true, 'e1\n']);
    await session.close();
    rmSync(folder, { recursive: true });
  });
}

/** The files whose paths begin so. */
function startingWith(prefix: string): string[] {
  return readdirSync(dirname(prefix)).filter((name) => name.startsWith(basename(prefix)));
}
