import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FleetErrors, parseFleet } from '../fleet/index.ts'
import { executionPolicies, recordedPolicies, synthesize } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-synth-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'queue.yaml'), 'Resources: { Q: { Type: AWS::SQS::Queue } }')
writeFileSync(join(folder, 'odd.yaml'), 'Resources: { Q: { Type: AWS::Wonder::Thing } }')
writeFileSync(join(folder, 'broken.yaml'), 'Resources: [')
writeFileSync(
  join(folder, 'refused.yaml'),
  'Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: { Runtime: nodejs20.x, Handler: i.h, CodeUri: { Bucket: b } }\n',
)

const fleetOf = (pipelines: string) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [us-east-1] }
  here: { account: "111111111111", regions: [us-east-1] }
  prod: { account: "444444444444", regions: [us-east-1, eu-west-1] }
pipelines:
${pipelines}`,
    join(folder, 'crossdock.yaml'),
  )

const queue = (rest: string) => `
  orders:
    source: { github: acme/orders, branch: trunk }
    deploy: [{ cloudformation: { template: queue.yaml } }]
    ${rest}
`

/** Actions of a stage as `runOrder name`. */
function stage(pipelines: string, name: string): string[] {
  const [pipeline] = synthesize(fleetOf(pipelines)).pipelines
  const found = pipeline!.declaration.stages.find((one) => one.name === name)
  return found!.actions.map((action) => `${action.runOrder} ${action.name}`)
}

it('an approval fails after so many minutes', () => {
  const { declaration } = synthesize(
    fleetOf(queue('stages: [{ environment: dev, approve: { timeout: 60 } }]')),
  ).pipelines[0]!
  const approval = declaration.stages.at(-1)!.actions.find(({ name }) => name === 'approve')
  expect(approval?.timeoutInMinutes).toBe(60)
})

it('a stack whose first deployment failed is replaced where the file says so', () => {
  const { declaration } = synthesize(
    fleetOf(`
  orders:
    source: { github: acme/orders }
    deploy: [{ cloudformation: { template: queue.yaml, replaceOnFailure: true } }]
    stages: [dev]
`),
  ).pipelines[0]!
  expect(declaration.stages.at(-1)!.actions[0]!.configuration).toMatchObject({
    ActionMode: 'REPLACE_ON_FAILURE',
  })
})

it.each(['github: acme/web', 'codecommit: web'])('a repository may be cloned by the builds: %s', (source) => {
  const site = `
  web:
    source: { ${source}, clone: full }
    build: {}
    deploy: [{ s3: { bucket: web } }]
    stages: [dev]
`
  const { declaration, needs } = synthesize(fleetOf(site)).pipelines[0]!
  expect(declaration.stages[0]!.actions[0]!.configuration).toMatchObject({
    OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
  })
  const build = needs.filter(({ principal }) => principal.endsWith('-build')).map(({ action }) => action)
  expect(build).toContain(
    source.startsWith('github') ? 'codestar-connections:UseConnection' : 'codecommit:GitPull',
  )
})

it('deploys that stand together have one run order, between those before and those after', () => {
  const sites = `
  web:
    source: { github: acme/web }
    deploy:
      - s3: { bucket: first }
      - together: [{ s3: { bucket: left } }, { s3: { bucket: right } }]
      - s3: { bucket: last }
    stages: [{ environment: prod, regions: [eu-west-1] }]
`
  expect(stage(sites, 'prod')).toEqual([
    '1 deploy-first-eu-west-1',
    '2 deploy-left-eu-west-1',
    '2 deploy-right-eu-west-1',
    '3 deploy-last-eu-west-1',
  ])
})

it('what the inline policy of a role has no room for stands in managed policies', () => {
  const queues = Array.from(
    { length: 30 },
    (_, index) => `{ Effect: Allow, Action: "sqs:A${index}", Resource: "${'x'.repeat(300)}" }`,
  )
  const own = `
  orders:
    source: { github: acme/orders, branch: trunk }
    deploy: [{ cloudformation: { template: queue.yaml, permissions: [${queues.join()}] } }]
    stages: [dev]
`
  const stack = synthesize(fleetOf(own)).waves[0]!.find(({ name }) => name.endsWith('access'))!
  const { CloudFormationRole: role, CloudFormationRolePolicy2: rest } = stack.template.Resources
  expect(role!.Properties!.ManagedPolicyArns).toEqual([{ Ref: 'CloudFormationRolePolicy2' }])
  expect(rest).toMatchObject({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { ManagedPolicyName: 'crossdock-acme-orders-cloudformation-2', Path: '/crossdock/' },
  })
  for (let index = 0; index < 30; index++)
    expect(JSON.stringify(stack.template).split(`"sqs:A${index}"`)).toHaveLength(2)
})

describe('a stage', () => {
  it('deploys to its regions side by side', () => {
    expect(stage(queue('stages: [prod]'), 'prod')).toEqual([
      '1 deploy-orders-us-east-1',
      '1 deploy-orders-eu-west-1',
    ])
  })

  it('with an approval shows every change set first', () => {
    expect(stage(queue('stages: [{ environment: prod, approve: true }]'), 'prod')).toEqual([
      '1 prepare-orders-us-east-1',
      '1 prepare-orders-eu-west-1',
      '2 approve',
      '3 execute-orders-us-east-1',
      '3 execute-orders-eu-west-1',
    ])
  })

  it('tests after its deploys', () => {
    const stages = 'stages: [{ environment: dev, test: { commands: [make test] } }]'
    expect(stage(queue(stages), 'dev')).toEqual(['1 deploy-orders-us-east-1', '2 test'])
  })

  it('deploys one thing after the other', () => {
    const two = `
  orders:
    source: { github: acme/orders }
    deploy: [{ cloudformation: { template: queue.yaml, stack: a } }, { s3: { bucket: b } }]
    stages: [{ environment: dev, changeSets: true }]`
    expect(stage(two, 'dev')).toEqual([
      '1 prepare-a-us-east-1',
      '2 execute-a-us-east-1',
      '3 deploy-b-us-east-1',
    ])
  })
})

describe('the stacks', () => {
  it('of the first wave take no output of another', () => {
    const { waves } = synthesize(fleetOf(queue('stages: [dev, prod]')))
    expect(waves).toHaveLength(2)
    expect(waves[0]!.map(({ name, target }) => `${name} ${target.account} ${target.region}`)).toEqual([
      'crossdock-acme-hub 111111111111 us-east-1',
      'crossdock-acme-key 111111111111 eu-west-1',
      'crossdock-acme-orders-store 111111111111 eu-west-1',
      'crossdock-acme-orders-access 222222222222 us-east-1',
      'crossdock-acme-orders-access 444444444444 us-east-1',
    ])
    expect(waves[0]!.every(({ parametersFrom }) => Object.keys(parametersFrom).length === 0)).toBe(true)
    expect(waves[1]!.map(({ name }) => name)).toEqual(['crossdock-acme-orders'])
  })

  it('of other pipelines stay the same when one is added', () => {
    const text = (pipelines: string) =>
      new Map(
        synthesize(fleetOf(pipelines))
          .waves.flat()
          .map((one) => [`${one.name} ${one.target.account}`, one]),
      )
    const one = text(queue('stages: [dev, prod]'))
    const two = text(queue('stages: [dev, prod]') + queue('stages: [dev, prod]').replace('orders:', 'bills:'))
    for (const [name, stack] of one) expect(two.get(name), name).toEqual(stack)
    expect(two.size).toBe(one.size + 4)
  })

  it('speak of no other account when the fleet deploys to its hub', () => {
    const stacks = synthesize(fleetOf(queue('stages: [here]'))).waves.flat()
    expect(stacks.map(({ target }) => target.account)).toEqual([
      '111111111111',
      '111111111111',
      '111111111111',
    ])
    expect(JSON.stringify(stacks)).not.toMatch(/444444444444/)
  })

  it('make a connection only when the fleet names none', () => {
    const arn = 'arn:aws:codestar-connections:us-east-1:111111111111:connection/abc'
    const own = queue('stages: [dev]').replace('branch: trunk', `connection: "${arn}"`)
    const { waves } = synthesize(fleetOf(own))
    expect(JSON.stringify(waves[0])).not.toContain('AWS::CodeStarConnections::Connection')
    expect(Object.keys(waves[1]![0]!.parametersFrom)).toEqual(['KeyUsEast1'])
    expect(JSON.stringify(waves[1])).toContain(arn)
  })

  it('start a pipeline by its paths through a trigger', () => {
    const paths = queue('stages: [dev]').replace(
      'branch: trunk',
      'paths: ["services/${pipeline}/**", "!${fleet}/*.md"]',
    )
    const [pipeline] = synthesize(fleetOf(paths)).pipelines
    expect(pipeline!.declaration.triggers).toEqual([
      {
        providerType: 'CodeStarSourceConnection',
        gitConfiguration: {
          sourceActionName: 'Source',
          push: [
            {
              branches: { includes: ['main'] },
              filePaths: { includes: ['services/orders/**'], excludes: ['acme/*.md'] },
            },
          ],
        },
      },
    ])
    expect(pipeline!.declaration.stages[0]!.actions[0]!.configuration?.DetectChanges).toBe('false')
  })

  it('give CloudFormation what the fleet file lists instead of what the template says', () => {
    const listed = queue('stages: [dev]').replace(
      'template: queue.yaml',
      'template: made.yaml, permissions: ["arn:aws:iam::aws:policy/AmazonSQSFullAccess", { Action: "sns:*", Resource: "*" }]',
    )
    const access = synthesize(fleetOf(listed)).waves[0]!.find(({ name }) => name.endsWith('access'))!
    const { ManagedPolicyArns, Policies } = access.template.Resources.CloudFormationRole!.Properties as {
      ManagedPolicyArns: string[]
      Policies: { PolicyDocument: { Statement: unknown[] } }[]
    }
    expect(ManagedPolicyArns).toEqual(['arn:aws:iam::aws:policy/AmazonSQSFullAccess'])
    expect(Policies[0]!.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'sns:*', Resource: '*' },
    ])
  })
})

describe('what is wrong', () => {
  it('with a template that is not there is said where the deploy stands', () => {
    const missing = queue('stages: [dev, prod]').replace('queue.yaml', 'packaged.yaml')
    expect(() => synthesize(fleetOf(missing))).toThrow(FleetErrors)
    try {
      synthesize(fleetOf(missing))
    } catch (error) {
      expect((error as FleetErrors).errors.map(String)).toEqual([
        expect.stringMatching(
          /crossdock\.yaml:\d+:\d+: the template packaged\.yaml is not beside the fleet file\n {2}fix: .*permissionsFrom/,
        ),
      ])
    }
  })

  it('with a template that cannot be read is said', () => {
    const broken = queue('stages: [dev]').replace('queue.yaml', 'broken.yaml')
    expect(() => synthesize(fleetOf(broken))).toThrow(
      /\/broken\.yaml:\d+:\d+: the template broken\.yaml cannot be read/,
    )
  })

  it('with what a template asks for is said where that stands in it', () => {
    const refused = queue('stages: [dev, prod]').replace('queue.yaml', 'refused.yaml')
    expect(() => synthesize(fleetOf(refused))).toThrow(
      /\/refused\.yaml:5:54: the template refused\.yaml cannot be deployed: .*CodeUri/s,
    )
  })

  it('with a type that nothing is known about is a warning', () => {
    const odd = queue('stages: [dev, prod]').replace('queue.yaml', 'odd.yaml')
    expect(synthesize(fleetOf(odd)).warnings?.map(String)).toEqual([
      expect.stringMatching(/no known permissions for AWS::Wonder::Thing\n {2}fix: .*permissions:/),
    ])
  })

  it.each([
    ['hub', 'stages: [dev]'],
    ['orders-access', 'stages: [here]'],
  ])('with two things of one name is said: %s', (name, stages) => {
    const both = queue(stages) + queue(stages).replace('orders:', `${name}:`)
    expect(() => synthesize(fleetOf(both))).toThrow(
      /crossdock\.yaml:\d+:\d+: .* would both be named crossdock-acme-/,
    )
  })

  it('for CodePipeline is said where the pipeline stands', () => {
    const long = queue(
      `stages: [{ environment: dev, deploy: [{ cloudformation: { template: queue.yaml, parameters: { P: "${'x'.repeat(1100)}" } } }] }]`,
    )
    expect(() => synthesize(fleetOf(long))).toThrow(/pipeline orders: .*ParameterOverrides/)
  })
})

describe('a stage whose actions are listed', () => {
  const listed = (stage: string) => queue(`stages: [dev, ${stage}]`)
  const invoke = '{ name: smoke, provider: Lambda, configuration: { FunctionName: "smoke-${environment}" } }'

  it('acts in the account of its environment, as the role of the pipeline there', () => {
    const assembly = synthesize(fleetOf(listed(`{ name: smoke, environment: prod, actions: [${invoke}] }`)))
    const [pipeline] = assembly.pipelines
    expect(pipeline!.declaration.stages.at(-1)!.actions).toEqual([
      {
        name: 'smoke',
        actionTypeId: { category: 'Invoke', owner: 'AWS', provider: 'Lambda', version: '1' },
        runOrder: 1,
        configuration: { FunctionName: 'smoke-prod' },
        roleArn: 'arn:aws:iam::444444444444:role/crossdock/crossdock-acme-orders-deploy',
      },
    ])
    const role = assembly.waves[0]!.find(({ environment }) => environment === 'prod')!
    expect(JSON.stringify(role.template)).toContain('function:smoke-prod')
    expect(Object.keys(role.template.Resources)).toEqual(['DeployRole'])
  })

  it('acts in the hub as the pipeline itself without an environment, and makes no stack', () => {
    const assembly = synthesize(fleetOf(listed(`{ name: smoke, actions: [${invoke}] }`)))
    expect(assembly.pipelines[0]!.declaration.stages.at(-1)!.actions[0]!.roleArn).toBeUndefined()
    expect(assembly.waves[0]!.map(({ environment }) => environment)).not.toContain('prod')
    const [stack] = assembly.waves[1]!
    expect(JSON.stringify(stack!.template)).toContain('lambda:us-east-1:111111111111:function:smoke-hub')
  })

  it('needs a store in the region of each action', () => {
    const far = invoke.replace('provider', 'region: eu-west-1, provider')
    const assembly = synthesize(fleetOf(listed(`{ name: smoke, actions: [${far}] }`)))
    expect(Object.keys(assembly.pipelines[0]!.declaration.artifactStores!)).toEqual([
      'us-east-1',
      'eu-west-1',
    ])
  })

  it('is held to the rules of CodePipeline', () => {
    const wrong = '{ name: smoke, provider: Lambda, inputs: [Nothing], configuration: { Function: x } }'
    expect(() => synthesize(fleetOf(listed(`{ name: smoke, actions: [${wrong}] }`)))).toThrow(
      /unknown configuration '\[Function\]'[\s\S]*Nothing/,
    )
  })
})

describe('files deployed to a bucket', () => {
  it('give the role there what the fleet file adds', () => {
    const own = '{ Action: kms:GenerateDataKey, Resource: "arn:aws:kms:us-east-1:222222222222:key/k" }'
    const { waves } = synthesize(
      fleetOf(`
  site:
    source: { s3: { bucket: drops, key: site.zip } }
    deploy: [{ s3: { bucket: "site-\${environment}", permissions: [${own}] } }]
    stages: [dev]`),
    )
    const role = waves[0]!.find(({ environment }) => environment === 'dev')!
    expect(JSON.stringify(role.template)).toContain('arn:aws:kms:us-east-1:222222222222:key/k')
  })
})

describe('execution policies', () => {
  const fleet = fleetOf(queue('stages: [dev, prod]'))
  const role = 'arn:aws:iam::222222222222:role/crossdock/crossdock-acme-orders-cloudformation'

  it('are one for each stack, with the ARNs of its account and region', () => {
    const policies = executionPolicies(fleet)
    expect(policies.map(({ environment, region, stack }) => `${environment} ${region} ${stack}`)).toEqual([
      'dev us-east-1 orders',
      'prod us-east-1 orders',
      'prod eu-west-1 orders',
    ])
    expect(policies[0]!.role).toBe(role)
    expect(JSON.stringify(policies[2]!.policy)).toContain('arn:aws:sqs:eu-west-1:444444444444:orders-Q-*')
    expect(JSON.stringify(policies[2]!.policy)).not.toContain('us-east-1')
  })

  it('name the types they lack', () => {
    const odd = queue('stages: [dev]').replace('queue.yaml', 'odd.yaml')
    expect(executionPolicies(fleetOf(odd))[0]!.unknownTypes).toEqual(['AWS::Wonder::Thing'])
  })

  it('come from what was called and allowed, with made-up names as patterns', () => {
    const call = (action: string, resource: string, effect = 'allowed', region = 'us-east-1') => ({
      action,
      resource,
      principal: role,
      region,
      context: {},
      decision: { effect },
    })
    const [policy] = recordedPolicies(fleet, [
      call('sqs:CreateQueue', 'arn:aws:sqs:us-east-1:222222222222:orders-Q-A1B2C3D4E5F6'),
      call('sqs:DeleteQueue', 'arn:aws:sqs:us-east-1:222222222222:orders-Q-A1B2C3D4E5F6', 'implicitDeny'),
      call('sns:CreateTopic', 'arn:aws:sns:eu-west-1:222222222222:t', 'allowed', 'eu-west-1'),
      call('s3:GetObject', 'arn:aws:s3:::b/acme-orders/SourceOutp/XyZ12ab'),
    ])
    expect(policy!.policy.Statement).toEqual([
      {
        Sid: 'CallSqsForStackOrders',
        Effect: 'Allow',
        Action: 'sqs:CreateQueue',
        Resource: 'arn:aws:sqs:us-east-1:222222222222:orders-Q-*',
      },
      {
        Sid: 'CallS3ForStackOrders',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::b/acme-orders/SourceOutp/*',
      },
    ])
  })
})
