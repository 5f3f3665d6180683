/** `--application`: what CloudFormation calls for the stacks of plain pipelines, proven, judged and printed as policy. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../src/cli/command.ts'
import { check } from '../src/cli/commands/check.ts'
import { policy } from '../src/cli/commands/policy.ts'
import { runCommand } from './run-command.ts'

const STACKS = join(import.meta.dirname, 'cases', 'proof', 'stacks')
const HELLO = join(import.meta.dirname, '..', 'examples', 'hello', 'crossdock.yaml')
const folder = mkdtempSync(join(tmpdir(), 'crossdock-application-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const HUB = `111111111111/us-east-1=${at('hub.yaml')},TargetAccount=222222222222`
const TARGET = `222222222222/us-east-1=${at('target.yaml')},HubAccount=111111111111,KeyArn=@hub.KeyArn,Bucket=@hub.BucketName`
const templates = [HUB, TARGET]

const APP = `Parameters:
  Code: { Type: String }
  Stage: { Type: String, Default: dev }
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "orders-\${Stage}"
`

beforeEach(() => {
  for (const name of ['hub.yaml', 'target.yaml']) cpSync(join(STACKS, name), at(name))
  write('app.yaml', APP)
})

function write(name: string, text: string): void {
  writeFileSync(at(name), text)
}

/** Changes a text that must be there. */
function edit(name: string, from: string, to: string): void {
  const text = readFileSync(at(name), 'utf8')
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  write(name, changed)
}

/** The first statement of the stack's role. */
const FIRST = '              - { Sid: Artifacts, Effect: Allow, Action: s3:GetObject,'
const PATH = 'TemplatePath: Built::template.yaml'
const OVERRIDES = `'{"Code":{"Fn::GetArtifactAtt":["Built","ObjectKey"]}}'`

const json = async (application: readonly string[]) =>
  JSON.parse((await runCommand(check, { templates, application, json: true })).text)

const app = (more = '') => `orders=${at('app.yaml')}${more}`

interface ToldEdge {
  readonly need: { readonly action: string; readonly resource: string; readonly because: string }
  readonly verdict: string
  readonly assumed?: string
  readonly uses: readonly object[]
}

const ofTable = ({ edges }: { edges: ToldEdge[] }) =>
  edges.filter(({ need }) => need.because.includes(' Table in the stack orders'))

describe('check', () => {
  test('names what the stack’s role lacks after the resource, in the action that changes the stack', async () => {
    const { status, text } = await runCommand(check, { templates, application: [app()] })
    expect(status).toBe(1)
    expect(text).toContain('denied orders-stack may not dynamodb:CreateTable')
    expect(text).toContain('  in       orders › Deploy › Deploy')
    expect(text).toContain('to create Table in the stack orders')
    expect(text).toMatch(
      /fix {6}add to the identity policy of arn:aws:iam::222222222222:role\/orders-stack \(\S+target\.yaml:\d+:\d+, stack target, StackRole,/,
    )
  })

  test('asks for the role of a hook to be handed to ECS, and to nobody else', async () => {
    const hooks = 'arn:aws:iam::222222222222:role/hooks'
    write(
      'app.yaml',
      `Parameters: { Code: { Type: String } }
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      DeploymentConfiguration:
        LifecycleHooks:
          - { HookTargetArn: "arn:aws:lambda:us-east-1:222222222222:function:check", RoleArn: "${hooks}", LifecycleStages: [PRE_SCALE_UP] }
`,
    )
    const passing = async (to: string) => {
      cpSync(join(STACKS, 'target.yaml'), at('target.yaml'))
      const Condition = `{ StringEquals: { "iam:PassedToService": ${to} } }`
      const allowed = `{ Sid: Pass, Effect: Allow, Action: iam:PassRole, Resource: "${hooks}", Condition: ${Condition} }`
      edit('target.yaml', FIRST, `              - ${allowed}\n${FIRST}`)
      const { edges }: { edges: ToldEdge[] } = await json([app()])
      return edges.find(({ need }) => need.action === 'iam:PassRole' && need.resource === hooks)?.verdict
    }
    expect(await passing('ecs-tasks.amazonaws.com')).toBe('denied')
    expect(await passing('ecs.amazonaws.com')).toBe('allowed')
  })

  test('without the option says nothing of the stack’s own resources', async () => {
    const found = await json([])
    expect(ofTable(found)).toEqual([])
    expect(found.stacks).toEqual([])
  })

  test('a role whose stack is known is judged for what it is granted beyond', async () => {
    edit(
      'target.yaml',
      FIRST,
      `              - { Sid: Spare, Effect: Allow, Action: sqs:*, Resource: "*" }\n${FIRST}`,
    )
    const spare = ({ excesses }: { excesses: { sid?: string }[] }) =>
      excesses.filter(({ sid }) => sid === 'Spare').length
    expect(spare(await json([]))).toBe(0)
    expect(spare(await json([app()]))).toBe(1)
    write('app.yaml', `${APP}  Own: { Type: My::Own::Type }\n`)
    const unknown = await json([app()])
    expect(spare(unknown)).toBe(0)
    expect(unknown.findings).toContainEqual(
      expect.objectContaining({
        rule: 'unknown-permissions',
        severity: 'warning',
        message: expect.stringContaining('My::Own::Type in the stack orders'),
        origin: expect.objectContaining({ file: at('app.yaml'), line: 9, column: 3, logicalId: 'Own' }),
      }),
    )
  })

  test('takes names from the values that are given, before the defaults', async () => {
    const arn = (found: { edges: ToldEdge[] }) => [
      ...new Set(ofTable(found).map(({ need }) => need.resource)),
    ]
    expect(arn(await json([app()]))).toEqual(['arn:aws:dynamodb:us-east-1:222222222222:table/orders-dev'])
    expect(arn(await json([app(',Stage=prod')]))).toEqual([
      'arn:aws:dynamodb:us-east-1:222222222222:table/orders-prod',
    ])
  })

  test('takes values from the template configuration beside the template, and guesses nothing without it', async () => {
    edit(
      'hub.yaml',
      PATH,
      `TemplatePath: Built::app.yaml\n                  TemplateConfiguration: Built::prod.json`,
    )
    const guess = await json([app()])
    expect(ofTable(guess).map(({ verdict }) => verdict)).not.toContain('denied')
    expect(ofTable(guess)[0]).toMatchObject({ verdict: 'unknown', assumed: 'the value of Stage of orders' })
    expect(guess.findings).toContainEqual(
      expect.objectContaining({
        rule: 'parameter-without-value',
        fix: 'add ,Stage=<value> behind the file in --application',
        origin: expect.objectContaining({ file: at('app.yaml'), line: 3, column: 3 }),
      }),
    )
    write('prod.json', JSON.stringify({ Parameters: { Stage: 'prod' } }))
    expect(ofTable(await json([app()]))[0]?.need.resource).toMatch(/table\/orders-prod$/)
    write('prod.json', JSON.stringify({ Parameters: { Code: 'of-the-file', Stage: 'prod' } }))
    edit('app.yaml', 'orders-', 'orders-${Code}-')
    const taken = ofTable(await json([app()]))[0]
    expect(taken?.need.resource, 'the artifact gives Code').toMatch(/orders-<Code of orders>-prod$/)
    expect(ofTable(await json([app(',Code=x')]))[0]?.need.resource).toMatch(/orders-x-prod$/)
    write('prod.json', '{ no json')
    await expect(json([app()])).rejects.toMatchObject({
      message: expect.stringContaining('the template configuration is no JSON'),
      location: { file: at('prod.json') },
    })
    rmSync(at('prod.json'))
  })

  test('a place chooses one stack of several with a name', async () => {
    write('other.yaml', 'Resources: { Queue: { Type: AWS::SQS::Queue } }')
    const found = await json([app(), `222222222222/us-east-1/orders=${at('other.yaml')}`]).catch(
      (error) => error,
    )
    expect(found).toBeInstanceOf(UsageError)
    expect(found.message).toContain('every stack of that name has a template of its own')
    const alone = await json([`222222222222/us-east-1/orders=${at('other.yaml')}`])
    expect(alone.edges.some(({ need }: ToldEdge) => need.action === 'sqs:CreateQueue')).toBe(true)
  })
})

const refusals: readonly [title: string, application: string, told: RegExp][] = [
  [
    'a stack that no action deploys',
    `ordesr=${at('app.yaml')}`,
    /no action deploys that stack; did you mean "orders"\?; there are\n {2}222222222222\/us-east-1\/orders$/,
  ],
  [
    'a stack elsewhere',
    `222222222222/eu-west-1/orders=${at('app.yaml')}`,
    /no action deploys that stack.*222222222222\/us-east-1\/orders/s,
  ],
  ['no file', `orders=${at('ap.yaml')}`, /there is no file \S+ap\.yaml; did you mean "app\.yaml"\?/],
  ['an unknown parameter', `${app()},Stge=prod`, /^FleetError: the template has no parameter Stge$/],
  [
    'a value that the pipeline gives',
    `${app()},Code=x`,
    /^FleetError: the pipeline itself gives Code the value "fixed"/,
  ],
  ['something else', 'orders', /--application takes <stack>=<file>/],
  ['a region that is none', `222222222222/us-esat-1/orders=${at('app.yaml')}`, /"us-esat-1" is no region/],
]

test.each(refusals)('refuses %s', async (title, application, told) => {
  if (title === 'a value that the pipeline gives') edit('hub.yaml', OVERRIDES, `'{"Code":"fixed"}'`)
  const error = await json([application]).catch((cause) => cause)
  expect(`${error.name === 'FleetError' ? 'FleetError: ' : ''}${error.message}`).toMatch(told)
})

test('a parameter that only the pipeline knows is an error at the template', async () => {
  edit('app.yaml', '  Code: { Type: String }\n', '')
  const { findings } = await json([app()])
  expect(findings[0]).toMatchObject({
    rule: 'stray-override',
    severity: 'error',
    origin: { file: at('app.yaml'), line: 1, column: 1 },
  })
})

test('with a fleet file the option is refused', async () => {
  await expect(runCommand(check, { fleet: HELLO, application: [app()] })).rejects.toThrow(
    '--application goes with --templates',
  )
  await expect(runCommand(policy, { fleet: HELLO, application: [app()] })).rejects.toThrow(
    '--application goes with --templates',
  )
})

describe('policy', () => {
  test('prints what the stack’s role needs, the code in the artifact included', async () => {
    const { status, text } = await runCommand(policy, { templates, application: [app()], json: true })
    expect(status).toBe(0)
    const [printed, ...others] = JSON.parse(text)
    expect(others).toEqual([])
    expect(printed).toMatchObject({
      pipeline: 'orders',
      stack: 'orders',
      account: '222222222222',
      unknownTypes: [],
    })
    const { Statement } = printed.policy as { Statement: { Sid: string; Action: string | string[] }[] }
    expect(Statement.flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['dynamodb:CreateTable', 's3:GetObject', 'kms:Decrypt']),
    )
    expect(JSON.stringify(Statement)).not.toMatch(/Key of hub|</)
  })

  test('is all that the proof asks for', async () => {
    const { text } = await runCommand(policy, { templates, application: [app()], json: true })
    const [printed] = JSON.parse(text)
    const statements = (printed.policy.Statement as object[]).map(
      (one) => `              - ${JSON.stringify(one)}\n`,
    )
    edit('target.yaml', FIRST, `${statements.join('')}${FIRST}`)
    const found = await json([app()])
    expect(found.edges.filter(({ verdict }: ToldEdge) => verdict === 'denied')).toEqual([])
  })

  test('lists the stacks when none is named', async () => {
    await expect(runCommand(policy, { templates })).rejects.toThrow(
      /name the templates of the stacks: .*\n {2}222222222222\/us-east-1\/orders$/,
    )
    await expect(runCommand(policy, { templates, application: [app()] }, 'other')).rejects.toThrow(
      'there is no pipeline "other"',
    )
  })
})

test('of a fleet’s deploy the file that a build makes the template from is looked at', async () => {
  write(
    'crossdock.yaml',
    readFileSync(HELLO, 'utf8').replace(
      'template: template.yaml\n',
      'template: packaged.yaml\n          permissionsFrom: source.yaml\n',
    ),
  )
  write(
    'source.yaml',
    `Parameters: { Stage: { Type: String }, CodeBucket: { Type: String }, CodeKey: { Type: String } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { Wrong: 1 } }
`,
  )
  const { status, text } = await runCommand(check, { fleet: at('crossdock.yaml'), json: true })
  expect(status).toBe(1)
  expect(JSON.parse(text).findings).toContainEqual(
    expect.objectContaining({
      rule: 'refused-template',
      message: expect.stringContaining('extraneous key [Wrong] is not permitted'),
      origin: expect.objectContaining({ file: expect.stringContaining('source.yaml'), line: 3 }),
    }),
  )
})
