import { parseSystem } from '../../runner/transport/system.ts';

const parse = (stdout: string) => parseSystem({ code: 0, stdout, stdoutBytes: Buffer.from(stdout), stderr: '' });
const tail = '::init=sysv\n::packages=yum\n::selinux=enforcing\n::uid=500\n';

test.each([
  ['CentOS 6.0', '::/etc/redhat-release=CentOS Linux release 6.0 (Final)\n', 'centos', '6.0', 'RedHat'],
  ['CentOS 6.10', '::/etc/redhat-release=CentOS release 6.10 (Final)\n', 'centos', '6.10', 'RedHat'],
  ['RHEL 6.5', '::/etc/redhat-release=Red Hat Enterprise Linux Server release 6.5 (Santiago)\n', 'rhel', '6.5', 'RedHat'],
  ['Scientific Linux 6', '::/etc/redhat-release=Scientific Linux release 6.4 (Carbon)\n', 'scientific', '6.4', 'RedHat'],
  ['CentOS 7', 'NAME="CentOS Linux"\nVERSION_ID="7"\nID="centos"\nID_LIKE="rhel fedora"\n::/etc/redhat-release=CentOS Linux release 7.9.2009 (Core)\n', 'centos', '7.9.2009', 'RedHat'],
  ['Rocky 9', 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n::/etc/redhat-release=Rocky Linux release 9.4 (Blue Onyx)\n', 'rocky', '9.4', 'RedHat'],
  ['Debian 12', 'ID=debian\nVERSION_ID="12"\n::/etc/debian_version=12.5\n', 'debian', '12', 'Debian'],
  ['Debian testing', 'ID=debian\n::/etc/debian_version=trixie/sid\n', 'debian', 'trixie/sid', 'Debian'],
  ['Debian 6', '::/etc/debian_version=6.0.10\n', 'debian', '6.0.10', 'Debian'],
  ['a child of Ubuntu', "ID=neon\nID_LIKE='ubuntu debian'\nVERSION_ID=22.04\n", 'neon', '22.04', 'Debian'],
  ['Alpine', 'ID=alpine\nVERSION_ID=3.19.1\n::/etc/alpine-release=3.19.1\n', 'alpine', '3.19.1', 'Alpine'],
  ['something else', '', 'linux', '', 'linux'],
])('%s', (_name, text, distribution, version, family) => {
  expect(parse(text + tail)).toEqual({ distribution, version, family, init: 'sysv', packages: 'yum', selinux: 'enforcing', uid: 500 });
});
