/** `crossdock init`: writes the fleet file of a repository that has none, and a buildspec where there is none. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Accounts } from '../../aws/index.ts'
import { FLEET_FILES, parseFleet } from '../../fleet/index.ts'
import { FleetError } from '../../model/index.ts'
import type { Command } from '../command.ts'
import type { Place } from '../init/answers.ts'
import { buildspecText, fleetText } from '../init/fleet-text.ts'
import { gatherAnswers } from '../init/gather-answers.ts'
import { lookAtRepository, type RepositoryLook } from '../init/repository-look.ts'
import type { Terminal } from '../terminal.ts'

const FILE = 'crossdock.yaml'
const BUILDSPEC = 'buildspec.yml'

export const init: Command = {
  options: [
    { flags: '--name <name>', description: 'what the fleet is called (default: after the repository)' },
    { flags: '--hub <account/region[@profile]>', description: 'account and region of the pipelines' },
    {
      flags: '--environment <name=account/region[,region][@profile]...>',
      description: 'where to deploy to, in the order of the pipeline',
    },
    {
      flags: '--approve <environment...>',
      description: 'environments that a person approves before they change',
    },
    {
      flags: '--source <kind:repository>',
      description: 'github:acme/shop, or gitlab, bitbucket, codecommit (default: the remote)',
    },
    { flags: '--branch <name>', description: 'the branch that ships (default: the one checked out)' },
    { flags: '--template <file>', description: 'the CloudFormation template, as the build leaves it' },
    {
      flags: '--stack <name>',
      description: 'what its stack is called (default: after the template or the fleet)',
    },
    { flags: '--parameter <name=value...>', description: 'a value of a parameter of the template' },
    { flags: '-y, --yes', description: 'ask nothing; take what the repository says' },
  ],
  examples: [
    'init',
    'init --hub 111111111111/us-east-1 --environment test=222222222222/us-east-1 --environment prod=333333333333/us-east-1,eu-west-1 --approve prod',
  ],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const folder = process.cwd()
    const standing = FLEET_FILES.find((name) => existsSync(join(folder, name)))
    if (standing)
      throw new FleetError(`there is a fleet file already: ${standing}`, {
        fix: 'change it, or move it away; "crossdock check" says what is wrong with it',
      })
    const look = await lookAtRepository(folder)
    if (!options.json) for (const line of seen(look)) terminal.print(terminal.colors.dim(line))
    const answers = await gatherAnswers(invocation, look, reach)
    const text = fleetText(answers)
    // What is written is a fleet that can be read: nothing is left behind where it is none.
    parseFleet(text, join(folder, FILE))
    const files: [string, string][] = [[FILE, text]]
    if (!look.buildspec) files.push([BUILDSPEC, buildspecText(look)])
    for (const [name, content] of files) await writeFile(join(folder, name), content, { flag: 'wx' })
    const notes = notesOn(look, answers.template)
    if (options.json) terminal.print(JSON.stringify({ files: files.map(([name]) => name), notes }))
    else tell(terminal, { files: files.map(([name]) => name), notes })
    return 0
  },
}

/** A profile may be given for an account that it does not lead to: better now than at the first deploy. */
async function reach({ account, region, profile }: Place): Promise<string | undefined> {
  const accounts = new Accounts([{ name: profile ?? account, account, ...(profile && { profile }) }])
  try {
    await accounts.verify({ account, region })
    return undefined
  } catch (error) {
    return (error as Error).message
  } finally {
    accounts.close()
  }
}

function seen({
  templates,
  cdk,
  buildspec,
  remote,
  branch,
  hasDockerfile,
  hasTerraform,
}: RepositoryLook): string[] {
  const found = [
    ...templates.map(
      ({ path, isServerless }) => `${path} (${isServerless ? 'a serverless' : 'a CloudFormation'} template)`,
    ),
    ...(cdk ? [`cdk.json${cdk.stacks.length ? ` (the stacks ${cdk.stacks.join(', ')})` : ''}`] : []),
    ...(buildspec ? [buildspec] : []),
    ...(hasDockerfile ? ['a Dockerfile'] : []),
    ...(hasTerraform ? ['Terraform'] : []),
    ...(remote ? [`the remote ${remote.kind} ${remote.path}`] : []),
    ...(branch ? [`the branch ${branch}`] : []),
  ]
  return found.length ? [`found ${found.join(', ')}`] : ['nothing found here that tells what is shipped']
}

/** What the files of the repository want beside what was written. */
function notesOn(look: RepositoryLook, template: string): string[] {
  const chosen = look.templates.find(({ path }) => path === template)
  return [
    ...(chosen?.hasLocalCode
      ? [
          `${template} has code that is a path: give it parameters for bucket and key, "CodeUri: { Bucket: !Ref CodeBucket, Key: !Ref CodeKey }", with the values "\${artifact.bucket}" and "\${artifact.key}"`,
        ]
      : []),
    ...(look.buildspec && look.buildspec !== BUILDSPEC
      ? [`the buildspec stands in ${look.buildspec}: write "build: { buildspec: ${look.buildspec} }"`]
      : []),
    ...(look.hasDockerfile ? ['an image is built and shipped with "images" and a deploy of "ecs"'] : []),
    ...(look.hasTerraform ? ['Terraform is run by a build of its own, or goes on beside the pipeline'] : []),
  ]
}

interface Told {
  readonly files: readonly string[]
  readonly notes: readonly string[]
}

function tell(terminal: Terminal, { files, notes }: Told): void {
  const { colors } = terminal
  terminal.print(`${colors.green('✔')} wrote ${files.join(' and ')}`)
  for (const note of notes) terminal.print(`  ${colors.yellow('note')} ${note}`)
  terminal.print('next:')
  for (const line of NEXT) terminal.print(`  ${line}`)
}

const NEXT = [
  'crossdock check               proves every permission; nothing is touched',
  'crossdock policy --operator   what whoever deploys must be allowed, the first time',
  'crossdock deploy              lays keys, buckets, roles and the pipeline',
  'or first on this machine: crossdock cloud, then AWS_ENDPOINT_URL=http://127.0.0.1:4566 crossdock deploy',
]
