import type { AnyControl } from '../runner/task/control.ts';
import type { AnyTask } from '../runner/task/define.ts';
import clusterConf from './cluster/cluster-conf.ts';
import clusterFacts from './cluster/cluster-facts.ts';
import clusterLog from './cluster/cluster-log.ts';
import clusterReload from './cluster/cluster-reload.ts';
import clusterService from './cluster/cluster-service.ts';
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
import addressCheck from './network/address-check.ts';
import firewall from './network/firewall.ts';
import firewalld from './network/firewalld.ts';
import hostsEntry from './network/hosts-entry.ts';
import iptables from './network/iptables.ts';
import apt from './packages/apt.ts';
import dnf from './packages/dnf.ts';
import packageTask from './packages/package.ts';
import yumGroup from './packages/yum-group.ts';
import yum from './packages/yum.ts';
import seboolean from './security/seboolean.ts';
import selinux from './security/selinux.ts';
import setup from './system/setup.ts';
import chkconfig from './services/chkconfig.ts';
import daemon from './services/daemon.ts';
import service from './services/service.ts';
import systemd from './services/systemd.ts';

/** The modules that work on hosts. */
export const builtinTasks: readonly AnyTask[] = [
  // files
  assemble, blockinfile, config, copy, fetch, file, find, lineinfile, replace, slurp, stat, tempfile, template,
  // system
  setup,
  // packages
  apt, dnf, packageTask, yum, yumGroup,
  // services
  chkconfig, daemon, service, systemd,
  // security
  seboolean, selinux,
  // network
  addressCheck, firewall, firewalld, hostsEntry, iptables,
  // cluster
  clusterConf, clusterFacts, clusterLog, clusterReload, clusterService,
];

/** The modules that steer the run. */
export const builtinControls: readonly AnyControl[] = [
];
