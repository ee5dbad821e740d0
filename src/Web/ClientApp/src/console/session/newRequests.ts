import { effect, signal } from '@preact/signals';
import type { FeedEvent, SessionEventData } from '../../shared/wire';
import type { LiveSession } from './liveSession';

const asking = new Set(['joined', 'askedAgain', 'returned']);

/** Whether an event is somebody who newly waits to be admitted. */
export function rings({ kind, data }: FeedEvent<SessionEventData>): boolean {
  return asking.has(kind) && data.entry?.state === 'waiting';
}

const key = 'sound';
export const sound = signal(false);

export function restoreSound(): void {
  try {
    sound.value = localStorage.getItem(key) === 'on';
  } catch {
    sound.value = false;
  }
}

/** Switching on plays the sound once, so that it is known and, being a gesture, allowed. */
export function toggleSound(): void {
  sound.value = !sound.value;
  if (sound.value) play();
  try {
    localStorage.setItem(key, sound.value ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

let context: AudioContext | null = null;
const shortestPause = 1500;
let lastPlayed = 0;

/** Two soft tones. Browsers keep it silent until the page was touched once. */
function play(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    const start = context.currentTime + 0.02;
    for (const [index, frequency] of [659, 880].entries()) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const at = start + index * 0.14;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.4);
    }
  } catch {
    // A machine without sound admits students all the same.
  }
}

/** Plays for new requests while the sound is on; thirty at once sound once. Answers how to stop. */
export function soundFor(live: LiveSession, clock: () => number = () => performance.now()): () => void {
  let heard = live.requests.peek();
  return effect(() => {
    const requests = live.requests.value;
    if (requests === heard) return;
    heard = requests;
    if (!sound.peek() || clock() - lastPlayed < shortestPause) return;
    lastPlayed = clock();
    play();
  });
}
