/** The systems whose policies are mutated: every example. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FurtherNeeds, PlacedTemplate } from '../../src/access/index.ts'
import { loadFleet } from '../../src/fleet/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { synthesize } from '../../src/synth/index.ts'

export interface Subject {
  readonly name: string
  readonly templates: readonly PlacedTemplate[]
  readonly further: readonly FurtherNeeds[]
}

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples')

/** Gives the examples, each synthesized. */
export async function subjects(): Promise<Subject[]> {
  const names = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'crossdock.yaml')))
  return Promise.all(
    names.map(async (name) =>
      subjectOf(name, synthesize(await loadFleet(join(EXAMPLES, name, 'crossdock.yaml')))),
    ),
  )
}

/** Gives an assembly as a subject. */
export const subjectOf = (name: string, { waves, pipelines }: Assembly): Subject => ({
  name,
  templates: waves.flat().map(({ name: stack, target, template, parametersFrom }) => ({
    stack,
    target,
    template,
    parametersFrom,
  })),
  further: pipelines.map(({ id, applicationNeeds = [] }) => ({
    pipeline: id,
    title: 'what the stacks make',
    needs: applicationNeeds,
  })),
})
