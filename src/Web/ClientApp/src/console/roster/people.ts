import type { ChangedMany, RegisteredMany, Student } from '../../shared/wire';

/** How a student is written in a list: family name first, as class lists have it. */
export function listName(person: { givenName: string; familyName: string }): string {
  return person.familyName ? `${person.familyName}, ${person.givenName}` : person.givenName;
}

/** Test settings as lines of `name: value`. */
export function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** Lines of `name: value` read; the first line that is none, where there is one. */
export function readSettings(text: string): { settings: Record<string, string> } | { wrong: string } {
  const settings: Record<string, string> = {};
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (!line) continue;
    const [, name, value] = /^([^:=]+?)\s*[:=]\s*(.+)$/.exec(line) ?? [];
    if (!name || !value) return { wrong: line };
    settings[name] = value;
  }
  return { settings };
}

/** Names separated by commas or lines, each once whatever its case. */
export function readNames(text: string): string[] {
  const names = new Map<string, string>();
  for (const name of text.split(/[,;\n]/).map((each) => each.trim()))
    if (name && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/** The form of a student, as it is typed. */
export interface StudentDraft {
  externalId: string;
  givenName: string;
  familyName: string;
  email: string;
  language: string;
  groups: string;
  settings: string;
}

export function studentDraft(student?: Student): StudentDraft {
  return {
    externalId: student?.externalId ?? '',
    givenName: student?.givenName ?? '',
    familyName: student?.familyName ?? '',
    email: student?.email ?? '',
    language: student?.language ?? '',
    groups: student?.groups.join(', ') ?? '',
    settings: student ? settingsText(student.settings) : '',
  };
}

/** What the form asks of the server, or the line of the settings that cannot be read. */
export function studentRequest(draft: StudentDraft): { body: Record<string, unknown> } | { wrong: string } {
  const read = readSettings(draft.settings);
  if ('wrong' in read) return read;
  return {
    body: {
      externalId: draft.externalId.trim(),
      givenName: draft.givenName.trim(),
      familyName: draft.familyName.trim(),
      groups: readNames(draft.groups),
      settings: read.settings,
      ...(draft.email.trim() ? { email: draft.email.trim() } : {}),
      ...(draft.language ? { language: draft.language } : {}),
    },
  };
}

/** Reasons why some were left out, each with how many, the most frequent first. */
export function refusals(answer: RegisteredMany | ChangedMany): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of answer.refused) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}
