import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import type { Import, ImportRow, RowOutcome } from '../../shared/wire';
import { problemText } from '../problemText';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { changing, type RowFilter, readRows } from './importApi';
import { outcomeLook, outcomeWord, rowWord } from './words';

const outcomes: readonly RowOutcome[] = ['reject', 'remove', 'create', 'update', 'same'];

/** The rows of an import, those with something to mend first. */
export function ImportRows({ item }: { item: Import }) {
  const [filter, setFilter] = useState<RowFilter>(item.counts.reject > 0 ? 'reject' : 'all');
  const [rows, setRows] = useState<readonly ImportRow[] | null>(null);
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const total = changing(item) + item.counts.same + item.counts.reject;

  const read = async (cursor = '') => {
    const answer = await readRows(item.id, filter, cursor);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    setRows((before) => [...(cursor ? (before ?? []) : []), ...answer.value.items]);
    setNext(answer.value.next ?? '');
  };
  useEffect(() => {
    void read();
  }, [filter]);

  const choices: readonly { filter: RowFilter; name: string; count: number | null }[] = [
    { filter: 'all', name: t('imports.all'), count: total },
    ...outcomes
      .filter((outcome) => outcome !== 'remove' || item.counts.remove > 0)
      .map((outcome) => ({
        filter: outcome,
        name: outcomeWord(item, outcome),
        count: item.counts[outcome],
      })),
    { filter: 'remarked', name: t('imports.remarked'), count: null },
  ];

  return (
    <section aria-label={t('imports.rows')}>
      <div class="presets importFilter">
        {choices.map((choice) => (
          <button
            key={choice.filter}
            class="preset"
            type="button"
            aria-pressed={filter === choice.filter}
            onClick={() => setFilter(choice.filter)}
            data-testid={`rows-${choice.filter}`}
          >
            {choice.name}
            {choice.count !== null && <span class="numbers"> {choice.count.toLocaleString('en')}</span>}
          </button>
        ))}
      </div>
      {problem && (
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          <span>{problemText(problem)}</span>
        </p>
      )}
      {rows?.length === 0 && <p class="muted">{t('imports.noRows')}</p>}
      {rows && rows.length > 0 && (
        <div class="tableScroll">
          <table class="importTable importRows" data-testid="import-rows">
            <thead>
              <tr>
                {(['row', 'what', 'outcome', 'why'] as const).map((column) => (
                  <th key={column} scope="col" class={column === 'row' ? 'rowNumber' : ''}>
                    {t(`imports.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.position} item={item} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next && (
        <button class="button" type="button" onClick={() => read(next)} data-testid="more-rows">
          {t('imports.more')}
        </button>
      )}
    </section>
  );
}

function Row({ item, row }: { item: Import; row: ImportRow }) {
  const look = outcomeLook[row.outcome];
  return (
    <tr data-outcome={row.outcome}>
      <td class="rowNumber">{row.line}</td>
      <td class="importSubject">{row.subject || t('none')}</td>
      <td>
        <span class={`badge ${look.tone}`}>
          <Icon name={look.icon} />
          {rowWord(item, row)}
        </span>
      </td>
      <td>
        <ul class="findings">
          {row.wrong.map((sentence) => (
            <li key={sentence} class="wrong">
              {sentence}
            </li>
          ))}
          {row.changes.map((change) => (
            <li key={change.field}>
              {t('imports.change', {
                field: change.field,
                from: change.from || t('imports.empty'),
                to: change.to || t('imports.empty'),
              })}
            </li>
          ))}
          {row.remarks.map((sentence) => (
            <li key={sentence} class="remark">
              {sentence}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
