import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isFailed, prove, readAssembly } from '../access/index.ts'
import { developerCopy, parseFleet } from '../fleet/index.ts'
import { synthesize } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-sets-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(
  join(folder, 'base.yaml'),
  'Parameters: { Size: { Type: String } }\nResources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Size } } }',
)
writeFileSync(
  join(folder, 'macro.yaml'),
  'Transform: AWS::LanguageExtensions\nResources: { Q: { Type: AWS::SQS::Queue } }',
)

const fleet = (stackset: string, { stage = 'shared', organization = '' } = {}) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
${organization}
environments:
  shared: { account: "222222222222", regions: [us-east-1] }
  wide: { account: "222222222222", regions: [us-east-1, eu-west-1] }
  prod: { accounts: { a: "333333333333", b: "444444444444" }, regions: [eu-west-1] }
pipelines:
  base:
    source: { github: acme/base }
    deploy: [{ stackset: { name: base, template: base.yaml, parameters: { Size: large }, ${stackset} } }]
    stages: [${stage}]
`,
    join(folder, 'crossdock.yaml'),
  )

const ACCOUNTS = 'accounts: ["333333333333", "444444444444"], regions: [us-east-1, eu-west-1]'
const UNITS = 'organizationalUnits: [ou-ab12-cdefgh34], regions: [us-east-1]'
const MANAGEMENT = 'organization: { management: { account: "999999999999" } }'

const action = (...given: Parameters<typeof fleet>) =>
  synthesize(fleet(...given)).pipelines[0]!.declaration.stages.at(-1)!.actions[0]!

describe('a stack set of accounts', () => {
  test('is deployed through roles of the fleet', () => {
    expect(action(`${ACCOUNTS}, failureTolerance: 10, maxConcurrent: 25`)).toMatchObject({
      name: 'deploy-base-us-east-1',
      actionTypeId: { provider: 'CloudFormationStackSet' },
      configuration: {
        StackSetName: 'base',
        TemplatePath: 'SourceOutput::base.yaml',
        Parameters: 'ParameterKey=Size,ParameterValue=large',
        PermissionModel: 'SELF_MANAGED',
        AdministrationRoleArn: 'arn:aws:iam::222222222222:role/crossdock/crossdock-acme-base-stacksets',
        ExecutionRoleName: 'crossdock-acme-base-instances',
        DeploymentTargets: '333333333333,444444444444',
        Regions: 'us-east-1,eu-west-1',
        FailureTolerancePercentage: '10',
        MaxConcurrentPercentage: '25',
      },
    })
  })

  test('has its roles where it is made and where its stacks stand, and is proven', () => {
    const assembly = synthesize(fleet(ACCOUNTS))
    const access = assembly.waves[0]!.filter(({ name }) => name.endsWith('access'))
    expect(
      access.map(({ target, environment, template }) => [
        target.account,
        environment,
        Object.keys(template.Resources),
      ]),
    ).toEqual([
      ['222222222222', 'shared', ['DeployRole', 'StackSetRole']],
      ['333333333333', 'prod', ['InstancesRole']],
      ['444444444444', 'prod', ['InstancesRole']],
    ])
    const { Path, RoleName, AssumeRolePolicyDocument, Policies } = access[1]!.template.Resources
      .InstancesRole!.Properties as Record<string, unknown>
    expect([Path, RoleName]).toEqual(['/', 'crossdock-acme-base-instances'])
    expect(JSON.stringify(AssumeRolePolicyDocument)).toContain(
      '"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/crossdock/crossdock-acme-base-stacksets"}',
    )
    const policies = JSON.stringify(Policies)
    expect(policies).toContain('arn:aws:cloudformation:*:333333333333:stack/StackSet-base-*/*')
    expect(policies).toContain('"sqs:CreateQueue"')
    const { edges } = prove(readAssembly(assembly), { complete: true })
    expect(edges.filter(isFailed)).toEqual([])
    expect(edges.some(({ need }) => need.principal.endsWith('role/crossdock-acme-base-instances'))).toBe(true)
  })

  test('and a role that trusts nobody fails the proof', () => {
    const assembly = structuredClone(synthesize(fleet(ACCOUNTS)))
    const access = assembly.waves[0]!.find(({ target }) => target.account === '333333333333')!
    const { Properties } = access.template.Resources.InstancesRole!
    ;(Properties as Record<string, unknown>).AssumeRolePolicyDocument = {
      Version: '2012-10-17',
      Statement: [],
    }
    const { edges } = prove(readAssembly(assembly), { complete: true })
    expect(edges.filter(isFailed).map(({ need }) => `${need.action} ${need.resource}`)).toEqual([
      'sts:AssumeRole arn:aws:iam::333333333333:role/crossdock-acme-base-instances',
    ])
  })
})

test('a stack set of units is deployed as the management account or a delegated administrator', () => {
  const organization = MANAGEMENT
  expect(action(UNITS, { organization }).configuration).toMatchObject({
    PermissionModel: 'SERVICE_MANAGED',
    CallAs: 'DELEGATED_ADMIN',
    DeploymentTargets: 'ou-ab12-cdefgh34',
  })
  const own = 'organization: { management: { account: "222222222222" } }'
  expect(action(UNITS, { organization: own }).configuration).toMatchObject({ CallAs: 'SELF' })
  const assembly = synthesize(fleet(UNITS, { organization }))
  expect(assembly.waves[0]!.flatMap(({ template }) => Object.keys(template.Resources))).not.toContain(
    'InstancesRole',
  )
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.filter(isFailed)).toEqual([])
})

test.each([
  [
    'regions: [us-east-1]',
    {},
    /a stack set goes to accounts or to organizational units\n {2}fix: add `accounts`/,
  ],
  [`${ACCOUNTS}, organizationalUnits: [ou-ab12-cdefgh34]`, {}, /not to both/],
  [
    `${UNITS}, permissions: [arn:aws:iam::aws:policy/AdministratorAccess]`,
    { organization: MANAGEMENT },
    /StackSets’ own/,
  ],
  ['accounts: ["999999999999"], regions: [us-east-1]', {}, /the account 999999999999 is in no environment/],
  [UNITS, {}, /whether the stage’s account manages the organization is not known/],
  [`${ACCOUNTS}, maxConcurrent: 0`, {}, /maxConcurrent/],
  ['organizationalUnits: [workloads], regions: [us-east-1]', {}, /must be the id of a unit/],
  [ACCOUNTS, { stage: 'wide' }, /would make the stack set in each of its 2 places/],
] as const)('what cannot be is refused: %s %o', (stackset, around, message) => {
  expect(() => synthesize(fleet(stackset, around))).toThrow(message)
})

test('the parameters are held against the template and against what CodePipeline can hand over', () => {
  const text = (find: string, put: string) =>
    parseFleet(
      `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments: { shared: { account: "222222222222", regions: [us-east-1] } }
organization: { management: { account: "222222222222" } }
pipelines:
  base:
    source: { github: acme/base }
    deploy: [{ stackset: { name: base, template: base.yaml, parameters: { Size: large }, accounts: ["222222222222"], regions: [us-east-1] } }]
    stages: [shared]
`.replace(find, put),
      join(folder, 'crossdock.yaml'),
    )
  expect(() => synthesize(text('', ''))).not.toThrow()
  expect(() => synthesize(text('Size: large', 'Sise: large'))).toThrow(/write Size instead of Sise/)
  expect(() => synthesize(text('Size: large', 'Size: "a, b"'))).toThrow(/which CodePipeline cannot hand over/)
  expect(() => synthesize(text('name: base', 'name: a_b'))).toThrow(/a_b is no name of a stack set/)
  const units = 'organizationalUnits: [r-ab12]'
  expect(() =>
    synthesize(text('parameters: { Size: large }, accounts: ["222222222222"]', units)),
  ).not.toThrow()
  const macro = text(
    'template: base.yaml, parameters: { Size: large }, accounts: ["222222222222"]',
    `template: macro.yaml, ${units}`,
  )
  expect(() => synthesize(macro)).toThrow(/its template has macros/)
})

test('a developer’s copy deploys no stack set', () => {
  const developers = 'developers: { ana: { account: "555555555555" } }'
  const made = developerCopy(fleet(ACCOUNTS, { organization: developers }), {
    developer: 'ana',
    pipeline: 'base',
  })
  expect(() => synthesize(made)).toThrow(/a copy of a pipeline deploys no stack set/)
})
