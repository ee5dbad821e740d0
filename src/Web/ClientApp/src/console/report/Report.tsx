import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { EntryRow, Session, SessionReport } from '../../shared/wire';
import { now } from '../hub';
import { problemText } from '../problemText';
import { shownIn, toLocal } from '../sessions/zones';
import { Icon } from '../shell/Icon';
import { StateBadge } from '../shell/Status';
import { clockOf } from '../shell/span';
import { nameOf } from '../students/order';
import { t } from '../text';
import { fileName } from './csv';
import { inArrival, reasonOf, reportCounts, reportCsv } from './reportRows';

/** Attendance and how each entry ended, for reading, printing and keeping. */
export function Report({ session }: { session: Session }) {
  const [report, setReport] = useState<SessionReport | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [at, setAt] = useState(0);

  const read = async () => {
    const answer = await call<SessionReport>('GET', `/sessions/${session.id}/report`);
    if (!answer.ok) return setProblem(answer.problem);
    setProblem(null);
    setReport(answer.value);
    setAt(now.peek());
  };
  useEffect(() => {
    void read();
  }, [session.id, session.phase]);

  if (problem)
    return (
      <section class="region">
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          <span>
            {t('report.failed')} {problemText(problem)}
          </span>
          <button class="button small" type="button" onClick={read}>
            {t('retry')}
          </button>
        </p>
      </section>
    );
  if (!report)
    return (
      <section class="region" role="status" aria-label={t('loading')}>
        <div class="skeleton">
          <span />
          <span />
          <span />
        </div>
      </section>
    );

  const ended = session.phase === 'closed' || session.phase === 'cancelled';
  return (
    <div class="region report" data-testid="report-region">
      <div class="regionBar noPrint">
        <button
          class="button small"
          type="button"
          onClick={() => save(reportCsv(report), fileName(report.session.name, 'csv'))}
          data-testid="report-csv"
        >
          <Icon name="download" />
          {t('report.download')}
        </button>
        <button class="button small" type="button" onClick={() => print()}>
          <Icon name="print" />
          {t('report.print')}
        </button>
        <button class="button small plain" type="button" onClick={read}>
          <Icon name="refresh" />
          {t('report.refresh')}
        </button>
        <span class="muted barNote">
          {t('report.asOf', { time: shownIn(at, session.timeZone, at) })}
          {!ended && `. ${t('report.running')}`}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <section class="scroll sheet" tabIndex={0} aria-label={t('tab.report')}>
        <Facts session={report.session} at={at} />
        <dl class="reportCounts">
          {reportCounts.map((name) => (
            <div key={name} data-testid={`report-${name}`}>
              <dt>{t(`report.${name}`)}</dt>
              <dd class="numbers">{report.counts[name].toLocaleString('en')}</dd>
            </div>
          ))}
        </dl>
        {report.entries.length === 0 ? (
          <p class="nothing">{t('report.empty')}</p>
        ) : (
          <Table
            rows={report.entries}
            zone={report.session.timeZone}
            several={report.session.tests.length > 1}
          />
        )}
      </section>
    </div>
  );
}

/** What a printed sheet must say by itself. */
function Facts({ session, at }: { session: Session; at: number }) {
  const window = [session.opensAt, session.closesAt].map((text) =>
    shownIn(Date.parse(text), session.timeZone, at),
  );
  return (
    <dl class="reportFacts">
      <div class="onlyPrint">
        <dt>{session.name}</dt>
        <dd>
          {t(`phase.${session.phase}`)}
          {session.simulated && ` · ${t('rehearsal')}`}
        </dd>
      </div>
      <div>
        <dt>{t('report.window')}</dt>
        <dd class="numbers">
          {window.join(' – ')} <span class="muted">{session.timeZone.replaceAll('_', ' ')}</span>
        </dd>
      </div>
      <div>
        <dt>{t('report.tests')}</dt>
        <dd>{session.tests.map(({ title }) => title).join(', ')}</dd>
      </div>
      <div>
        <dt>{t('report.proctors')}</dt>
        <dd>
          {session.proctors.map(({ name, lead }) => (lead ? t('report.lead', { name }) : name)).join(', ') ||
            t('none')}
        </dd>
      </div>
    </dl>
  );
}

function Table({ rows, zone, several }: { rows: readonly EntryRow[]; zone: string; several: boolean }) {
  const time = (text: string) => toLocal(Date.parse(text), zone).slice(11);
  return (
    <table class="reportTable">
      <caption class="visually-hidden">{t('tab.report')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('report.number')}</th>
          <th scope="col">{t('report.student')}</th>
          {several && <th scope="col">{t('report.test')}</th>}
          <th scope="col">{t('report.state')}</th>
          <th scope="col">{t('report.arrived')}</th>
          <th scope="col">{t('report.decision')}</th>
          <th scope="col">{t('report.answered')}</th>
          <th scope="col">{t('report.used')}</th>
          <th scope="col">{t('report.pausedTime')}</th>
          <th scope="col">{t('report.flags')}</th>
        </tr>
      </thead>
      <tbody>
        {inArrival(rows).map((row, index) => (
          <tr key={row.id}>
            <td class="numbers muted">{index + 1}</td>
            <td>
              <span class="who">{nameOf(row)}</span>
              <span class="about muted">{row.student.externalId}</span>
            </td>
            {several && <td>{row.testTitle}</td>}
            <td>
              <StateBadge state={row.state} />
            </td>
            <td class="numbers">{time(row.arrivedAt)}</td>
            <td>
              {row.decision &&
                (row.decision.by
                  ? t('report.decisionBy', {
                      what: t(`outcome.${row.decision.outcome}`),
                      who: row.decision.by.name,
                    })
                  : t(`outcome.${row.decision.outcome}`))}
            </td>
            <td class="numbers">{row.progress && t('roster.answered', { ...row.progress })}</td>
            <td class="numbers">{row.usedSeconds > 0 && clockOf(row.usedSeconds)}</td>
            <td class="numbers">{row.pausedSeconds > 0 && clockOf(row.pausedSeconds)}</td>
            <td class="muted">
              {[...row.flags.map(({ text }) => text), reasonOf(row)].filter(Boolean).join(' · ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Hands the text to the browser as a file, with the mark that spreadsheets need to read UTF-8. */
function save(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
