/** Concrete resources for needs whose resource is only known as a pattern. */
import type { Need } from '../../model/index.ts'

/** What stands for a `*`; two of them, since policies may tell one object from another. */
const SAMPLES = ['Qx7Zk2M', 'Qx7Zk2M.zip']
/** What stands for a `?`. */
const CHARACTER = 'q'

/** Gives a need with every pattern in it filled, as often as there are samples; a need without patterns once. */
export function samplesOf(need: Need): Need[] {
  const { resource, context } = need
  const patterned = Object.values(context ?? {}).some(
    (value) => typeof value === 'string' && value.includes('*'),
  )
  if (resource === '*' || (!/[*?]/.test(resource) && !patterned)) return [need]
  return SAMPLES.map((sample) => {
    const fill = (text: string) => text.replaceAll('*', sample).replaceAll('?', CHARACTER)
    return {
      ...need,
      resource: fill(resource),
      ...(context && {
        context: Object.fromEntries(
          Object.entries(context).map(([key, value]) => [
            key,
            typeof value === 'string' ? fill(value) : value,
          ]),
        ),
      }),
    }
  })
}

/** Turns samples in a text back into patterns. */
export const withoutSamples = (text: string): string =>
  [...SAMPLES].reverse().reduce((result, sample) => result.replaceAll(sample, '*'), text)
