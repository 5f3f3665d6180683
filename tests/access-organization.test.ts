/** Control policies as a user gives them, on the command line and in the fleet file, and what is said of bad ones. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UsageError } from '../src/cli/command.ts'
import { check } from '../src/cli/commands/check.ts'
import { explain } from '../src/cli/commands/explain.ts'
import { graph } from '../src/cli/commands/graph.ts'
import { FleetErrors } from '../src/fleet/index.ts'
import { FleetError } from '../src/model/index.ts'
import { checkStacks } from './access-systems.ts'
import { type CommandOptions, runCommand } from './run-command.ts'

const STACKS = join(import.meta.dirname, 'cases', 'proof', 'stacks')
const HELLO = join(import.meta.dirname, '..', 'examples', 'hello', 'crossdock.yaml')
const folder = mkdtempSync(join(tmpdir(), 'crossdock-organization-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TEMPLATES = [
  `111111111111/us-east-1=${join(STACKS, 'hub.yaml')},TargetAccount=222222222222`,
  `222222222222/us-east-1=${join(STACKS, 'target.yaml')},HubAccount=111111111111,KeyArn=@hub.KeyArn,Bucket=@hub.BucketName`,
]

function write(name: string, content: unknown): string {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const noDecrypt = write(
  'no-decrypt.json',
  policy({ Sid: 'NoDecrypt', Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }),
)
const perimeter = write(
  'perimeter.json',
  policy({
    Sid: 'Ours',
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*', 'kms:*', 'sts:*'],
    Resource: '*',
    Condition: {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  }),
)

/** The principals of the denied edges. */
async function denied(options: CommandOptions): Promise<string[]> {
  const { text } = await runCommand(check, { ...options, json: true })
  const { edges } = JSON.parse(text) as { edges: { verdict: string; need: { principal: string } }[] }
  const failed = edges.filter(({ verdict }) => verdict === 'denied').map(({ need }) => need.principal)
  return [...new Set(failed)].sort()
}

test('SARIF tells the warnings of the fleet with their place', async () => {
  const parameters = ['Stage', 'CodeBucket', 'CodeKey']
    .map((name) => `  ${name}: { Type: String }\n`)
    .join('')
  write('strange.yaml', `Parameters:\n${parameters}Resources:\n  A: { Type: AWS::IoTAnalytics::Channel }\n`)
  const text = readFileSync(HELLO, 'utf8').replace('template: template.yaml', 'template: strange.yaml')
  const { status, text: printed } = await runCommand(check, { fleet: write('weird.yaml', text), sarif: true })
  expect(status).toBe(0)
  expect(JSON.parse(printed).runs[0].results).toContainEqual(
    expect.objectContaining({
      ruleId: 'fleet',
      level: 'warning',
      message: {
        text: expect.stringContaining('no known permissions for AWS::IoTAnalytics::Channel: list what'),
      },
      locations: [
        {
          physicalLocation: expect.objectContaining({
            artifactLocation: { uri: expect.stringMatching(/weird\.yaml$/) },
          }),
        },
      ],
    }),
  )
})

describe('--scp and --rcp', () => {
  test('limit every account, or those that are named', async () => {
    const all = await denied({ templates: TEMPLATES, scp: [noDecrypt] })
    expect(all).toEqual([
      'arn:aws:iam::111111111111:role/orders-build',
      'arn:aws:iam::222222222222:role/orders-deploy',
      'arn:aws:iam::222222222222:role/orders-stack',
    ])
    const some = await denied({ templates: TEMPLATES, scp: [`${noDecrypt}=111111111111`] })
    expect(some).toEqual(['arn:aws:iam::111111111111:role/orders-build'])
  })

  test('find the tags of the fleet on its roles', async () => {
    const tagged = write(
      'tagged.json',
      policy({
        Effect: 'Deny',
        Action: 's3:GetObject',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'greeters' } },
      }),
    )
    const text = readFileSync(HELLO, 'utf8').replaceAll(
      'template.yaml',
      join(dirname(HELLO), 'template.yaml'),
    )
    expect(await denied({ fleet: write('untagged.yaml', text), scp: [tagged] })).not.toEqual([])
    const fleet = write('tagged.yaml', `${text}\ntags: { team: greeters }\n`)
    expect(await denied({ fleet, scp: [tagged] })).toEqual([])
  })

  test('may begin with a byte order mark', async () => {
    const marked = write('marked.json', `\uFEFF${readFileSync(noDecrypt, 'utf8')}`)
    expect(await denied({ templates: TEMPLATES, scp: [`${marked}=111111111111`] })).toEqual([
      'arn:aws:iam::111111111111:role/orders-build',
    ])
  })

  test('leave the management account alone', async () => {
    const options = { templates: TEMPLATES, scp: [noDecrypt], organization: '111111111111' }
    expect(await denied(options)).toEqual([
      'arn:aws:iam::222222222222:role/orders-deploy',
      'arn:aws:iam::222222222222:role/orders-stack',
    ])
  })

  test('take environments of the fleet as targets', async () => {
    const dev = 'arn:aws:iam::222222222222:role/crossdock/crossdock-hello-hello'
    expect(await denied({ fleet: HELLO, scp: [`${noDecrypt}=dev`] })).toEqual([
      `${dev}-cloudformation`,
      `${dev}-deploy`,
    ])
  })

  test('know the organization’s own principals by its id', async () => {
    const options = { templates: TEMPLATES, rcp: [perimeter] }
    expect(await denied({ ...options, organization: 'o-a1b2c3d4e5' })).toEqual([])
    expect(await denied({ ...options, organization: 'o-anotherone=999999999999' })).not.toEqual([])
  })

  test('are named by explain, with file and statement', async () => {
    const options = { templates: TEMPLATES, scp: [noDecrypt], as: 'orders-deploy' }
    const key = 'arn:aws:kms:us-east-1:111111111111:key/<Key of hub>'
    const { status, text } = await runCommand(explain, options, 'kms:Decrypt', key)
    expect(status).toBe(1)
    expect(text).toContain(`denies service control policy ${noDecrypt} of the root (service control policy)`)
    expect(text).toContain('✖ Deny "NoDecrypt"')
    expect(text).toContain('with an explicit deny in a service control policy')
    expect(text).toMatch(/fix Narrow or remove statement "NoDecrypt" of .* \(.*no-decrypt\.json\)$/m)
  })

  test('fail the graph', async () => {
    const { status, text } = await runCommand(graph, {
      templates: TEMPLATES,
      scp: [noDecrypt],
      format: 'tree',
    })
    expect(status).toBe(1)
    expect(text).toContain('✖ denied')
  })

  test('that are wrong are told by file, line, column and fix', async () => {
    const complaint = async (name: string, content: string, kind = 'scp') => {
      const given = runCommand(check, { templates: TEMPLATES, [kind]: [write(name, content)] })
      const error = await given.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      const errors = error instanceof FleetErrors ? error.errors : [error]
      return errors.map((one) => String(one).replaceAll(`${folder}/`, ''))
    }
    expect(await complaint('comma.json', '{\n  "Version": "2012-10-17"\n  "Statement": []\n}')).toEqual([
      expect.stringMatching(/^comma\.json:3:3: it is no JSON: .*\n {2}fix: mend the JSON/),
    ])
    expect(await complaint('word.json', '{"Statement": x}')).toEqual([
      expect.stringMatching(/^word\.json:1:15: it is no JSON: /),
    ])
    expect(await complaint('cut.json', '{"Statement": [')).toEqual([
      expect.stringMatching(/^cut\.json:1:16: it is no JSON: /),
    ])
    const statements = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Deny", "Action": "s3:*", "Resource": "*" },
    { "Effect": "Deny", "Actions": "s3:*", "Resource": "*" },
\t{ "Sid": "Who", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*" }
  ]
}`
    expect(await complaint('statements.json', statements)).toEqual([
      expect.stringMatching(
        /^statements\.json:5:5: the service control policy is refused: Unknown element "Actions"\n {2}fix: write /,
      ),
      expect.stringMatching(
        /^statements\.json:6:2: .*should not specify a principal\. \(statement "Who"\)\n/,
      ),
    ])
    expect(
      await complaint(
        'allow.json',
        JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' })),
        'rcp',
      ),
    ).toEqual([
      expect.stringContaining(
        'allow.json:1:38: the resource control policy is refused: A resource control policy can only deny.',
      ),
    ])
    expect(await complaint('list.json', '[]')).toEqual([
      expect.stringMatching(/^list\.json:1:1: .*must be a JSON object/),
    ])
  })

  test('refuse what they cannot understand', async () => {
    const given = (options: CommandOptions) => runCommand(check, { templates: TEMPLATES, ...options })
    await expect(given({ scp: [join(folder, 'missing.json')] })).rejects.toThrow('there is no file')
    await expect(given({ scp: [`${noDecrypt}=nowhere`] })).rejects.toThrow('"nowhere" is no target')
    await expect(given({ organization: 'acme' })).rejects.toThrow(UsageError)
    const wrong = [`${TEMPLATES[0]},Nothing=1`, TEMPLATES[1]!]
    await expect(runCommand(check, { templates: wrong })).rejects.toThrow(
      'the template has no parameter Nothing',
    )
  })
})

describe('the fleet file', () => {
  const fleet = (organization: string) =>
    write(
      'crossdock.yaml',
      `fleet: acme
hub: { account: 111111111111, region: us-east-1 }
environments:
  dev: { account: 022222222222, regions: [us-east-1] }
organization:
${organization}
pipelines:
  web:
    source: { s3: { bucket: drops, key: web.zip } }
    deploy: [ { s3: { bucket: web } } ]
    stages: [ dev ]
`,
    )
  const DEPLOYS = 'arn:aws:iam::022222222222:role/crossdock/crossdock-acme-web-deploy'

  test('puts its control policies into every check', async () => {
    expect(dirname(noDecrypt)).toBe(folder)
    const file = fleet(`  id: o-a1b2c3d4e5
  management: { account: 111111111111 }
  serviceControlPolicies: [no-decrypt.json]
  resourceControlPolicies: [perimeter.json]`)
    expect(await denied({ fleet: file })).toEqual([DEPLOYS])
    const named = fleet(`  serviceControlPolicies: [{ file: no-decrypt.json, accounts: [022222222222] }]`)
    expect(await denied({ fleet: named })).toEqual([DEPLOYS])
    const other = fleet(`  serviceControlPolicies: [{ file: no-decrypt.json, accounts: [333333333333] }]`)
    expect(await denied({ fleet: other })).toEqual([])
  })

  test('says where it names what is not there', async () => {
    const missing = runCommand(check, { fleet: fleet('  serviceControlPolicies: [gone.json]') })
    await expect(missing).rejects.toBeInstanceOf(FleetError)
    await expect(missing).rejects.toMatchObject({ location: { line: 6, column: 28 } })
    const nobody = fleet('  serviceControlPolicies: [{ file: no-decrypt.json, accounts: [dve] }]')
    const errors = await runCommand(check, { fleet: nobody }).catch((error: FleetErrors) =>
      error.errors.map(String),
    )
    expect(errors).toEqual([
      expect.stringMatching(/:6:64: there is no environment `dve`\n {2}fix: write `dev`$/),
    ])
  })
})

test('a grant that the organization overrules is still no over-grant', () => {
  const before = checkStacks('organization', [])
  const deny = 'Resources.Guardrails.Properties.Content.Statement.Leave.Action'
  const after = checkStacks('organization', [
    { stack: 'organization', at: deny, to: ['sts:AssumeRole', 's3:*', 'kms:*'] },
  ])
  expect(after.proof.edges.filter(({ verdict }) => verdict === 'denied').length).toBeGreaterThan(5)
  expect(after.excesses).toEqual(before.excesses)
})
