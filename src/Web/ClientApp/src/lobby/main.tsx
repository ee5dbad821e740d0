import { render } from 'preact';
import '../shared/tokens.css';
import '../shared/base.css';
import './lobby.css';
import { App } from './App';
import { speak } from './text';

const host = document.getElementById('app');
if (host) void speak().then(() => render(<App />, host));
