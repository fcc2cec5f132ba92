import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskReader } from '../../runner/source/disk.ts';

const files = diskReader();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-'));
  writeFileSync(join(folder, 'text'), 'grüße\n');
  writeFileSync(join(folder, 'binary'), Buffer.from([0xff, 0xfe, 0x00]));
  mkdirSync(join(folder, 'Sub'));
  writeFileSync(join(folder, 'script'), '#!/bin/sh\nprintf "%s|" "$@"; pwd; cat; echo oops >&2; exit 7\n');
  writeFileSync(join(folder, 'noexec'), 'echo no first line\n');
  for (const name of ['script', 'noexec']) chmodSync(join(folder, name), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('reads text, tells what is absent from what cannot be read', () => {
  expect(files.read(join(folder, 'text'))).toBe('grüße\n');
  expect(files.read(join(folder, 'nothing'))).toBeUndefined();
  expect(files.read(join(folder, 'text/below'))).toBeUndefined();
  expect(files.read(join(folder, 'Sub'))).toBeUndefined();
  expect(() => files.read(join(folder, 'binary'))).toThrow(/cannot read .*binary: it is not UTF-8 text/);
});

test('lists in the order of bytes', () => {
  expect(files.list(folder)).toEqual(['Sub', 'binary', 'noexec', 'script', 'text']);
  expect(files.list(join(folder, 'text'))).toBeUndefined();
  expect([files.isDirectory(join(folder, 'Sub')), files.isDirectory(join(folder, 'text')), files.isDirectory(join(folder, 'nothing'))]).toEqual([true, false, false]);
  expect(files.isDirectory(join(folder, 'text/below'))).toBe(false);
  expect([files.isExecutable(join(folder, 'script')), files.isExecutable(join(folder, 'text')), files.isExecutable(join(folder, 'Sub'))]).toEqual([true, false, false]);
});

test('runs a program without a shell, in its own folder, with nothing to read', () => {
  expect(files.run(join(folder, 'script'), ['a b', '$(id)', '*'])).toEqual({ code: 7, stdout: `a b|$(id)|*|${folder}\n`, stderr: 'oops\n' });
});

test('a program that cannot be run says why', () => {
  const { code, stderr } = files.run(join(folder, 'noexec'), []);
  expect(code).toBe(126);
  expect(stderr).toMatch(/noexec could not be run: it is executable, but no program/);
});
