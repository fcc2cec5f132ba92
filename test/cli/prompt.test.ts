import { PassThrough } from 'node:stream';
import { askPerson, askSecret, type Terminal } from '../../runner/cli/prompt.ts';
import { readPasswords } from '../../runner/cli/load/passwords.ts';
import type { FileReader } from '../../runner/source/reader.ts';

/** A terminal in memory: what is typed, what is shown, and whether it was put into raw mode. */
function terminal(): { terminal: Terminal; type: (text: string) => void; shown: () => string; modes: boolean[] } {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (on: boolean) => void modes.push(on) });
  const parts: string[] = [];
  const output = new PassThrough().on('data', (chunk: Buffer) => parts.push(chunk.toString()));
  return { terminal: { input, output } as unknown as Terminal, type: (text) => void input.write(text), shown: () => parts.join(''), modes };
}

test('a password is read without showing any of it, and the terminal is given back', async () => {
  const { terminal: tty, type, shown, modes } = terminal();
  const asked = askSecret('Vault password: ', '', tty);
  type('hunt');
  type('er2\r');
  expect(await asked).toBe('hunter2');
  expect(shown()).toBe('Vault password: \n');
  expect(modes).toEqual([true, false]);
});

test('backspace, Ctrl-U and characters beyond ASCII', async () => {
  const { terminal: tty, type } = terminal();
  const asked = askSecret('? ', '', tty);
  type('wrong\u0015pä😀x\u007f\u007fß\n');
  expect(await asked).toBe('päß');
});

test('an answer that may be seen is echoed', async () => {
  const { terminal: tty, type, shown } = terminal();
  const asked = askPerson('Name? ', true, tty);
  type('ab\u007fc\r');
  expect(await asked).toBe('ac');
  expect(shown()).toBe('Name? ab\b \bc\n');
});

test.each([['\u0003', 'interrupted'], ['\u0004', 'no answer']])('%j ends the question', async (key, message) => {
  const { terminal: tty, type, modes } = terminal();
  const asked = askSecret('? ', '', tty);
  type(key);
  await expect(asked).rejects.toThrow(message);
  expect(modes).toEqual([true, false]);
});

const files = (texts: Record<string, string>, programs: Record<string, { code: number; stdout: string; stderr: string }> = {}): FileReader => ({
  read: (path) => texts[path],
  list: () => undefined,
  isDirectory: () => false,
  isExecutable: (path) => path in programs,
  run: (path) => programs[path] ?? { code: 127, stdout: '', stderr: '' },
});

test('an empty BECOME password is the SSH password, as in Ansible', async () => {
  const questions: string[] = [];
  const ask = async (text: string): Promise<string> => (questions.push(text), text.startsWith('SSH') ? 'login' : '');
  const options = { connection: { askPass: true }, become: { become: true, askPass: true } };
  expect(await readPasswords(options, files({}), ask)).toEqual({ connection: 'login', become: 'login' });
  expect(questions).toEqual(['SSH password: ', 'BECOME password [defaults to SSH password]: ']);
});

test('password files and programs', async () => {
  const options = { connection: { askPass: false, passwordFile: '/pw' }, become: { become: true, askPass: false, passwordFile: '/program' } };
  expect(await readPasswords(options, files({ '/pw': 'one\ntwo\n' }, { '/program': { code: 0, stdout: 'raised\n', stderr: '' } }))).toEqual({ connection: 'one', become: 'raised' });
  await expect(readPasswords(options, files({}))).rejects.toThrow("there is no password file '/pw'");
  const failing = files({ '/pw': 'one' }, { '/program': { code: 3, stdout: 'half a secret', stderr: 'locked' } });
  await expect(readPasswords(options, failing)).rejects.toThrow(/^the password program '\/program' ended with exit code 3: locked$/);
});
