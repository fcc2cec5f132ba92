import type { Command } from './command.ts';
import type { FileSpec, Step, WaitSpec } from './change.ts';

/** What a command left behind. */
export interface Output {
  /** Exit code; 128 + n when killed by signal n. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One file system object. */
export interface FileStat {
  readonly type: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'block' | 'char';
  /** Four octal digits, e.g. `0644`, `1777`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** User name; the number as text where the host knows no name. */
  readonly owner: string;
  /** Group name; the number as text where the host knows no name. */
  readonly group: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly inode: number;
  readonly device: string;
  readonly links: number;
  /** What a symbolic link says; only for links. */
  readonly target?: string;
}

/**
 * A host that can only be looked at. Every method is a read: repeatable, remembered until the host changes,
 * and sent together with the other reads of the same moment. A probe gets nothing else.
 */
export interface Observer {
  /** The inventory's name of the host. */
  readonly name: string;
  /** Runs a command that changes nothing and parses what it left, whatever the exit code. The parser must be pure. */
  read<T>(command: Command, parse: (output: Output) => T): Promise<T>;
  /** The object at a path, links not followed unless asked; null when there is none. */
  stat(path: string, options?: { follow?: boolean }): Promise<FileStat | null>;
  /**
   * Hex digest of a regular file's bytes (links followed); null when there is no such file. `likely`: bytes it may well hold; the answer is the
   * same without it, and cheaper where it is right.
   */
  checksum(path: string, algorithm?: 'sha256' | 'sha1' | 'md5' | 'sha224' | 'sha384' | 'sha512', options?: { likely?: Buffer | undefined }): Promise<string | null>;
  /** A regular file's bytes (links followed); null when there is no such file. Fails above `max` bytes (default 16 MiB). `likely` as with `checksum`. */
  readFile(path: string, options?: { max?: number; likely?: Buffer | undefined }): Promise<Buffer | null>;
  /** Fields of an entry of `passwd`, `group`, `hosts` …, null when there is none. */
  getent(database: string, key: string): Promise<readonly string[] | null>;
  /** What kind of system this is. */
  system(): Promise<SystemInfo>;
  /** Ends when the task is cancelled or its time is over. */
  readonly signal: AbortSignal;
}

/** The few facts that modules branch on; gathered once per host, in one round trip. */
export interface SystemInfo {
  /** `ID` of os-release or its EL6 equivalent, lower case: `centos`, `debian`, `rhel`, `fedora` … */
  readonly distribution: string;
  /** e.g. `6.10`, `12`. */
  readonly version: string;
  /** Ansible's `ansible_os_family`: `RedHat`, `Debian`, `Suse`, `Alpine` … */
  readonly family: string;
  /** What runs as init: decides how services are handled. */
  readonly init: 'systemd' | 'sysv' | 'openrc' | 'none';
  /** The package manager found, best first. */
  readonly packages: 'dnf' | 'yum' | 'apt' | 'zypper' | 'apk' | 'none';
  /** Whether SELinux is compiled in and on. */
  readonly selinux: 'enforcing' | 'permissive' | 'disabled';
  /** Effective user id of the session. */
  readonly uid: number;
}

/** A host that can be changed. Only `apply` gets one. Every effect forgets what was read before. */
export interface Actuator extends Observer {
  /** Runs a command. @throws TaskFailure when it exits with a code not in `ok` (default [0]). */
  run(command: Command, options?: { ok?: readonly number[] | 'any'; stream?: boolean }): Promise<Output>;
  /** Runs plain commands one after the other in one request; the first that fails ends it. Hosts without it are asked one by one. @throws TaskFailure */
  readonly runAll?: (commands: readonly Command[]) => Promise<void>;
  /**
   * Does the last thing of a task, which must be one request. `behind` is called as soon as that is on its way: what is read from then on
   * is answered after it. Hosts without it are waited for.
   */
  readonly last?: (act: () => Promise<unknown>, behind: () => void) => Promise<void>;
  /**
   * Makes the steps of several tasks in one request, in order, up to the first that fails; nothing at all where one of the paths `plain` is
   * a link or lies in a folder that is one. `behind` as with `last`. Hosts without it make every task's steps on their own.
   * @returns how many of the tasks were seen through; of the next one some may have been done
   */
  readonly together?: (parts: readonly (readonly Step[])[], plain: readonly string[], behind: () => void) => Promise<number>;
  /** Writes a file atomically. */
  write(file: FileSpec): Promise<void>;
  /** Removes a file, link or whole folder; nothing to remove is success. */
  remove(path: string): Promise<void>;
  /** Waits for a condition. @throws TaskFailure when its time is over. */
  wait(spec: WaitSpec): Promise<void>;
  /**
   * Does something that may cut the connection: arms `rollback` on the host, acts, proves that a **new** connection can be
   * opened, disarms. When it cannot, the host rolls itself back after `seconds` and this throws.
   */
  guarded(rollback: Command, seconds: number, act: () => Promise<void>): Promise<void>;
  /** Restarts the host with `command`, waits until it has gone and come back (another boot id) within `timeout` seconds. */
  reboot(command: Command, timeout: number): Promise<void>;
  /** Copies a file from the controller, streamed: memory stays flat whatever its size. Same promises as `write`. */
  upload(localPath: string, file: Omit<FileSpec, 'content'>): Promise<void>;
  /** Copies a file to the controller, streamed; writes `localPath` atomically. */
  download(path: string, localPath: string): Promise<void>;
}
