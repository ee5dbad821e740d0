import { useState } from 'preact/hooks';
import type { EntryRow, Session } from '../../shared/wire';
import { client, connected } from '../hub';
import type { Room } from '../session/room';
import { Dialog } from '../shell/Dialog';
import { ReasonField } from '../shell/ReasonField';
import { t } from '../text';
import { nameOf } from './order';
import { PreviewText } from './PreviewText';
import { preview, type StudentCommand } from './preview';
import { sendCommand } from './sendCommand';

const minutesOffered = [5, 10, 15, 30];
const longestExtension = 240;

const pausePresets = ['pause.preset1', 'pause.preset2', 'pause.preset3'] as const;
const endPresets = [
  'terminate.preset1',
  'terminate.preset2',
  'terminate.preset3',
  'terminate.preset4',
] as const;

const againPresets = ['reinstate.preset1', 'reinstate.preset2', 'reinstate.preset3'] as const;

interface CommandDialogProps {
  room: Room;
  session: Session;
  command: StudentCommand;
  rows: readonly EntryRow[];
}

/** Asks for what a command needs, after showing whom it touches, whom it skips, and why. */
export function CommandDialog({ room, session, command, rows }: CommandDialogProps) {
  const [text, setText] = useState('');
  const [minutes, setMinutes] = useState('10');
  const [anew, setAnew] = useState(false);
  const [mend, setMend] = useState<string>();
  const close = () => {
    room.dialog.value = null;
  };
  const shown = preview(command, rows, session, client.clock.now());
  const [only] = rows;
  const who = rows.length === 1 && only ? nameOf(only) : t('students', { count: shown.affected.length });

  const submit = (event: Event) => {
    event.preventDefault();
    const words = text.trim();
    if ((command === 'terminate' || command === 'reinstate') && !words) return setMend(t('reason.missing'));
    if (command === 'message' && !words) return setMend(t('command.textMissing'));
    const long = Number(minutes);
    if (command === 'extend' && !(Number.isInteger(long) && long >= 1 && long <= longestExtension))
      return setMend(t('command.minutesWrong'));
    close();
    void sendCommand(room, command, shown.affected, {
      ...(command === 'extend' ? { seconds: long * 60 } : {}),
      ...(command === 'message' ? { text: words } : {}),
      ...((command === 'pause' || command === 'terminate' || command === 'reinstate') && words
        ? { reason: words }
        : {}),
      ...(command === 'reinstate' && anew ? { nextAttempt: true } : {}),
    });
  };

  return (
    <Dialog title={t(`title.${command}`, { who })} onClose={close} testId="command-dialog">
      <form class="form" onSubmit={submit} noValidate>
        {command === 'terminate' && <p>{t('command.terminateLead')}</p>}
        {(rows.length > 1 || shown.affected.length === 0) && <PreviewText shown={shown} session={session} />}
        {command === 'pause' && (
          <ReasonField
            value={text}
            onChange={setText}
            presets={pausePresets.map((preset) => t(preset))}
            hint={t('command.reasonHint')}
          />
        )}
        {command === 'terminate' && (
          <ReasonField
            value={text}
            onChange={setText}
            presets={endPresets.map((preset) => t(preset))}
            hint={t('command.reasonHint')}
            mend={text.trim() ? undefined : mend}
          />
        )}
        {command === 'reinstate' && (
          <>
            <p>{t('command.reinstateLead')}</p>
            <ReasonField
              value={text}
              onChange={setText}
              presets={againPresets.map((preset) => t(preset))}
              hint={t('command.reinstateHint')}
              mend={text.trim() ? undefined : mend}
            />
            <Attempt anew={anew} onChange={setAnew} />
          </>
        )}
        {command === 'message' && (
          <ReasonField
            label={t('command.text')}
            value={text}
            onChange={setText}
            presets={[]}
            hint=""
            rows={3}
            mend={text.trim() ? undefined : mend}
          />
        )}
        {command === 'extend' && <Minutes value={minutes} onChange={setMinutes} mend={mend} />}
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={close}>
            {t('cancel')}
          </button>
          <button
            class={`button ${command === 'terminate' ? 'danger' : 'primary'}`}
            type="submit"
            disabled={shown.affected.length === 0 || !connected.value}
            data-testid="command-confirm"
          >
            {t(`confirm.${command}`)}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Attempt({ anew, onChange }: { anew: boolean; onChange: (anew: boolean) => void }) {
  return (
    <fieldset class="field">
      <legend>{t('command.attempt')}</legend>
      <div class="choices two">
        {[false, true].map((each) => (
          <label key={String(each)} class="choice">
            <input type="radio" name="attempt" checked={anew === each} onChange={() => onChange(each)} />
            <span>
              <strong>{t(each ? 'command.attemptNext' : 'command.attemptSame')}</strong>
              <span class="hint">{t(each ? 'command.attemptNextHint' : 'command.attemptSameHint')}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface MinutesProps {
  value: string;
  onChange: (minutes: string) => void;
  mend: string | undefined;
}

function Minutes({ value, onChange, mend }: MinutesProps) {
  return (
    <div class="field">
      <label for="minutes">{t('command.minutes')}</label>
      <div class="presets">
        {minutesOffered.map((offered) => (
          <button
            key={offered}
            type="button"
            class="preset numbers"
            aria-pressed={value === String(offered)}
            onClick={() => onChange(String(offered))}
          >
            {`+${offered}`}
          </button>
        ))}
      </div>
      <input
        id="minutes"
        class="input narrowInput"
        type="number"
        min={1}
        max={longestExtension}
        value={value}
        aria-invalid={Boolean(mend)}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {mend && <span class="error">{mend}</span>}
    </div>
  );
}
