import { groupName } from '../layout/group-name.ts';

/** What areas that share a lane are called: after those of which there are most, the rest as a number. */
export function groupTitle(names: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const group = groupName(name ?? '');
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const [group, most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
  if (group === '') return `${names.length} areas`;
  const rest = names.length - most;
  return `${most > 1 ? `${group} ×${most}` : group}${rest > 0 ? ` +${rest}` : ''}`;
}
