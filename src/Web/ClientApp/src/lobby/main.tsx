import { render } from 'preact';
import '../shared/tokens.css';
import '../shared/base.css';

const host = document.getElementById('app');
if (host) render(<main class="page">LiveProctor</main>, host);
