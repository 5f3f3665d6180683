/** The fleet file and the buildspec that `init` writes, with a word on each thing that one may want otherwise. */
import { stringify } from 'yaml'
import type { EnvironmentAnswer, InitAnswers } from './answers.ts'
import type { RepositoryLook } from './repository-look.ts'

/** A scalar as YAML has it: an account is a text, quoted. */
const scalar = (value: string): string => stringify(value).trim()
const account = (id: string): string => `"${id}"`

/** Gives the text of a fleet file. */
export function fleetText(answers: InitAnswers): string {
  const { fleet, hub, environments, source, template, stack, parameters } = answers
  const width = Math.max(...environments.map(({ name }) => name.length)) + 1
  return `# yaml-language-server: $schema=./node_modules/crossdock/fleet.schema.json
# What is shipped, from where, to where. Every key: docs/fleet-file.md of the package.
fleet: ${fleet}

# The account of the pipelines, their artifacts and keys.
hub: { account: ${account(hub.account)}, region: ${hub.region}${profileOf(hub)} }

# Each gets roles that its pipelines act as; a region more is one more in its list.
environments:
${environments.map((one) => environmentLine(one, width)).join('\n')}

pipelines:
  ${fleet}:
    source: { ${source.kind}: ${scalar(source.path)}, branch: ${scalar(source.branch)} }
    build: {} # runs buildspec.yml, whose artifacts are what is deployed
    deploy:
      - cloudformation:
          template: ${scalar(template)}
          stack: ${scalar(stack)}
${parameterLines(parameters)}    stages:
${environments.map(stageLine).join('\n')}
`
}

const profileOf = ({ profile }: { readonly profile?: string }): string =>
  profile === undefined ? '' : `, profile: ${scalar(profile)}`

const environmentLine = ({ name, regions, ...one }: EnvironmentAnswer, width: number): string =>
  `  ${`${name}:`.padEnd(width)} { account: ${account(one.account)}, regions: [${regions.join(', ')}]${profileOf(one)} }`

const stageLine = ({ name, approve }: EnvironmentAnswer): string =>
  approve ? `      - { environment: ${name}, approve: true }` : `      - ${name}`

function parameterLines(parameters: Readonly<Record<string, string>>): string {
  const lines = Object.entries(parameters).map(
    ([name, value]) => `            ${scalar(name)}: ${quoted(value)}\n`,
  )
  return lines.length ? `          parameters:\n${lines.join('')}` : ''
}

const quoted = (value: string): string => (value.includes('${') ? JSON.stringify(value) : scalar(value))

/** Gives the text of a buildspec that tests the repository and hands it on, with what `cdk synth` makes of it. */
export function buildspecText({ commands, cdk }: RepositoryLook): string {
  const build = [...commands.test, ...(cdk ? ['npx cdk synth --quiet --output cdk.out'] : [])]
  return stringify({
    version: 0.2,
    phases: {
      ...(commands.install.length && { install: { commands: [...commands.install] } }),
      build: { commands: build.length ? build : ['echo "nothing to build or to test yet"'] },
    },
    artifacts: { files: ['**/*'], 'exclude-paths': ['node_modules/**/*', '.git/**/*'] },
  })
}
