import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Page, SessionListRow } from '../../shared/wire';
import { now } from '../hub';
import { problemText } from '../problemText';
import { shownIn } from '../sessions/zones';
import { PhaseBadge } from '../shell/Status';
import { t } from '../text';
import { pathOf } from './pagedList';
import { SearchField } from './SearchField';

interface SessionChoiceProps {
  /** The chosen session's id; '' for none, null while nothing is chosen. */
  chosen: string | null;
  onChoose: (id: string) => void;
  /** A session that is not offered, such as the one to move away from. */
  except?: string | null | undefined;
}

/** One of the sessions that are to come or run, or none at all. */
export function SessionChoice({ chosen, onChoose, except }: SessionChoiceProps) {
  const [search, setSearch] = useState('');
  const [rows, setRows] = useState<readonly SessionListRow[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let current = true;
    const query = { search, hidePast: 'true', sort: 'opensAt', limit: '50' };
    void call<Page<SessionListRow>>('GET', pathOf('/sessions', query)).then((answer) => {
      if (!current) return;
      if (answer.ok) setRows(answer.value.items);
      else setProblem(answer.problem);
    });
    return () => {
      current = false;
    };
  }, [search]);
  const offered = rows?.filter(
    ({ id, phase, simulated }) => id !== except && !simulated && phase !== 'draining' && phase !== 'closed',
  );
  return (
    <fieldset class="field">
      <legend>{t('people.session')}</legend>
      <SearchField label={t('people.findSession')} value={search} onSearch={setSearch} />
      <div class="pickList" data-testid="session-choice">
        <label class="pick">
          <input type="radio" name="sessionId" checked={chosen === ''} onChange={() => onChoose('')} />
          <span>
            <strong>{t('people.noSession')}</strong>
            <span class="hint">{t('people.noSessionHint')}</span>
          </span>
        </label>
        {offered?.map((row) => (
          <label class="pick" key={row.id}>
            <input
              type="radio"
              name="sessionId"
              checked={chosen === row.id}
              onChange={() => onChoose(row.id)}
            />
            <span>
              <strong>{row.name}</strong>
              <span class="hint numbers">
                {shownIn(Date.parse(row.opensAt), row.timeZone, now.peek())} –{' '}
                {shownIn(Date.parse(row.closesAt), row.timeZone, now.peek())}
              </span>
            </span>
            <PhaseBadge phase={row.phase} />
          </label>
        ))}
        {offered?.length === 0 && <p class="hint">{t('people.noSuchSession')}</p>}
        {problem && <p class="error">{problemText(problem)}</p>}
      </div>
    </fieldset>
  );
}
