/** The systems whose policies are mutated: every example, our own and the foreign ones. */
import { resolve } from 'node:path'
import { type FurtherNeeds, type PlacedTemplate, readLandscape } from '../../src/access/index.ts'
import { ofAssembly } from '../../src/cli/proof-input.ts'
import { type Fleet, loadFleet } from '../../src/fleet/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { synthesize } from '../../src/synth/index.ts'
import { ACCOUNTS, changeSets, HOME, SECOND } from '../journeys/change-sets-system.ts'
import { ecsPolicies, TEST } from '../journeys/ecs-policies-system.ts'
import type { ForeignSystem } from '../journeys/foreign-system.ts'
import { furtherNeeds, placedTemplates } from '../journeys/prove-foreign.ts'
import { helloInhabitant, webInhabitant } from './fleet-inhabitant.ts'
import { foreignInhabitant } from './foreign-inhabitant.ts'
import type { Inhabitant, StackPlace } from './life.ts'

export interface Subject {
  readonly name: string
  readonly templates: readonly PlacedTemplate[]
  readonly further: readonly FurtherNeeds[]
  /** What it takes to live on a cloud. */
  inhabitant(): Promise<Inhabitant & { remove?(): Promise<void> }>
}

/** Gives the examples. */
export const subjects = async (): Promise<Subject[]> => [
  await ofFleet('hello', helloInhabitant),
  await ofFleet('web', async (...of) => webInhabitant(...of)),
  changeSetsSubject(),
  ecsPoliciesSubject(),
]

async function ofFleet(
  name: string,
  inhabitant: (fleet: Fleet, assembly: Assembly) => ReturnType<Subject['inhabitant']>,
): Promise<Subject> {
  const fleet = await loadFleet(resolve('examples', name, 'crossdock.yaml'))
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
    inhabitant: () => inhabitant(fleet, assembly),
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

function ecsPoliciesSubject(): Subject {
  const target = { account: TEST, region: ecsPolicies.hub.region }
  return ofForeign(ecsPolicies, [{ stack: 'my-thing', target }])
}

function ofForeign(system: ForeignSystem, application: readonly StackPlace[]): Subject {
  const templates = placedTemplates(system)
  return {
    name: system.folder,
    templates,
    further: furtherNeeds(system, readLandscape(templates)),
    inhabitant: async () => foreignInhabitant(system, application),
  }
}
