import type { Span } from '../source/span.ts';
import type { YamlNode } from '../source/yaml-node.ts';
import type { Tree } from '../template/tree.ts';
import type { Directives, Node, Role } from './model.ts';

/** Where a list of tasks stands: what its nodes take over, and where files are looked for. */
export interface Place {
  readonly directives: Directives;
  readonly notify?: Tree;
  readonly role?: Role;
  /** Files being loaded here, outermost first. */
  readonly files: readonly string[];
  /** True in a list of handlers. */
  readonly handlers: boolean;
  readonly frame: PlayFrame;
}

/** What the parts of one play have in common while it is being loaded. */
export interface PlayFrame {
  /** Folder of the play's file. */
  readonly folder: string;
  readonly roles: Role[];
  /** Handlers that roles bring. */
  readonly handlers: Node[];
  /** Uses of roles whose handlers are there: the same handler twice would run twice for one topic. */
  readonly handlerKeys: Set<string>;
  /** Beginning of the ids of those handlers. */
  readonly handlerId: readonly number[];
  readonly handlerNames: Map<string, Span>;
  readonly notified: { readonly name: string; readonly at: Span }[];
  /** Something is loaded during the run only, and may bring handlers of any name. */
  dynamic: boolean;
}

/** Loads a list of tasks; passed along because blocks and imports contain such lists. */
export type LoadNodes = (list: YamlNode, place: Place, id: readonly number[]) => Node[];

/** A new frame for a play or a part loaded during the run. */
export function newFrame(folder: string, handlerId: readonly number[]): PlayFrame {
  return { folder, roles: [], handlers: [], handlerKeys: new Set(), handlerId, handlerNames: new Map(), notified: [], dynamic: false };
}
