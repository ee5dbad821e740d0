import { t } from '../text';
import { Icon } from './Icon';
import { drop, toasts } from './toasts';

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone}`} data-testid="toast">
          <Icon name={toast.tone === 'bad' ? 'alert' : 'check'} />
          <span>{toast.text}</span>
          {toast.action && (
            <button
              class="textButton"
              type="button"
              onClick={() => {
                toast.action?.run();
                drop(toast.id);
              }}
            >
              {toast.action.name}
            </button>
          )}
          <button class="iconButton" type="button" onClick={() => drop(toast.id)} aria-label={t('dismiss')}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
