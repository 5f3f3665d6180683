/** What the command line of `npm run mutate` asks for. */
import { parseArgs } from 'node:util'

interface Asked {
  /** Examples; all where none is named. */
  readonly names: readonly string[]
  readonly runs: boolean
  readonly help: boolean
}

export const usage = (examples: readonly string[]): string => `npm run mutate -- [--run] [name ...]

  --run   also runs every mutant on the embedded cloud
  name    an example; all where none is named: ${examples.join(', ')}`

/** Errors: one that names the option that there is not, or the example. */
export function askedBy(words: readonly string[], examples: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      run: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const unknown = positionals.find((name) => !examples.includes(name))
  if (unknown !== undefined) throw new Error(`There is no example named '${unknown}'`)
  return { names: positionals.length ? positionals : examples, runs: values.run, help: values.help }
}
