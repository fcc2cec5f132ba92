/** Which tags a run asked for; `only` is `['all']` when nothing was asked. */
export interface TagSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Ansible's rule: `always` runs unless skipped, `never` only when asked for by another of its tags;
 * `tagged`, `untagged` and `all` are words for groups of tasks.
 */
export function tagsSelect(tags: readonly string[], { only, skip }: TagSelection): boolean {
  const own = tags.length > 0 ? tags : ['untagged'];
  return wanted(own, only) && !skipped(own, skip);
}

function wanted(tags: readonly string[], only: readonly string[]): boolean {
  if (tags.includes('always') || tags.some((tag) => only.includes(tag))) return true;
  if (tags.includes('never')) return false;
  return only.includes('all') || (only.includes('tagged') && !tags.includes('untagged'));
}

function skipped(tags: readonly string[], skip: readonly string[]): boolean {
  if (skip.includes('all')) return !tags.includes('always') || skip.includes('always');
  if (tags.some((tag) => skip.includes(tag))) return true;
  return skip.includes('tagged') && !tags.includes('untagged');
}
