/** Short words that are easy to say aloud, to spell and to tell apart. */
const words = (
  'amber anchor apple april autumn bamboo basket beacon birch bridge button candle canyon castle cedar ' +
  'cherry clover cobalt copper coral cotton crayon desert dolphin dragon falcon feather fiddle forest ' +
  'garden ginger granite harbor hazel helmet honey island jacket jasmine kettle ladder lagoon lantern lemon ' +
  'magnet mango maple marble meadow melon mirror monkey mountain nectar nickel ocean olive orange orchid ' +
  'paddle palace panda paper parrot pebble pencil pepper pillow planet pocket poppy pumpkin puzzle rabbit ' +
  'rainbow ribbon river rocket saddle salmon sapphire shadow silver spider spiral summer sunset tiger timber ' +
  'tomato tulip tunnel turtle valley velvet violet walnut window winter yellow zebra'
).split(' ');

/** A session code to suggest: a word and two digits, such as `maple 47`. */
export function suggestCode(
  random: () => number = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
): string {
  const word = words[Math.floor(random() * words.length)] ?? 'maple';
  return `${word} ${10 + Math.floor(random() * 90)}`;
}
