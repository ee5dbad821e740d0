import { useEffect } from 'preact/hooks';
import { me, meProblem, readMe, signedOut } from './account/me';
import { SignIn } from './account/SignIn';
import { DeskPage } from './DeskPage';
import { client } from './hub';
import { SheetPage } from './print/SheetPage';
import { problemText } from './problemText';
import { route } from './route';
import { SessionPage } from './session/SessionPage';
import { SessionList } from './sessions/SessionList';
import { ConnectionBanner } from './shell/ConnectionBanner';
import { Header } from './shell/Header';
import { Mark } from './shell/Mark';
import { Toasts } from './shell/Toasts';
import { t } from './text';

export function App() {
  const who = me.value;
  const refused = client.connection.value === 'refused';
  useEffect(() => {
    if (refused) void readMe();
  }, [refused]);

  if (who === null) return <SignIn />;
  if (who === undefined) return <Opening />;
  const at = route.value;
  if (at.page === 'sheet') return <SheetPage sheet={at.sheet} of={at.of} query={at.query} />;
  return (
    <div class={at.page === 'session' ? 'frame fixed' : 'frame'}>
      <Header at={at} />
      <ConnectionBanner />
      {at.page === 'list' && <SessionList filter={at.filter} />}
      {at.page === 'session' && <SessionPage key={at.id} id={at.id} tab={at.tab} />}
      {at.page === 'desk' && <DeskPage key={at.desk} desk={at.desk} query={at.query} />}
      <Toasts />
    </div>
  );
}

/** Before the server said who is here. */
function Opening() {
  const problem = meProblem.value;
  return (
    <main class="opening">
      <Mark large />
      {problem ? (
        <>
          <p class="notice bad" role="alert">
            {problemText(problem)}
          </p>
          <span class="actions">
            <button class="button primary" type="button" onClick={() => void readMe()}>
              {t('retry')}
            </button>
            <button class="button" type="button" onClick={signedOut}>
              {t('signIn.title')}
            </button>
          </span>
        </>
      ) : (
        <p class="muted">{t('loading')}</p>
      )}
    </main>
  );
}
