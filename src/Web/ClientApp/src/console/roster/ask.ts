import { useRef, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';

/**
 * A form's one question to the server: what it answered, or why not. The same content sent twice is one intention.
 * `onStale` is told when the form was based on what is not so any more: the list behind it is read again then.
 */
export function useAsk<Answer>(onStale?: () => void) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [working, setWorking] = useState(false);
  const sent = useRef({ text: '', key: '' });
  // Two presses may come before anything is drawn anew.
  const asking = useRef(false);

  const ask = async (
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    ifMatch?: number,
  ): Promise<Answer | null> => {
    if (asking.current) return null;
    asking.current = true;
    const text = `${method} ${path} ${JSON.stringify(body)}`;
    if (sent.current.text !== text) sent.current = { text, key: newIdempotencyKey() };
    setWorking(true);
    const result = await call<Answer>(method, path, {
      ...(body === undefined ? {} : { body }),
      ...(method === 'POST' ? { idempotencyKey: sent.current.key } : {}),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    asking.current = false;
    setWorking(false);
    setProblem(result.ok ? null : result.problem);
    if (!result.ok && result.problem.status === 412) onStale?.();
    if (!result.ok) return null;
    const value = (result.value ?? {}) as Answer;
    setAnswer(value);
    return value;
  };
  return { ask, answer, problem, setProblem, working };
}
