/** `crossdock init`: what it sees in a repository, what it asks, and what it writes. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildspecText, fleetText } from '../src/cli/init/fleet-text.ts'
import { gatherAnswers, type Reach } from '../src/cli/init/gather-answers.ts'
import { lookAtRepository, remoteOf } from '../src/cli/init/repository-look.ts'
import { parseFleet } from '../src/fleet/index.ts'
import { synthesize } from '../src/synth/index.ts'
import { fakeTerminal } from './fake-terminal.ts'

const TEMPLATE = `
Parameters:
  Stage: { Type: String }
  CodeBucket: { Type: String }
  CodeKey: { Type: String }
  Size: { Type: String, Default: small }
Resources:
  Topic: { Type: "AWS::SNS::Topic" }
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

const HUB = {
  hub: '111111111111/us-east-1',
  environment: ['prod=222222222222/us-east-1,eu-west-1@acme'],
  source: 'github:acme/shop',
}
const reached: Reach = async () => undefined

async function answersOf(options: Record<string, string | readonly string[] | boolean>) {
  const { terminal } = fakeTerminal()
  return gatherAnswers({ options, terminal }, await lookAtRepository(folder), reached)
}

describe('a look at a repository', () => {
  test('finds templates, and nothing that only looks like one', async () => {
    write({
      'infra/app.yaml': TEMPLATE,
      'values.yaml': 'Resources: { limits: { cpu: 1 } }',
      'docker-compose.yml': 'services: {}',
      'node_modules/x/template.yaml': TEMPLATE,
      'broken.yaml': 'Resources: [',
      'sam/template.yaml':
        'Transform: AWS::Serverless-2016-10-31\nResources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: src/ } } }',
    })
    const { templates } = await lookAtRepository(folder)
    expect(templates).toMatchObject([
      { path: 'infra/app.yaml', isServerless: false, hasLocalCode: false },
      { path: 'sam/template.yaml', isServerless: true, hasLocalCode: true },
    ])
    expect(templates[0]!.parameters.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name)).toEqual([
      'Stage',
      'CodeBucket',
      'CodeKey',
    ])
  })

  test('finds the stacks of an app of the CDK, and how the repository is tested', async () => {
    write({
      'cdk.json': '{ "app": "npx tsx bin/app.ts" }',
      'bin/app.ts': 'const app = new App()\nnew ShopStack(app, \'Shop\', {})\nnew DataStack(app, "Data")',
      'package.json': '{ "scripts": { "test": "vitest" } }',
      'package-lock.json': '{}',
      Dockerfile: 'FROM scratch',
      'main.tf': '',
    })
    const look = await lookAtRepository(folder)
    expect(look).toMatchObject({
      cdk: { stacks: ['Shop', 'Data'] },
      commands: { install: ['npm ci'], test: ['npm test'] },
      hasDockerfile: true,
      hasTerraform: true,
    })
    expect(buildspecText(look)).toContain('npx cdk synth --quiet --output cdk.out')
  })

  test('knows branch and remote of a clone', async () => {
    const git = (...words: string[]) => execFileSync('git', words, { cwd: folder })
    git('init', '--quiet', '--initial-branch=trunk')
    git('remote', 'add', 'origin', 'git@github.com:acme/shop.git')
    expect(await lookAtRepository(folder)).toMatchObject({
      branch: 'trunk',
      remote: { kind: 'github', path: 'acme/shop' },
    })
  })

  test.each([
    ['https://user:secret@github.com/acme/shop.git', { kind: 'github', path: 'acme/shop' }],
    ['ssh://git@gitlab.com:22/acme/group/shop', { kind: 'gitlab', path: 'acme/group/shop' }],
    ['git@bitbucket.org:acme/shop.git', { kind: 'bitbucket', path: 'acme/shop' }],
    ['https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop', { kind: 'codecommit', path: 'shop' }],
    ['codecommit::eu-west-1://acme@shop', { kind: 'codecommit', path: 'shop' }],
    ['https://git.example.org/shop.git', undefined],
    ['/srv/git/shop.git', undefined],
  ])('takes %s for what it is', (address, remote) => {
    expect(remoteOf(address)).toEqual(remote)
  })
})

describe('what is written', () => {
  test('is a fleet that can be read and synthesized, with the values that names tell', async () => {
    write({ 'template.yaml': TEMPLATE })
    const answers = await answersOf({ ...HUB, name: 'shop', approve: 'prod' })
    const text = fleetText(answers)
    expect(text).toContain(
      'prod: { account: "222222222222", regions: [us-east-1, eu-west-1], profile: acme }',
    )
    expect(text).toContain('- { environment: prod, approve: true }')
    expect(text).toContain('Stage: "${environment}"')
    expect(text).not.toContain('Size')
    const assembly = synthesize(parseFleet(text, join(folder, 'crossdock.yaml')))
    expect(assembly.pipelines.map(({ declaration }) => declaration.name)).toEqual(['shop-shop'])
  })

  test('is what a person at the terminal says, asked again where an account is not reached', async () => {
    write({ 'template.yaml': 'Resources: { Topic: { Type: "AWS::SNS::Topic" } }' })
    const { terminal, lines } = fakeTerminal({
      interactive: true,
      answers: [/approve before prod/],
      written: [
        [/called/, 'shop'],
        [/account of the hub/, '999999999999'],
        [/account of the hub/, '111111111111'],
        [/environment to deploy/, 'prod'],
        [/account of prod/, '222222222222'],
        [/repository/, 'gitlab:acme/shop'],
      ],
    })
    const reach: Reach = async ({ account }) =>
      account.startsWith('9') ? 'it is another account' : undefined
    const answers = await gatherAnswers({ options: {}, terminal }, await lookAtRepository(folder), reach)
    expect(lines.map((line) => line.trim())).toContain('it is another account')
    expect(answers).toEqual({
      fleet: 'shop',
      hub: { account: '111111111111', region: 'us-east-1' },
      environments: [{ name: 'prod', account: '222222222222', regions: ['us-east-1'], approve: true }],
      source: { kind: 'gitlab', path: 'acme/shop', branch: 'main' },
      template: 'template.yaml',
      stack: 'shop',
      parameters: {},
    })
  })
})

test.each<[string, Record<string, string | readonly string[]>, RegExp]>([
  ['nothing at all', {}, /missing: --hub <account>\/<region>, --environment .*, --source .*, --template/],
  ['an account of eleven digits', { ...HUB, hub: '11111111111/us-east-1' }, /"11111111111" is no account/],
  [
    'a region that is none',
    { ...HUB, hub: '111111111111/us-eest-1' },
    /"us-eest-1" is no region of AWS: us-east-1\?/,
  ],
  ['two regions of the hub', { ...HUB, hub: '111111111111/us-east-1,eu-west-1' }, /it takes one region/],
  ['an environment without a name', { ...HUB, environment: '222222222222/us-east-1' }, /it takes <name>=/],
  ['a name with a blank', { ...HUB, name: 'my shop' }, /"my shop" is no name/],
  [
    'an approval of what is no environment',
    { ...HUB, approve: 'prdo' },
    /--approve prdo: no --environment has that name/,
  ],
  ['a source of a kind that there is not', { ...HUB, source: 'githbu:acme/shop' }, /githbu.*github\?/],
])('%s is refused', async (_what, options, message) => {
  await expect(answersOf({ ...options, ...(options.hub && { template: 'template.yaml' }) })).rejects.toThrow(
    message,
  )
})

test('a parameter that nobody gives a value is asked for by name', async () => {
  write({
    'template.yaml': TEMPLATE.replace('Size: { Type: String, Default: small }', 'Domain: { Type: String }'),
  })
  await expect(answersOf({ ...HUB, name: 'shop' })).rejects.toMatchObject({
    message: 'template.yaml: no value is known for Domain',
    fix: '--parameter Domain=<value>',
  })
  const { parameters } = await answersOf({ ...HUB, parameter: 'Domain=acme.example' })
  expect(parameters.Domain).toBe('acme.example')
})
