import { type Signal, useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Lobby, Me } from '../shared/wire';
import type { Place } from './place';
import { t } from './text';
import { clockText } from './times';

interface Line {
  at: string;
  who: string;
  text: string;
  own: boolean;
}

/** What was said: to everyone, to this student, and by this student, in one order. */
function linesOf(me: Me, lobby: Lobby): Line[] {
  const own = me.messages.map(({ at, from, name, text }) => ({
    at,
    who: from === 'student' ? t('messages.you') : name,
    text,
    own: from === 'student',
  }));
  const toAll = lobby.broadcasts.map(({ at, name, text }) => ({
    at,
    who: t('messages.toAll', { name }),
    text,
    own: false,
  }));
  return [...own, ...toAll].sort((a, b) => a.at.localeCompare(b.at));
}

export function Messages({
  place,
  live,
  announced,
}: {
  place: Place;
  live: boolean;
  announced: Signal<string>;
}) {
  const me = place.me.value;
  const lobby = place.lobby.value;
  const list = useRef<HTMLOListElement>(null);
  const lines = me && lobby ? linesOf(me, lobby) : [];
  const last = lines.at(-1);
  const seen = useSignal(last?.at ?? '');
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
    if (!last || last.at <= seen.value) return;
    seen.value = last.at;
    if (!last.own) announced.value = t('messages.new', { name: last.who, text: last.text });
  }, [last, seen, announced]);

  return (
    <section class="card messages" aria-labelledby="messages-title">
      <h2 id="messages-title">{t('messages.title')}</h2>
      {lines.length ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
        <ol ref={list} class="lines" tabIndex={0} aria-labelledby="messages-title">
          {lines.map((line) => (
            <li key={line.at + line.text} class={line.own ? 'own' : undefined}>
              <span class="hint">
                {line.who} · <time dateTime={line.at}>{clockText(line.at)}</time>
              </span>
              <span>{line.text}</span>
            </li>
          ))}
        </ol>
      ) : (
        <p class="muted">{t('messages.none')}</p>
      )}
      {live && <Say place={place} />}
    </section>
  );
}

function Say({ place }: { place: Place }) {
  const text = useSignal('');
  const sending = useSignal(false);
  const send = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said || sending.value) return;
    sending.value = true;
    if (await place.act('Say', said)) text.value = '';
    sending.value = false;
  };
  return (
    <form class="say" onSubmit={send}>
      <label class="visually-hidden" for="say">
        {t('messages.label')}
      </label>
      <input
        id="say"
        class="input"
        type="text"
        maxLength={255}
        autoComplete="off"
        placeholder={t('messages.label')}
        value={text}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <button type="submit" class="button" disabled={!text.value.trim() || sending.value}>
        {t('messages.send')}
      </button>
    </form>
  );
}
