import type { Span } from '../source/span.ts';
import type { Tree } from '../template/tree.ts';
import type { TemplateText } from '../template/tree.ts';

/** A bare condition (`when: x > 1`): an expression without braces, or a boolean. */
export type Condition = boolean | TemplateText;

/** A playbook file, its `import_playbook`s expanded. */
export interface Playbook {
  readonly path: string;
  readonly plays: readonly Play[];
}

/** Which results a person is asked about. */
export type DebuggerUse = 'always' | 'never' | 'on_failed' | 'on_unreachable' | 'on_skipped';

/** One play. */
export interface Play {
  /** Position among the run's plays, from 0. */
  readonly index: number;
  readonly name: Tree;
  /** Host pattern: a string or list of strings, possibly with templates (extra vars only). */
  readonly hosts: Tree;
  /** Where the pattern stands. */
  readonly hostsAt?: Span;
  /** Absolute path of the file it stands in; `playbook_dir` is its folder. */
  readonly path: string;
  readonly at: Span;
  readonly directives: Directives;
  readonly vars: ReadonlyMap<string, Tree>;
  readonly varsFiles: readonly Tree[];
  readonly varsPrompt: readonly VarsPrompt[];
  /** undefined: when something uses them. false: never. true: asked for, still only when something uses them. */
  readonly gatherFacts: boolean | undefined;
  readonly gatherSubset?: Tree;
  readonly gatherTimeout?: Tree;
  readonly serial?: Tree;
  /** `strategy: debug`: a person is asked about whatever fails. */
  readonly debugger?: boolean;
  readonly strategy: 'linear' | 'free' | 'host_pinned';
  readonly order: 'inventory' | 'reverse_inventory' | 'sorted' | 'reverse_sorted' | 'shuffle';
  readonly maxFailPercentage?: Tree;
  readonly forceHandlers?: boolean;
  /** In order; barriers between them. `pre_tasks`, `roles`, `tasks`, `post_tasks` when the play names none. */
  readonly phases: readonly Phase[];
  readonly handlers: readonly Node[];
  /** Roles of the play, for their defaults and vars (dependencies included, in order of execution). */
  readonly roles: readonly Role[];
}

/** One `vars_prompt` entry. */
export interface VarsPrompt {
  readonly name: string;
  readonly prompt: string;
  readonly default?: Tree;
  readonly private: boolean;
  readonly confirm: boolean;
  readonly unsafe: boolean;
  readonly encrypt?: string;
}

/** A named section of a play, with a barrier for all its hosts at the end. */
export interface Phase {
  readonly name: string;
  /** true for the sections of a play that names no phases. */
  readonly implicit: boolean;
  readonly nodes: readonly Node[];
  /** Holds the barrier until it is true for the play's hosts, tried again every `delay` seconds, at most `retries` times and `timeout` seconds. */
  readonly gate?: Gate;
  readonly at: Span;
}

/** A phase's `until`: evaluated as if on each active host; refreshes its `check` tasks before each try. */
export interface Gate {
  readonly until: readonly Condition[];
  readonly retries: Tree;
  readonly delay: Tree;
  /** Seconds. */
  readonly timeout: Tree;
  /** Tasks run before each evaluation (their registers feed the condition). */
  readonly tasks: readonly Node[];
  readonly at: Span;
}

/** What can stand in a list of tasks, with everything static already expanded. */
export type Node = TaskNode | BlockNode | IncludeNode;

/** A role in use: where it lives and what it brings. */
export interface Role {
  readonly name: string;
  /** Absolute folder. */
  readonly path: string;
  readonly defaults: ReadonlyMap<string, Tree>;
  readonly vars: ReadonlyMap<string, Tree>;
  /** Parameters given where the role is used. */
  readonly params: ReadonlyMap<string, Tree>;
  /** The roles that led here by `include_role` or `import_role`, outermost first. */
  readonly parents: readonly { readonly name: string; readonly path: string }[];
  /** Folders of all roles that led here, by task or as a dependency, nearest first: files are looked for there too. */
  readonly around: readonly string[];
  /** The name of the role whose meta asks for it, if it came so. */
  readonly dependencyOf?: string;
  /** Brought in by `import_role`: its variables are the play's from then on, as those of `roles:` are. */
  readonly imported: boolean;
  /** The same for every use of a role with the same parameters. */
  readonly useKey: string;
  /** Once another use with the same key has run to its end on a host, this one is skipped there. */
  readonly once: boolean;
}

/**
 * Keywords that inner things take over from outer ones, merged at load: scalars are the innermost's, lists are accumulated.
 * Values are trees: they are rendered per host when used.
 */
export interface Directives {
  readonly become?: Tree;
  readonly becomeUser?: Tree;
  readonly becomeMethod?: Tree;
  readonly becomeExe?: Tree;
  readonly becomeFlags?: Tree;
  readonly remoteUser?: Tree;
  readonly connection?: Tree;
  readonly port?: Tree;
  /** Outermost first; inner keys win. */
  readonly environment: readonly Tree[];
  /** All must hold; outermost first. */
  readonly when: readonly Condition[];
  /** Block and task `vars`, outermost first. */
  readonly vars: readonly ReadonlyMap<string, Tree>[];
  readonly tags: readonly string[];
  readonly checkMode?: Tree;
  readonly diff?: Tree;
  readonly noLog?: Tree;
  readonly ignoreErrors?: Tree;
  readonly ignoreUnreachable?: Tree;
  readonly anyErrorsFatal?: Tree;
  readonly runOnce?: Tree;
  readonly throttle?: Tree;
  /** Seconds. */
  readonly timeout?: Tree;
  readonly delegateTo?: Tree;
  readonly delegateFacts?: Tree;
  readonly debugger?: DebuggerUse;
  /** Outermost first. */
  readonly moduleDefaults: readonly Tree[];
}

interface NodeBase {
  /** Stable through runs of the same files: `play/phase/position/…`. Sorts in document order part by part. */
  readonly id: readonly number[];
  readonly name?: Tree;
  readonly at: Span;
  readonly directives: Directives;
  /** The role this came from. */
  readonly role?: Role;
  /** Folder of the file it stands in: relative paths are looked for there too. */
  readonly folder: string;
}

/** One module call. */
export interface TaskNode extends NodeBase {
  readonly kind: 'task';
  /** Name as in the registry: FQCN resolved. */
  readonly module: string;
  /** Parameters: a dict, a template that renders to one, with free-form text under the module's free-form parameter. */
  readonly args: Tree;
  /** Where a parameter stands, by name; `''` is the module's word. */
  readonly argSpans: ReadonlyMap<string, Span>;
  readonly loop?: Loop;
  readonly register?: string;
  readonly changedWhen?: readonly Condition[];
  readonly failedWhen?: readonly Condition[];
  readonly until?: readonly Condition[];
  readonly retries?: Tree;
  readonly delay?: Tree;
  /** A string or list: handler names or topics. */
  readonly notify?: Tree;
  /** Handlers only: topics it listens to. */
  readonly listen?: readonly string[];
  readonly async?: Tree;
  readonly poll?: Tree;
}

/** `loop:` or `with_*:` with its `loop_control`. */
export interface Loop {
  /** `loop`, or the lookup's name of `with_<lookup>`. */
  readonly kind: string;
  readonly items: Tree;
  /** Names; templates are rendered when the loop begins. */
  readonly variable: Tree;
  readonly indexVariable?: Tree;
  readonly label?: Tree;
  readonly pause?: Tree;
  readonly extended?: Tree;
  /** Whether `ansible_loop` has `allitems`; yes without it. */
  readonly extendedAllItems?: Tree;
  readonly breakWhen?: readonly Condition[];
}

/** `block` with `rescue` and `always`. Its children already carry its directives. */
export interface BlockNode extends NodeBase {
  readonly kind: 'block';
  readonly block: readonly Node[];
  readonly rescue: readonly Node[];
  readonly always: readonly Node[];
  readonly loop?: Loop;
  /** Tries of the whole block after it failed or `until` did not hold, `delay` seconds apart. */
  readonly until?: readonly Condition[];
  readonly retries?: Tree;
  readonly delay?: Tree;
}

/** `include_tasks`, `include_role`: loaded when reached, per host. */
export interface IncludeNode extends NodeBase {
  readonly kind: 'include';
  readonly what: 'tasks' | 'role';
  /** File or role name. */
  readonly target: Tree;
  /** Further arguments: `apply`, `tasks_from` … */
  readonly args: ReadonlyMap<string, Tree>;
  readonly argSpans: ReadonlyMap<string, Span>;
  readonly loop?: Loop;
  readonly register?: string;
  /** What its children are loaded under. Set by the loader. */
  readonly surroundings?: Surroundings;
}

/** Where an include stands: what its children take over, as they do not take over the include's own keywords. */
export interface Surroundings {
  /** Of the blocks, roles and the play around it. */
  readonly directives: Directives;
  /** What `apply` gives. */
  readonly applied: Directives;
  readonly notify?: Tree;
  /** Files being loaded here, outermost first: where relative paths are looked for, and how a file that includes itself is noticed. */
  readonly files: readonly string[];
  /** Folder of the play's file. */
  readonly playbookFolder: string;
  readonly handlers: boolean;
}
