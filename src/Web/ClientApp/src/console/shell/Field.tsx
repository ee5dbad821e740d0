import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import { problemText } from '../problemText';
import { t } from '../text';
import { Icon } from './Icon';

interface Given {
  id: string;
  name: string;
  'aria-invalid': boolean;
  'aria-describedby': string;
}

interface FieldProps {
  label: string;
  name: string;
  problem: Problem | null;
  hint?: string | undefined;
  note?: string | null | undefined;
  optional?: boolean;
  children: (given: Given) => ComponentChildren;
}

/** A labelled input with its hint, and beside it what there is to mend. */
export function Field({ label, name, problem, hint, note, optional, children }: FieldProps) {
  const id = useId();
  const mend = problem?.errors?.[name]?.join(' ');
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="muted"> ({t('optional')})</span>}
      </label>
      {children({ id, name, 'aria-invalid': Boolean(mend), 'aria-describedby': `${id}-about` })}
      <span id={`${id}-about`} class={mend ? 'error' : 'hint'}>
        {mend ?? note ?? hint}
      </span>
    </div>
  );
}

/**
 * What there is to mend, at the top of a form: each sentence leads to its field. Sentences of fields that the form
 * does not show stand here alone.
 */
export function Mends({
  problem,
  fields,
  consequence,
}: {
  problem: Problem | null;
  fields: readonly string[];
  consequence?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  if (!problem) return null;
  const errors = Object.entries(problem.errors ?? {}).flatMap(([name, sentences]) =>
    sentences.map((sentence) => ({ name, sentence })),
  );
  const lead = (name: string) => (event: Event) => {
    event.preventDefault();
    const form = box.current?.closest('form');
    const named = form?.querySelectorAll<HTMLElement>(`[name="${CSS.escape(name)}"]`) ?? [];
    const target = [...named].find((field) => !field.closest('.subform'));
    target?.closest('details')?.setAttribute('open', '');
    target?.focus();
  };
  return (
    <div class="notice bad" role="alert" tabIndex={-1} ref={box} data-testid="mends">
      <Icon name="alert" />
      <div>
        <strong>{errors.length ? t('mend', { count: errors.length }) : problemText(problem)}</strong>
        {errors.length > 0 && (
          <ul>
            {errors.map(({ name, sentence }) => (
              <li key={name + sentence}>
                {fields.includes(name) ? (
                  <a href={`#${name}`} onClick={lead(name)}>
                    {sentence}
                  </a>
                ) : (
                  sentence
                )}
              </li>
            ))}
          </ul>
        )}
        {consequence && <p>{consequence}</p>}
      </div>
    </div>
  );
}
