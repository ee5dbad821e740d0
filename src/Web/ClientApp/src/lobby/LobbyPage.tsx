import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PracticeIcon } from '../shared/icons';
import { Actions } from './Actions';
import { ConnectionNotice } from './ConnectionNotice';
import { DeviceCheck } from './DeviceCheck';
import { Header } from './Header';
import { LanguageChoice } from './LanguageChoice';
import { Messages } from './Messages';
import type { Place } from './place';
import { StatusCard } from './StatusCard';
import { isLive, statusOf } from './status';
import { t } from './text';
import { countdownText, windowText } from './times';

/** `onForm(true)`: join this session again; `onForm(false)`: any session. */
export function LobbyPage({ place, onForm }: { place: Place; onForm: (again: boolean) => void }) {
  const kind = useComputed(() => statusOf(place.me.value, place.lobby.value, place.ended.value));
  const announced = useSignal('');
  const heading = useRef<HTMLHeadingElement>(null);
  const main = useRef<HTMLElement>(null);

  useEffect(() => heading.current?.focus(), []);
  useSignalEffect(() => {
    const lobby = place.lobby.value;
    const word = t(`status.${kind.value}.word`);
    const left = lobby ? Date.parse(lobby.opensAt) - place.now.value : 0;
    const counted =
      kind.value === 'approved' && left > 0 && left < 600_000 ? `${countdownText(left)} · ` : '';
    document.title = `${counted}${word} – ${lobby?.sessionName ?? place.kept.sessionName}`;
  });

  const me = place.me.value;
  const lobby = place.lobby.value;
  const live = isLive(kind.value);
  return (
    <>
      <Header>
        {me && (
          <span class="who">
            {me.studentName}{' '}
            <button type="button" class="link" onClick={() => onForm(false)}>
              {t('do.notYou')}
            </button>
          </span>
        )}
      </Header>
      <ConnectionNotice place={place} />
      <main class="page" ref={main}>
        <div class="session">
          <div>
            <h1 ref={heading} tabIndex={-1}>
              {lobby?.sessionName ?? place.kept.sessionName}
            </h1>
            <p class="muted">
              {me?.testTitle}
              {lobby && me && <> · {windowText(lobby, place.now.value)}</>}
            </p>
          </div>
          {(lobby?.simulated || me?.simulated) && (
            <p class="notice warn">
              <PracticeIcon />
              <span>
                <strong>{t('practice.badge')}.</strong> {t('practice.note')}
              </span>
            </p>
          )}
        </div>
        <div class="columns">
          <div class="stack">
            <StatusCard place={place} kind={kind.value} onForm={onForm} announced={announced} />
            {live && kind.value !== 'connecting' && <Actions place={place} kind={kind.value} />}
          </div>
          <div class="stack">
            {me && lobby && !place.ended.value && (
              <Messages place={place} live={live} announced={announced} />
            )}
            {live && <DeviceCheck client={place.client} now={place.now} />}
          </div>
        </div>
        <LanguageChoice />
        <p class="visually-hidden" aria-live="polite">
          {announced}
        </p>
      </main>
    </>
  );
}
