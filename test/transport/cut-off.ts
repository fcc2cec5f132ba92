import { writeFileSync } from 'node:fs';
import { createActuator } from '../../runner/transport/actuator.ts';
import { hostAccess, HostAccess } from '../../runner/transport/access.ts';
import { HostFailure } from '../../runner/transport/channel.ts';
import { HostSession } from '../../runner/transport/session.ts';
import { sshTransport } from '../../runner/transport/ssh/transport.ts';
import { sh } from '../../runner/task/command.ts';

/** A controller of its own that makes a guarded change which cuts it off: `TARGET ROLLED-BACK SAID`, as JSON and two files. */
const [target = '', back = '', said = ''] = process.argv.slice(2);
const session = new HostSession(JSON.parse(target) as ConstructorParameters<typeof HostSession>[0], sshTransport());
const access = hostAccess(session);
const cut = new HostAccess('cut', access.memo, () => access.shell(), async () => {
  await session.close();
  throw new HostFailure('unreachable', 'no route to the host');
});
await createActuator(cut, new AbortController().signal)
  .guarded(sh`touch ${back}`, 3, async () => writeFileSync(said, 'changed'))
  .catch((error: unknown) => writeFileSync(said, String(error)));
process.exit(0);
