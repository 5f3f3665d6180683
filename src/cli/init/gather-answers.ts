/** Gathers what `init` has to know: from its options, from the person at the terminal, from the repository. */
import { FleetError } from '../../model/index.ts'
import type { Invocation, OptionValue } from '../command.ts'
import type { Terminal } from '../terminal.ts'
import {
  accountFault,
  type EnvironmentAnswer,
  type InitAnswers,
  nameFault,
  type Place,
  readEnvironment,
  readPlace,
  readSource,
  regionFault,
} from './answers.ts'
import type { Remote, RepositoryLook, TemplateParameter } from './repository-look.ts'
import { suggestedName, suggestedStack, suggestedTemplates, suggestedValue } from './suggest.ts'

/** Looks whether a profile reaches an account; gives what is wrong, undefined where nothing is. */
export type Reach = (place: Place) => Promise<string | undefined>

interface Asking {
  readonly look: RepositoryLook
  readonly terminal: Terminal
  readonly reach: Reach
}

/** Errors: FleetError for an answer that can be none, and for each that is missing where nobody can be asked. */
export async function gatherAnswers(
  { options, terminal }: Pick<Invocation, 'options' | 'terminal'>,
  look: RepositoryLook,
  reach: Reach,
): Promise<InitAnswers> {
  const asking: Asking = { look, terminal, reach }
  const isAsked = terminal.interactive && !options.json && !options.yes
  if (!isAsked) refuseMissing(options, look)
  const fleet = text(options.name) ?? (isAsked ? await askName(asking) : suggestedName(look))
  const fault = nameFault(fleet)
  if (fault) throw new FleetError(`--name: ${fault}`, {})
  const source = options.source === undefined ? look.remote : readSource(text(options.source) ?? '')
  const branch = text(options.branch) ?? look.branch ?? 'main'
  const hub = options.hub === undefined ? await askHub(asking) : readPlace(text(options.hub) ?? '', '--hub')
  const approved = new Set(list(options.approve))
  const given = list(options.environment).map((one) => readEnvironment(one, approved))
  const stranger = [...approved].find((name) => given.length && !given.some((one) => one.name === name))
  if (stranger) throw new FleetError(`--approve ${stranger}: no --environment has that name`, {})
  const environments = given.length ? given : await askEnvironments(asking, hub)
  const template = text(options.template) ?? (await chosenTemplate(asking, isAsked))
  return {
    fleet,
    hub,
    environments,
    template,
    source: { ...(source ?? (await askSource(asking))), branch },
    stack: text(options.stack) ?? suggestedStack(template, fleet),
    parameters: await parametersOf(asking, template, options.parameter, isAsked),
  }
}

const text = (value: OptionValue): string | undefined => (typeof value === 'string' ? value : undefined)
const list = (value: OptionValue): string[] => (value === undefined ? [] : [value].flat().map(String))

/** Errors: FleetError listing the options that are missing. */
function refuseMissing(options: Invocation['options'], look: RepositoryLook): void {
  const missing = [
    options.hub === undefined && '--hub <account>/<region>',
    options.environment === undefined && '--environment <name>=<account>/<region>',
    options.source === undefined && !look.remote && '--source github:<owner>/<repository>',
    options.template === undefined && !suggestedTemplates(look).length && '--template <file>',
  ].filter((one) => one !== false)
  if (missing.length)
    throw new FleetError(`nobody can be asked here, and some answers are missing: ${missing.join(', ')}`, {
      fix: 'give them as options, or run "crossdock init" at a terminal',
    })
}

const askName = ({ look, terminal }: Asking): Promise<string> =>
  terminal.ask('What is the fleet called?', { initial: suggestedName(look), fault: nameFault })

async function askSource({ terminal }: Asking): Promise<Remote> {
  const fault = (answer: string) => {
    try {
      readSource(answer)
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }
  return readSource(await terminal.ask('Which repository? (github:acme/shop)', { fault }))
}

const askHub = (asking: Asking): Promise<Place> => askPlace(asking, 'the hub, where the pipelines live')

async function askPlace({ terminal, reach }: Asking, what: string, region = 'us-east-1'): Promise<Place> {
  for (;;) {
    const account = await terminal.ask(`The account of ${what}?`, { fault: accountFault })
    const profile = await terminal.ask('Which AWS profile reaches it? (empty: the credentials at hand)', {})
    const place = { account, region, ...(profile && { profile }) }
    const trouble = await reach(place)
    if (trouble) terminal.print(`  ${terminal.colors.yellow(trouble)}`)
    if (trouble && !(await terminal.confirm('Take it all the same?'))) continue
    return {
      ...place,
      region: await terminal.ask('In which region?', { initial: region, fault: regionFault }),
    }
  }
}

async function askEnvironments(asking: Asking, hub: Place): Promise<EnvironmentAnswer[]> {
  const { terminal } = asking
  const found: EnvironmentAnswer[] = []
  do {
    const initial = ['dev', 'test', 'prod'][found.length]
    const name = await terminal.ask('An environment to deploy to, in the order of the pipeline?', {
      ...(initial && { initial }),
      fault: (answer) =>
        found.some((one) => one.name === answer) ? `there is ${answer} already` : nameFault(answer),
    })
    const { account, region, profile } = await askPlace(asking, name, hub.region)
    const approve = await terminal.confirm(`Does a person approve before ${name} changes?`)
    found.push({ name, account, regions: [region], approve, ...(profile && { profile }) })
  } while (await terminal.confirm('One more environment?'))
  return found
}

async function chosenTemplate({ look, terminal }: Asking, isAsked: boolean): Promise<string> {
  const [first, ...others] = suggestedTemplates(look)
  if (first !== undefined && (!isAsked || !others.length)) return first
  if (first === undefined)
    return terminal.ask('Which CloudFormation template is deployed?', { initial: 'template.yaml' })
  const choices = [first, ...others].map((value) => ({ value, label: value }))
  return terminal.choose('Which template is deployed?', choices)
}

/** Errors: FleetError for a parameter without a value. */
async function parametersOf(
  { look, terminal }: Asking,
  template: string,
  given: OptionValue,
  isAsked: boolean,
): Promise<Record<string, string>> {
  const values = Object.fromEntries(list(given).map(parameterOf))
  const needed = look.templates.find(({ path }) => path === template)?.parameters ?? []
  const open: TemplateParameter[] = []
  for (const one of needed) {
    if (one.hasDefault || values[one.name] !== undefined) continue
    const suggested = suggestedValue(one)
    if (isAsked)
      values[one.name] = await terminal.ask(
        `The template's parameter ${one.name}?`,
        suggested ? { initial: suggested } : {},
      )
    else if (suggested) values[one.name] = suggested
    else open.push(one)
  }
  if (!open.length) return values
  throw new FleetError(`${template}: no value is known for ${open.map(({ name }) => name).join(', ')}`, {
    fix: open.map(({ name }) => `--parameter ${name}=<value>`).join(' '),
  })
}

function parameterOf(one: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(one) ?? []
  if (name === undefined || value === undefined)
    throw new FleetError(`--parameter takes <name>=<value>, not "${one}"`, {})
  return [name, value]
}
