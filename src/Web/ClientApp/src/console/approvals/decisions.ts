import { signal } from '@preact/signals';
import { ProblemError } from '../../shared/problems';
import type { CommandResults, EntriesCommand, EntryResult, EntryRow } from '../../shared/wire';
import { client } from '../hub';
import { problemText } from '../problemText';
import { toast } from '../shell/toasts';
import { nameOf } from '../students/order';
import { t } from '../text';
import { inCommands } from './clean';
import { decidedFirst, outcomeText, wentThrough } from './outcomes';

export type Decision = 'approve' | 'deny';

/** One entry for which a command did not do what was asked. */
export interface Notice {
  id: string;
  name: string;
  text: string;
}

/**
 * What this proctor decided and the feed has not confirmed yet, and what did not go through.
 *
 * Nothing here says that an entry is decided: only the feed does. A decision under way is bound to the version that was
 * on the screen, so any newer word of the feed ends it.
 */
export class Decisions {
  readonly sending = signal<ReadonlyMap<string, number>>(new Map());
  /** Beside rows that still wait: why the last decision did nothing. Bound to the version it was made on. */
  readonly notes = signal<ReadonlyMap<string, { text: string; version: number }>>(new Map());
  /** The last command's entries that did not go through. */
  readonly notices = signal<readonly Notice[]>([]);
  readonly #session: string;
  readonly #rowOf: (id: string) => EntryRow | undefined;

  constructor(session: string, rowOf: (id: string) => EntryRow | undefined) {
    this.#session = session;
    this.#rowOf = rowOf;
  }

  isSending(row: EntryRow): boolean {
    return this.sending.value.get(row.id) === row.version;
  }

  noteOf(row: EntryRow): string | undefined {
    const note = this.notes.value.get(row.id);
    return note && (note.version === row.version || row.state === 'waiting') ? note.text : undefined;
  }

  dismiss(): void {
    this.notices.value = [];
  }

  /** Decides exactly these rows at the versions given. */
  async decide(decision: Decision, rows: readonly EntryRow[], reason?: string): Promise<void> {
    const open = rows.filter((row) => row.state === 'waiting' && !this.isSending(row));
    if (open.length === 0) return;
    this.#mark(open, true);
    this.#forgetNotes(open);
    this.dismiss();
    const done: EntryResult[] = [];
    for (const part of inCommands(open)) {
      const results = await this.#send(decision, part, reason);
      if (!results) return;
      done.push(...results);
    }
    this.#tell(decision, open, done);
  }

  async #send(decision: Decision, rows: readonly EntryRow[], reason?: string): Promise<EntryResult[] | null> {
    const command: EntriesCommand = {
      entries: rows.map(({ id, version }) => ({ id, version })),
      ...(reason ? { reason } : {}),
    };
    try {
      const method = decision === 'approve' ? 'Approve' : 'Deny';
      return (await client.invoke<CommandResults>(method, this.#session, command)).results;
    } catch (error) {
      this.#mark(rows, false);
      const problem = error instanceof ProblemError ? error.problem : { code: 'offline', detail: '' };
      if (problem.code === 'offline') this.#note(rows.map((row) => [row, t('outcome.unconfirmed')]));
      else toast(problemText(problem), { tone: 'bad' });
      return null;
    }
  }

  #tell(decision: Decision, rows: readonly EntryRow[], results: readonly EntryResult[]): void {
    const now = client.clock.now();
    const byId = new Map(rows.map((row) => [row.id, row]));
    const failed = results.flatMap((result) => {
      const row = byId.get(result.id);
      return row && !wentThrough(result) ? [{ row, result }] : [];
    });
    const approved = results.filter(wentThrough).map(({ id, version }) => ({ id, version }));
    if (approved.length > 0) {
      const text = t(decision === 'approve' ? 'approved.done' : 'denied.done', { count: approved.length });
      const undo = { name: t('undo'), run: () => void this.#revoke(approved) };
      toast(text, decision === 'approve' ? { action: undo } : {});
    }
    this.#mark(
      failed.map(({ row }) => row),
      false,
    );
    const texts = failed.map(({ row, result }) => {
      const current = this.#rowOf(row.id);
      return [
        row,
        result.outcome === 'alreadyDecided' ? decidedFirst(result, current, now) : outcomeText(result, now),
      ] as [EntryRow, string];
    });
    this.#note(texts);
    this.notices.value = texts.map(([row, text]) => ({ id: row.id, name: nameOf(row), text }));
  }

  /** Undoes an approval while nothing has come of it: those who are in the test already stay. */
  async #revoke(entries: { id: string; version: number }[]): Promise<void> {
    try {
      const done: EntryResult[] = [];
      for (const part of inCommands(entries)) {
        const command: EntriesCommand = { entries: part };
        done.push(...(await client.invoke<CommandResults>('Revoke', this.#session, command)).results);
      }
      const back = done.filter(wentThrough).length;
      if (back > 0) toast(t('revoked.done', { count: back }));
      const now = client.clock.now();
      this.notices.value = done
        .filter((result) => !wentThrough(result))
        .map((result) => {
          const row = this.#rowOf(result.id);
          return { id: result.id, name: row ? nameOf(row) : result.id, text: outcomeText(result, now) };
        });
    } catch (error) {
      toast(problemText(error instanceof ProblemError ? error.problem : { code: 'offline', detail: '' }), {
        tone: 'bad',
      });
    }
  }

  #mark(rows: readonly EntryRow[], under: boolean): void {
    const sending = new Map(this.sending.value);
    for (const row of rows) {
      if (under) sending.set(row.id, row.version);
      else sending.delete(row.id);
    }
    this.sending.value = sending;
  }

  #note(texts: readonly (readonly [EntryRow, string])[]): void {
    if (texts.length === 0) return;
    this.notes.value = new Map([
      ...this.notes.value,
      ...texts.map(([row, text]) => [row.id, { text, version: row.version }] as const),
    ]);
  }

  #forgetNotes(rows: readonly EntryRow[]): void {
    const notes = new Map(this.notes.value);
    for (const row of rows) notes.delete(row.id);
    this.notes.value = notes;
  }
}
