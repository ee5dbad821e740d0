import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { OwnTest } from '../shared/wire';
import { TestCard } from './TestCard';
import { t } from './text';

interface LockedTestProps {
  test: OwnTest;
  /** Milliseconds that the server's clock is ahead. */
  offset: number;
  /** The lobby should be open now. */
  onDue: () => void;
  onBack: () => void;
}

/** Who signed in with a ticket before the lobby opened: the test, its countdown, and then in by itself. */
export function LockedTest({ test, offset, onDue, onBack }: LockedTestProps) {
  const now = useSignal(Date.now() + offset);
  // Outlives each answer, for every answer brings the test anew.
  const asked = useRef(0);
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now() + offset;
      // Spread out, and asked again now and then: the scheduler opens a lobby a moment after its time.
      if (now.value < Date.parse(test.lobbyOpensAt ?? '') || Date.now() - asked.current < 4000) return;
      asked.current = Date.now() + Math.random() * 2000;
      onDue();
    }, 1000);
    return () => clearInterval(timer);
  }, [test, offset, now]);
  return (
    <>
      <TestCard test={test} now={now.value}>
        <p class="muted">{t('own.byItself')}</p>
      </TestCard>
      <button type="button" class="button plain" onClick={onBack}>
        {t('do.notYou')}
      </button>
    </>
  );
}
