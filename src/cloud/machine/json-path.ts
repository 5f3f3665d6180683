/** JSON paths as AWS takes them: names joined by dots or in brackets, indexes, and `*`. */
import { entryOf } from '../../model/index.ts'

type Step = string | number | typeof EVERY

const EVERY = Symbol('every element')
const STEP = /\.([\w/-]+)|\[(\d+)\]|\[(?:'([^'\]]+)'|"([^"\]]+)")\]|\.\*|\[\*\]/y

/** Reads a path such as `$.detail.items[0].id`; undefined where it is none. */
export function parsePath(path: string): ((document: unknown) => unknown) | undefined {
  if (!path.startsWith('$')) return undefined
  const steps: Step[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path)
    if (!match) return undefined
    steps.push(match[1] ?? match[3] ?? match[4] ?? (match[2] === undefined ? EVERY : Number(match[2])))
  }
  return (document) => walk(document, steps)
}

/** AWS: with `*` a path gives a list. */
function walk(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return value
  if (value === null || typeof value !== 'object') return undefined
  if (step !== EVERY) return walk(entryOf(value as Record<string | number, unknown>, step), rest)
  return Object.values(value)
    .map((one) => walk(one, rest))
    .filter((one) => one !== undefined)
}
