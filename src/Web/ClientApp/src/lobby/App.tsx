import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { isRefusal, signalRLink } from '../shared/connection';
import type { JoinAnswer, OwnStartAnswer } from '../shared/wire';
import { JoinPage } from './JoinPage';
import type { JoinForm } from './joinForm';
import { type KeptPlace, KeptPlaces } from './keptPlaces';
import { LobbyPage } from './LobbyPage';
import { lobbyApi } from './lobbyApi';
import { OwnPage } from './OwnPage';
import { Place } from './place';
import { pathOf, type Route, routeOf, routeOfReturn } from './route';

const places = new KeptPlaces();

/** The form, or the lobby when this browser holds a place for the address. */
export function App() {
  const route = useSignal<Route>(routeOf(location.pathname));
  const kept = useSignal<KeptPlace | null>(places.at(route.value));
  const show = (next: Route, place: KeptPlace | null) => {
    if (pathOf(next) !== location.pathname) history.pushState(null, '', pathOf(next));
    route.value = next;
    kept.value = place;
  };

  useEffect(() => {
    const back = () => {
      route.value = routeOf(location.pathname);
      kept.value = places.at(route.value);
    };
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, [route, kept]);

  const joined = (form: JoinForm, answer: JoinAnswer) => {
    const at: Route = form.link
      ? { kind: 'link', link: form.link }
      : routeOf(`/join/${form.value('joinId')}`);
    const { token, entryId, device, sessionName } = answer;
    const place = { path: pathOf(at), token, entryId, device, sessionName, joinedAt: Date.now() };
    places.keep(place);
    show(at, place);
  };

  const started = (answer: OwnStartAnswer) => {
    const at = routeOf(`/join/${answer.joinId}`);
    const { token, entryId, device, sessionName } = answer;
    const place = { path: pathOf(at), token, entryId, device, sessionName, joinedAt: Date.now() };
    places.keep(place);
    show(at, place);
  };

  if (route.value.kind === 'own') {
    return <OwnPage key={route.value.secret} secret={route.value.secret} onStarted={started} />;
  }
  const place = kept.value;
  if (!place) {
    const newest = places.newest();
    return (
      <JoinPage
        key={pathOf(route.value)}
        route={route.value}
        newest={newest}
        onJoined={joined}
        onOpen={(other) => show(routeOf(other.path), other)}
        onRoute={(next) => show(next, places.at(next))}
      />
    );
  }
  return (
    <Lobby
      key={place.token}
      kept={place}
      onForm={(again) => {
        places.forget(place);
        show(again ? route.value : { kind: 'open' }, null);
      }}
    />
  );
}

function Lobby({ kept, onForm }: { kept: KeptPlace; onForm: (again: boolean) => void }) {
  const place = useMemo(
    () =>
      new Place(kept, {
        api: lobbyApi,
        link: (transport) => signalRLink('/hubs/lobby', () => kept.token, transport),
        isRefusal,
        go: (url) => {
          // The test may lead back to another address of this session than the one that was joined by.
          const back = routeOfReturn(url);
          if (back) places.keep({ ...kept, path: pathOf(back) });
          location.assign(url);
        },
      }),
    [kept],
  );
  useEffect(() => {
    place.start();
    const hurry = () => document.visibilityState === 'visible' && place.client.hurry();
    const shown = (event: PageTransitionEvent) => {
      // Back from the test through the browser's history: nothing is under way any more.
      if (!event.persisted) return;
      place.entering.reset();
      place.client.hurry();
    };
    addEventListener('online', hurry);
    addEventListener('pageshow', shown);
    document.addEventListener('visibilitychange', hurry);
    return () => {
      removeEventListener('online', hurry);
      removeEventListener('pageshow', shown);
      document.removeEventListener('visibilitychange', hurry);
      place.stop();
    };
  }, [place]);
  return <LobbyPage place={place} onForm={onForm} />;
}
