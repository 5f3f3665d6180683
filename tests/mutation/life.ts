/** The life of a system on an embedded cloud: deployed, run, run again with a change, updated, deleted. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import type { PlacedTemplate } from '../../src/access/index.ts'
import { type Cloud, startCloud } from '../../src/cloud/index.ts'
import type { Target } from '../../src/model/index.ts'
import {
  answerApprovals,
  declarationOf,
  executionState,
  executions,
  waitingApprovals,
} from '../../src/operate/index.ts'
import { AdministratorAccounts } from '../journeys/administrators.ts'
import { failureOf } from '../journeys/ship.ts'
import {
  deleteStack,
  emptyBuckets,
  emptyRepositories,
  lookAtGrants,
  resourcesOf,
  takeBack,
  updateStack,
} from './stacks.ts'
import { touched } from './touch.ts'

/** A cloud that a system lives on. */
export interface World {
  readonly cloud: Cloud
  readonly accounts: AdministratorAccounts
}

/** What a system takes to live. */
export interface Inhabitant {
  readonly hub: Target
  readonly pipelines: readonly string[]
  /** Executions that each pipeline has by the time its first version is followed; the second has one more. */
  readonly begun?: number
  readonly accounts: readonly string[]
  /** Stacks that the pipeline makes. */
  readonly application: readonly StackPlace[]
  /** Deploys the templates, whatever belongs beside them first. Gives what failed. */
  deploy(templates: readonly PlacedTemplate[], world: World): Promise<string | undefined>
  /** Brings a change of what the pipeline ships; it starts the pipeline. */
  change(world: World): Promise<void>
}

export interface StackPlace {
  readonly stack: string
  readonly target: Target
}

/** What is put on every stack of a system, and what takes its place when the stack is updated. */
export const FIRST_TAGS = { age: 'first' }
const LATER_TAGS = { since: 'later' }

/** Starts a cloud, lives on it, and gives what failed, in words, with the cloud's trail. */
export async function live(
  inhabitant: Inhabitant,
  templates: readonly PlacedTemplate[],
): Promise<{ failure?: string; trail: ReturnType<Cloud['trail']['entries']> }> {
  const bugs: unknown[] = []
  const cloud = await startCloud({ onBug: (_where, error) => bugs.push(error) })
  const accounts = new AdministratorAccounts(cloud, inhabitant.accounts)
  try {
    const failure = await firstFailure(inhabitant, templates, { cloud, accounts })
    if (bugs.length) throw new AggregateError(bugs, 'the cloud had bugs')
    return { failure, trail: cloud.trail.entries() }
  } finally {
    accounts.close()
    await cloud.stop()
  }
}

async function firstFailure(
  inhabitant: Inhabitant,
  templates: readonly PlacedTemplate[],
  world: World,
): Promise<string | undefined> {
  const { begun = 1 } = inhabitant
  const stages: (() => Promise<string | undefined>)[] = [
    () => inhabitant.deploy(templates, world),
    () => followAll(inhabitant, world, begun),
    () => inhabitant.change(world).then(() => followAll(inhabitant, world, begun + 1)),
    () => inTurn(inhabitant.application, (place) => deleteStack(world, place)),
    () => inTurn(templates, (placed) => updateStack(world, placed, touched(placed.template), LATER_TAGS)),
    () => inTurn(templates, (placed) => lookAtGrants(world, placed)),
    () => destroy(templates, world),
  ]
  return inTurn(stages, (stage) => stage())
}

/** Gives the first failure. */
async function inTurn<T>(
  items: readonly T[],
  step: (item: T) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const item of items) {
    const failure = await step(item)
    if (failure) return failure
  }
  return undefined
}

const followAll = ({ hub, pipelines }: Inhabitant, world: World, count: number) =>
  inTurn(pipelines, (pipeline) => follow({ hub, pipeline }, world, count))

/** Follows the newest execution to its end, approving whatever waits. `count` tells how many there must be by now. */
async function follow(
  { hub, pipeline }: { readonly hub: Target; readonly pipeline: string },
  world: World,
  count: number,
): Promise<string | undefined> {
  const { cloud, accounts } = world
  const client = await accounts.client(CodePipelineClient, hub)
  const declaration = await declarationOf(client, pipeline)
  const id = await newestOf(client, pipeline, world, count)
  if (!id) return `nothing started the pipeline ${pipeline}`
  const patience = new Patience()
  for (;;) {
    await cloud.settled()
    const state = await executionState(client, declaration, hub, id)
    if (state?.status === 'Succeeded') return undefined
    if (state?.status !== 'InProgress') return `the pipeline ${state?.status}: ${failureOf({ state })}`
    if (waitingApprovals(state).length)
      await answerApprovals(client, state, { approved: true, summary: 'seen' })
    else if (isDenied(cloud) && patience.isOver(state)) return `the pipeline ${pipeline} waits for ever`
    else await sleep(10)
  }
}

/** Tells a pipeline that waits for a report that never comes, as its reporter was denied to send it. */
class Patience {
  #seen = ''
  #since = Date.now()

  /** Whether nothing of the state has changed for as long as an event may take. */
  isOver(state: object): boolean {
    const seen = JSON.stringify(state)
    if (seen !== this.#seen) [this.#seen, this.#since] = [seen, Date.now()]
    return Date.now() - this.#since > STARTED_WITHIN
  }
}

const isDenied = (cloud: Cloud): boolean =>
  cloud.trail.entries().some(({ decision }) => decision.effect !== 'allowed')

/** Longest time in milliseconds that an event takes to start a pipeline. */
const STARTED_WITHIN = 20_000

/** Gives the newest of so many executions; undefined once somebody is denied to start it, or nothing does. */
async function newestOf(
  client: CodePipelineClient,
  pipeline: string,
  { cloud }: World,
  count: number,
): Promise<string | undefined> {
  const deadline = Date.now() + STARTED_WITHIN
  for (;;) {
    await cloud.settled()
    const found = await executions(client, pipeline)
    if (found.length >= count) return found[0]?.pipelineExecutionId
    if (isDenied(cloud) || Date.now() > deadline) return undefined
    await sleep(10)
  }
}

/** Deletes the stacks, the last one first; then takes the deletion of their keys back, as far as they have any. */
async function destroy(templates: readonly PlacedTemplate[], world: World): Promise<string | undefined> {
  const keys: [Target, string][] = []
  const failure = await inTurn([...templates].reverse(), async (placed) => {
    const resources = await resourcesOf(world, placed)
    keys.push(
      ...resources.flatMap(({ type, id }): [Target, string][] =>
        type === 'AWS::KMS::Key' ? [[placed.target, id]] : [],
      ),
    )
    await emptyBuckets(world, placed.target, resources)
    await emptyRepositories(world, placed.target, resources)
    return deleteStack(world, placed)
  })
  return failure ?? inTurn(keys, ([target, id]) => takeBack(world, target, id))
}
