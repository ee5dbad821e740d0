import { render } from 'preact';
import { App } from './App';
import { speak, type Words } from './text';
import type { Language } from './text/languages';

export function show(host: HTMLElement, language: Language, words: Words): void {
  speak(language, words);
  document.documentElement.lang = language;
  render(<App />, host);
}
