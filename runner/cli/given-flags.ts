import type { HostKeyChecking, OutputChoice } from './options.ts';

/** Option values as commander collects them, by long name in camel case. */
export interface Flags {
  readonly inventory?: readonly string[];
  readonly inventoryFile?: readonly string[];
  readonly limit?: string;
  readonly extraVars?: readonly string[];
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly vaultPassFile?: readonly string[];
  readonly askVaultPassword?: boolean;
  /** Label of passwords that come without one. */
  readonly vaultIdentity?: string;
  readonly user?: string;
  readonly connection?: string;
  readonly timeout?: number;
  readonly privateKey?: string;
  readonly keyFile?: string;
  readonly port?: number;
  readonly sshArgs?: string;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly sshConfig?: string;
  readonly hostKeyChecking?: HostKeyChecking;
  readonly askPass?: boolean;
  readonly connectionPasswordFile?: string;
  readonly connPassFile?: string;
  readonly become?: boolean;
  readonly becomeMethod?: string;
  readonly becomeUser?: string;
  readonly becomeExe?: string;
  readonly becomeFlags?: string;
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
  readonly becomePassFile?: string;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly forks?: number;
  readonly exitOnChange?: boolean;
  readonly modulePath?: readonly string[];
  readonly taskPath?: readonly string[];
  readonly output?: readonly OutputChoice[];
  readonly journal?: boolean;
  readonly verbose?: number;
  readonly profile?: boolean;
  readonly showSkipped?: boolean;
  readonly color?: boolean;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly forceHandlers?: boolean;
  readonly flushCache?: boolean;
  readonly syntaxCheck?: boolean;
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly listTags?: boolean;
  readonly step?: boolean;
  readonly startAtTask?: string;
  readonly phase?: readonly string[];
  readonly fromPhase?: string;
  readonly taskTimeout?: number;
  readonly lookahead?: boolean;
  readonly oneLine?: boolean;
  readonly background?: number;
  readonly tree?: string;
  readonly poll?: number;
  readonly playbookDir?: string;
  readonly moduleName?: string;
  readonly args?: string;
}

/** What `rollcall inventory` can show. */
export interface InventoryFlags extends Flags {
  readonly list?: boolean;
  readonly host?: string;
  readonly graph?: boolean;
  readonly yaml?: boolean;
  readonly toml?: boolean;
  readonly export?: boolean;
  readonly vars?: boolean;
  readonly playbookDir?: string;
}
