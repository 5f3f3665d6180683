/** What pipelines give stacks, as data, at every door: CreateStack, plain templates, and a fleet file. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Capability, CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../src/cli/commands/check.ts'
import { FleetErrors } from '../src/fleet/index.ts'
import { startTestCloud } from './conformance/cloud.ts'
import { runCommand } from './run-command.ts'

interface Case {
  readonly template: object
  readonly overrides: Readonly<Record<string, string>>
  readonly configuration?: object
  /** Of a template configuration file that is none. */
  readonly configurationText?: string
  /** Whether the template configuration file is not there. */
  readonly absent?: boolean
  readonly capabilities?: readonly string[]
  /** What is said of each error. */
  readonly refused: readonly string[]
}

const CASES = join(import.meta.dirname, 'cases/stack-inputs')
const folder = mkdtempSync(join(tmpdir(), 'crossdock-inputs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const cases = readdirSync(CASES).map(
  (file) => [file, JSON.parse(readFileSync(join(CASES, file), 'utf8')) as Case] as const,
)

const configurationPath = ({ configuration, configurationText, absent }: Case): string | undefined =>
  absent
    ? 'infra/none.json'
    : configuration || configurationText !== undefined
      ? 'infra/prod.json'
      : undefined

/** Lays out a folder as the artifact is; gives its path. */
function laidOut(name: string, one: Case): string {
  const at = join(folder, name)
  mkdirSync(join(at, 'infra'), { recursive: true })
  writeFileSync(join(at, 't.json'), JSON.stringify(one.template, null, 2))
  const text = one.configurationText ?? (one.configuration && JSON.stringify(one.configuration, null, 2))
  if (text !== undefined) writeFileSync(join(at, 'infra/prod.json'), text)
  return at
}

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
})
const everything = {
  PolicyName: 'p',
  PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
}

function hub(one: Case, region?: string): object {
  const configuration = configurationPath(one)
  const action = (Name: string, Category: string, Provider: string, rest: object) => ({
    ...{ Name, ActionTypeId: { Category, Owner: 'AWS', Provider, Version: '1' } },
    ...rest,
  })
  const role = (service: string) => ({
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: trust(service), Policies: [everything] },
  })
  return {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
      Role: role('codepipeline.amazonaws.com'),
      StackRole: role('cloudformation.amazonaws.com'),
      Pipeline: {
        Type: 'AWS::CodePipeline::Pipeline',
        Properties: {
          RoleArn: { 'Fn::GetAtt': 'Role.Arn' },
          ArtifactStore: { Type: 'S3', Location: { Ref: 'Bucket' } },
          Stages: [
            {
              Name: 'Source',
              Actions: [
                action('Source', 'Source', 'S3', {
                  Configuration: {
                    S3Bucket: { Ref: 'Bucket' },
                    S3ObjectKey: 'a.zip',
                    PollForSourceChanges: 'false',
                  },
                  OutputArtifacts: [{ Name: 'Src' }],
                }),
              ],
            },
            {
              Name: 'Deploy',
              Actions: [
                action('App', 'Deploy', 'CloudFormation', {
                  Configuration: {
                    ...{ ActionMode: 'CREATE_UPDATE', StackName: 'app', TemplatePath: 'Src::t.json' },
                    RoleArn: { 'Fn::GetAtt': 'StackRole.Arn' },
                    ParameterOverrides: JSON.stringify(one.overrides),
                    ...(configuration && { TemplateConfiguration: `Src::${configuration}` }),
                    ...(one.capabilities?.length && { Capabilities: one.capabilities.join(',') }),
                  },
                  InputArtifacts: [{ Name: 'Src' }],
                  ...(region && { Region: region }),
                }),
              ],
            },
          ],
        },
      },
    },
  }
}

async function ofTemplates(name: string, one: Case): Promise<string[]> {
  const at = laidOut(name, one)
  writeFileSync(join(at, 'hub.json'), JSON.stringify(hub(one), null, 2))
  const templates = [`111111111111/us-east-1=${join(at, 'hub.json')}`]
  const application = [`app=${join(at, 't.json')}`]
  try {
    const { text } = await runCommand(check, { templates, application, json: true })
    const { findings } = JSON.parse(text) as {
      findings: { severity: string; message: string; origin: object }[]
    }
    const errors = findings.filter(({ severity }) => severity === 'error')
    for (const { origin } of errors)
      expect(origin).toMatchObject({ file: expect.any(String), line: expect.any(Number) })
    return errors.map(({ message }) => message)
  } catch (error) {
    return messagesOf(error)
  }
}

async function ofFleet(name: string, one: Case, more: object = {}): Promise<string[]> {
  const at = laidOut(`${name}-fleet`, one)
  const configuration = configurationPath(one)
  const fleet = {
    fleet: 'inputs',
    hub: { account: '111111111111', region: 'us-east-1' },
    environments: { dev: { account: '222222222222', regions: ['us-east-1'] } },
    pipelines: {
      app: {
        source: { github: 'example/app', branch: 'main' },
        deploy: [
          {
            cloudformation: {
              ...{ template: 't.json', stack: 'app', parameters: one.overrides },
              ...(configuration && { configuration }),
              ...(one.capabilities && { capabilities: one.capabilities }),
              ...more,
            },
          },
        ],
        stages: ['dev'],
      },
    },
  }
  writeFileSync(join(at, 'crossdock.yaml'), JSON.stringify(fleet, null, 2))
  try {
    const { text } = await runCommand(check, { fleet: join(at, 'crossdock.yaml'), json: true })
    const { findings } = JSON.parse(text) as { findings: { severity: string; message: string }[] }
    return findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)
  } catch (error) {
    return messagesOf(error)
  }
}

function messagesOf(error: unknown): string[] {
  const errors =
    error instanceof FleetErrors ? error.errors : [error as Error & { fix?: string; location?: object }]
  for (const { location, fix } of errors) {
    expect(location).toMatchObject({ file: expect.any(String) })
    expect(fix).toBeTruthy()
  }
  return errors.map(({ message }) => message)
}

const cloud = await startTestCloud()
const cloudformation = cloud.client(CloudFormationClient)

/** The cloud is given what CodePipeline makes of the files. AWS: what the action overrides comes before the file. */
async function ofCloud(name: string, one: Case): Promise<string[]> {
  const configured = (one.configuration as { Parameters?: Record<string, string> } | undefined)?.Parameters
  const command = new CreateStackCommand({
    StackName: name.replace('.json', ''),
    TemplateBody: JSON.stringify(one.template),
    Parameters: Object.entries({ ...configured, ...one.overrides }).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Capabilities: one.capabilities as Capability[] | undefined,
  })
  return cloudformation.send(command).then(
    () => [],
    (error: Error) => [error.message],
  )
}

describe.each(cases)('%s', (name, one) => {
  const isFile = one.absent || one.configurationText !== undefined
  it.skipIf(isFile)('of CreateStack, which reads no configuration file', async () => {
    expect(await ofCloud(name, one)).toEqual(one.refused.map((words) => expect.stringContaining(words)))
  })

  it.each([
    ['of plain templates', ofTemplates],
    ['of a fleet file', ofFleet],
  ] as const)('%s', async (_, said) => {
    const messages = await said(name, one)
    expect(messages, messages.join('\n')).toHaveLength(one.refused.length)
    for (const [index, words] of one.refused.entries()) expect(messages[index]).toContain(words)
  })
})

it('a template that the build writes may have other parameters than the one it is made from', async () => {
  const one = cases.find(([name]) => name === 'missing.json')![1]
  expect(await ofFleet('built', one, { template: 'packaged.json', permissionsFrom: 't.json' })).toEqual([])
})

it('a serverless template without its transform is refused in AWS’s words, with the fix', async () => {
  const properties = { Handler: 'index.handler', Runtime: 'nodejs20.x', InlineCode: 'x' }
  const template = { Resources: { F: { Type: 'AWS::Serverless::Function', Properties: properties } } }
  const at = laidOut('serverless', { template, overrides: {}, refused: [] })
  writeFileSync(join(at, 'hub.json'), JSON.stringify(hub({ template, overrides: {}, refused: [] })))
  const templates = [`111111111111/us-east-1=${join(at, 'hub.json')}`]
  const application = [`app=${join(at, 't.json')}`]
  const { status, text } = await runCommand(check, { templates, application })
  expect(text).toMatch(
    /error .*Template format error: Unrecognized resource types: \[AWS::Serverless::Function\] \(.*t\.json:4.*\n {2}fix write Transform: AWS::Serverless-2016-10-31/,
  )
  expect(status).toBe(1)
})

describe('the region of an action', () => {
  const given: Case = { template: {}, overrides: {}, refused: [] }

  it.each([
    ['us-east-9', 'error', 'which is no region of AWS'],
    ['us-est-1', 'error', 'which is no region of AWS'],
    ['eu-west-4', 'warning', 'it may be younger'],
    ['eu-west-1', undefined, ''],
  ])('%s is told as %s', async (region, severity, words) => {
    const at = laidOut(region, given)
    writeFileSync(join(at, 'hub.json'), JSON.stringify(hub(given, region)))
    const options = { templates: [`111111111111/us-east-1=${join(at, 'hub.json')}`], json: true }
    const { findings } = JSON.parse((await runCommand(check, options)).text) as {
      findings: { rule: string; severity: string; message: string }[]
    }
    const [found] = findings.filter(({ rule }) => rule === 'unknown-region')
    expect(found?.severity).toBe(severity)
    expect(found?.message ?? '').toContain(words)
  })

  it('where a template is placed is one too', async () => {
    const at = laidOut('place', given)
    writeFileSync(join(at, 'hub.json'), JSON.stringify(hub(given)))
    const placed = (region: string) =>
      runCommand(check, { templates: [`111111111111/${region}=${join(at, 'hub.json')}`] })
    await expect(placed('us-east-9')).rejects.toThrow('"us-east-9" is no region: write us-east-1')
    expect((await placed('us-east-3')).text).toContain('may be younger')
  })
})

it('--strict fails on what is not proven', async () => {
  const at = laidOut('strict', { template: {}, overrides: {}, refused: [] })
  const text = JSON.stringify(hub({ template: {}, overrides: {}, refused: [] }))
  const elsewhere = text.replace('"RoleArn":{"Fn::GetAtt":"Role.Arn"}', '"RoleArn":{"Ref":"Role"}')
  const Parameters = { Role: { Type: 'String' } }
  const template = { Parameters, ...JSON.parse(elsewhere.replace('"Role":{', '"OwnRole":{')) }
  writeFileSync(join(at, 'hub.json'), JSON.stringify(template))
  const role = 'arn:aws:iam::111111111111:role/elsewhere'
  const templates = [`111111111111/us-east-1=${join(at, 'hub.json')},Role=${role}`]
  expect((await runCommand(check, { templates })).status).toBe(0)
  expect((await runCommand(check, { templates, strict: true })).status).toBe(1)
})
