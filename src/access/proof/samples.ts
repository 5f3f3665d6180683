/** Concrete resources for needs whose resource is only known as a pattern. */
import { entryOf, type Need, setEntry } from '../../model/index.ts'

/** What stands for a `*`; two of them, since policies may tell one object from another. */
const SAMPLES = ['Qx7Zk2M', 'Qx7Zk2M.zip'] as const
/** What stands for a `?`. */
const CHARACTER = 'q'

/** Gives a resource with its patterns filled by the first sample; `*` alone stays what it is. */
export const sampleOf = (resource: string): string =>
  resource === '*' ? resource : fill(resource, SAMPLES[0])

const isPattern = (text: string): boolean => text.includes('*') || text.includes('?')

const fill = (text: string, sample: string): string =>
  isPattern(text) ? text.replaceAll('*', sample).replaceAll('?', CHARACTER) : text

/** Gives a need with every pattern in it filled, as often as there are samples; a need without patterns once. */
export function samplesOf(need: Need): Need[] {
  const { resource, context } = need
  if (resource === '*' || !(isPattern(resource) || (context && hasPattern(context)))) return [need]
  return SAMPLES.map((sample) => ({
    ...need,
    resource: fill(resource, sample),
    ...(context && { context: fillContext(context, sample) }),
  }))
}

type Context = NonNullable<Need['context']>

function hasPattern(context: Context): boolean {
  for (const key in context) {
    const value = entryOf(context, key)!
    if (typeof value === 'string' && value.includes('*')) return true
  }
  return false
}

function fillContext(context: Context, sample: string): Context {
  const filled: Record<string, Context[string]> = {}
  for (const key in context) {
    const value = entryOf(context, key)!
    setEntry(filled, key, typeof value === 'string' ? fill(value, sample) : value)
  }
  return filled
}

/** Turns samples in a text back into patterns. */
export const withoutSamples = (text: string): string =>
  [...SAMPLES].reverse().reduce((result, sample) => result.replaceAll(sample, '*'), text)
