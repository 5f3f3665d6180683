import { expect, test } from 'vitest'
import { prove, readAssembly } from '../access/index.ts'
import { parseFleet } from '../fleet/index.ts'
import { synthesize } from './index.ts'

const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`

const fleet = (roles: string) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [us-east-1] }
  prod: { account: "444444444444", regions: [us-east-1] }
pipelines:
  orders:
    source: { github: acme/orders }
    build: {}
    roles: { ${roles} }
    deploy: [{ cloudformation: { template: orders.yaml, permissions: [{ Action: "sns:*", Resource: "*" }] } }]
    stages: [dev, prod]
`,
    '/nowhere/crossdock.yaml',
  )

const ALL = [
  `pipeline: "${role('111111111111', 'p')}"`,
  `build: "${role('111111111111', 'b')}"`,
  `deploy: "${role('${account}', 'd')}"`,
  `cloudformation: "${role('${account}', 'c')}"`,
].join(', ')

test('existing roles stand in the pipeline, and no stack makes them', () => {
  const { waves, pipelines } = synthesize(fleet(ALL))
  expect(waves[0]!.map(({ name }) => name)).toEqual(['crossdock-acme-hub'])
  const { Resources } = waves[1]![0]!.template
  expect(Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role')).toEqual([])
  expect(Resources.Build!.Properties).toMatchObject({ ServiceRole: role('111111111111', 'b') })
  const { declaration } = pipelines[0]!
  expect(declaration.roleArn).toBe(role('111111111111', 'p'))
  const [deployed] = declaration.stages.find(({ name }) => name === 'prod')!.actions
  expect(deployed).toMatchObject({
    roleArn: role('444444444444', 'd'),
    configuration: { RoleArn: role('444444444444', 'c') },
  })
})

test('the proof takes them for what nobody has read, and says what they must trust and allow', () => {
  const assembly = synthesize(fleet(ALL))
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.filter(({ verdict }) => verdict === 'denied')).toEqual([])
  expect(new Set(edges.flatMap((edge) => edge.assumed ?? []))).toContain(
    'the policies of the role arn:aws:iam::444444444444:role/d, which stands already',
  )
  const told = assembly.existing!.flatMap((one) => one.told).map(String)
  expect(told).toHaveLength(6)
  expect(told[2]).toMatch(
    /crossdock\.yaml:11:\d+: the role arn:aws:iam::222222222222:role\/d is used as it stands/,
  )
  expect(told[2]).toContain('"aws:PrincipalArn":"arn:aws:iam::111111111111:role/p"')
  expect(told[2]).toContain('"Action":"iam:PassRole"')
  expect(told[4]).toContain('`crossdock policy orders` prints')
})

test('a role that is made lets an existing one in, and the key too', () => {
  const { waves } = synthesize(fleet(`pipeline: "${role('111111111111', 'p')}"`))
  const [hub, access] = waves[0]!
  expect(JSON.stringify(hub!.template.Resources.Key)).toContain(role('111111111111', 'p'))
  const { DeployRole } = access!.template.Resources
  expect(JSON.stringify(DeployRole!.Properties!.AssumeRolePolicyDocument)).toContain(
    role('111111111111', 'p'),
  )
  const { edges } = prove(readAssembly(synthesize(fleet(`pipeline: "${role('111111111111', 'p')}"`))), {
    complete: true,
  })
  expect(edges.filter(({ verdict }) => verdict === 'denied')).toEqual([])
})

test('a role that nobody named is still one that must be made', () => {
  const { existing: _, ...assembly } = synthesize(fleet(ALL))
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.some(({ verdict }) => verdict === 'denied')).toBe(true)
})

test.each([
  [`pipeline: "${role('222222222222', 'p')}"`, /roles.pipeline is of the account 222222222222/],
  [
    `deploy: "${role('222222222222', 'd')}"`,
    /roles.deploy is of the account 222222222222, and prod is 444444444444\n {2}fix: write \$\{account\} in its place/,
  ],
  ['deploy: orders', /must be the ARN of a role/],
  ['', /must name a role/],
])('what cannot be used is refused: %s', (roles, message) => {
  expect(() => fleet(roles)).toThrow(message)
})
