import '../shared/tokens.css';
import '../shared/base.css';
import './lobby.css';
import { fetchWords } from './text';

// The page and its words are fetched side by side.
const host = document.getElementById('app');
if (host) {
  Promise.all([fetchWords(), import('./main')])
    .then(([[language, words], { show }]) => show(host, language, words))
    .catch(() => {
      host.textContent =
        'This page could not be loaded. Reload it. · No se ha podido cargar la página. Vuelve a cargarla. · La page n’a pas pu se charger. Rechargez-la.';
    });
}
