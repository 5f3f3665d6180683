/** What `check --templates` answers to the mistakes of somebody who sees it for the first time. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { check } from '../src/cli/commands/check.ts'
import { FleetError } from '../src/model/index.ts'
import { readDocument } from '../src/template/index.ts'
import { runCommand } from './run-command.ts'

const EXAMPLE = join(import.meta.dirname, '..', 'examples', 'foreign', 'ecs-policies')
const folder = mkdtempSync(join(tmpdir(), 'crossdock-stranger-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => cpSync(EXAMPLE, folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const BUILD = `111111111111/us-west-2=${at('build.yaml')},TestAccount=333333333333`
const TEST = `333333333333/us-west-2=${at('test.yaml')},BuildAccount=111111111111,ArtifactBucket=@build.ArtifactBucket,KeyArn=@build.KeyArn,RepositoryArn=@build.RepositoryArn,Subnets=subnet-1`
const PIPELINE = `111111111111/us-west-2=${at('pipeline.yaml')},PipelineRoleArn=@build.PipelineRoleArn,ArtifactBucket=@build.ArtifactBucket,KeyArn=@build.KeyArn,ConnectionArn=@build.ConnectionArn,DeployRoleArn=@test.DeployRoleArn`

/** Changes a text that must be there. */
function edit(name: string, from: string, to: string): void {
  const text = readFileSync(at(name), 'utf8')
  expect(text).toContain(from)
  writeFileSync(at(name), text.replace(from, to))
}

/** What the command says, whether it prints or refuses. */
async function told(...templates: string[]): Promise<string> {
  try {
    return (await runCommand(check, { templates })).text
  } catch (error) {
    return error instanceof FleetError ? String(error) : (error as Error).message
  }
}

/** In a file of the folder, at any line and column. */
const place = (file: string) => `\\S*/${file.replace('.', '\\.')}:\\d+:\\d+`

interface Mistake {
  readonly title: string
  readonly make: () => Promise<string>
  /** All of it is said: where, what, and how it is mended. */
  readonly says: readonly RegExp[]
}

const mistakes: readonly Mistake[] = [
  {
    title: 'a file that is not there',
    make: () => told(BUILD.replace('build.yaml', 'biuld.yaml')),
    says: [/there is no file \S+biuld\.yaml; did you mean "build\.yaml"\?/],
  },
  {
    title: 'a region with a slip',
    make: () => told(BUILD.replace('us-west-2', 'us-wset-2')),
    says: [/"us-wset-2" is no region: write us-west-2/],
  },
  {
    title: 'a pipeline that CodePipeline refuses',
    make: () => {
      edit(
        'pipeline.yaml',
        '      Name: my-thing\n',
        '      Name: my-thing\n      PipelineType: V1\n      ExecutionMode: QUEUED\n',
      )
      return told(BUILD, TEST, PIPELINE)
    },
    says: [
      new RegExp(
        `CodePipeline refuses the pipeline my-thing: Pipeline type V2 is needed for the execution mode QUEUED; the pipeline is of type V1 \\(${place('pipeline.yaml')}`,
      ),
      /fix make the pipeline one of type V2/,
    ],
  },
  {
    title: 'a stack in the wrong region',
    make: () => told(BUILD.replace('us-west-2', 'us-east-1'), TEST, PIPELINE),
    says: [
      new RegExp(
        `the artifact store of us-west-2 of the pipeline my-thing names the bucket \\S+, which is in us-east-1 \\(${place('pipeline.yaml')}`,
      ),
      /fix name a bucket of us-west-2, or deploy \S+build\.yaml in us-west-2/,
    ],
  },
  {
    title: 'an account that is no number',
    make: () => told(BUILD.replace('111111111111', '1111-1111-1111')),
    says: [/"1111-1111-1111\/us-west-2=\S+" names no place: write <account of 12 digits>\/<region>=<file>/],
  },
  {
    title: 'a parameter without a value',
    make: () => told(BUILD, TEST.replace(',KeyArn=@build.KeyArn', ''), PIPELINE),
    says: [
      /not proven 1 permission: the value of KeyArn of test/,
      new RegExp(`the parameter KeyArn of the stack test has neither .* \\(${place('test.yaml')}`),
      /fix add ,KeyArn=<value> behind the file/,
    ],
  },
  {
    title: 'a parameter with a slip',
    make: () => told(BUILD.replace('TestAccount', 'TestAcount')),
    says: [
      new RegExp(
        `^${place('build.yaml')}: the template has no parameter TestAcount\n {2}fix: write TestAccount=`,
      ),
    ],
  },
  {
    title: 'a value that the template rules out',
    make: () => told(BUILD.replace('=333333333333', '=3333')),
    says: [
      new RegExp(
        `^${place('build.yaml')}: the parameter TestAccount does not take "3333"\n {2}fix: give what matches`,
      ),
    ],
  },
  {
    title: 'an output that is not there',
    make: () => told(BUILD, TEST.replace('@build.KeyArn', '@build.KeyAnr')),
    says: [
      new RegExp(
        `^${place('build.yaml')}: the stack build has no output KeyAnr\n {2}fix: write @build.KeyArn`,
      ),
    ],
  },
  {
    title: 'a template with a syntax error',
    make: () => {
      edit('build.yaml', 'Properties:\n      BucketName', 'Properties:\n     - BucketName')
      return told(BUILD)
    },
    says: [
      new RegExp(`^${place('build.yaml')}: this is no YAML or JSON: .*\n {2}fix: mend the template there`),
    ],
  },
  {
    title: 'a file that is no template',
    make: () =>
      told(BUILD.replace('build.yaml', 'app/buildspec.yml').replace(',TestAccount=333333333333', '')),
    says: [/buildspec\.yml: it has no Resources\n {2}fix: name a CloudFormation template/],
  },
  {
    title: 'a Ref to nothing',
    make: () => {
      edit('build.yaml', 'Roles: [!Ref PipelineRole]', 'Roles: [!Ref PipelineRoles]')
      return told(BUILD, TEST, PIPELINE)
    },
    says: [
      new RegExp(`error PipelinePolicy refers to PipelineRoles, which .* \\(${place('build.yaml')}`),
      /fix declare PipelineRoles, or mend the name/,
    ],
  },
  {
    title: 'an import of nothing',
    make: () => {
      edit('pipeline.yaml', 'RoleArn: !Ref PipelineRoleArn', 'RoleArn: !ImportValue pipeline-role')
      return told(BUILD, TEST, PIPELINE)
    },
    says: [
      new RegExp(
        `no template of account 111111111111, us-west-2 exports pipeline-role; .* \\(${place('pipeline.yaml')}`,
      ),
      /fix give the template whose outputs export pipeline-role/,
    ],
  },
  {
    title: 'a role of another account',
    make: () =>
      told(
        BUILD,
        TEST,
        PIPELINE.replace('@test.DeployRoleArn', 'arn:aws:iam::999999999999:role/test-deployment'),
      ),
    says: [
      new RegExp(
        `works as arn:aws:iam::999999999999:role/test-deployment, which no template makes \\(${place('pipeline.yaml')}`,
      ),
      /fix give the template of account 999999999999 that makes it, or mend the account: .* 111111111111, 333333333333/,
    ],
  },
  {
    title: 'a role of tasks that is not of the action’s account',
    make: () => {
      const other = 'TaskRoleArn: arn:aws:iam::111111111111:role/my-thing-build'
      edit('test.yaml', 'TaskRoleArn: !GetAtt TaskRole.Arn', other)
      return told(BUILD, TEST, PIPELINE)
    },
    says: [
      /denied test-deployment may not iam:PassRole/,
      /AWS {6}Cross-account pass role is not allowed/,
      /fix {6}Name a role of account 333333333333/,
    ],
  },
  {
    title: 'no template with a pipeline',
    make: async () => (await runCommand(check, { templates: [BUILD, TEST] })).text,
    says: [/No template makes a pipeline .*: give the one that does/, /\? 2 templates: .* 0 pipelines/],
  },
  {
    title: 'the same stack twice',
    make: () => told(BUILD, BUILD),
    says: [
      /are both the stack "build" in 111111111111 us-west-2: name the stacks behind the files, \S+build\.yaml#<stack>/,
    ],
  },
]

test.each(mistakes)('$title', async ({ make, says }) => {
  const text = await make()
  for (const one of says) expect(text).toMatch(one)
})

test('a template in JSON is read as well, and its places are told', async () => {
  const template = readDocument(readFileSync(at('build.yaml'), 'utf8')).template
  writeFileSync(at('build.json'), JSON.stringify(template, null, '\t'))
  const asJson = BUILD.replace('build.yaml', 'build.json')
  const { status, text } = await runCommand(check, { templates: [asJson, TEST, PIPELINE] })
  expect(status, text).toBe(0)
  expect(text).toMatch(new RegExp(`\\(${place('build.json')}, stack build, ArtifactBucketPolicy`))
})

interface Region {
  readonly startLine: number
  readonly startColumn: number
}

interface Sarif {
  readonly version: string
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] }
    }
    readonly results: readonly {
      readonly ruleId: string
      readonly ruleIndex: number
      readonly level: string
      readonly message: { readonly text: string }
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string }
          readonly region?: Region
        }
      }[]
    }[]
  }[]
}

describe('for code review', () => {
  const templates = [BUILD, TEST, PIPELINE]
  /** Everything that a check can say: denied, error, warning, over-grant, not proven. */
  const breakMuch = () => {
    edit('build.yaml', '              - s3:GetObject\n', '')
    edit('test.yaml', 'Action: [kms:DescribeKey, kms:Decrypt]', 'Action: kms:DescribeKey')
    edit('pipeline.yaml', 'RoleArn: !Ref PipelineRoleArn', 'RoleArn: !ImportValue pipeline-role')
  }

  test('SARIF has what 2.1.0 requires, and the line and column of the policy to change', async () => {
    breakMuch()
    const { status, text } = await runCommand(check, { templates, sarif: true })
    expect(status).toBe(1)
    const { version, runs } = JSON.parse(text) as Sarif
    expect(version).toBe('2.1.0')
    expect(runs).toHaveLength(1)
    const [{ tool, results }] = runs as [Sarif['runs'][number]]
    expect(tool.driver.name).toBe('Crossdock')
    const ids = tool.driver.rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(results.length).toBeGreaterThan(5)
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(ids[ruleIndex], ruleId).toBe(ruleId)
      expect(['none', 'note', 'warning', 'error']).toContain(level)
      expect(message.text).not.toBe('')
      for (const { physicalLocation } of locations) {
        expect(() => new URL(physicalLocation.artifactLocation.uri, 'file:///')).not.toThrow()
        const { startLine, startColumn } = physicalLocation.region!
        expect(Number.isInteger(startLine) && startLine > 0).toBe(true)
        expect(Number.isInteger(startColumn) && startColumn > 0).toBe(true)
      }
    }
    const lines = (file: string) => readFileSync(at(file), 'utf8').split('\n')
    const denied = results.filter(({ ruleId }) => ruleId === 'denied')
    const spots = denied.flatMap(({ locations }) =>
      locations.map(({ physicalLocation: { artifactLocation, region } }) => {
        const file = artifactLocation.uri.slice(folder.length + 1)
        return `${file}: ${lines(file)[region!.startLine - 1]?.slice(region!.startColumn - 1)}`
      }),
    )
    expect(spots).toEqual(
      expect.arrayContaining(['build.yaml: PolicyDocument:', 'test.yaml: PolicyDocument:']),
    )
  })

  test('JSON carries the same places', async () => {
    breakMuch()
    const { text } = await runCommand(check, { templates, json: true })
    const { edges, findings, excesses } = JSON.parse(text)
    const remedies = edges.flatMap(
      ({ failure }: { failure?: { remedies: object[] } }) => failure?.remedies ?? [],
    )
    expect(remedies.length).toBeGreaterThan(0)
    for (const { origin } of [...remedies, ...findings, ...excesses] as { origin: object }[])
      expect(origin).toMatchObject({
        file: expect.stringContaining(folder),
        line: expect.any(Number),
        column: expect.any(Number),
      })
  })
})
