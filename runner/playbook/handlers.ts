import { problem, warning } from '../source/diagnostic.ts';
import type { Span } from '../source/span.ts';
import { didYouMean, nearest } from '../util/suggest.ts';
import { TemplateText } from '../template/tree.ts';
import type { Loading } from './load-context.ts';
import type { TaskNode } from './model.ts';
import type { Place, PlayFrame } from './place.ts';

/** Remembers that a handler is notified somewhere. */
export function noteNotified(name: string, at: Span, { frame }: Place): void {
  if (!/\{[{%]/.test(name)) frame.notified.push({ name, at });
}

/** Remembers a handler's name and topics. */
export function defineHandler(handler: TaskNode, { frame, role }: Place, loading: Loading): void {
  for (const topic of handler.listen ?? []) if (!frame.handlerNames.has(topic)) frame.handlerNames.set(topic, handler.at);
  if (handler.name instanceof TemplateText) frame.dynamic = true;
  if (typeof handler.name !== 'string') {
    if (handler.name === undefined && !handler.listen?.length)
      loading.report(warning('idle-handler', 'this handler has neither a name nor a topic: nothing can notify it', handler.at, "add 'name' or 'listen'"));
    return;
  }
  const first = frame.handlerNames.get(handler.name);
  // Of two in different files the play's own replaces a role's, on purpose.
  if (first && first.file.path === handler.at.file.path && first.start !== handler.at.start) {
    const found = warning(
      'duplicate-handler',
      `there are two handlers called '${handler.name}', and only the last one is ever run`,
      handler.at,
      'rename one, or give both the same topic with listen',
    );
    loading.report({ ...found, related: [{ message: 'the first one', span: first }] });
  }
  frame.handlerNames.set(handler.name, handler.at);
  if (role) frame.handlerNames.set(`${role.name} : ${handler.name}`, handler.at);
}

/** Reports what is notified and defined nowhere; to be asked once the whole play is loaded. */
export function checkNotified(frame: PlayFrame, loading: Loading): void {
  for (const { name, at } of frame.notified) {
    if (frame.handlerNames.has(name)) continue;
    const names = [...frame.handlerNames.keys()];
    if (frame.dynamic) {
      // What is loaded during the run may bring it; a word that is nearly right is still worth a remark.
      if (nearest(name, names) !== undefined)
        loading.report(warning('unknown-handler', `no handler that is known before the run is called '${name}'`, at, didYouMean(name, names)));
      continue;
    }
    const fallback = names.length === 0 ? "the play has no handlers: add them under 'handlers'" : `the play's handlers: ${names.join(', ')}`;
    loading.report(problem('unknown-handler', `no handler is called '${name}' or listens to it`, at, didYouMean(name, names, fallback)));
  }
}
