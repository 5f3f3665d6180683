/** The fleets whose templates are compared whole and linted. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadFleet } from '../src/fleet/index.ts'
import type { AssemblyStack } from '../src/model/index.ts'
import { renderTemplate, synthesize } from '../src/synth/index.ts'

const root = join(import.meta.dirname, '..')
export const GOLDEN = join(root, 'tests', 'golden')

/** Name of the golden folder to the fleet file. */
export const FLEETS: Readonly<Record<string, string>> = Object.fromEntries([
  ...readdirSync(join(root, 'examples'))
    .map((name) => [name, join(root, 'examples', name, 'crossdock.yaml')] as const)
    .filter(([, file]) => existsSync(file)),
  ...['drops', 'gates', 'platform', 'self-update', 'supply'].map(
    (name) => [name, join(GOLDEN, name, 'crossdock.yaml')] as const,
  ),
])

/** Gives a file name and the text of every template of a fleet. */
export async function templatesOf(file: string): Promise<Map<string, string>> {
  const { waves } = synthesize(await loadFleet(file))
  return new Map(
    waves.flatMap((wave, index) =>
      wave.map((stack) => [fileName(index + 1, stack), renderTemplate(stack.template)] as const),
    ),
  )
}

const fileName = (wave: number, { name, target }: AssemblyStack): string =>
  `${wave}.${target.account}.${target.region}.${name}.json`
