/** Three witnesses: what the pipelines need, what the proof finds in the templates, what the cloud saw being called. */
import { existsSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isFailed, prove } from '../../src/access/index.ts'
import { ofAssembly } from '../../src/cli/proof-input.ts'
import type { TrailEntry } from '../../src/cloud/index.ts'
import type { Assembly, Need } from '../../src/model/index.ts'
import { Demonstration, type ExampleChange, replaced } from './demonstration.ts'
import { callsOf, type Excuse, isMet, isProven, LATER, show } from './witness.ts'

/** A change to each example that makes an execution update what the one before has made. */
const CHANGES: Readonly<Record<string, ExampleChange>> = {
  hello: {
    starts: ['hello'],
    repository: 'example/hello',
    edit: {
      'src/greeting.mjs': replaced('Hello, ', 'Good morning, '),
      'test/greeting.test.mjs': replaced('Hello, ', 'Good morning, '),
    },
  },
  'blue-green': {
    starts: ['api'],
    edit: {
      'api/imageDetail.json': replaced('1.29', '1.30'),
      'api/service.yaml': replaced('RetentionInDays: 30', 'RetentionInDays: 14'),
    },
  },
  ecs: {
    starts: ['web'],
    repository: 'example/web',
    edit: { 'server.mjs': replaced('Hello', 'Good morning') },
  },
  web: { starts: ['web'], edit: { 'site/index.html': replaced('Put here', 'Left here') } },
  'change-sets': {
    starts: ['orders'],
    edit: {
      'code/index.mjs': replaced('level: LEVEL', 'told: LEVEL'),
      'infra/settings.json': replaced('info', 'debug'),
      'infra/network.yaml': replaced('{ TopicName:', '{ DisplayName: Orders, TopicName:'),
    },
  },
  factory: {
    starts: ['orders-main'],
    repository: 'acme/orders',
    edit: { 'src/index.mjs': replaced('orders', 'Orders') },
  },
  lambda: {
    starts: ['worker'],
    repository: 'acme/worker',
    edit: {
      'function.yaml': replaced('Timeout: 20', 'Timeout: 25'),
      'src/price.mjs': replaced('/ 10)', '/ 20)'),
      'test/price.test.mjs': replaced('90)', '95)'),
      'test/integration.mjs': replaced('price, 90', 'price, 95'),
    },
  },
  monorepo: {
    starts: ['orders'],
    repository: 'acme/mono',
    edit: { 'services/orders/index.mjs': replaced("greet('orders')", "greet('Orders')") },
  },
}

const examples = readdirSync('examples').filter((name) => existsSync(`examples/${name}/crossdock.yaml`))

/** The examples' archives are dropped by the root user of the hub. */
const DROPPED_BY_OTHERS: Excuse = {
  why: 'the build that drops an archive comes with a token of its own identity provider',
  covers: ({ principal, action }) => action === 's3:PutObject' && /-drop(-[a-z]+)?$/.test(principal),
}

/** What handlers of AWS's declare, and the embedded cloud's have no use for. */
const NOT_ASKED_HERE: readonly Excuse[] = [
  {
    why: 'the embedded load balancers have no attributes of a template, tags or VPCs that a handler would look at',
    covers: ({ action }) =>
      /^elasticloadbalancing:(Describe(Tags|\w+Attributes)|ModifyLoadBalancerAttributes)$|^ec2:DescribeVpcs$/.test(
        action,
      ),
  },
  {
    why: 'a service whose deployments are CodeDeploy’s has none of its own to wait for',
    covers: ({ action }) => action === 'ecs:DescribeServiceDeployments',
  },
]

/** AWS: an AWS managed key lets everybody in who may use its service in the account, by its own policy alone. */
const isByManagedKey = ({ action, resource, decision }: TrailEntry): boolean =>
  action.startsWith('kms:') &&
  decision.decidedBy.length > 0 &&
  decision.decidedBy.every(({ ref }) => ref.kind === 'resource' && ref.owner === resource)

/** The calls of the assembly's roles. */
const used = (assembly: Assembly, trail: readonly TrailEntry[]): TrailEntry[] =>
  callsOf(
    new Set(assembly.waves.flat().flatMap(({ target, template }) => rolesOf(template, target.account))),
    trail,
  )

const rolesOf = (template: Assembly['waves'][number][number]['template'], account: string): string[] =>
  Object.values(template.Resources).flatMap(({ Type, Properties = {} }) =>
    Type === 'AWS::IAM::Role'
      ? [`arn:aws:iam::${account}:role${Properties.Path ?? '/'}${Properties.RoleName}`]
      : [],
  )

describe.each(examples)('%s', (name) => {
  let shipped: Demonstration
  let calls: TrailEntry[]
  let needs: Need[]

  beforeAll(async () => {
    shipped = await Demonstration.deploy(name)
    await shipped.ship()
    expect(shipped.failures).toBe('')
    const change = CHANGES[name]!
    await shipped.change(change)
    const { assembly } = shipped.workspace
    for (const { id } of assembly.pipelines) if (!change.starts.includes(id)) await shipped.startAgain(id)
    expect(shipped.failures).toBe('')
    calls = used(assembly, shipped.trail).filter((call) => !isByManagedKey(call))
    needs = assembly.pipelines.flatMap((pipeline) => pipeline.needs)
  }, 120_000)
  afterAll(() => shipped?.end())

  test('makes no call that no need tells of', () => {
    const untold = calls.filter((call) => !needs.some((need) => isMet(need, call)))
    expect(untold.map(show)).toEqual([])
  })

  test('needs nothing that it does not call, but for what happens to its stacks later', () => {
    const must = needs.filter((need) => !need.optional)
    const idle = must.filter((need) => !calls.some((call) => isMet(need, call)))
    expect(
      idle
        .filter(
          (need) => ![...LATER, ...NOT_ASKED_HERE, DROPPED_BY_OTHERS].some((excuse) => excuse.covers(need)),
        )
        .map(show),
    ).toEqual([])
  })

  test('is proven, and calls nothing that the proof has not looked at', () => {
    const { landscape, further } = ofAssembly(shipped.workspace.assembly)
    const { edges } = prove(landscape, { further, complete: true })
    expect(edges.filter(isFailed).map(({ need }) => show(need))).toEqual([])
    const unseen = calls.filter((call) => !edges.some(({ need }) => isProven(need, call)))
    expect(unseen.map(show)).toEqual([])
  })
})
