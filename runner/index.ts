/** Rollcall's public API: what a task module in TypeScript is written with. `rollcall/testing` has what it is tested with. */
export { z } from 'zod';
export { defineTask } from './task/define.ts';
export type { AnyTask, Controller, LocalFile, TaskDefinition } from './task/define.ts';
export { defineControl } from './task/control.ts';
export type { AnyControl, Control, ControlDefinition } from './task/control.ts';
export { ABSENT, change } from './task/change.ts';
export type { Change, FileSpec, Step, TextDiff, WaitSpec } from './task/change.ts';
export { Command, quoteWord, rawCommand, secret, sh } from './task/command.ts';
export type { Hole } from './task/command.ts';
export { TaskFailure } from './task/failure.ts';
export type { Actuator, FileStat, Observer, Output, SystemInfo } from './task/host.ts';
export { Amount, Flag, params, Text, Texts, Whole, Word } from './task/params.ts';
export type { Json, JsonObject } from './util/json.ts';
