/**
 * Makes the audience of the demo: 300 residents of an invented town. `node examples/make-residents.ts >
 * examples/residents.csv` writes the same file on any machine. The proportions are invented and represent no real place.
 */
const SEED = 20_261_123;
const RESIDENTS = 300;

/** Mulberry32, by Tommy Ettinger (public domain). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const next = random(SEED);

function pick(weights: Readonly<Record<string, number>>): string {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  let left = next() * total;
  for (const [name, weight] of Object.entries(weights)) {
    left -= weight;
    if (left < 0) return name;
  }
  return Object.keys(weights).at(-1) ?? '';
}

function resident(number: number): (string | number)[] {
  const age = 18 + Math.floor(next() ** 1.2 * 67);
  const work =
    age > 66
      ? 'retired'
      : age < 25
        ? pick({ student: 6, apprentice: 2, 'shop assistant': 2 })
        : pick({
            nurse: 3,
            teacher: 3,
            electrician: 2,
            'office clerk': 5,
            engineer: 3,
            'bus driver': 1,
            cook: 2,
            'software developer': 2,
            'self-employed carpenter': 1,
            'stay-at-home parent': 2,
            'looking for work': 2,
          });
  const household =
    age < 25
      ? pick({ 'shared flat': 5, 'with parents': 5 })
      : pick({
          alone: 4,
          'with partner': 4,
          'with partner and children': age < 55 ? 5 : 1,
          'single parent': age < 55 ? 1 : 0.2,
        });
  const income =
    work === 'student' || work === 'looking for work' ? 'low' : pick({ low: 2, middle: 5, high: 2 });
  return [
    `R${String(number).padStart(3, '0')}`,
    age,
    pick({ female: 50, male: 48, 'non-binary': 2 }),
    work,
    household,
    income,
    pick({ 'old town': 3, riverside: 3, 'new estate': 4, 'outlying village': 2 }),
    pick({ omnivore: 7, vegetarian: 2, vegan: 1 }),
    income === 'low' ? pick({ yes: 3, no: 7 }) : pick({ yes: 7, no: 3 }),
    pick({
      'likes company': 4,
      'keeps to themselves': 3,
      'curious about new things': 3,
      'careful with money': 4,
    }),
  ];
}

const rows = [
  ['id', 'age', 'gender', 'work', 'household', 'income', 'district', 'diet', 'owns_car', 'character'],
  ...Array.from({ length: RESIDENTS }, (_, index) => resident(index + 1)),
];
process.stdout.write(`${rows.map((row) => row.join(',')).join('\n')}\n`);
