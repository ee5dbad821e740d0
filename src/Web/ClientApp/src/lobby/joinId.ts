const lookAlikes = /[01OILU]/i;

/** The letters and digits of what was typed, at most eight, in capitals: `k7qm-3x` → `K7QM3X`. */
export function bareJoinId(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 8);
}

/** As people read it: `K7QM-3XPA`. */
export function shownJoinId(typed: string): string {
  const bare = bareJoinId(typed);
  return bare.length > 4 ? `${bare.slice(0, 4)}-${bare.slice(4)}` : bare;
}

export function hasLookAlike(typed: string): boolean {
  return lookAlikes.test(bareJoinId(typed));
}

/** Where the caret belongs after formatting, when `before` letters and digits stood before it. */
export function caretAfter(shown: string, before: number): number {
  let seen = 0;
  for (let index = 0; index < shown.length; index++) {
    if (seen === before) return index;
    if (shown[index] !== '-') seen += 1;
  }
  return shown.length;
}
