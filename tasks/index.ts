import type { AnyControl } from '../runner/task/control.ts';
import type { AnyTask } from '../runner/task/define.ts';
import assemble from './files/assemble.ts';
import blockinfile from './files/blockinfile.ts';
import config from './files/config.ts';
import copy from './files/copy.ts';
import fetch from './files/fetch.ts';
import file from './files/file.ts';
import find from './files/find.ts';
import lineinfile from './files/lineinfile.ts';
import replace from './files/replace.ts';
import slurp from './files/slurp.ts';
import stat from './files/stat.ts';
import tempfile from './files/tempfile.ts';
import template from './files/template.ts';

/** The modules that work on hosts. */
export const builtinTasks: readonly AnyTask[] = [
  // files
  assemble, blockinfile, config, copy, fetch, file, find, lineinfile, replace, slurp, stat, tempfile, template,
  // system
  // packages, services, security, network, cluster
];

/** The modules that steer the run. */
export const builtinControls: readonly AnyControl[] = [
];
