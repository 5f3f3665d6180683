/** The systems whose policies are mutated: every example, our own and the foreign ones. */
import { resolve } from 'node:path'
import { type FurtherNeeds, type PlacedTemplate, readLandscape } from '../../src/access/index.ts'
import { ofAssembly } from '../../src/cli/proof-input.ts'
import { type Fleet, loadFleet } from '../../src/fleet/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { ACCOUNTS, changeSets, HOME, SECOND } from '../journeys/change-sets-system.ts'
import { ecsPolicies } from '../journeys/ecs-policies-system.ts'
import type { ForeignSystem } from '../journeys/foreign-system.ts'
import { furtherNeeds, placedTemplates } from '../journeys/prove-foreign.ts'
import {
  changeSetsInhabitant,
  ecsInhabitant,
  fedInhabitant,
  helloInhabitant,
  lambdaInhabitant,
  webInhabitant,
} from './fleet-inhabitant.ts'
import { foreignInhabitant } from './foreign-inhabitant.ts'
import { FIRST_TAGS, type Inhabitant, type StackPlace } from './life.ts'

export interface Subject {
  readonly name: string
  readonly templates: readonly PlacedTemplate[]
  readonly further: readonly FurtherNeeds[]
  /** What it takes to live on a cloud; only the proof speaks of one without. */
  readonly inhabitant?: () => Promise<Resident>
}

type Resident = Inhabitant & { remove?(): Promise<void> }

/** A subject that lives on a cloud. */
export type LivingSubject = Subject & Required<Pick<Subject, 'inhabitant'>>

export const isLiving = (subject: Subject): subject is LivingSubject => subject.inhabitant !== undefined

/** By the names that docs/proof.md has for them: foreign examples have theirs from their folders, as `change-sets`. */
const MAKERS: Readonly<Record<string, () => Promise<Subject> | Subject>> = {
  hello: () => ofFleet('hello', helloInhabitant),
  web: () => ofFleet('web', webInhabitant),
  'change-sets': changeSetsSubject,
  'ecs-policies': () => ofForeign(ecsPolicies, []),
  'examples/change-sets': () => ofFleet('change-sets', changeSetsInhabitant, 'examples/change-sets'),
  'examples/blue-green': () => ofFleet('blue-green', undefined, 'examples/blue-green'),
  'examples/ecs': () => ofFleet('ecs', ecsInhabitant, 'examples/ecs'),
  'examples/lambda': () => ofFleet('lambda', lambdaInhabitant, 'examples/lambda'),
  'examples/factory': () => ofFleet('factory', fed('factory'), 'examples/factory'),
  'examples/monorepo': () => ofFleet('monorepo', fed('monorepo'), 'examples/monorepo'),
}

const fed = (folder: string) => (fleet: Fleet, assembly: Assembly) => fedInhabitant(fleet, assembly, folder)

/** The names of all examples. */
export const SUBJECTS: readonly string[] = Object.keys(MAKERS)

/** Gives examples by their names. */
export const subjects = (names: readonly string[] = SUBJECTS): Promise<Subject[]> =>
  Promise.all(names.map((name) => MAKERS[name]!()))

/** An example with a fleet file; foreign ones have names of their own, which `name` may have to be told from. */
async function ofFleet(
  folder: string,
  inhabitant?: (fleet: Fleet, assembly: Assembly) => Promise<Resident> | Resident,
  name = folder,
): Promise<Subject> {
  const fleet = await loadFleet(resolve('examples', folder, 'crossdock.yaml'))
  const assembly = synthesize(fleet)
  return {
    name,
    templates: assembly.waves.flat().map(({ name: stack, target, template, parametersFrom }) => ({
      stack,
      target,
      template,
      parametersFrom,
    })),
    further: ofAssembly(assembly).further,
    ...(inhabitant && { inhabitant: async () => inhabitant(fleet, assembly) }),
  }
}

function changeSetsSubject(): Subject {
  const places = Object.values(ACCOUNTS).flatMap((account) =>
    (account === ACCOUNTS.Dev ? [HOME] : [HOME, SECOND]).map((region) => ({ account, region })),
  )
  return ofForeign(
    changeSets,
    places.map((target) => ({ stack: 'greeter', target })),
  )
}

function ofForeign(system: ForeignSystem, application: readonly StackPlace[]): Subject {
  const templates = placedTemplates(system).map((one) => ({ ...one, tags: FIRST_TAGS }))
  return {
    name: system.folder,
    templates,
    further: furtherNeeds(system, readLandscape(templates)),
    inhabitant: async () => foreignInhabitant(system, application),
  }
}
