import { expect, it } from 'vitest'
import { prove, readAssembly } from '../access/index.ts'
import { synthesize } from '../synth/index.ts'
import { type FleetLock, parseFleet } from './index.ts'

const accounts = Object.fromEntries(
  Array.from({ length: 41 }, (_, index) => [String(500_000_000_000 + index), `account-${index}`]),
)
const lock: FleetLock = {
  environments: {
    test: { organizationalUnit: '/workloads/test', accounts: { '222222222222': 'test' } },
    prod: { organizationalUnit: '/workloads/prod', accounts },
  },
  branches: {},
}
const PERMISSIONS = 'permissions: [{ Action: "ec2:*", Resource: "*" }]'
const fleet = (waves: string | undefined, more = '') =>
  parseFleet(
    `fleet: baseline
hub: { account: "111111111111", region: eu-west-1 }
organization: { id: o-a1b2c3d4e5, management: { account: "999999999999" } }
environments:
  test: { organizationalUnit: /workloads/test, regions: [eu-west-1] }
  prod:
    organizationalUnit: /workloads/prod
    except: [account-40]
    regions: [eu-west-1, us-east-1]
    role: "arn:aws:iam::\${account}:role/crossdock-deploy"
    approve: { emails: [release@acme.example] }
pipelines:
  baseline:
    source: { github: acme/baseline }
    deploy:
      - cloudformation: { template: baseline.yaml, ${PERMISSIONS} }
    stages:
      - test
      - { environment: prod${waves ? `, waves: ${waves}` : ''}${more} }
`,
    '/nowhere/crossdock.yaml',
    lock,
  )
const wavesOf = (waves: string, more?: string) =>
  fleet(waves, more)
    .pipelines[0]!.stages.slice(1)
    .map(({ name, places }) => [name, places.length])
const errorsOf = (act: () => unknown): string => {
  try {
    act()
    return ''
  } catch (error) {
    return String((error as Error).message)
  }
}

it('forty accounts in two regions: one region of one account first, the rest of it, then a quarter after a quarter', () => {
  const { stages } = fleet(
    '[{ accounts: 1, regions: [eu-west-1] }, { accounts: 1 }, { accounts: 25%, repeat: true }]',
  ).pipelines[0]!
  expect(stages.map(({ name, places }) => [name, places.length])).toEqual([
    ['test', 1],
    ['prod-1', 1],
    ['prod-2', 1],
    ['prod-3', 20],
    ['prod-4', 20],
    ['prod-5', 20],
    ['prod-6', 18],
  ])
  const taken = stages.slice(1).flatMap(({ places }) => places)
  expect(new Set(taken).size).toBe(80)
  expect(taken.slice(0, 3).map((one) => [one.accountName, one.region])).toEqual([
    ['account-0', 'eu-west-1'],
    ['account-0', 'us-east-1'],
    ['account-1', 'eu-west-1'],
  ])
})

it('one approval comes before them all, and others where a wave asks', () => {
  const approvals = (waves: string, more?: string) =>
    fleet(waves, more)
      .pipelines[0]!.stages.slice(1)
      .map(({ approve, changeSets }) => [approve?.emails, changeSets])
  const owner = 'release@acme.example'
  expect(
    approvals('[{ accounts: 1 }, { accounts: 1, approve: { emails: [b@acme.example] } }, rest]'),
  ).toEqual([
    [[owner], true],
    [[owner, 'b@acme.example'], true],
    [undefined, false],
  ])
  expect(
    approvals('[{ accounts: 1 }, rest]', ', changeSets: true').map(([, changeSets]) => changeSets),
  ).toEqual([true, true])
  expect(errorsOf(() => fleet('[{ accounts: 1, approve: false }, rest]'))).toMatch(
    /19:\d+: the stage asks for an approval that its first wave drops/,
  )
})

it.each([
  ['[{ accounts: [account-3, "500000000007"] }, rest]', [4, 76]],
  ['[{ regions: [us-east-1] }, { regions: [eu-west-1] }]', [40, 40]],
  ['[rest]', [80]],
  ['[{ accounts: 100% }, { accounts: 3 }, rest]', [80]],
])('%s', (waves, sizes) => {
  expect(wavesOf(waves).map(([, size]) => size)).toEqual(sizes)
})

it.each([
  ['[{ accounts: 1 }]', /19:\d+: the waves of prod leave 78 of 80 places\n {2}fix: add `rest`/],
  ['[{ accounts: [account-40] }, rest]', /stage prod has no account account-40/],
  [
    '[{ regions: [eu-west-3] }, rest]',
    /19:\d+: stage prod has no region eu-west-3\n {2}fix: use one of eu-west-1, us-east-1/,
  ],
  ['[{ accounts: 0 }, rest]', /must be at least 1/],
  ['[{ accounts: 101% }, rest]', /must be a number of accounts, 25% of them, or a list/],
  ['[all]', /must be `rest`|rest/],
])('%s is told', (waves, told) => {
  expect(errorsOf(() => fleet(waves))).toMatch(told)
})

it('a wave of more actions than a stage takes becomes several, behind its approval', () => {
  const { pipelines } = synthesize(fleet('[{ accounts: 2 }, rest]', ', test: { commands: [make] }'))
  expect(
    pipelines[0]!.declaration.stages.slice(2).map(({ name, actions }) => [name, actions.length]),
  ).toEqual([
    ['prod-1', 4 + 1 + 4 + 1],
    ['prod-2-1', 38],
    ['prod-2-2', 38 + 1],
  ])
  const approved = synthesize(fleet('[{ accounts: 30 }, rest]')).pipelines[0]!.declaration.stages.slice(2, 5)
  expect(
    approved.map(({ name, actions }) => [
      name,
      actions.length,
      actions.some((one) => one.name === 'approve'),
    ]),
  ).toEqual([
    ['prod-1-1', 41, true],
    ['prod-1-2', 40, false],
    ['prod-1-3', 40, false],
  ])
})

it('without waves a stage that is too large is told', () => {
  expect(errorsOf(() => synthesize(fleet(undefined)))).toMatch(
    /19:\d+: stage prod would have 161 actions, AWS takes 50\n {2}fix: add `waves`/,
  )
})

it('every place of forty accounts is proven, each account with roles of its own', () => {
  const assembly = synthesize(
    fleet('[{ accounts: 1, regions: [eu-west-1] }, { accounts: 25%, repeat: true }]'),
  )
  const access = assembly.waves[0]!.filter(({ name }) => name.endsWith('-access'))
  expect(new Set(access.map(({ target }) => target.account)).size).toBe(41)
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
  const reached = new Set(edges.flatMap(({ need }) => need.principal.match(/:(5\d{11}):/)?.[1] ?? []))
  expect(reached.size).toBe(40)
})

it('of a wave in parts the last one bakes, where there are no alarms to watch', () => {
  const bakes = (more: string) =>
    synthesize(fleet('[{ accounts: 2 }, { bake: 60 }]', more))
      .pipelines[0]!.declaration.stages.slice(2)
      .map(({ name, actions }) => [
        name,
        actions.some(({ actionTypeId }) => actionTypeId.category === 'Invoke'),
      ])
  expect(bakes('')).toEqual([
    ['prod-1', false],
    ['prod-2-1', false],
    ['prod-2-2', true],
  ])
})
