/** A foreign system, as it lives on a cloud. */
import { deployWithSdk, type ForeignSystem, gatherOutputs, mistaken } from '../journeys/foreign-system.ts'
import { FIRST_TAGS, type Inhabitant, type StackPlace } from './life.ts'

/** Gives what a foreign system takes to live. */
export function foreignInhabitant(system: ForeignSystem, application: readonly StackPlace[]): Inhabitant {
  const outputsOf = new WeakMap<object, Map<string, string>>()
  return {
    hub: system.hub,
    pipelines: [system.pipeline],
    accounts: [...new Set(system.deployments.map(({ target }) => target.account))],
    application,
    deploy: async (templates, { cloud, accounts }) => {
      const world = { cloud, accounts, outputs: new Map<string, string>() }
      outputsOf.set(cloud, world.outputs)
      const deployments = mistaken(system, {})
      for (const [index, deployment] of deployments.entries()) {
        const isLast = !deployments.slice(index + 1).some((later) => isSamePlace(later, deployment))
        const body =
          (isLast && templates.find((one) => isSamePlace(one, deployment))?.template) || deployment.body
        await deployment.before?.(world)
        const failure = await deployWithSdk({ ...deployment, body }, world, FIRST_TAGS)
        if (failure) return failure
        await gatherOutputs(deployment, world)
      }
      return undefined
    },
    change: ({ cloud, accounts }) => system.revise({ cloud, accounts, outputs: outputsOf.get(cloud)! }),
  }
}

/** Templates say how a stack is in the end: before its last deployment it may know less than they ask for. */
const isSamePlace = (one: StackPlace, other: StackPlace): boolean =>
  one.stack === other.stack &&
  one.target.account === other.target.account &&
  one.target.region === other.target.region
