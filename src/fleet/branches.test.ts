import { expect, it } from 'vitest'
import { synthesize } from '../synth/index.ts'
import { branchSlug, EMPTY_LOCK, expandText, type FleetErrors, parseFleet } from './index.ts'

const lock = {
  ...EMPTY_LOCK,
  branches: { 'github acme/orders': { 'release/*': ['release/1.0', 'release/next'], 'hotfix/*': [] } },
}
const file = (orders: string, defaults = '') => `fleet: factory
hub: { account: "111111111111", region: ap-southeast-2 }
environments:
  dev: { account: "222222222222", regions: [ap-southeast-2] }
  prod: { account: "444444444444", regions: [us-east-1] }
defaults:
  deploy: [{ cloudformation: { template: packaged.yaml, permissions: [{ Action: "ec2:*", Resource: "*" }] } }]
  ${defaults}
pipelines:
  orders:
    source: { github: acme/orders }
${orders}
`
const fleet = (orders: string, defaults?: string) => parseFleet(file(orders, defaults), 'c.yaml', lock)
const errorsOf = (orders: string, defaults?: string): string => {
  try {
    fleet(orders, defaults)
    return ''
  } catch (error) {
    return (error as FleetErrors).errors.map(String).join('\n')
  }
}

it('a pipeline for each branch, with what stands at its pattern put over the rest', () => {
  const made = fleet(`    branches:
      main: { stages: [{ environment: prod, approve: true }], executionMode: QUEUED }
      "release/*": { stages: [dev] }`)
  expect(
    made.pipelines.map(({ id, key, stages, executionMode }) => [id, key, stages[0]!.name, executionMode]),
  ).toEqual([
    ['orders-main', 'orders', 'prod', 'QUEUED'],
    ['orders-release-1-0', 'orders', 'dev', 'SUPERSEDED'],
    ['orders-release-next', 'orders', 'dev', 'SUPERSEDED'],
  ])
  const { pipelines, waves } = synthesize(made)
  expect(pipelines.map(({ declaration }) => declaration.name)).toEqual([
    'factory-orders-main',
    'factory-orders-release-1-0',
    'factory-orders-release-next',
  ])
  const [, release] = pipelines
  expect(release!.declaration.stages[0]!.actions[0]!.configuration).toMatchObject({
    BranchName: 'release/1.0',
  })
  expect(release!.declaration.stages[1]!.actions[0]!.configuration).toMatchObject({
    StackName: 'orders-release-1-0',
  })
  const roles = waves[0]!.filter(({ name }) => name.endsWith('-access')).map(({ name }) => name)
  expect(roles).toEqual([
    'crossdock-factory-orders-main-access',
    'crossdock-factory-orders-release-1-0-access',
    'crossdock-factory-orders-release-next-access',
  ])
})

it('${pipeline} is the key in the file, and ${branch} and ${branchSlug} the branch', () => {
  const { pipelines } = synthesize(
    fleet(
      '    branches: [Feature/A_b]\n    name: "${pipeline}.${branchSlug}"\n    stages: [dev]\n    deploy: [{ s3: { bucket: "${pipeline}-${branchSlug}" } }]',
    ),
  )
  expect(pipelines[0]!.id).toBe('orders-feature-a-b')
  expect(pipelines[0]!.declaration.name).toBe('orders.feature-a-b')
  expect(pipelines[0]!.declaration.stages[1]!.actions[0]!.configuration).toMatchObject({
    BucketName: 'orders-feature-a-b',
  })
})

it('the first pattern that a branch matches counts', () => {
  const { pipelines } = fleet(
    '    branches: { release/next: { stages: [prod] }, "release/*": { stages: [dev] } }',
  )
  expect(pipelines.map(({ id, stages }) => [id, stages[0]!.name])).toEqual([
    ['orders-release-next', 'prod'],
    ['orders-release-1-0', 'dev'],
  ])
})

it('`branches` is inherited as every key, and follows the source that starts the pipeline', () => {
  const { pipelines } = parseFleet(
    file(
      '    source: null\n    sources: { code: { github: acme/orders }, base: { github: acme/base } }\n    start: code\n    deploy: [{ from: code, s3: { bucket: b } }]',
      'branches: [main, develop]\n  stages: [dev]',
    ).replace('    source: { github: acme/orders }\n', ''),
    'c.yaml',
    lock,
  )
  expect(
    pipelines.map(({ sources }) =>
      sources.map(({ configuration }) => 'branch' in configuration && configuration.branch),
    ),
  ).toEqual([
    ['main', 'main'],
    ['develop', 'main'],
  ])
})

it('errors keep their places', () => {
  expect(errorsOf('    stages: [dve]\n    branches: { main: , develop: { stages: [prd] } }')).toBe(
    'c.yaml:12:14: there is no environment `dve`\n  fix: write `dev`\nc.yaml:13:45: there is no environment `prd`\n  fix: write `prod`',
  )
  expect(errorsOf('    branches: { main: { stags: [dev] } }\n    stages: [dev]')).toMatch(
    /c\.yaml:12:\d+: unknown key `stags` in pipelines\.orders\n {2}fix: write `stages`/,
  )
})

it.each([
  [
    'branches: ["feature/*"]',
    /12:16: c\.lock\.yaml does not hold the branches feature\/\* of acme\/orders\n {2}fix: run `crossdock sync`/,
  ],
  [
    'branches: ["hotfix/*"]',
    /no branch of acme\/orders matches hotfix\/\*\n {2}fix: remove it, or run `crossdock sync` after the push/,
  ],
  ['branches: [release/1-0, "release/*"]', /two pipelines would be named `orders-release-1-0`/],
  ['branches: { "release/*": { stages: [dev] }, main: { stages: 3 } }', /stages/],
  ['branches: []', /must not be empty/],
  ['branches: { main: 3 }', /pipelines\.orders\.branches\.main: must be/],
])('%s is told', (branches, told) => {
  expect(errorsOf(`    ${branches}\n    stages: [dev]`)).toMatch(told)
})

it('a source without branches, several without a start and a branch beside `branches` are told', () => {
  const told = (sources: string) => {
    try {
      parseFleet(
        file('    branches: [main]\n    stages: [dev]').replace('source: { github: acme/orders }', sources),
        'c.yaml',
      )
      return ''
    } catch (error) {
      return (error as FleetErrors).errors.map(String).join('\n')
    }
  }
  expect(told('source: { s3: { bucket: b, key: k } }')).toMatch(
    /`branches` needs one source with branches to follow/,
  )
  expect(told('sources: { a: { github: a/a }, b: { github: a/b } }')).toMatch(
    /needs one source with branches/,
  )
  expect(told('source: { github: acme/orders, branch: main }')).toMatch(
    /c\.yaml:11:\d+: the branches stand in `branches`\n {2}fix: take `branch` out/,
  )
})

it('a branch in a name is short, and long ones differ', () => {
  expect(branchSlug('Release/2.0_final!')).toBe('release-2-0-final')
  const [one, other] = ['a', 'b'].map((end) => branchSlug(`feature/${'very-'.repeat(10)}${end}`))
  expect(one).toMatch(/^feature-very-very-ver-[0-9a-f]{8}$/)
  expect(one).not.toBe(other)
  const { pipelines } = fleet(`    branches: [feature/${'x'.repeat(80)}]\n    stages: [dev]`)
  expect(pipelines[0]!.id.length).toBeLessThanOrEqual(60)
  expect(expandText('${branchSlug}', { branchSlug: one! })).toBe(one)
})
