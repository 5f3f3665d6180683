/** An example with a fleet file, as it lives on a cloud. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { PlacedTemplate } from '../../src/access/index.ts'
import { makeBeside } from '../../src/cli/demo/beside.ts'
import { type Feed, feedsOf } from '../../src/cli/demo/feeds.ts'
import { DeploymentFailure, deploy } from '../../src/deploy/index.ts'
import { accountsOfFleet, type Fleet } from '../../src/fleet/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { deployedStacks } from '../../src/pipeline/index.ts'
import { renderTemplate } from '../../src/synth/index.ts'
import { dropSite, makeBuckets, sites } from '../journeys/drop-site.ts'
import {
  apply,
  type Change,
  makeRepository,
  placeRepository,
  pushChange,
  type Repository,
} from '../journeys/repository.ts'
import { FIRST_TAGS, type Inhabitant, type World } from './life.ts'

const TAGS = 'Tags: [{ Key: age, Value: first }]'

/** Resources of examples/hello that CloudFormation tags anyway have a tag of their own. */
const FIRST_OF_HELLO: Change = {
  'template.yaml': [
    ['      LogGroupName:', `      ${TAGS}\n      LogGroupName:`],
    ['      FunctionName:', `      ${TAGS}\n      FunctionName:`],
  ],
}

/** Every property that can be changed is changed, or taken away. */
const NEXT_OF_HELLO: Change = {
  'src/greeting.mjs': [['Hello, ', 'Good morning, ']],
  'test/greeting.test.mjs': [['Hello, ', 'Good morning, ']],
  'template.yaml': [
    ['Key: age', 'Key: since'],
    [
      '- Effect: Allow\n            Principal:',
      '- Sid: Functions\n            Effect: Allow\n            Principal:',
    ],
    ['PolicyName: logs', 'PolicyName: log'],
    ['      RetentionInDays: 14\n', ''],
    ['STAGE: !Ref Stage', 'STAGE: !Ref Stage\n          LEVEL: info'],
  ],
}

/** Gives what examples/hello takes to live. `remove` is to be called in the end. */
export async function helloInhabitant(
  fleet: Fleet,
  assembly: Assembly,
): Promise<Inhabitant & Pick<Repository, 'remove'>> {
  const repository = await makeRepository(
    'example/hello',
    resolve('examples/hello'),
    FIRST_OF_HELLO,
    NEXT_OF_HELLO,
  )
  return {
    ...placeOf(fleet),
    pipelines: [assembly.pipelines[0]!.declaration.name],
    application: sites(fleet).map((target) => ({ stack: 'hello', target })),
    deploy: async (templates, world) => {
      await placeRepository(repository, world.cloud)
      return deployAssembly(withTemplates(assembly, templates), world)
    },
    change: ({ cloud }) => pushChange(repository, cloud, fleet.hub.account),
    remove: repository.remove,
  }
}

/** Every property of the function, its alias, address and alarm that can be changed is changed. */
const NEXT_OF_LAMBDA: Change = {
  'src/price.mjs': [['/ 10)', '/ 20)']],
  'test/price.test.mjs': [['90)', '95)']],
  'test/integration.mjs': [['price, 90', 'price, 95']],
  'function.yaml': [
    ['Timeout: 20', 'Timeout: 25'],
    [
      '- Effect: Allow\n            Principal:',
      '- Sid: Functions\n            Effect: Allow\n            Principal:',
    ],
    ['PolicyName: worker', 'PolicyName: work'],
    ['RetentionInDays: 14', 'RetentionInDays: 30'],
    ['Threshold: 0', 'Threshold: 1'],
  ],
}

/** Gives what examples/lambda takes to live. `remove` is to be called in the end. */
export async function lambdaInhabitant(
  fleet: Fleet,
  assembly: Assembly,
): Promise<Inhabitant & Pick<Repository, 'remove'>> {
  const repository = await makeRepository('acme/worker', resolve('examples/lambda'), {}, NEXT_OF_LAMBDA)
  return {
    ...placeOf(fleet),
    pipelines: [assembly.pipelines[0]!.declaration.name],
    application: sites(fleet).map((target) => ({ stack: 'worker', target })),
    deploy: async (templates, world) => {
      await placeRepository(repository, world.cloud)
      return deployAssembly(withTemplates(assembly, templates), world)
    },
    change: ({ cloud }) => pushChange(repository, cloud, fleet.hub.account),
    remove: repository.remove,
  }
}

/** Gives what examples/web takes to live. */
export const webInhabitant = (fleet: Fleet, assembly: Assembly): Inhabitant => ({
  ...placeOf(fleet),
  pipelines: [assembly.pipelines[0]!.declaration.name],
  // Its files lie in buckets that are somebody else's.
  application: [],
  deploy: async (templates, world) => {
    await makeBuckets(world.accounts, fleet)
    await dropSite(world.accounts, fleet)
    return deployAssembly(withTemplates(assembly, templates), world)
  },
  change: ({ accounts }) => dropSite(accounts, fleet, { from: 'Put here', to: 'Left here' }),
})

/** Gives what examples/ecs takes to live. `remove` is to be called in the end. */
export async function ecsInhabitant(
  fleet: Fleet,
  assembly: Assembly,
): Promise<Inhabitant & Pick<Repository, 'remove'>> {
  const example = resolve('examples/ecs')
  const repository = await makeRepository(
    'example/web',
    join(example, 'web'),
    {},
    { 'server.mjs': [['Hello', 'Good morning']] },
  )
  return {
    ...placeOf(fleet),
    pipelines: [assembly.pipelines[0]!.declaration.name],
    // Its services are somebody else's.
    application: [],
    deploy: async (templates, world) => {
      await makeBeside({ fleet, accounts: world.accounts, hub: fleet.hub }, example)
      await placeRepository(repository, world.cloud)
      return deployAssembly(withTemplates(assembly, templates), world)
    },
    change: ({ cloud }) => pushChange(repository, cloud, fleet.hub.account),
    remove: repository.remove,
  }
}

/** As of hello. */
const FIRST_OF_CHANGE_SETS: Change = {
  'infra/network.yaml': [['TopicName: !Ref AWS::StackName', `TopicName: !Ref AWS::StackName, ${TAGS}`]],
  'infra/service.yaml': [['      FunctionName:', `      ${TAGS}\n      FunctionName:`]],
}

/** Every property that can be changed is. */
const NEXT_OF_CHANGE_SETS: Change = {
  'code/index.mjs': [['stage: STAGE', 'of: STAGE']],
  'infra/network.yaml': [['Key: age', 'Key: since']],
  'infra/service.yaml': [
    ['Key: age', 'Key: since'],
    [
      '- Effect: Allow\n            Principal:',
      '- Sid: Functions\n            Effect: Allow\n            Principal:',
    ],
    ['PolicyName: publish', 'PolicyName: tell'],
  ],
  'infra/settings.json': [['info', 'debug']],
}

/** Gives what examples/change-sets takes to live. `remove` is to be called in the end. */
export async function changeSetsInhabitant(
  fleet: Fleet,
  assembly: Assembly,
): Promise<Inhabitant & Pick<Repository, 'remove'>> {
  const scratch = await mkdtemp(join(tmpdir(), 'crossdock-change-sets-'))
  const [first, next] = [join(scratch, 'first'), join(scratch, 'next')]
  await cp(resolve('examples/change-sets'), first, { recursive: true })
  await apply(FIRST_OF_CHANGE_SETS, first)
  await cp(first, next, { recursive: true })
  await apply(NEXT_OF_CHANGE_SETS, next)
  const [pipeline] = assembly.pipelines
  /** Gives what failed: a bucket's policy may deny it. */
  const drop = async (example: string, { cloud, accounts }: World): Promise<string | undefined> => {
    const workspace = { fleet, accounts, hub: fleet.hub }
    const around = { workspace, example, scratch, remote: cloud.endpoint }
    try {
      for (const feed of feedsOf(pipeline!, around)) await feed.put()
      return undefined
    } catch (error) {
      if ((error as Error).name !== 'AccessDenied') throw error
      return (error as Error).message
    }
  }
  return {
    ...placeOf(fleet),
    pipelines: [pipeline!.declaration.name],
    application: ['orders', 'orders-network'].flatMap((stack) =>
      sites(fleet).map((target) => ({ stack, target })),
    ),
    deploy: async (templates, world) => {
      const failure = await deployAssembly(withTemplates(assembly, templates), world)
      return failure ?? drop(first, world)
    },
    change: async (world) => {
      // What the first could be put by the next can: the policies stand as they did.
      const failure = await drop(next, world)
      if (failure !== undefined) throw new Error(failure)
    },
    remove: () => rm(scratch, { recursive: true, force: true }),
  }
}

/** Gives what an example takes to live whose every pipeline fetches what the demo would put there. `remove` as above. */
export async function fedInhabitant(
  fleet: Fleet,
  assembly: Assembly,
  folder: string,
): Promise<Inhabitant & Pick<Repository, 'remove'>> {
  const all = await mkdtemp(join(tmpdir(), 'crossdock-fed-'))
  const example = resolve('examples', folder)
  const feeds = new WeakMap<object, Feed[]>()
  const put = async ({ cloud }: World) => {
    for (const feed of feeds.get(cloud)!) await feed.put()
  }
  return {
    ...placeOf(fleet),
    pipelines: assembly.pipelines.map(({ declaration }) => declaration.name),
    // The first is that of its creation, which finds nothing to fetch.
    begun: 2,
    application: assembly.pipelines.flatMap(({ declaration }) =>
      deployedStacks(declaration, fleet.hub).map(({ name: stack, account, region }) => ({
        stack,
        target: { account, region },
      })),
    ),
    deploy: async (templates, world) => {
      const { cloud, accounts } = world
      const workspace = { fleet, accounts, hub: fleet.hub }
      const scratch = await mkdtemp(join(all, 'life-'))
      const remote = cloud.endpoint.replace('http://', `http://${fleet.hub.account}:${cloud.secret}@`)
      await makeBeside(workspace, example)
      const failure = await deployAssembly(withTemplates(assembly, templates), world)
      if (failure) return failure
      const around = { workspace, example, scratch, remote }
      const found = assembly.pipelines.flatMap((pipeline) => feedsOf(pipeline, around))
      feeds.set(cloud, [...new Map(found.map((feed) => [feed.name, feed])).values()])
      await put(world)
      return undefined
    },
    change: put,
    remove: () => rm(all, { recursive: true, force: true }),
  }
}

const placeOf = (fleet: Fleet): Pick<Inhabitant, 'hub' | 'accounts'> => ({
  hub: fleet.hub,
  accounts: [...new Set(accountsOfFleet(fleet).map(({ account }) => account))],
})

/** Gives what failed. */
async function deployAssembly(assembly: Assembly, { cloud, accounts }: World): Promise<string | undefined> {
  try {
    await deploy(assembly, {
      accounts,
      render: (stack) => renderTemplate(stack.template),
      listener: () => undefined,
      pace: { interval: 20, sleep: () => cloud.settled() },
      now: Date.now,
      token: 'mutation',
    })
    return undefined
  } catch (error) {
    if (error instanceof DeploymentFailure) return error.message
    throw error
  }
}

/** The assembly with its templates replaced, stack by stack, and tags on every stack. */
function withTemplates(assembly: Assembly, templates: readonly PlacedTemplate[]): Assembly {
  const place = (stack: string, { account, region }: PlacedTemplate['target']) =>
    `${account} ${region} ${stack}`
  const byPlace = new Map(templates.map(({ stack, target, template }) => [place(stack, target), template]))
  return {
    ...assembly,
    waves: assembly.waves.map((wave) =>
      wave.map((stack) => ({
        ...stack,
        tags: { ...stack.tags, ...FIRST_TAGS },
        template: byPlace.get(place(stack.name, stack.target)) ?? stack.template,
      })),
    ),
  }
}
