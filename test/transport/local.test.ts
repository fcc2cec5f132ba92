import { localTransport } from '../../runner/transport/local/transport.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { shellContract, slowShellContract } from './contract.ts';
import { localShells } from './shells.ts';

const shells = localShells();
afterAll(() => shells.remove());

const opener = (shell: string) => async () => ({ session: new HostSession({ name: 'here', transport: 'local', address: 'here' }, localTransport(), { shell }) });

shellContract({ 'local, dash': opener(shells.dash), 'local, bash': opener(shells.bash), 'local, busybox': opener(shells.busybox) });
slowShellContract('local, busybox', opener(shells.busybox));
