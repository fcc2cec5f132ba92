import type { AnyControl } from '../runner/task/control.ts';
import type { AnyTask } from '../runner/task/define.ts';
import clusterConf from './cluster/cluster-conf.ts';
import clusterFacts from './cluster/cluster-facts.ts';
import clusterLog from './cluster/cluster-log.ts';
import clusterReload from './cluster/cluster-reload.ts';
import clusterService from './cluster/cluster-service.ts';
import addHost from './control/add-host.ts';
import assert from './control/assert.ts';
import asyncStatus from './control/async-status.ts';
import debug from './control/debug.ts';
import fail from './control/fail.ts';
import groupBy from './control/group-by.ts';
import includeVars from './control/include-vars.ts';
import meta from './control/meta.ts';
import pause from './control/pause.ts';
import setFact from './control/set-fact.ts';
import setStats from './control/set-stats.ts';
import validateArgumentSpec from './control/validate-argument-spec.ts';
import warning from './control/warning.ts';
import acl from './files/acl.ts';
import archive from './files/archive.ts';
import assemble from './files/assemble.ts';
import blockinfile from './files/blockinfile.ts';
import config from './files/config.ts';
import copy from './files/copy.ts';
import fetch from './files/fetch.ts';
import file from './files/file.ts';
import find from './files/find.ts';
import htpasswd from './files/htpasswd.ts';
import iniFile from './files/ini-file.ts';
import lineinfile from './files/lineinfile.ts';
import mount from './files/mount.ts';
import patch from './files/patch.ts';
import readCsv from './files/read-csv.ts';
import replace from './files/replace.ts';
import slurp from './files/slurp.ts';
import stat from './files/stat.ts';
import synchronize from './files/synchronize.ts';
import tempfile from './files/tempfile.ts';
import template from './files/template.ts';
import unarchive from './files/unarchive.ts';
import xml from './files/xml.ts';
import addressCheck from './network/address-check.ts';
import firewall from './network/firewall.ts';
import firewalld from './network/firewalld.ts';
import getUrl from './network/get-url.ts';
import hostsEntry from './network/hosts-entry.ts';
import interfacesFile from './network/interfaces-file.ts';
import iptables from './network/iptables.ts';
import sshConfig from './network/ssh-config.ts';
import ufw from './network/ufw.ts';
import uri from './network/uri.ts';
import apt from './packages/apt.ts';
import aptKey from './packages/apt-key.ts';
import aptRepository from './packages/apt-repository.ts';
import deb822Repository from './packages/deb822-repository.ts';
import debconf from './packages/debconf.ts';
import dnf from './packages/dnf.ts';
import dpkgSelections from './packages/dpkg-selections.ts';
import gem from './packages/gem.ts';
import npm from './packages/npm.ts';
import packageTask from './packages/package.ts';
import packageFacts from './packages/package-facts.ts';
import pip from './packages/pip.ts';
import rpmKey from './packages/rpm-key.ts';
import snap from './packages/snap.ts';
import yumGroup from './packages/yum-group.ts';
import yumRepository from './packages/yum-repository.ts';
import yum from './packages/yum.ts';
import capabilities from './security/capabilities.ts';
import opensshKeypair from './security/openssh-keypair.ts';
import pamLimits from './security/pam-limits.ts';
import pamd from './security/pamd.ts';
import seboolean from './security/seboolean.ts';
import sefcontext from './security/sefcontext.ts';
import selinuxPermissive from './security/selinux-permissive.ts';
import selinux from './security/selinux.ts';
import seport from './security/seport.ts';
import sudoers from './security/sudoers.ts';
import apache2Module from './services/apache2-module.ts';
import chkconfig from './services/chkconfig.ts';
import daemon from './services/daemon.ts';
import serviceFacts from './services/service-facts.ts';
import service from './services/service.ts';
import supervisorctl from './services/supervisorctl.ts';
import systemd from './services/systemd.ts';
import sysvinit from './services/sysvinit.ts';
import alternatives from './system/alternatives.ts';
import at from './system/at.ts';
import authorizedKey from './system/authorized-key.ts';
import command from './system/command.ts';
import cron from './system/cron.ts';
import expect from './system/expect.ts';
import filesystem from './system/filesystem.ts';
import getent from './system/getent.ts';
import git from './system/git.ts';
import group from './system/group.ts';
import hostname from './system/hostname.ts';
import kernelBlacklist from './system/kernel-blacklist.ts';
import knownHosts from './system/known-hosts.ts';
import localeGen from './system/locale-gen.ts';
import lvg from './system/lvg.ts';
import lvol from './system/lvol.ts';
import make from './system/make.ts';
import modprobe from './system/modprobe.ts';
import mountFacts from './system/mount-facts.ts';
import parted from './system/parted.ts';
import ping from './system/ping.ts';
import raw from './system/raw.ts';
import reboot from './system/reboot.ts';
import script from './system/script.ts';
import setup from './system/setup.ts';
import shell from './system/shell.ts';
import subversion from './system/subversion.ts';
import sysctl from './system/sysctl.ts';
import timezone from './system/timezone.ts';
import user from './system/user.ts';
import waitForConnection from './system/wait-for-connection.ts';
import waitFor from './system/wait-for.ts';

/** The modules that work on hosts. */
export const builtinTasks: readonly AnyTask[] = [
  // files
  acl, archive, assemble, blockinfile, config, copy, fetch, file, find, htpasswd, iniFile, lineinfile, mount, patch, readCsv, replace, slurp, stat, synchronize, tempfile, template, unarchive, xml,
  // system
  alternatives, at, authorizedKey, command, cron, expect, filesystem, getent, git, group, hostname, kernelBlacklist, knownHosts, localeGen, lvg, lvol, make, modprobe, mountFacts, parted, ping, raw, reboot, script, setup, shell, subversion, sysctl, timezone, user, waitFor, waitForConnection,
  // packages
  apt, aptKey, aptRepository, deb822Repository, debconf, dnf, dpkgSelections, gem, npm, packageFacts, packageTask, pip, rpmKey, snap, yum, yumGroup, yumRepository,
  // services
  apache2Module, chkconfig, daemon, service, serviceFacts, supervisorctl, systemd, sysvinit,
  // security
  capabilities, opensshKeypair, pamd, pamLimits, seboolean, sefcontext, selinux, selinuxPermissive, seport, sudoers,
  // network
  addressCheck, firewall, firewalld, getUrl, hostsEntry, interfacesFile, iptables, sshConfig, ufw, uri,
  // cluster
  clusterConf, clusterFacts, clusterLog, clusterReload, clusterService,
];

/** The modules that steer the run. */
export const builtinControls: readonly AnyControl[] = [
  addHost, assert, asyncStatus, debug, fail, groupBy, includeVars, meta, pause, setFact, setStats, validateArgumentSpec, warning,
];
