/** The name that areas of one declaration share. */
export function groupName(name: string): string {
  return name.replace(/\s*[[(]?\d+[\])]?$/, '');
}
