import { Dialog } from '../shell/Dialog';
import { t } from '../text';

const keys = [
  [['1', '2', '3', '…'], 'keys.tabs'],
  [['j', '↓', 'k', '↑'], 'keys.move'],
  [['x'], 'keys.tick'],
  [['a'], 'keys.approve'],
  [['d'], 'keys.deny'],
  [['A'], 'keys.clean'],
  [['p'], 'keys.pause'],
  [['m'], 'keys.message'],
  [['/'], 'keys.find'],
  [['?'], 'keys.help'],
  [['Esc'], 'keys.leave'],
] as const;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keys.title')} onClose={onClose} testId="keys-dialog">
      <dl class="keys">
        {keys.map(([names, text]) => (
          <div key={text}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
