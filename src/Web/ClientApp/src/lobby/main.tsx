import { render } from 'preact';
import '../shared/tokens.css';
import '../shared/base.css';
import './lobby.css';
import { App } from './App';

const host = document.getElementById('app');
if (host) render(<App />, host);
