import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { WarningIcon } from '../shared/icons';
import { detailOf } from './detailOf';
import type { Place } from './place';
import { t } from './text';

/** Where a student at a sealed section types its code. */
export function SealForm({ place }: { place: Place }) {
  const code = useSignal('');
  const missing = useSignal(false);
  const opening = place.me.value?.pendingCommand === 'releaseSeal';
  const failure = place.failure.value;
  const error = missing.value
    ? t('seal.missing')
    : failure && (failure.code === 'sealCodeWrong' ? t('seal.wrong') : detailOf(failure));

  const submit = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    missing.value = !code.value.trim();
    if (!missing.value) void place.unseal(code.value.trim());
  };
  return (
    <form class="seal" noValidate onSubmit={submit}>
      <div class="field">
        <label for="sealCode">{t('seal.code')}</label>
        <input
          id="sealCode"
          class="input join-id"
          type="text"
          autoComplete="off"
          autoCapitalize="characters"
          autoCorrect="off"
          spellcheck={false}
          maxLength={64}
          value={code.value}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'sealCode-error' : undefined}
          onInput={(event) => {
            code.value = event.currentTarget.value;
            missing.value = false;
            place.failure.value = null;
          }}
        />
        {error && (
          <p id="sealCode-error" class="error" role="alert">
            <WarningIcon />
            <span>{error}</span>
          </p>
        )}
      </div>
      <button type="submit" class="button primary" disabled={opening}>
        {t(opening ? 'seal.opening' : 'seal.open')}
      </button>
    </form>
  );
}
