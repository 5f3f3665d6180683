/** Changes to real samples that a parser must survive: nodes dropped, doubled, of another type, oddly named, far too deep. */
import type { Random } from './random.ts'

/** Names that Object.prototype has, and others that look-ups trip over. */
export const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  '*',
  '${',
  '${a}',
  '#{x.y}',
  '{{resolve:ssm:a}}',
  '0',
  '-1',
  'Fn::If',
  'Ref',
  '\u0000',
  '\ud800',
  '💥',
  'a'.repeat(3000),
] as const

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -0,
  2 ** 53,
  '',
  '((',
  '(a+)+$',
  `${'a'.repeat(40)}!`,
  '*'.repeat(200),
  '2024-13-45T99:99:99Z',
  'arn:aws:iam::111111111111:role/x',
  'arn:::::',
  [],
  {},
  [[]],
  [null],
  { Ref: 'constructor' },
  { 'Fn::GetAtt': ['A', '__proto__'] },
  { 'Fn::Sub': '${toString}' },
  { 'Fn::If': [] },
  { 'Fn::FindInMap': ['constructor', 'name', 'length'] },
]

/** How deep is far too deep. */
const DEEP = 10_000

type Place = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number }

/** Gives a changed copy: one to three changes at random places. */
export function mutate(value: unknown, random: Random): unknown {
  if (typeof value === 'string') return mutateText(value, random)
  let changed = clone(value)
  for (let left = 1 + random.whole(3); left > 0; left--) changed = mutateOnce(changed, random)
  return changed
}

function mutateOnce(root: unknown, random: Random): unknown {
  const places = placesIn(root)
  if (places.length === 0) return random.pick(ODD_VALUES)
  const place = random.pick(places)
  const { holder, key } = place
  const value = at(place)
  const change = random.pick(CHANGES)
  if (change === 'drop') remove(place)
  else if (change === 'odd value') put(holder, key, clone(random.pick(ODD_VALUES)))
  else if (change === 'rename' && !Array.isArray(holder)) {
    remove(place)
    put(holder, random.pick(ODD_NAMES), value)
  } else if (change === 'add')
    put(holder, Array.isArray(holder) ? holder.length : random.pick(ODD_NAMES), value)
  else if (change === 'wrap')
    put(holder, key, random.next() < 0.5 ? [value] : { [random.pick(ODD_NAMES)]: value })
  else if (change === 'swap') put(holder, key, clone(at(random.pick(places))))
  else if (change === 'text') put(holder, key, mutateText(typeof value === 'string' ? value : 'text', random))
  else if (change === 'deep' && random.next() < 0.2) put(holder, key, nested(random))
  else if (change === 'many' && random.next() < 0.2)
    put(
      holder,
      key,
      // Copies of what is large itself would measure the memory only.
      Array.from({ length: 1000 }, () => (typeof value === 'object' ? 'x' : value)),
    )
  else put(holder, key, retyped(value))
  return root
}

const CHANGES = [
  'drop',
  'odd value',
  'rename',
  'add',
  'wrap',
  'swap',
  'text',
  'deep',
  'many',
  'retype',
] as const

/** Every place below a value, without recursion: the samples may have been nested too deeply before. */
function placesIn(root: unknown): Place[] {
  const places: Place[] = []
  const open: unknown[] = [root]
  for (let value = open.pop(); value !== undefined && places.length < 5000; value = open.pop()) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue
    const holder = value as Record<string, unknown> | unknown[]
    for (const key of Object.keys(holder)) {
      const place = { holder, key: Array.isArray(holder) ? Number(key) : key }
      places.push(place)
      open.push(at(place) ?? null)
    }
  }
  return places
}

const at = ({ holder, key }: Place): unknown =>
  Object.hasOwn(holder, key) ? (holder as Record<string | number, unknown>)[key] : undefined

function put(holder: Place['holder'], key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true })
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

function retyped(value: unknown): unknown {
  if (typeof value === 'string') return value.length
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return { ...value }
  return typeof value === 'object' ? Object.values(value ?? {}) : [value]
}

function nested(random: Random): unknown {
  const isList = random.next() < 0.5
  const name = random.pick(['a', 'Fn::If', 'Fn::Sub', 'Ref', 'Properties', 'detail'])
  let value: unknown = 'x'
  for (let depth = 0; depth < DEEP; depth++) value = isList ? [value] : { [name]: value }
  return value
}

/** Changes the text: a part cut out, doubled, put elsewhere, or something odd put in. */
export function mutateText(text: string, random: Random): string {
  const from = random.whole(text.length + 1)
  const to = Math.min(text.length, from + 1 + random.whole(20))
  const [before, part, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)]
  switch (random.whole(8)) {
    case 0:
      return before + after
    case 1:
      return before + part + part + after
    case 2:
      return before
    case 3:
      return after
    case 4:
      return before + random.pick(ODD_NAMES) + after
    case 5:
      return (
        before +
        random
          .pick(['{', '}', '[', ']', '"', "'", ':', ',', '\n', '\t', '&', '*', '%', '<', '>', '\\', '='])
          .repeat(1 + random.whole(3)) +
        after
      )
    case 6:
      return (
        before +
        random
          .pick(['{"a":', '[', '- ', '<a>', '(', '!Sub [', '{a: ', '${'])
          .repeat(random.pick([2, 600, DEEP])) +
        after
      )
    default:
      return before + part.split('').reverse().join('') + after
  }
}

/** A copy that keeps own keys named `__proto__`; without recursion, since a value may be nested too deeply by now. */
function clone(value: unknown): unknown {
  const root = emptyLike(value)
  const open: [from: unknown, to: unknown][] = [[value, root]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [from, to] = next
    if (from === to) continue
    for (const [key, inner] of Object.entries(from as object)) {
      const copy = emptyLike(inner)
      put(to as Place['holder'], key, copy)
      open.push([inner, copy])
    }
  }
  return root
}

/** What is no list or map is its own copy. */
function emptyLike(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Array.isArray(value) ? [] : {}
}
