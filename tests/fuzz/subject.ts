/** One parser under test: real samples, and how to hand it something. */
import { AwsError, FleetError } from '../../src/model/index.ts'

export interface FuzzSubject {
  readonly name: string
  /** What the parser takes without complaint: values to be written as JSON, or texts. */
  readonly samples: readonly unknown[]
  /** Throws where the parser crashed: for anything but an answer or a modelled error. */
  run(input: unknown): void | Promise<void>
}

/** Errors that are answers: those for the wire, those for users, and what parsers below those doors throw. */
const ANSWERS = new Set([
  'FleetErrors',
  'BuildspecError',
  'PolicySyntaxError',
  'UsageError',
  'MalformedValue',
])

const isAnswer = (error: unknown): boolean =>
  error instanceof AwsError ||
  error instanceof FleetError ||
  ANSWERS.has((error as Error | undefined)?.name ?? '')

/** Runs a parser, whose modelled errors are answers. */
export async function survives(parse: () => unknown): Promise<void> {
  try {
    await parse()
  } catch (error) {
    if (!isAnswer(error)) throw error
  }
}

/**
 * The text of an input. What is nested too deeply for JSON.stringify, which recurses, is written by hand.
 */
export function textOf(input: unknown): string {
  if (typeof input === 'string') return input
  try {
    return JSON.stringify(input) ?? 'null'
  } catch (error) {
    if (error instanceof RangeError) return deepText(input)
    throw error
  }
}

function deepText(input: unknown): string {
  const parts: string[] = []
  const open: ({ readonly value: unknown } | string)[] = [{ value: input }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') {
      parts.push(next)
      continue
    }
    const { value } = next
    if (typeof value !== 'object' || value === null) {
      parts.push(JSON.stringify(value) ?? 'null')
      continue
    }
    const isList = Array.isArray(value)
    parts.push(isList ? '[' : '{')
    open.push(isList ? ']' : '}')
    const entries = Object.entries(value)
    for (const [index, [key, inner]] of [...entries.entries()].reverse()) {
      open.push({ value: inner })
      open.push((index > 0 ? ',' : '') + (isList ? '' : `${JSON.stringify(key)}:`))
    }
  }
  return parts.join('')
}
