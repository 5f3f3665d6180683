import { expect, it } from 'vitest'
import { sharedConnections, synthesize } from '../synth/index.ts'
import { type Copy, developerCopy, parseFleet } from './index.ts'

const fleet = parseFleet(
  `fleet: team
hub: { account: "111111111111", region: us-east-1 }
environments:
  test: { account: "333333333333", regions: { us-east-1: { Size: small }, eu-west-1: { Size: large } }, approve: true }
developers:
  ana: { account: "555555555555", profile: ana, regions: [eu-west-1, us-west-2] }
  bo: { account: "666666666666", pipelines: [orders] }
pipelines:
  orders:
    source: { github: acme/orders }
    build: {}
    deploy: [{ s3: { bucket: "\${fleet}-\${environment}-\${accountName}-\${values.Size}" } }]
    stages:
      - { name: look, actions: [{ name: look, provider: Manual }] }
      - test
  drops:
    source: { s3: { bucket: drops, key: a.zip } }
    deploy: [{ s3: { bucket: b } }]
    stages: [test]
    start: { after: [orders] }
  branched:
    source: { github: acme/branched }
    branches: [main, next]
    deploy: [{ s3: { bucket: b } }]
    stages: [test]
  none:
    source: { github: acme/none }
    deploy: [{ s3: { bucket: b } }]
    stages: [{ name: look, actions: [{ name: look, provider: Manual }] }]
`,
  '/nowhere/crossdock.yaml',
)
const copy = (asked: Copy) => developerCopy(fleet, asked)

it('a copy has names of its own, one stage without guards, and the values of the stage that it copies', () => {
  const made = copy({
    developer: 'ana',
    pipeline: 'orders',
    branch: 'faster',
    connections: new Map([['source', 'arn:x']]),
  })
  const { waves, pipelines } = synthesize(made)
  const { declaration } = pipelines[0]!
  expect(declaration.name).toBe('team--ana--orders')
  expect(declaration.stages.map(({ name }) => name)).toEqual(['Source', 'Build', 'ana'])
  expect(declaration.stages[0]!.actions[0]!.configuration).toMatchObject({
    BranchName: 'faster',
    ConnectionArn: 'arn:x',
  })
  expect(
    declaration.stages[2]!.actions.map(({ configuration, region }) => [configuration?.BucketName, region]),
  ).toEqual([
    ['team-test-ana-large', 'eu-west-1'],
    ['team-test-ana-small', 'us-west-2'],
  ])
  const shared = new Set(
    synthesize(fleet)
      .waves.flat()
      .map(({ name }) => name),
  )
  expect(waves.flat().filter(({ name }) => shared.has(name))).toEqual([])
  expect(waves[0]!.find(({ name }) => name.endsWith('access'))!.target).toEqual({
    account: '555555555555',
    region: 'eu-west-1',
  })
  expect(made.environments[0]!.accounts[0]).toMatchObject({ name: 'ana', profile: 'ana' })
})

it('where the hub’s region is enough, and the copied pipeline follows nothing but its source', () => {
  const { pipelines } = copy({ developer: 'bo', pipeline: 'orders' })
  expect(pipelines[0]!.stages[0]!.places.map(({ region }) => region)).toEqual(['us-east-1'])
  expect(copy({ developer: 'ana', pipeline: 'drops' }).pipelines[0]!.start).toEqual({
    sources: ['source'],
    after: [],
  })
  expect(copy({ developer: 'ana', pipeline: 'branched-next' }).name).toBe('team--ana--branched-next')
  expect(copy({ developer: 'ana', pipeline: 'branched' }).name).toBe('team--ana--branched-main')
})

it('the connection that a copy uses is the fleet’s', () => {
  expect(sharedConnections(fleet, fleet.pipelines[0]!)).toEqual(
    new Map([
      [
        'source',
        {
          stack: 'crossdock-team-hub',
          target: { account: '111111111111', region: 'us-east-1' },
          output: 'ConnectionGitHub',
        },
      ],
    ]),
  )
  expect(sharedConnections(fleet, fleet.pipelines[1]!).size).toBe(0)
})

it.each([
  [{ developer: 'anna', pipeline: 'orders' }, /there is no developer anna/],
  [{ developer: 'ana', pipeline: 'order' }, /there is no pipeline order/],
  [
    { developer: 'bo', pipeline: 'drops' },
    /bo may not copy drops\n {2}fix: name one of orders, or add it to developers\.bo\.pipelines/,
  ],
  [
    { developer: 'ana', pipeline: 'drops', branch: 'x' },
    /the source of drops has no branches\n {2}fix: leave --branch out/,
  ],
  [{ developer: 'ana', pipeline: 'none' }, /none deploys nothing that could be copied/],
])('%j is told', (asked, told) => {
  const error = (() => {
    try {
      return copy(asked)
    } catch (thrown) {
      return String(thrown)
    }
  })()
  expect(error).toMatch(told)
})
